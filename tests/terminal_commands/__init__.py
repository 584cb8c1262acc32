"""Every command of the terminal, as a person would use it in Home Assistant."""

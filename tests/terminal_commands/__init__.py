"""Every command of a terminal, as a person uses it in Home Assistant."""

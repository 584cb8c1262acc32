"""Every command of the terminal's document, done by a person in Home Assistant."""

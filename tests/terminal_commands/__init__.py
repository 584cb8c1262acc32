"""Every command of the terminal's document, done as a person does it in Home Assistant."""

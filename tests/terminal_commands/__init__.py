"""What each command of a terminal does for a person, one after the other."""

"""What is wired to a terminal, what it is made of, its clock, its files and its mobile network."""

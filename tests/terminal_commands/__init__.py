"""What a person does in Home Assistant to have each command of a terminal carried out."""

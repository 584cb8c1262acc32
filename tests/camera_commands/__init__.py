"""Every command, push and upload of the camera's document that Home Assistant offers, done as a person does it there."""

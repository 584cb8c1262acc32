"""A voice that needs no network, for the demo alone."""

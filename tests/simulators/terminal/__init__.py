"""A simulated face-recognition access terminal."""

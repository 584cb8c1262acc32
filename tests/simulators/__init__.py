"""Simulated devices, built from the vendors' documents alone: they share no code with the integration."""

"""A whole site on one machine: broker, simulated devices and a real Home Assistant that shows them."""

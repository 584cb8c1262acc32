"""The ThermoGate integration."""

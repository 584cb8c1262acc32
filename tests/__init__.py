"""Tests of ThermoGate."""

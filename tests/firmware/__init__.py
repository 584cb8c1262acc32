"""Tests of the firmware of terminals: what is offered, and how it is installed."""

"""Tests of chaos: what survives when everything around Home Assistant breaks at once."""

"""Tests of the actions for the people that terminals know."""

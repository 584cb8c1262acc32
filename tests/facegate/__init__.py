"""Tests of facegate."""

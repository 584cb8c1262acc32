"""Tests of guide."""

"""Tests of looking up in the journal."""

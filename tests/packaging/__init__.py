"""What hassfest, HACS and the Marketplace check, re-stated so that a break shows before it reaches them.

A `*_checks.py` module holds functions from data to a list of problems in words; the test beside it holds the project's own
files against them, and shows on bad examples that each of them can fail.
"""

"""Actions: what can be done beyond what entities offer, one file for each subject."""

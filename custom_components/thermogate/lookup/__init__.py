"""Looking up in the journal as a person does: places to browse, words to search for, titles to read."""

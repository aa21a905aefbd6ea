"""Finds out which paper, page or words a pasted text means: pure rules."""

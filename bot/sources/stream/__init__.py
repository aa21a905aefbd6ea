"""Readers of sources of new papers; `reader_registry` has one for each kind, and says what a new kind needs."""

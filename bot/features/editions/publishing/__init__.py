"""Publication of an edition, its correction and its recall."""

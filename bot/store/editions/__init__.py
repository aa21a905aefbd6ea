"""Editions, slots, summaries, quotes, published editions."""

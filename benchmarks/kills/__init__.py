"""Kills: the real program is killed again and again while it posts, and what stands is held against the database."""

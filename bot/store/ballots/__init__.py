"""Ballots of a club on what to read next: nominations, ballots and secret choices."""

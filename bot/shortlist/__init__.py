"""The shortlist: which papers of the stream a club would pick, learned from what it chose. Pure: the same inputs, the same list."""

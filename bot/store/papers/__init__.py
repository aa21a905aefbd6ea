"""Papers, submissions, votes, topics, merging, search."""

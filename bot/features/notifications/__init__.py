"""Direct messages to members about what they follow, and about new papers of the club's sources."""

"""Sources of new papers: how they are named, and what they announce."""

"""Posts, answers and finds messages on Discord."""

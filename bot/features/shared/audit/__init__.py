"""The audit log: entries, each with a post in the moderators' channels, and their words."""

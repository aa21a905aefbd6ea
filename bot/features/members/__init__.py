"""Members: home, preferences, reading list, follows, linked accounts, personal data."""

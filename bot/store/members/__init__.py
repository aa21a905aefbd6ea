"""Members, follows, notifications, reading lists, personal data."""

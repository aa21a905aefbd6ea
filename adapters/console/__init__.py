"""The terminal as a platform: the smallest one, used for development and the demo."""

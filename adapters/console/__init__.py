"""The terminal: the smallest platform, and the one you develop on."""

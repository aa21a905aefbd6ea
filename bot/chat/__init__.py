"""Platform-independent chat: calls come in from the platforms, cards go out to them."""

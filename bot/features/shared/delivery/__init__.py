"""Parts about posts that several features need: messages, unreachable channels, unknown outcomes, restored clubs."""

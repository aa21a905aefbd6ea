"""Parts about meetings that several features need: cards, lookup, the thread."""

"""Parts about papers that several features need: cards, the list, summaries, withdrawals, checks with the sources."""

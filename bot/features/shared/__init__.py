"""Parts that several features need: looking papers up, cards of a paper, messages, the audit log."""

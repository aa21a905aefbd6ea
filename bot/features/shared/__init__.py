"""Parts that several features need: lookup of papers, cards of a paper, messages, the audit log."""

"""Transaction, repository base, statement helpers and the rules of searching."""

"""Domain: models of papers, votes, editions and rooms, and pure rules about them."""

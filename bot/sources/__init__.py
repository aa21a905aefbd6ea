"""The world the club asks: arXiv, Crossref, a language model. Each behind a named error."""

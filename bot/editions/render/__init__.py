"""Renderers of a document: cards, Markdown, page, mail, feeds, bibliography, charts."""

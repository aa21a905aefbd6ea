"""The document of an edition as values: items, blocks, prose, templates."""

"""Charts of an edition: layout, SVG, PNG and a text description."""

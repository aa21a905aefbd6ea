"""Making an edition: select, write, check, lay out; and its renderers."""

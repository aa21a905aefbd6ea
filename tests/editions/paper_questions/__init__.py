"""Questions to papers."""

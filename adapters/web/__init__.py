"""The web: health, metrics, and the archive of editions."""

"""The web server: health, metrics, and the archive of editions."""

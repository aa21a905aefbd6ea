"""Parts about editions that several features need: lookup by number, and figures as files."""

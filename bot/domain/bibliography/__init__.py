"""Lists of works as other programs keep them: BibTeX, RIS, CSL-JSON, CSV, Markdown, and the club's own JSON."""

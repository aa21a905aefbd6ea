"""Reading an edition back from Markdown: the form that the export writes, and the form that people write."""

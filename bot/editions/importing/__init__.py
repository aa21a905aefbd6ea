"""Import of an edition: a file becomes Markdown (`draft_files`, `converters`, `dialects`), Markdown an edition.

`markdown_importer` is the entry. It reads the form that the export writes, and forms that people write.
"""

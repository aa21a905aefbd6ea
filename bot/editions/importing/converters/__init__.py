"""Other forms of texts as Markdown: HTML, LaTeX, wikis, Org-mode, word processors, tables. One module a form."""

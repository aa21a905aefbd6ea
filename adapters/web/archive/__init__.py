"""The archive: every edition a club has published, for anyone to read, search and follow, if the club is public.

`archive(app)` gives the routes for the web server; `export(app, folder)` writes the same pages as files. Every kind of
page is declared once, in `page_registry`; all content comes from the frozen editions.
"""

from __future__ import annotations

from adapters.web.archive.export import export, write_whole
from adapters.web.archive.routes import archive

__all__ = ["archive", "export", "write_whole"]

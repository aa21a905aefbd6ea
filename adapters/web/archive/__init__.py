"""The archive: every edition a club has published, for anyone to read, search and follow, if the club is public.

`archive(app)` gives the routes for the web server, `export(app, folder)` writes the same pages as files. What there is
stands once, in `places`; nothing is kept but what the frozen editions say.
"""

from __future__ import annotations

from adapters.web.archive.export import export
from adapters.web.archive.routes import archive

__all__ = ["archive", "export"]

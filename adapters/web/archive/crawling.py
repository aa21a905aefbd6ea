"""Files for search engines: robots.txt and sitemap.xml."""

from __future__ import annotations

from xml.sax.saxutils import escape

from adapters.web.archive.catalogue import Catalogues
from adapters.web.archive.clubs import public_clubs
from adapters.web.archive.page_registry import PAGE_KINDS, PathValues
from adapters.web.archive.page_request import Page, PageRequest, encoded, open_page_request
from bot.app import App
from bot.domain.archive_urls import CLUBS

SITEMAP, ROBOTS = "/sitemap.xml", "/robots.txt"
MAX_ADDRESSES = 50_000
"""Addresses that the protocol allows in one sitemap (https://www.sitemaps.org/protocol.html)."""


async def robots(app: App) -> Page:
    """robots.txt: everything but the search may be read, if any club is public."""
    lines = ["User-agent: *"]
    if await public_clubs(app):
        lines.append(f"Disallow: {CLUBS}/*/search")
        if app.installation.public_url:
            lines += ["", f"Sitemap: {app.installation.public_url}{SITEMAP}"]
    else:
        lines.append("Disallow: /")
    return Page(encoded("\n".join(lines) + "\n"), "text/plain")


async def sitemap(app: App, catalogues: Catalogues, *, ending: str = "") -> Page:
    """The pages of all public clubs that may be found by search engines, with the days of the editions.

    `ending` is added to each address: a slash in an export. Without a public URL it is empty, since
    addresses are absolute.
    """
    rows = []
    for club in await public_clubs(app) if app.installation.public_url else []:
        request = await open_page_request(app, catalogues, club.id, "")
        for kind in PAGE_KINDS:
            if kind.indexed:
                rows += [
                    _row(request, kind.address(club.id, values) + ending, values)
                    for values in await kind.every(request)
                    if int(values.get("number", 0)) not in request.catalogue.recalled or "edition" not in kind.path
                ]
    body = "".join(rows[:MAX_ADDRESSES])
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{body}</urlset>\n'
    )
    return Page(encoded(text), "application/xml")


def _row(request: PageRequest, address: str, values: PathValues) -> str:
    number = int(values.get("number", 0))
    issued = request.catalogue.by_number.get(number) if "/editions/" in address else None
    day = f"<lastmod>{issued.day.isoformat()}</lastmod>" if issued else ""
    return f"<url><loc>{escape(request.absolute(address))}</loc>{day}</url>\n"

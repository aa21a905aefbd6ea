"""Routes of the archive: URLs, conditional requests, headers."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from io import BytesIO
from urllib.parse import quote

from aiohttp import hdrs, web

from adapters.web.archive.catalogue import Catalogues
from adapters.web.archive.clubs import club_not_found, clubs, not_found, public_clubs
from adapters.web.archive.crawling import ROBOTS, SITEMAP, robots, sitemap
from adapters.web.archive.page_registry import PAGE_KINDS, PATH_PARAMETERS, PageKind
from adapters.web.archive.page_request import HTML, NotFound, Page, Redirect, open_page_request
from adapters.web.server import RequestHandler
from bot.app import App
from bot.domain.archive_urls import CLUBS
from bot.editions.render.share_card import draw_icon
from bot.locale.current import in_page_language

CACHE_CONTROL = "public, max-age=60"
"""Cache time of a minute: a correction, a recall, or a club that is no longer public shows after that."""

FINAL_CACHE_CONTROL = "public, max-age=31536000, immutable"
"""Cache time of a year, for a style sheet whose address has the hash of its content."""

LIST_OF_EDITIONS = "editions"
"""Address below a club's at which people look for its editions: they are on its home page."""


def archive(app: App) -> list[web.RouteDef]:
    """Every page of the archive as routes for the web server."""
    catalogues = Catalogues(app.store)

    async def listing(request: web.Request) -> web.StreamResponse:
        return respond(request, await clubs(app, CLUBS))

    async def home(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(CLUBS)

    async def slashed(request: web.Request) -> web.StreamResponse:
        raise web.HTTPPermanentRedirect(f"{CLUBS}{quote(request.match_info['rest'], safe='/')}")

    async def robots_file(request: web.Request) -> web.StreamResponse:
        return respond(request, await robots(app))

    async def sitemap_file(request: web.Request) -> web.StreamResponse:
        return respond(request, await sitemap(app, catalogues))

    async def favicon(request: web.Request) -> web.StreamResponse:
        return respond(request, default_icon())

    async def anywhere(request: web.Request) -> web.StreamResponse:
        return respond(request, await not_found_page(app, catalogues, await only_club(app)))

    async def nowhere(request: web.Request) -> web.StreamResponse:
        rest = request.match_info["rest"].strip("/")
        address = "/".join(filter(None, (request.match_info["club"], "" if rest == LIST_OF_EDITIONS else rest)))
        if (request.path.endswith("/") and "//" not in rest) or rest == LIST_OF_EDITIONS:
            raise web.HTTPPermanentRedirect(f"{CLUBS}/{quote(address, safe='/')}")
        return respond(request, await not_found_page(app, catalogues, int(request.match_info["club"])))

    pages = [web.get(place.route, _handler(app, catalogues, place)) for place in PAGE_KINDS]
    return [
        web.get("/", home),
        web.get(CLUBS, listing),
        *pages,
        # Links of a static export end in a slash; the server has the same pages there.
        web.get(f"{CLUBS}{{rest:(?:/[^/]+)*}}/", slashed),
        web.get(f"{CLUBS}/{{club:{PATH_PARAMETERS['club']}}}/{{rest:.*}}", nowhere),
        web.get(ROBOTS, robots_file),
        web.get(SITEMAP, sitemap_file),
        web.get("/favicon.ico", favicon),
        web.get("/{rest:.*}", anywhere),
    ]


async def not_found_page(app: App, catalogues: Catalogues, club: int) -> Page:
    """The page for an address where nothing is: in the club's dress if the club is public."""
    try:
        request = await open_page_request(app, catalogues, club, "")
        with in_page_language(request.rules.language):
            return club_not_found(request)
    except NotFound:
        return await not_found(app, "")


async def only_club(app: App) -> int:
    """Id of the one public club; 0 if there are several, or none."""
    found = await public_clubs(app)
    return found[0].id if len(found) == 1 else 0


@cache
def default_icon() -> Page:
    """The icon for browsers that ask for one without a page: the program's initial."""
    file = BytesIO()
    draw_icon("Journal Club").save(file, "ICO", sizes=[(32, 32)])
    return Page(file.getvalue(), "image/x-icon")


def _handler(app: App, catalogues: Catalogues, place: PageKind) -> RequestHandler:
    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            visit = await open_page_request(app, catalogues, int(request.match_info["club"]), request.rel_url.raw_path)
            with in_page_language(visit.rules.language):
                return respond(request, await place.make(visit, {**request.query, **request.match_info}))
        except NotFound:
            return respond(request, await not_found_page(app, catalogues, int(request.match_info["club"])))
        except Redirect as moved:
            raise web.HTTPMovedPermanently(moved.to) from None

    return handler


def respond(request: web.Request, page: Page) -> web.StreamResponse:
    """The response for a page, or 304 if the client has it: the ETag is a hash of the content."""
    tag = sha256(page.body).hexdigest()[:32]
    headers: dict[str, str] = {
        hdrs.CACHE_CONTROL: FINAL_CACHE_CONTROL if page.is_final else CACHE_CONTROL,
        hdrs.ETAG: f'W/"{tag}"',  # weak: its bytes depend on the compression
        hdrs.VARY: hdrs.ACCEPT_ENCODING,
    }
    if page.policy:
        headers["Content-Security-Policy"] = f"{page.policy}; frame-ancestors 'none'"
    if page.status == 200 and any(known.value in (tag, "*") for known in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    if page.name:
        headers[hdrs.CONTENT_DISPOSITION] = f"attachment; filename*=UTF-8''{quote(page.name, safe='')}"
    charset = "utf-8" if page.type == HTML or page.type.startswith("text/") else None
    response = web.Response(
        body=page.body, status=page.status, headers=headers, content_type=page.type, charset=charset
    )
    if not page.type.startswith("image/"):
        response.enable_compression()  # in the way that the client accepts, if it accepts any
    return response

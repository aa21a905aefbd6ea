"""One request for an archive page, and the page that answers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from adapters.web.archive.catalogue import Catalogue, Catalogues
from bot.app import App
from bot.domain.accent_colors import NAMED_COLORS, accent_shades
from bot.domain.archive_urls import ArchiveUrls, LinkBuilder, absolute_path
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club
from bot.editions.model.document import Document, from_json
from bot.editions.render import feeds, html_page, share_card
from bot.editions.render.figure_addresses import on_pages
from bot.locale.current import _, _n, current_language, formatted

if TYPE_CHECKING:
    from jinja2 import Environment

HTML = "text/html"
POLICY = f"default-src 'none'; style-src 'self'; {html_page.IMAGES_ALONE}; form-action 'self'"
"""Content-Security-Policy of a club's pages: style sheet, pictures and forms of the same site, and nothing else."""


class NotFound(Exception):
    """The page does not exist for the public: the club, edition or paper is missing or not public."""


class Redirect(Exception):
    """The page has moved to another URL."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


@dataclass(frozen=True, slots=True)
class Page:
    """A response. `name` is the file name of a download; `policy` the Content-Security-Policy.

    `is_final` is true if nothing else will ever be at its address.
    """

    body: bytes
    type: str = HTML
    name: str = ""
    policy: str = ""
    status: int = 200
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request for a page of a public club. `here` is the requested URL."""

    app: App
    club: Club
    rules: ClubSettings
    catalogue: Catalogue
    here: str
    link: LinkBuilder = field(default=absolute_path)
    searchable: bool = True
    """True on a server, which can search; false in an export."""

    @property
    def at(self) -> ArchiveUrls:
        """The URLs of the club's pages."""
        return ArchiveUrls(self.club.id)

    @property
    def zone(self) -> ZoneInfo:
        """The club's time zone."""
        return ZoneInfo(self.club.timezone)

    @property
    def id(self) -> UUID:
        """The club's id in feeds."""
        return feeds.club_id(self.club.id, self.club.created_at)

    def absolute(self, address: str) -> str:
        """The absolute form of a URL; empty if the installation has no public URL."""
        return f"{self.app.installation.public_url}{address}" if self.app.installation.public_url else ""

    async def document(self, edition_id: int) -> Document:
        """A published edition's frozen document."""
        return (await self.documents([edition_id]))[edition_id]

    async def documents(self, edition_ids: list[int]) -> dict[int, Document]:
        """Published editions' frozen documents by id."""
        async with self.app.store.read(self.club.id) as db:
            found = await db.published.documents(edition_ids)
        return {id: from_json(value) for id, value in found.items()}

    @property
    def sheet(self) -> str:
        """The style sheet in the club's color."""
        return style(self.rules.accent)

    def draw(self, template: str, *, status: int = 200, **values: object) -> Page:
        """A page rendered from a template, with the values that every page needs."""
        body = (
            templates()
            .get_template(template)
            .render(
                visit=self,
                club=self.club,
                at=self.at,
                link_to=self.link,
                catalogue=self.catalogue,
                url=self.absolute(self.here),
                stylesheet=self.link(self.at.stylesheet(sheet_name(self.rules.accent))),
                csp=POLICY,
                icon=self.rules.logo or icon(self.club.name, self.rules.accent),
                logo=self.rules.logo,
                language_of_page=current_language(),
                figures=on_pages(self.at.home, self.link),
                **values,
            )
        )
        return Page(encoded(html_page.compact_page(body) + "\n"), policy=POLICY, status=status)


async def open_page_request(
    app: App, catalogues: Catalogues, club_id: int, here: str, *, link: LinkBuilder = absolute_path
) -> PageRequest:
    """Open a request for a club's archive. Raises NotFound if the club is missing or not public, without a difference
    between the two.
    """
    async with app.store.read(club_id) as db:
        club = await db.published.club()
    if club is None or not (rules := ClubSettings.of(club.settings)).public:
        raise NotFound
    return PageRequest(app, club, rules, await catalogues.of(club.id), here, link)


def encoded(text: str) -> bytes:
    """Text as UTF-8. Half of a surrogate pair, which UTF-8 cannot hold, becomes a question mark."""
    return text.encode("utf-8", "replace")


@lru_cache(256)
def style(accent: str = "") -> str:
    """The style sheet of every page: that of an edition, the archive's own, and the club's color if it has one."""
    return html_page.style() + _archive_sheet() + html_page.accent_rules(accent)


@cache
def _archive_sheet() -> str:
    return html_page.compact((files(__package__) / "templates" / "archive.css").read_text("utf-8"))


@lru_cache(256)
def sheet_name(accent: str = "") -> str:
    """The name of the style sheet in a color: another one after every change, so that it may be cached for good."""
    return sha256(style(accent).encode()).hexdigest()[:10]


def icon(club: str, accent: str) -> str:
    """The icon of a club's pages as a data URL: its first letter on its color."""
    fill = accent_shades(accent or NAMED_COLORS["rust"]).light
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="12" fill="{fill}"/><text x="32" y="47" font-family="sans-serif" '
        f'font-size="42" font-weight="700" text-anchor="middle" fill="#fff">{share_card.initial(club)}</text></svg>'
    )
    return "data:image/svg+xml," + quote(drawing, safe="/:=' ")


@cache
def templates() -> Environment:
    """The archive's templates, with those of an edition as fallback."""
    from jinja2 import PackageLoader

    made = html_page.templates(PackageLoader("adapters.web.archive"))
    made.globals.update(_=_, _n=_n, formatted=formatted)
    return made

"""List of public clubs; a club's home page; editions of a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.web.archive.editions import paper_pages, share_card
from adapters.web.archive.page_request import NotFound, Page, PageRequest, encoded, icon, sheet_name, style, templates
from bot.app import App
from bot.domain.archive_urls import CLUBS, ArchiveUrls, LinkBuilder, absolute_path
from bot.domain.club_settings import ClubSettings
from bot.domain.edition_calendar import PublicationTime
from bot.domain.models import Club
from bot.editions.render import html_page
from bot.editions.render.outline import Outline
from bot.editions.render.page_outline import page_outline
from bot.errors import UserError
from bot.locale import ENGLISH
from bot.locale.current import _, current_language, in_page_language


async def public_clubs(app: App, name: str = "") -> list[Club]:
    """The public clubs, oldest first, or only the one with that name.

    Raises UserError if the named club does not exist or is not public.
    """
    async with app.store.read_admin_session() as admin:
        every = await admin.directory.all_clubs()
    found = [club for club in every if ClubSettings.of(club.settings).public]
    if not name:
        return found
    named = [club for club in every if club.name.casefold() == name.strip().casefold()]
    if not named:
        raise UserError(_("There is no club called “{name}”.", name=name))
    if not (chosen := [club for club in named if club in found]):
        raise UserError(
            _("{name} is not public. An admin can change that: `/clubadmin settings public yes`.", name=named[0].name)
        )
    return chosen


async def clubs(app: App, here: str, *, link: LinkBuilder = absolute_path) -> Page:
    """A page with every public club."""
    public = await public_clubs(app)
    return _page_of_no_club(
        "clubs.html.jinja",
        common_language(public),
        clubs=[(club, ArchiveUrls(club.id)) for club in public],
        link_to=link,
        url=f"{app.installation.public_url}{here}" if app.installation.public_url else "",
    )


async def not_found(app: App, here: str, *, link: LinkBuilder = absolute_path) -> Page:
    """The page for an address where nothing is, without a club's dress: for clubs that are not public, too."""
    language = common_language(await public_clubs(app))
    return _page_of_no_club("not-found.html.jinja", language, status=404, home=link(CLUBS), url="", link_to=link)


def common_language(clubs: Sequence[Club]) -> str:
    """The language that all of these clubs have; English if they have several, or there are none."""
    languages = {ClubSettings.of(club.settings).language for club in clubs}
    return languages.pop() if len(languages) == 1 else ENGLISH.name


def _page_of_no_club(template: str, language: str, *, status: int = 200, **values: object) -> Page:
    """A page of the site that belongs to no club."""
    policy = html_page.content_security_policy(style())
    with in_page_language(language):
        body = (
            templates()
            .get_template(template)
            .render(
                club=None,
                language_of_page=current_language(),
                stylesheet="",
                style=html_page.trusted_markup(style()),
                csp=policy,
                icon=icon("Journal Club", ""),
                logo="",
                **values,
            )
        )
    return Page(encoded(body + "\n"), policy=policy, status=status)


def club_not_found(request: PageRequest) -> Page:
    """The page for an address of a public club where nothing is, with ways on from it."""
    return request.draw(
        "not-found.html.jinja",
        status=404,
        home=request.link(request.at.home),
        latest=request.catalogue.editions[:3],
    )


EARLIER = 6
"""Editions listed on a club's home page below the latest."""


THEMES = 8
YEAR_TITLES, MIN_TITLES = 180, 3
"""Titles on the page of a year, shared by its editions, and titles of an edition at least."""
FULL_ITEMS = 12
"""Items of the latest edition that are shown in full on the home page; the rest are a link away."""


async def stylesheet(request: PageRequest, name: str) -> Page:
    """The style sheet of a club's pages; also under the name of an older one, for pages that somebody still has."""
    return Page(encoded(request.sheet), "text/css", is_final=name == sheet_name(request.rules.accent))


async def club_home(request: PageRequest) -> Page:
    """A club's home page: the latest edition, earlier ones, themes, and links to other pages."""
    latest, *earlier = request.catalogue.editions or (None,)
    document = await request.document(latest.id) if latest else None
    outline = page_outline(document) if document else None
    return request.draw(
        "club-home.html.jinja",
        latest=latest,
        outline=_shortened(outline, FULL_ITEMS) if outline else None,
        left_out=max(0, len(latest.entries) - FULL_ITEMS) if latest else 0,
        references_at=html_page.references_on_page(document) if document else None,
        paper_pages=paper_pages(document) if document else {},
        card=share_card(request, latest) if latest else None,
        earlier=earlier[:EARLIER],
        themes=list(request.catalogue.themes.values())[:THEMES],
        rhythm=PublicationTime.read(request.rules.digest_at).describe(request.rules.cadence),
    )


def _shortened(outline: Outline, items: int) -> Outline:
    """The outline with the first items alone, and without the references and lists if some are left out."""
    if sum(len(section.items) for section in outline.sections) <= items:
        return outline
    sections, left = [], items
    for section in outline.sections:
        if shown := section.items[:left]:
            sections.append(replace(section, items=shown))
        left -= len(shown)
    opening = tuple(part for part in outline.opening if part.kind != "contents")
    closing = tuple(part for part in outline.closing if part.kind not in ("links", "errata"))
    return replace(outline, sections=tuple(sections), opening=opening, closing=closing)


async def year(request: PageRequest, number: int) -> Page:
    """Every edition of a year with its items."""
    editions = request.catalogue.years.get(number)
    if editions is None:
        raise NotFound
    return request.draw(
        "year.html.jinja",
        year=number,
        editions=editions,
        most=max(MIN_TITLES, YEAR_TITLES // len(editions)),
        before=_near(request, number, -1),
        after=_near(request, number, 1),
    )


def _near(request: PageRequest, year: int, step: int) -> int | None:
    """The next year with editions in one direction; None if there is none."""
    years = sorted(request.catalogue.years)
    at = years.index(year) + step
    return years[at] if 0 <= at < len(years) else None

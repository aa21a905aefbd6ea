"""List of public clubs; a club's home page; editions of a year."""

from __future__ import annotations

from adapters.web.archive.page_request import NotFound, Page, PageRequest, encoded, policy, style, templates
from bot.app import App
from bot.domain.archive_urls import ArchiveUrls, LinkBuilder, absolute_path
from bot.domain.club_settings import ClubSettings
from bot.domain.edition_calendar import PublicationTime
from bot.domain.models import Club
from bot.editions.render import html_page
from bot.errors import UserError
from bot.locale.current import _


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
    body = (
        templates()
        .get_template("clubs.html.jinja")
        .render(
            clubs=[(club, ArchiveUrls(club.id)) for club in await public_clubs(app)],
            link_to=link,
            url=f"{app.installation.public_url}{here}" if app.installation.public_url else "",
            style=html_page.trusted_markup(style()),
            csp=policy(),
        )
    )
    return Page(encoded(body + "\n"), policy=policy())


EARLIER = 6
"""Editions listed on a club's home page below the latest."""


THEMES = 14


async def club_home(request: PageRequest) -> Page:
    """A club's home page: the latest edition, earlier ones, themes, and links to other pages."""
    latest, *earlier = request.catalogue.editions or (None,)
    return request.draw(
        "club-home.html.jinja",
        latest=latest,
        earlier=earlier[:EARLIER],
        themes=list(request.catalogue.themes.values())[:THEMES],
        rhythm=PublicationTime.read(request.rules.digest_at).describe(request.rules.cadence),
    )


async def year(request: PageRequest, number: int) -> Page:
    """Every edition of a year with its items."""
    editions = request.catalogue.years.get(number)
    if editions is None:
        raise NotFound
    return request.draw(
        "year.html.jinja",
        year=number,
        editions=editions,
        before=_near(request, number, -1),
        after=_near(request, number, 1),
    )


def _near(request: PageRequest, year: int, step: int) -> int | None:
    """The next year with editions in one direction; None if there is none."""
    years = sorted(request.catalogue.years)
    at = years.index(year) + step
    return years[at] if 0 <= at < len(years) else None

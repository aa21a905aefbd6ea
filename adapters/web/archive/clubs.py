"""The list of the clubs whose archives are public."""

from __future__ import annotations

from adapters.web.archive.addresses import ArchiveUrls, LinkBuilder, absolute_path
from adapters.web.archive.visit import Page, encoded, policy, style, templates
from bot.app import App
from bot.domain.clubs import ClubSettings
from bot.domain.models import Club
from bot.editions import page
from bot.errors import UserError


async def public_clubs(app: App, name: str = "") -> list[Club]:
    """The clubs that are public, in the order of their founding; with a name, the one that is called so.

    Raises UserError where the one that is named is not there or not public.
    """
    async with app.store.read_admin_session() as admin:
        every = await admin.everyone()
    found = [club for club in every if ClubSettings.of(club.settings).public]
    if not name:
        return found
    named = [club for club in every if club.name.casefold() == name.strip().casefold()]
    if not named:
        raise UserError(f"There is no club called “{name}”.")
    if not (chosen := [club for club in named if club in found]):
        raise UserError(f"{named[0].name} is not public. An admin can change that: `/clubadmin settings public yes`.")
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
            style=page.trusted_markup(style()),
            csp=policy(),
        )
    )
    return Page(encoded(body + "\n"), policy=policy())

"""Posts of an edition in its layout, and the channels that they go to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.app import App
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club, Edition, EditionState, Room
from bot.editions.edit.member_names import with_shown_names
from bot.editions.model.document import Document, from_json
from bot.editions.render.card_renderer import EditionCard
from bot.editions.render.layouts import Layout, lay_out
from bot.features.shared.editions.edition_lookup import edition_url
from bot.store import UnitOfWork


def render_posts(
    app: App, club: Club, edition: Edition, *, document: Document | None = None, names: Mapping[str, str] | None = None
) -> tuple[EditionCard, ...]:
    """The posts of an edition in its layout, in order; `document` replaces its own.

    `names` are those under which readers know members, by the club's name. They never change how the text is divided.
    """
    url, layout = edition_url(app.installation.public_url, club, edition.number), layout_of(club, edition)
    document = document or from_json(edition.document)
    posts = lay_out(document, layout, url=url)
    if (renamed := with_shown_names(document, names or {})) is document:
        return posts
    shown = lay_out(renamed, layout, url=url)
    return shown if [post.group for post in shown] == [post.group for post in posts] else posts


def layout_of(club: Club, edition: Edition) -> Layout:
    """Layout that an edition is posted in; before that, the club's. Older editions have one message a paper."""
    if edition.state in (EditionState.DRAFT, EditionState.APPROVED):
        return edition.making.get("layout") or ClubSettings.of(club.settings).layout
    layout: Layout = edition.making.get("layout", "messages")
    return layout


async def edition_rooms(db: UnitOfWork) -> Sequence[Room]:
    """Channels that editions are posted to: those for editions, else those for papers."""
    rooms = await db.rooms.all()
    return [room for room in rooms if room.purpose == "digest"] or [room for room in rooms if room.purpose == "papers"]

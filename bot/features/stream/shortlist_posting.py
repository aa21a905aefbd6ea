"""Post of the shortlist in the moderators' channels: once a day or a week, never a paper twice, nothing if empty."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app import App
from bot.chat.cards import to_json
from bot.domain.club_settings import ClubSettings, zone
from bot.domain.models import Club, DeliveryKind
from bot.features.shared.stream.candidate_cards import PER_PAGE
from bot.features.shared.stream.shortlist_posts import shortlist_post_card
from bot.features.stream.shortlist import open_entries, refresh

HOUR = 8
"""Hour of the post, in the club's time."""
FRIDAY = 4
FRESH = timedelta(hours=1)
"""Age up to which a ranking is posted as it is."""


def period_of(settings: ClubSettings, now: datetime, where: ZoneInfo) -> str:
    """The day (`2025-12-01`) or week (`2025-W49`) whose post is due; empty if none is."""
    here = now.astimezone(where)
    if settings.shortlist == "daily" and here.hour >= HOUR:
        return f"{here:%Y-%m-%d}"
    if settings.shortlist == "weekly" and (here.weekday(), here.hour) >= (FRIDAY, HOUR):
        return f"{here:%G-W%V}"
    return ""


async def post_shortlist(app: App, club: Club) -> bool:
    """Post the best papers that were not posted before, if it is time. False if nothing was posted."""
    period = period_of(ClubSettings.of(club.settings), app.now(), zone(club.timezone))
    if not period:
        return False
    async with app.store.read(club.id) as db:
        if await db.shortlists.has_post(period) or not await db.rooms.with_purpose("moderators"):
            return False
        run = await db.shortlists.run()
    if run is None or run.stale or run.at < app.now() - FRESH:
        await refresh(app, club.id, at_once=True)
    async with app.store.begin(club.id) as db:
        found = await open_entries(db)
        posted = await db.shortlists.posted_ids([candidate.entry_id for candidate in found])
        new = [candidate for candidate in found if candidate.entry_id not in posted][:PER_PAGE]
        post = await db.shortlists.post(period, new, app.now()) if new else None
        if post is None:
            return False
        card = to_json(await shortlist_post_card(db, post.id))
        for room in await db.rooms.with_purpose("moderators"):
            await db.deliveries.plan(DeliveryKind.SHORTLIST, post.id, room, app.now(), card=card)
    app.wake_up.set()
    return True

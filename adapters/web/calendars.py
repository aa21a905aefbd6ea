"""Calendars of meetings at secret addresses: of a club, or of one member."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from aiohttp import hdrs, web

from bot.app import App
from bot.domain.archive_urls import CALENDARS
from bot.features.meetings.calendar_file import CONTENT_TYPE, feed_content
from bot.features.meetings.feed_commands import feed_digest

CACHE_CONTROL = "private, max-age=300"
"""Cache time of five minutes, for the reader alone: whoever has the address may read it, and nobody else."""
PAST, AHEAD = timedelta(days=366), timedelta(days=800)
"""Time of the meetings in a calendar."""


def calendars(app: App) -> list[web.RouteDef]:
    """The route of all calendars."""

    async def handler(request: web.Request) -> web.StreamResponse:
        content = await _content(app, request.match_info["secret"])
        if content is None:
            raise web.HTTPNotFound
        tag = sha256(content).hexdigest()[:32]
        headers: dict[str, str] = {
            hdrs.CACHE_CONTROL: CACHE_CONTROL,
            hdrs.ETAG: f'"{tag}"',
            "X-Robots-Tag": "noindex",
        }
        if any(known.value in (tag, "*") for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        headers[hdrs.CONTENT_DISPOSITION] = 'inline; filename="meetings.ics"'
        return web.Response(body=content, headers=headers, content_type=CONTENT_TYPE, charset="utf-8")

    return [web.get(f"{CALENDARS}/{{secret:[A-Za-z0-9_-]{{20,60}}}}.ics", handler)]


async def _content(app: App, secret: str) -> bytes | None:
    """Content of the calendar of a secret; None if there is none, or it was revoked."""
    async with app.store.read_admin_session() as admin:
        feed = await admin.calendar_feeds.by_hash(feed_digest(secret))
    if feed is None:
        return None
    async with app.store.read(feed.club_id) as db:
        return await feed_content(db, feed, app.now() - PAST, app.now() + AHEAD)

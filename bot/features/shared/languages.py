"""The language of what others read: posts in a club's channels, and messages to its members."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from bot.app import App
from bot.domain.club_settings import ClubSettings
from bot.domain.preferences import Preferences
from bot.locale.current import in_language
from bot.store import UnitOfWork

T = TypeVar("T")


@asynccontextmanager
async def club_language(db: UnitOfWork) -> AsyncIterator[None]:
    """Texts made inside are in the club's language: for its channels and its log."""
    with in_language(ClubSettings.of((await db.club()).settings).language):
        yield


@asynccontextmanager
async def member_language(db: UnitOfWork, member_id: int) -> AsyncIterator[None]:
    """Texts made inside are in a member's language: their own choice, else the club's."""
    member = await db.members.get(member_id)
    own = Preferences.of(member.prefs).language if member else ""
    with in_language(own or ClubSettings.of((await db.club()).settings).language):
        yield


async def in_club_language(app: App, club_id: int, work: Callable[[], Awaitable[T]]) -> T:
    """Run background work whose texts are for a club, in the club's language."""
    async with app.store.read(club_id) as db:
        language = ClubSettings.of((await db.club()).settings).language
    with in_language(language):
        return await work()

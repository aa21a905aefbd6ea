"""Checks of words that need the clock, the club's settings or a lookup, so that all mistakes are named at once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.app import Context
from bot.chat.command import names_a_paper
from bot.domain.club_settings import zone
from bot.domain.meeting_rules import read_meeting_time
from bot.features.shared.lookup import find_member, find_submission, topic_named
from bot.features.shared.meetings.meeting_lookup import find_meeting

Words = Mapping[str, str]


async def check_paper(ctx: Context, word: str, given: Words) -> None:
    """Raises UserError if a word means no paper of the club; several numbers mean several papers."""
    several = [part for part in re.split(r"[\s,;]+", word) if part]
    async with ctx.read() as db:
        for part in several if all(map(names_a_paper, several)) else [word]:
            await find_submission(ctx, db, part)


async def check_topic(ctx: Context, word: str, given: Words) -> None:
    """Raises UserError if the club has no such topic."""
    async with ctx.read() as db:
        await topic_named(db, word)


async def check_member(ctx: Context, word: str, given: Words) -> None:
    """Raises UserError if a word means nobody in the club."""
    async with ctx.read() as db:
        await find_member(ctx, db, word)


async def check_meeting(ctx: Context, word: str, given: Words) -> None:
    """Raises UserError if a word means no meeting."""
    async with ctx.read() as db:
        await find_meeting(ctx, db, word)


async def check_zone(ctx: Context, word: str, given: Words) -> None:
    """Raises UserError if there is no such time zone."""
    zone(word)


async def check_meeting_time(ctx: Context, word: str, given: Words) -> None:
    """Raises UserError if a word is no date or series to come."""
    read_meeting_time(word.removeprefix("to "), ctx.now, ctx.zone)

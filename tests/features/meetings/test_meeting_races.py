"""Members and processes at the same time, on both databases: places, numbers, cards and reminders."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from bot.features.meetings.schedule import keep_planned
from bot.runtime.notification_worker import NotificationWorker
from tests.features.conversation import CLUB, set_moderators_channel
from tests.stand_ins import open_harness, words

NAMES = ("Ada", "Ben", "Cy", "Dee", "Eve", "Fay")


async def test_many_at_once_get_one_place_one_card_and_one_reminder_each(url: str, tmp_path: Path) -> None:
    async with open_harness(tmp_path, url=url) as club:
        await set_moderators_channel(club)
        for name in NAMES:
            await club.say(name, "/my prefs")
        planned = await club.say("Mod", "/curate meeting plan every Thursday 16:00 size=3", moderator=True)
        assert not planned.failed, planned.card
        await asyncio.gather(*(club.say(name, "/club rsvp yes 1") for name in NAMES))
        card = words(await club.say("Ada", "/club meet 1"))
        assert "Coming (3 of 3 seats)" in card
        assert "On the waiting list (3)" in card
        claims = await asyncio.gather(*(club.say(name, "/club present 2") for name in NAMES))
        assert Counter(answer.failed for answer in claims) == {True: 5, False: 1}

        club.clock.advance(days=14)
        await asyncio.gather(*(keep_planned(club.app, CLUB) for _ in range(3)))
        await club.delivery_worker.drain()
        async with club.app.store.read(CLUB) as db:
            numbers = [m.number for m in await db.meetings.upcoming(club.clock(), limit=50)]
        assert len(numbers) == len(set(numbers)) == 6
        titles = [card.title for card in club.gateway.cards("papers")]
        assert max(Counter(titles).values()) == 1, titles

        number = numbers[0]
        await asyncio.gather(*(club.say(name, f"/club rsvp yes {number}") for name in NAMES))
        club.clock.at = club.clock.at.replace(day=17, hour=17)
        club.gateway.direct_messages.clear()
        await asyncio.gather(*(NotificationWorker(club.app).round() for _ in range(3)))
        told = Counter(name for name, card in club.gateway.direct_messages if "starts within" in card.title)
        assert set(told.values()) == {1}
        assert len(told) in (3, 4), "those with a place, and the presenter"

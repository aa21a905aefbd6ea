"""Moderators are told of a delay in one message, which is drawn anew until it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.web.site import checks
from bot.chat.cards import Card
from bot.chat.gateway import Location, NotSent, Posted
from bot.domain.models import DeliveryKind
from bot.errors import UserError
from bot.runtime.delivery_watchdog import DeliveryWatchdog
from bot.runtime.scheduler import Scheduler
from bot.store.admin.coordination import CachedFacts
from tests.features.conversation import submit_papers
from tests.features.edition_steps import AGENTS, THEOREMS, say_as_moderator, set_up_week
from tests.stand_ins import Harness, RecordingGateway, words

LATE, AGAIN = "No. 1 is overdue", "Posts to Wall"


async def approved(club: Harness) -> None:
    """A week's edition, approved and due in a minute."""
    await set_up_week(club)
    await Scheduler(club.app).tick()
    club.clock.advance(days=6)
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    await say_as_moderator(club, "/edition approve")
    club.clock.advance(days=1, minutes=-1)


async def pass_by(club: Harness, watchdog: DeliveryWatchdog, **passed: float) -> None:
    """Time passes, and everything that runs beside requests looks once."""
    club.clock.advance(**passed)
    await Scheduler(club.app).tick()
    await watchdog.round()
    await club.delivery_worker.drain()


class Choosy(RecordingGateway):
    """A platform that posts so many parts of an edition, and then takes posts to the moderators only."""

    left = 2

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        if where.room == "digest" and not self.left:
            raise NotSent("The wall asks for a pause (429)", 60)
        self.left -= where.room == "digest"
        return await RecordingGateway.post(self, where, card, key=key)


def latest(club: Harness, wall: RecordingGateway, title: str) -> str:
    """The notice as it is shown now, and that it was posted once."""
    assert [card.title for card in wall.cards("mods")].count(title) == 1
    return words(next(c for _, c in reversed([*wall.posts, *wall.edits]) if c.title.startswith(title.split(" is")[0])))


async def test_an_edition_that_is_late_is_told_of_once_and_followed_until_it_is_out(club: Harness) -> None:
    await approved(club)
    wall = Choosy(posts=club.gateway.posts)
    club.add(wall)
    watchdog = DeliveryWatchdog(club.app)
    await pass_by(club, watchdog, minutes=2)
    assert LATE not in words(wall.cards("mods")), "not for a minute"
    await pass_by(club, watchdog, minutes=1, seconds=30)
    say = latest(club, wall, LATE)
    assert "The wall asks for a pause. 2 of 5 parts have been posted. I keep trying; you need not do anything." in say
    edits = len(wall.edits)
    await watchdog.round()
    await club.delivery_worker.drain()
    assert len(wall.edits) == edits, "nothing new, nothing drawn"
    wall.left = 1
    await pass_by(club, watchdog, minutes=2)
    await pass_by(club, watchdog, seconds=1)
    assert "3 of 5 parts have been posted" in latest(club, wall, LATE)
    wall.left = 9
    await pass_by(club, watchdog, minutes=2)
    await pass_by(club, watchdog, seconds=1)
    assert "No. 1 is out" in latest(club, wall, LATE)
    assert "It was posted 7 minutes late." in latest(club, wall, LATE)


async def test_an_edition_that_is_on_time_is_told_of_by_nobody(club: Harness) -> None:
    await approved(club)
    watchdog = DeliveryWatchdog(club.app)
    for _ in range(3):
        await pass_by(club, watchdog, minutes=2)
    assert "late" not in words(club.gateway.cards("mods"))
    assert len(club.gateway.cards("digest")) == 5


async def faults(club: Harness) -> str:
    """What /readyz says of the platform."""
    try:
        await checks(club.app)["wall"]()
    except UserError as error:
        return str(error)
    return ""


async def test_a_platform_that_takes_no_posts_is_told_of_until_it_does(club: Harness) -> None:
    await set_up_week(club)
    watchdog = DeliveryWatchdog(club.app)
    club.gateway.fails = [NotSent("The wall cannot be reached (no route)", 30) for _ in range(200)]
    await submit_papers(club, "Ada", THEOREMS)
    assert await faults(club) == "", "a blip is no trouble"
    for _ in range(8):
        await pass_by(club, watchdog, minutes=1)
    assert "sending posts has failed for 8 minutes: The wall cannot be reached; I keep trying" in await faults(club)
    said = words(await club.say("Root", "/clubadmin doctor", admin=True))
    assert "The wall cannot be reached" in said
    said = words(await club.say("Ada", "/paper submit " + AGENTS))
    assert (
        "It is saved. Its card will appear in #papers when I can post there again (The wall cannot be reached)." in said
    )
    club.gateway.fails.clear()
    for _ in range(3):
        await pass_by(club, watchdog, minutes=2)
    assert await faults(club) == ""
    (notice,) = [card for card in club.gateway.cards("mods") if card.title.startswith("Posts to Wall")]
    shown = [card for _, card in club.gateway.edits if " to Wall " in card.title] or [notice]
    assert shown[-1].title == "Posting to Wall works again"
    await pass_by(club, DeliveryWatchdog(club.app), minutes=2)
    assert [card.title for card in club.gateway.cards("mods")].count(notice.title) == 1


async def test_posts_that_nobody_takes_up_are_noticed(club: Harness) -> None:
    await set_up_week(club)
    async with club.app.store.begin(1) as db:
        room = (await db.rooms.with_purpose("moderators"))[0]
        await db.deliveries.plan(DeliveryKind.CHANNEL_TEST, 1, room, club.clock(), card={})
    watchdog = DeliveryWatchdog(club.app)
    club.clock.at += timedelta(minutes=5)
    await watchdog.round()
    assert "1 post has been waiting for 5 minutes and has not been sent" in await faults(club)


class Away(RecordingGateway):
    """A platform that takes nothing while it is away, neither posts nor edits."""

    away = True

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        if self.away:
            raise NotSent("The wall does not answer", 0)
        return await RecordingGateway.post(self, where, card, key=key)

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        if self.away:
            raise NotSent("The wall does not answer", 0)
        await RecordingGateway.edit(self, where, card, key=key)


async def test_a_platform_that_is_away_for_an_hour_gets_all_of_it_afterwards_and_one_message_about_it(
    club: Harness,
) -> None:
    await approved(club)
    before = len(club.gateway.posts)
    wall = Away(posts=club.gateway.posts)
    club.add(wall)
    watchdog = DeliveryWatchdog(club.app)
    for _unused in range(12):
        await pass_by(club, watchdog, minutes=5)
    assert len(wall.posts) == before, "away"
    wall.away = False
    for _unused in range(5):
        await pass_by(club, watchdog, minutes=1)
    assert "It was posted 6" in latest(club, wall, LATE), "a good hour late"
    out = [words(card) for where, card in wall.posts[before:] if where.room == "digest"]
    assert len(out) == len(set(out)) == 5, out
    about = [card.title for card in wall.cards("mods") if card.title.startswith(("No. 1 is", AGAIN))]
    assert sorted(map(about.count, set(about))) == [1, 1], about


async def test_an_outage_has_one_message_also_where_a_process_ends_before_it_has_noted_that_it_told(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_up_week(club)
    club.gateway.fails = [NotSent("The wall cannot be reached (no route)", 30) for _ in range(200)]
    await submit_papers(club, "Ada", THEOREMS)
    store, ends = CachedFacts.store, [RuntimeError("the program ends here")]

    async def failing(facts: CachedFacts, name: str, value: str) -> None:
        if name.startswith("outage:") and ends:
            raise ends.pop()
        await store(facts, name, value)

    monkeypatch.setattr(CachedFacts, "store", failing)
    watchdog = DeliveryWatchdog(club.app)
    for _unused in range(8):
        await pass_by(club, watchdog, minutes=1)
        await DeliveryWatchdog(club.app).round()  # another process, which has just begun
    assert not ends
    club.gateway.fails.clear()
    for _unused in range(3):
        await pass_by(club, watchdog, minutes=2)
    notices = [card.title for card in club.gateway.cards("mods") if card.title.startswith("Post")]
    assert notices == ["Posts to Wall are late"] or notices == ["Posting to Wall works again"], notices

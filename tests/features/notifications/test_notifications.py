"""Direct messages about what one follows: who asked for them is told, once, and nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.chat.cards import Card
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.domain.models import PendingNotification
from bot.features.editions.review.paper_updates import check_for_updates
from bot.features.notifications.send import LISTED, TRIES
from bot.runtime.notification_worker import NotificationWorker
from tests.features.conversation import ATTENTION, CLUB, DISTIL, HALL, SAFE, bring, code_in, connect, mods_room
from tests.features.edition_steps import ask, newer, published
from tests.stand_ins import House, RecordingGateway, house, words


async def told(club: House) -> list[tuple[str, str]]:
    """Who is told what in this round: a name, and all words of the message."""
    before = len(club.wall.direct_messages)
    await NotificationWorker(club.app).round()
    return [(who, words(card)) for who, card in club.wall.direct_messages[before:]]


async def states(club: House) -> list[str]:
    async with club.app.store.read_admin_session() as house_:
        return list(
            await house_._session.scalars(
                select(PendingNotification.state).order_by(PendingNotification.at, PendingNotification.submission_id)
            )
        )


async def test_by_default_nobody_is_written_to(club: House) -> None:
    await club.say("Bob", "/my follow keyword attention")
    await bring(club, "Ada", ATTENTION)
    assert await told(club) == []
    assert await states(club) == []
    assert "Attention" in words(await club.say("Bob", "/my home"))


async def test_who_asks_for_it_is_told_at_once_and_once(club: House) -> None:
    await bring(club, "Ada", SAFE)
    club.clock.on(minutes=1)
    followed = await club.say("Bob", "/my follow author vaswani how=instant")
    assert "told at once" in words(followed)
    await club.say("Bob", "/my follow keyword attention how=weekly")
    await club.say("Ada", "/my follow keyword attention how=instant")
    await club.say("Cy", "/my follow keyword distillation how=instant")
    assert await told(club) == [], "what is older is no news"
    await bring(club, "Ada", ATTENTION)
    [(who, said)] = await told(club)
    assert who == "bob", "who brought it needs no telling"
    assert "Attention Is All You Need" in said
    assert "the author vaswani, the keyword attention" in said
    assert await told(club) == []
    assert await states(club) == ["sent"]


async def test_two_heralds_tell_it_once(url: str, tmp_path: Path) -> None:
    async with house(tmp_path, url=url) as club:
        for name in ("Bob", "Cy"):
            await club.say(name, "/my follow keyword attention how=instant")
            await club.say(name, "/my follow paper 1 how=instant")
        await bring(club, "Ada", ATTENTION)
        await club.say("Cy", "/my follow paper 1 how=instant")
        await club.say("Mo", "/curate pick 1", moderator=True)
        await asyncio.gather(*(NotificationWorker(club.app).round() for _ in range(3)))
        assert sorted(who for who, _ in club.wall.direct_messages) == ["bob", "cy"]
        assert "picked for the next" in words([card for who, card in club.wall.direct_messages if who == "cy"])


async def test_a_days_news_is_one_message_in_the_morning_of_ones_own(club: House) -> None:
    await club.say("Bob", "/my prefs timezone=America/New_York")
    await club.say("Bob", "/my follow author a how=daily")
    await club.say("Bob", "/my follow keyword the how=daily")
    await bring(club, "Ada", ATTENTION)
    club.clock.on(hours=4)
    await bring(club, "Ada", SAFE)
    assert await told(club) == []
    club.clock.on(hours=0.9)  # 08:54 in New York
    assert await told(club) == []
    club.clock.on(hours=0.2)
    [(_, said)] = await told(club)
    assert "Attention" in said
    assert "16x16" in said
    await bring(club, "Ada", DISTIL)
    club.clock.on(hours=23)
    assert await told(club) == [], "one message a day"
    club.clock.on(hours=2)
    assert len(await told(club)) == 1


async def test_after_an_outage_one_message_has_the_newest_and_counts_the_rest(club: House) -> None:
    await club.say("Bob", "/my follow keyword the how=instant")
    papers = [record.arxiv_id for record in club.shelf._by_id.values() if not record.withdrawn]
    await bring(club, "Ada", *papers[: LISTED + 6])
    [(_, said)] = await told(club)
    many = (await states(club)).count("sent")
    assert many > LISTED
    assert f"And {many - LISTED} more" in said
    assert said.count("New: you follow") == LISTED


async def test_who_says_no_to_messages_or_follows_no_longer_is_not_written_to(club: House) -> None:
    await club.say("Bob", "/my prefs dm=no")
    assert "no to direct messages" in words(await club.say("Bob", "/my follow keyword attention how=instant"))
    await club.say("Cy", "/my follow keyword attention how=daily")
    await club.say("Di", "/my follow keyword attention how=daily")
    await club.say("Ed", "/my follow keyword attention how=daily")
    await bring(club, "Ada", ATTENTION)
    assert await told(club) == []
    await club.say("Cy", "/my unfollow keyword attention")
    await club.say("Di", "/my follow keyword attention how=home")
    await club.say("Ed", "/my prefs dm=no")
    club.clock.on(days=1)
    assert await told(club) == []
    assert await states(club) == ["dropped"] * 3


async def test_a_paper_that_was_taken_off_meanwhile_is_no_news(club: House) -> None:
    await club.say("Bob", "/my follow keyword attention how=daily")
    await bring(club, "Ada", ATTENTION)
    await told(club)
    await club.say("Mo", "/curate drop 1 off-topic", moderator=True)
    club.clock.on(days=1)
    assert await told(club) == []


async def test_nothing_gives_away_who_brought_a_paper_without_a_name(club: House) -> None:
    await club.say("Root", "/clubadmin settings anonymous yes", admin=True)
    await club.say("Ada", "/my home")
    await club.say("Bob", "/my follow person Ada how=instant")
    await club.say("Cy", "/my follow keyword attention how=instant")
    await club.say("Ada", f"/paper submit {ATTENTION} anonymous=yes")
    [(who, said)] = await told(club)
    assert who == "cy"
    assert "Ada" not in said
    await bring(club, "Ada", DISTIL)
    said_to = dict(await told(club))
    assert "the person Ada" in said_to["bob"], "a paper with a name is"


async def test_a_paper_without_details_waits_for_them(club: House) -> None:
    from bot.errors import Unavailable
    from bot.features.shared.metadata_backfill import backfill

    await club.say("Bob", "/my follow author vaswani how=instant")
    club.shelf.down = Unavailable("arXiv is down")
    await bring(club, "Ada", ATTENTION)
    assert await told(club) == []
    club.shelf.down = None
    club.clock.on(hours=1)
    await backfill(club.app, CLUB)
    assert len(await told(club)) == 1


async def test_what_becomes_of_a_paper_is_told_to_who_follows_it(club: House) -> None:
    await mods_room(club)
    await bring(club, "Ada", ATTENTION, DISTIL, SAFE)
    said = await club.say("Bob", "/my follow paper attention is all how=instant")
    assert "#1 Attention" in words(said)
    assert "nobody is told of their own" in words(await club.say("Ada", "/my follow paper 1 how=instant"))
    await club.say("Bob", "/my follow paper 3 how=instant")
    assert await told(club) == []
    await club.say("Mo", "/curate pick 1", moderator=True)
    [(who, news)] = await told(club)
    assert who == "bob"
    assert "picked for the next edition" in news
    await club.say("Mo", "/curate unpick 1", moderator=True)
    await club.say("Mo", "/curate merge 3 into 2 sure=yes", moderator=True)
    [(_, news)] = await told(club)
    assert "a duplicate of #2" in news
    await published(club)
    [(_, news)] = await told(club)
    assert news.count("in the club’s edition") == 2, "#1, and #3, which goes on as #2"
    newer(club)
    club.clock.on(days=2)
    await check_for_updates(club.app, CLUB)
    [(_, news)] = await told(club)
    assert "a new version, v8" in news
    shown = await club.say("Bob", "/my follows")
    assert "#1 Attention" in words(shown)
    assert "told at once" in words(shown)
    await club.say("Bob", "/my unfollow paper 1")
    newer(club, withdrawn=True)
    club.clock.on(days=2)
    await check_for_updates(club.app, CLUB)
    assert await told(club) == []


async def test_a_followed_paper_is_asked_about_also_where_no_edition_has_it(club: House) -> None:
    await bring(club, "Ada", ATTENTION)
    await club.say("Bob", "/my follow paper 1 how=instant")
    newer(club, withdrawn=True)
    club.clock.on(days=2)
    await check_for_updates(club.app, CLUB)
    [(_, said)] = await told(club)
    assert "Withdrawn from arXiv" in said


@dataclass(slots=True)
class Shy(RecordingGateway):
    """A wall that tells somebody only after it has raised these."""

    raised: list[Exception] = field(default_factory=list)
    tries: int = 0

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        self.tries += 1
        if self.raised:
            raise self.raised.pop(0)
        self.direct_messages.append((person, card))


def shy(club: House, *raised: Exception) -> Shy:
    """Put such a wall up in the club."""
    wall = Shy(raised=list(raised))
    club.add(wall)
    return wall


@pytest.mark.parametrize(
    ("raised", "state", "tries"),
    [
        ([NotSent("a pause", 30)], "sent", 2),
        ([OutcomeUnknown("reset")], "unknown", 1),
        ([Refused("they take no messages")], "failed", 1),
        ([NotSent("a pause", 30)] * TRIES, "failed", TRIES),
        ([ValueError("a mistake of ours")], "unknown", 1),
    ],
)
async def test_what_may_have_arrived_is_not_said_twice_and_nothing_is_tried_for_ever(
    club: House, raised: list[Exception], state: str, tries: int
) -> None:
    await club.say("Bob", "/my follow keyword attention how=instant")
    await bring(club, "Ada", ATTENTION)
    telling = shy(club, *raised)
    for _ in range(TRIES + 3):
        await NotificationWorker(club.app).round()
        club.clock.on(hours=1)
    assert await states(club) == [state]
    assert telling.tries == tries


async def test_who_takes_no_messages_is_tried_once_a_day(club: House) -> None:
    await club.say("Bob", "/my follow keyword the how=instant")
    wall = shy(club, Refused("they take no messages"))
    for paper, hours in ((ATTENTION, 1), (SAFE, 1), (DISTIL, 23)):
        await bring(club, "Ada", paper)
        await NotificationWorker(club.app).round()
        club.clock.on(hours=hours)
    assert wall.tries == 1
    await bring(club, "Ada", "2009.03393")
    await NotificationWorker(club.app).round()
    assert wall.tries == 2
    assert sorted(await states(club)) == ["failed", "failed", "failed", "sent"]


async def test_a_platform_that_refuses_many_is_left_alone_until_the_next_round(
    club: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.notification_worker.ENOUGH", 2)
    monkeypatch.setattr("bot.runtime.notification_worker.AT_A_TIME", 1)
    for name in ("Bob", "Cy", "Di"):
        await club.say(name, "/my follow keyword attention how=instant")
    await bring(club, "Ada", ATTENTION)
    wall = shy(club, *[Refused("they take no messages")] * 3)
    await NotificationWorker(club.app).round()
    assert wall.tries == 2
    assert sorted(await states(club)) == ["failed", "failed", "waiting"]
    await NotificationWorker(club.app).round()
    assert wall.tries == 3


async def test_who_left_is_not_looked_for(club: House) -> None:
    await club.say("Bob", "/my follow keyword attention how=instant")
    async with club.app.store.admin_session() as all_:
        await all_.directory.join(await all_.directory.club(CLUB), "wall", "W9", "")  # type: ignore[arg-type]
        await all_.directory.leave("wall", "W1", "it was removed", club.clock())
    await club.say("Ada", f"/paper submit {ATTENTION}", workspace="W9")
    telling = shy(club)
    for _ in range(3):
        await NotificationWorker(club.app).round()
        club.clock.on(days=20)
    assert telling.tries == 0
    assert await states(club) == [], "what nobody could be told is forgotten"


async def test_of_two_accounts_one_is_written_to(club: House) -> None:
    hall: Any = await connect(club)
    code = code_in(await club.say("Bob", "/my link"))
    await club.say("Robert", f"/my link {code}", **HALL)
    await club.say("Bob", "/my follow keyword attention how=instant")
    await club.say("Robert", "/my follow keyword attention how=instant", **HALL)
    hall.direct_messages.clear()
    await bring(club, "Ada", ATTENTION)
    telling = shy(club, Refused("they take no messages here"))
    await NotificationWorker(club.app).round()
    assert (telling.tries, len(hall.direct_messages)) == (1, 1)


async def test_a_moderators_edition_and_its_recall(club: House) -> None:
    await mods_room(club)
    await bring(club, "Ada", ATTENTION)
    await club.say("Bob", "/my follow paper 1 how=daily")
    await published(club)
    await told(club)
    assert await states(club) == ["waiting"]
    await ask(club, "/edition recall oops sure=yes")
    club.clock.on(days=1)
    assert await told(club) == [], "what was taken back is not told"


@dataclass(slots=True)
class Slow(RecordingGateway):
    """A wall on which telling somebody takes until it is let go on."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        self.begun.set()
        await self.go_on.wait()
        self.direct_messages.append((person, card))


async def test_what_is_being_told_when_the_program_stops_is_told(club: House) -> None:
    await club.say("Bob", "/my follow keyword attention how=instant")
    await bring(club, "Ada", ATTENTION)
    slow = Slow()
    club.add(slow)
    running = asyncio.create_task(NotificationWorker(club.app).run())
    await slow.begun.wait()
    running.cancel()
    asyncio.get_running_loop().call_soon(slow.go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await states(club) == ["sent"]
    assert [who for who, _ in slow.direct_messages] == ["bob"]

"""Notifications about follows: each follower gets them once, and nobody else does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.chat.cards import Card
from bot.chat.gateway import Location
from bot.errors import Unavailable
from bot.features.editions.review.paper_updates import check_for_updates
from bot.features.notifications.follow_notifications import MAX_LISTED
from bot.features.shared.papers.metadata_backfill import backfill
from bot.runtime.notification_worker import NotificationWorker
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SAFE,
    set_moderators_channel,
    submit_papers,
)
from tests.features.edition_steps import publish_edition, release_new_version, say_as_moderator
from tests.features.notifications.steps import send_round, states
from tests.stand_ins import Harness, RecordingGateway, open_harness, words


async def test_by_default_nobody_is_written_to(club: Harness) -> None:
    await club.say("Bob", "/my follow keyword attention")
    await submit_papers(club, "Ada", ATTENTION)
    assert await send_round(club) == []
    assert await states(club) == []
    assert "Attention" in words(await club.say("Bob", "/my home"))


async def test_who_asks_for_it_is_told_at_once_and_once(club: Harness) -> None:
    await submit_papers(club, "Ada", SAFE)
    club.clock.advance(minutes=1)
    followed = await club.say("Bob", "/my follow author vaswani how=instant")
    assert "direct message at once" in words(followed)
    await club.say("Bob", "/my follow keyword attention how=weekly")
    await club.say("Ada", "/my follow keyword attention how=instant")
    await club.say("Cy", "/my follow keyword distillation how=instant")
    assert await send_round(club) == [], "what is older is no news"
    await submit_papers(club, "Ada", ATTENTION)
    [(who, answer)] = await send_round(club)
    assert who == "bob", "who brought it needs no telling"
    assert "Attention Is All You Need" in answer
    assert "the author “vaswani”, the keyword “attention”" in answer
    assert await send_round(club) == []
    assert await states(club) == ["sent"]


async def test_two_workers_send_it_once(url: str, tmp_path: Path) -> None:
    async with open_harness(tmp_path, url=url) as club:
        for name in ("Bob", "Cy"):
            await club.say(name, "/my follow keyword attention how=instant")
            await club.say(name, "/my follow paper 1 how=instant")
        await submit_papers(club, "Ada", ATTENTION)
        await club.say("Cy", "/my follow paper 1 how=instant")
        await club.say("Mo", "/curate pick 1", moderator=True)
        await asyncio.gather(*(NotificationWorker(club.app).round() for _ in range(3)))
        assert sorted(who for who, _ in club.gateway.direct_messages) == ["bob", "cy"]
        assert "picked for the next" in words([card for who, card in club.gateway.direct_messages if who == "cy"])


async def test_a_days_news_is_one_message_in_the_morning_of_ones_own(club: Harness) -> None:
    await club.say("Bob", "/my prefs timezone=America/New_York")
    await club.say("Bob", "/my follow author a how=daily")
    await club.say("Bob", "/my follow keyword the how=daily")
    await submit_papers(club, "Ada", ATTENTION)
    club.clock.advance(hours=4)
    await submit_papers(club, "Ada", SAFE)
    assert await send_round(club) == []
    club.clock.advance(hours=0.9)  # 08:54 in New York
    assert await send_round(club) == []
    club.clock.advance(hours=0.2)
    [(_, answer)] = await send_round(club)
    assert "Attention" in answer
    assert "16x16" in answer
    await submit_papers(club, "Ada", DISTILLATION)
    club.clock.advance(hours=23)
    assert await send_round(club) == [], "one message a day"
    club.clock.advance(hours=2)
    assert len(await send_round(club)) == 1


async def test_after_an_outage_one_message_has_the_newest_and_counts_the_rest(club: Harness) -> None:
    await club.say("Bob", "/my follow keyword the how=instant")
    papers = [record.arxiv_id for record in club.paper_source._by_id.values() if not record.withdrawn]
    await submit_papers(club, "Ada", *papers[: MAX_LISTED + 6])
    [(_, answer)] = await send_round(club)
    many = (await states(club)).count("sent")
    assert many > MAX_LISTED
    assert f"And {many - MAX_LISTED} more" in answer
    assert answer.count("New, because you follow") == MAX_LISTED


async def test_who_says_no_to_messages_or_follows_no_longer_is_not_written_to(club: Harness) -> None:
    await club.say("Bob", "/my prefs dm=no")
    assert "direct messages are turned off" in words(await club.say("Bob", "/my follow keyword attention how=instant"))
    await club.say("Cy", "/my follow keyword attention how=daily")
    await club.say("Di", "/my follow keyword attention how=daily")
    await club.say("Ed", "/my follow keyword attention how=daily")
    await submit_papers(club, "Ada", ATTENTION)
    assert await send_round(club) == []
    await club.say("Cy", "/my unfollow keyword attention")
    await club.say("Di", "/my follow keyword attention how=home")
    await club.say("Ed", "/my prefs dm=no")
    club.clock.advance(days=1)
    assert await send_round(club) == []
    assert await states(club) == ["dropped"] * 3


async def test_a_paper_that_was_taken_off_meanwhile_is_no_news(club: Harness) -> None:
    await club.say("Bob", "/my follow keyword attention how=daily")
    await submit_papers(club, "Ada", ATTENTION)
    await send_round(club)
    await club.say("Mo", "/curate drop 1 off-topic", moderator=True)
    club.clock.advance(days=1)
    assert await send_round(club) == []


async def test_nothing_gives_away_who_brought_a_paper_without_a_name(club: Harness) -> None:
    await club.say("Root", "/clubadmin settings anonymous yes", admin=True)
    await club.say("Ada", "/my home")
    await club.say("Bob", "/my follow person Ada how=instant")
    await club.say("Cy", "/my follow keyword attention how=instant")
    await club.say("Ada", f"/paper submit {ATTENTION} anonymous=yes")
    [(who, answer)] = await send_round(club)
    assert who == "cy"
    assert "Ada" not in answer
    await submit_papers(club, "Ada", DISTILLATION)
    said_to = dict(await send_round(club))
    assert "the person “Ada”" in said_to["bob"], "a paper with a name is"


async def test_a_paper_without_details_waits_for_them(club: Harness) -> None:
    await club.say("Bob", "/my follow author vaswani how=instant")
    club.paper_source.error = Unavailable("arXiv is down")
    await submit_papers(club, "Ada", ATTENTION)
    assert await send_round(club) == []
    club.paper_source.error = None
    club.clock.advance(hours=1)
    await backfill(club.app, CLUB)
    assert len(await send_round(club)) == 1


async def test_what_becomes_of_a_paper_is_told_to_who_follows_it(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE)
    answer = await club.say("Bob", "/my follow paper attention is all how=instant")
    assert "#1 Attention" in words(answer)
    assert "no messages about it" in words(await club.say("Ada", "/my follow paper 1 how=instant"))
    await club.say("Bob", "/my follow paper 3 how=instant")
    assert await send_round(club) == []
    await club.say("Mo", "/curate pick 1", moderator=True)
    [(who, messages)] = await send_round(club)
    assert who == "bob"
    assert "picked for the next edition" in messages
    await club.say("Mo", "/curate unpick 1", moderator=True)
    await club.say("Mo", "/curate merge 3 into 2 sure=yes", moderator=True)
    [(_, messages)] = await send_round(club)
    assert "merged into #2" in messages
    await publish_edition(club)
    [(_, messages)] = await send_round(club)
    assert messages.count("in the club’s edition") == 2, "#1, and #3, which goes on as #2"
    release_new_version(club)
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    [(_, messages)] = await send_round(club)
    assert "a new version, v8" in messages
    shown = await club.say("Bob", "/my follows")
    assert "#1 Attention" in words(shown)
    assert "(paper, at once)" in words(shown)
    await club.say("Bob", "/my unfollow paper 1")
    release_new_version(club, withdrawn=True)
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    assert await send_round(club) == []


async def test_a_followed_paper_is_asked_about_also_where_no_edition_has_it(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Bob", "/my follow paper 1 how=instant")
    release_new_version(club, withdrawn=True)
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    [(_, answer)] = await send_round(club)
    assert "Withdrawn from arXiv" in answer


async def test_a_moderators_edition_and_its_recall(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Bob", "/my follow paper 1 how=daily")
    await publish_edition(club)
    await send_round(club)
    assert await states(club) == ["waiting"]
    await say_as_moderator(club, "/edition recall oops sure=yes")
    club.clock.advance(days=1)
    assert await send_round(club) == [], "what was taken back is not told"


@dataclass(slots=True)
class SlowGateway(RecordingGateway):
    """A gateway on which a message takes until it is released."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        self.begun.set()
        await self.go_on.wait()
        self.direct_messages.append((person, card))


async def test_what_is_being_told_when_the_program_stops_is_told(club: Harness) -> None:
    await club.say("Bob", "/my follow keyword attention how=instant")
    await submit_papers(club, "Ada", ATTENTION)
    slow = SlowGateway()
    club.add(slow)
    running = asyncio.create_task(NotificationWorker(club.app).run())
    await slow.begun.wait()
    running.cancel()
    asyncio.get_running_loop().call_soon(slow.go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await states(club) == ["sent"]
    assert [who for who, _ in slow.direct_messages] == ["bob"]


async def test_a_topic_or_details_that_come_later_are_matched_again(club: Harness) -> None:
    await club.say("Olga", "/clubadmin topics add Vision", admin=True)
    await club.say("Olga", "/clubadmin topics add Safety", admin=True)
    await club.say("Bob", "/my follow topic Vision how=instant")
    await club.say("Cy", "/my follow keyword hypertrophy how=instant")
    await club.say("Di", "/my follow topic Safety how=instant")
    await submit_papers(club, "Ada", ATTENTION, SAFE)
    assert await send_round(club) == []
    await club.say("Mo", "/curate edit 1 topic=Vision", moderator=True)
    [(who, answer)] = await send_round(club)
    assert (who, "the topic “Vision”" in answer) == ("bob", True)
    await club.say("Mo", '/curate edit 2 title="On hypertrophy of networks"', moderator=True)
    [(who, answer)] = await send_round(club)
    assert (who, "the keyword “hypertrophy”" in answer) == ("cy", True)
    await club.say("Mo", "/curate edit 1 topic=none", moderator=True)
    await club.say("Mo", "/curate edit 1 topic=Vision", moderator=True)
    assert await send_round(club) == [], "each is told once of a paper"
    await club.say("Olga", "/clubadmin topics merge Vision to=Safety", admin=True)
    assert [who for who, _ in await send_round(club)] == ["di"]
    club.clock.advance(days=40)
    await club.say("Mo", "/curate edit 2 topic=Safety", moderator=True)
    assert await send_round(club) == [], "a paper of last month is no news"


async def test_who_follows_a_topic_follows_it_under_its_new_name(club: Harness) -> None:
    for name in ("Vision", "Safety"):
        await club.say("Olga", f"/clubadmin topics add {name}", admin=True)
    for line in ("Vision how=instant", "Safety how=instant"):
        await club.say("Bob", f"/my follow topic {line}")
    await club.say("Cy", "/my follow topic vision how=daily")
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Olga", "/clubadmin topics rename Vision to=Sight", admin=True)
    await club.say("Mo", "/curate edit 1 topic=Sight", moderator=True)
    [(who, answer)] = await send_round(club)
    assert (who, "the topic “Sight”" in answer) == ("bob", True)
    await club.say("Olga", "/clubadmin topics rename Sight to=sight", admin=True)
    await club.say("Olga", "/clubadmin topics merge sight to=Safety", admin=True)
    for name in ("Bob", "Cy"):
        shown = words(await club.say(name, "/my follows"))
        assert ("ight" in shown, shown.count("label='Unfollow'")) == (False, 1)
    assert "every morning" in words(await club.say("Cy", "/my follows"))
    await club.say("Mo", "/curate edit 2 topic=Safety", moderator=True)
    assert [who for who, _ in await send_round(club)] == ["bob"]
    await club.say("Olga", "/clubadmin topics remove Safety", admin=True)
    assert "Nothing yet" in words(await club.say("Bob", "/my follows"))


async def test_a_merged_paper_is_followed_as_the_one_that_stayed(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Bob", "/my follow paper 2 how=instant")
    await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
    assert "#1 Attention" in words(await club.say("Bob", "/my follows"))
    assert "You already follow" in words(await club.say("Bob", "/my follow paper 1"))
    assert not (await club.say("Bob", "/my unfollow paper 1")).failed
    assert "Nothing yet" in words(await club.say("Bob", "/my follows"))


async def test_a_paper_that_waited_in_vain_is_matched_when_its_details_come(club: Harness) -> None:
    await club.say("Bob", "/my follow keyword attention how=instant")
    club.paper_source.error = Unavailable("arXiv does not answer.")
    await submit_papers(club, "Ada", ATTENTION)
    club.clock.advance(days=2)
    assert await send_round(club) == [], "it was matched without details"
    club.paper_source.error = None
    await backfill(club.app, CLUB)
    [(who, answer)] = await send_round(club)
    assert (who, "the keyword “attention”" in answer) == ("bob", True)
    assert await send_round(club) == []

"""Chaos, bounded in number and time: dropped lines, rate limits, lost answers, processes that die. The local Discord's
ledger says in the end what was posted, how often, and what people saw."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice
from random import Random
from time import monotonic

import pytest
from sqlalchemy import select

from adapters.discord.gateway import DiscordGateway
from adapters.discord.transport.shard_leases import ShardLeases
from adapters.discord.transport.timeouts import DEFAULT_TIMEOUTS
from bot.domain.models import Submission
from bot.sources.recorded_arxiv import recorded_papers
from tests.protocol.discord.conftest import QUICK, Bot, listening, settings
from tests.protocol.discord_server import Channel, DiscordServer, InteractionResult, Person
from tests.protocol.discord_server.gateway import Gateway
from tests.stand_ins import Harness

pytestmark = [pytest.mark.stress, pytest.mark.timeout(900)]

BACK = 90.0
"""Seconds within which a lost line must be back."""

Trouble = Callable[[Gateway, Random], object]


def closed(code: int) -> Trouble:
    return lambda gateway, _: gateway.drop(code)


def refused(gateway: Gateway, chance: Random) -> None:
    """The line is cut, and whoever comes back by the resume address (or at all) is turned away some times."""
    gateway.refuse(chance.choice((500, 502, 503)), chance.randint(1, 4), chance.choice(("resume", None)))
    gateway.drop(1006)


TROUBLES: dict[str, Trouble] = {
    **{f"close code {code}": closed(code) for code in (1000, 1001, 1006, *range(4000, 4004), *range(4005, 4012))},
    "op 7": lambda gateway, _: gateway.reconnect(),
    "op 9, resumable": lambda gateway, _: gateway.invalidate(resumable=True),
    "op 9": lambda gateway, _: gateway.invalidate(resumable=False),
    "5xx on coming back": refused,
    "a deaf line": lambda gateway, _: gateway.silence(),
}
"""All but the close codes after which only a person can help: 4004 and 4012 to 4014."""


def ids(number: int) -> list[str]:
    """Number of papers that the club has."""
    return [record.arxiv_id for record in recorded_papers()[:number]]


async def back(discord: DiscordServer, before: int) -> None:
    """Until a line that was opened after the trouble has its session."""

    def again() -> bool:
        newer = discord.gateway.connections[before:]
        return any(c.session is not None and c.closed_as is None and not c.deaf for c in newer)

    await discord.wait_for(again, BACK, "coming back")
    await discord.gateway.delivered()
    await discord.changes.next_change(0.1)
    if not discord.gateway.connections[-1].resumed:
        discord.advance(seconds=4)  # what went under with the old session stays without an answer
    await discord.settled()


async def trouble(discord: DiscordServer, name: str, chance: Random) -> float:
    """Make it, and wait until the bot is back; the seconds that took."""
    before, began = len(discord.gateway.connections), monotonic()
    TROUBLES[name](discord.gateway, chance)
    await back(discord, before)
    return monotonic() - began


async def votes(bot: Bot) -> dict[int, set[str]]:
    """Who voted for what, as the club has it written down: the names, by the paper's number."""
    found: dict[int, set[str]] = {}
    async with bot.harness.app.store.read(bot.club.id) as db:
        for event in await db.vote_queries.log():
            member = await db.members.get(event.member_id)
            assert member is not None
            found.setdefault(event.submission_id, set()).add(member.name)
    return found


def cards(room: Channel) -> Counter[str]:
    """How often each paper's card stands in a room, by its heading."""
    return Counter(message.text.partition("\n")[0] for message in room.messages if not message.gone)


async def test_two_hundred_lost_lines(bot: Bot, discord: DiscordServer) -> None:
    chance = Random(4)
    discord.gateway.heartbeat_interval = 0.5
    await trouble(discord, "close code 1006", chance)  # the next line hears of the heartbeat
    times: dict[str, list[float]] = {}
    clicks: list[tuple[Person, InteractionResult]] = []
    order = list(islice(cycle(TROUBLES), 200))
    chance.shuffle(order)
    card = await bot.card(bot.guild.member("Ada"))
    for number, name in enumerate(order):
        clicker = bot.guild.member(f"Member {number}")
        clicks.append((clicker, await clicker.click(card, "Vote", wait="nothing")))
        times.setdefault(name, []).append(await trouble(discord, name, chance))
    await bot.settle()
    assert len(order) == 200
    assert max(max(each) for each in times.values()) < BACK
    answered = {person.user.name for person, seen in clicks if not seen.failed and seen.answered_as}
    assert len(answered) > 100, "those whose click came while the line stood, or was heard again after a resume"
    written = (await votes(bot)).get(1, set())
    assert answered <= written, "nobody who saw an answer is missing"
    assert f"Votes **{len(written)}**" in card.text
    assert set(cards(bot.papers).values()) == {1}


async def test_lines_come_back_in_time_at_the_usual_pace(
    discord: DiscordServer, harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # discord.py waits for as long as it does
    papers = (guild := discord.guild("ML Readers")).text("papers")
    discord.gateway.heartbeat_interval = 10
    discord.gateway.identify_window = 5
    async with listening(harness, discord, DEFAULT_TIMEOUTS):
        for name in ("close code 1006", "close code 4007", "op 9", "5xx on coming back", "close code 4011"):
            assert await trouble(discord, name, Random(1)) < BACK
        assert await trouble(discord, "a deaf line", Random(1)) < BACK
        assert not (await guild.member("Ada").command("/help", papers)).failed


MESSAGES = "POST /channels/{channel_id}/messages"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
ANSWER = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"


def disturb(discord: DiscordServer, chance: Random) -> None:
    """Script one trouble for the next request of a kind."""
    faults = discord.faults
    route = chance.choice((MESSAGES, MESSAGES, CALLBACK, ANSWER))
    match chance.randrange(8):
        case 0:
            faults.rate_limit(route, 0.05)
        case 1:
            faults.rate_limit(route, 0.05, scope="global")
        case 2:
            faults.rate_limit(route, 0.05, scope="shared")
        case 3:
            faults.lose(route)
        case 4:
            faults.reset(route, applied=chance.random() < 0.5)
        case 5:
            faults.fail(route, 503, applied=chance.random() < 0.5)
        case 6:
            faults.fail(route, 520, applied=chance.random() < 0.5)
        case 7:
            faults.garble(route)


async def test_requests_that_fail_in_every_way_lose_and_double_nothing(bot: Bot, discord: DiscordServer) -> None:
    chance = Random(5)
    discord.limits.tighten(MESSAGES, 5, 0.2)
    discord.limits.tighten_all(20, 0.2)
    for number, link in enumerate(ids(60)):
        disturb(discord, chance)
        disturb(discord, chance)
        person = bot.guild.member(f"Member {number}")
        await person.command("/paper submit", bot.papers, link=link, why="chaos", wait="ack")
        await discord.settled(within=30)
        await bot.harness.delivery_worker.drain()
        bot.harness.clock.advance(minutes=2)  # what is doubtful is looked for after a minute, and again
    discord.faults.clear()
    for _ in range(10):
        await bot.harness.delivery_worker.drain()
        bot.harness.clock.advance(minutes=6)
    await bot.settle()
    async with bot.harness.app.store.read(bot.club.id) as db:
        brought = (await db._session.scalars(select(Submission.id))).all()
    assert len(brought) > 50
    posted = cards(bot.papers)
    assert set(posted.values()) == {1}, "no card stands twice"
    assert len(posted) == len(brought), "and none is missing"
    assert discord.ledger.invalid(discord.clock.now()) < 250


async def test_processes_that_die_are_replaced(discord: DiscordServer, harness: Harness) -> None:
    """Two processes on one token and one database; the one that listens dies without a word, thirty times."""
    guild = discord.guild("ML Readers")
    papers, ada = guild.text("papers"), guild.member("Ada")
    listens = born(harness, discord)
    await discord.connected()
    await discord.settled()
    await ada.command("/paper submit", papers, link="1706.03762")
    await ada.command("/paper show", papers, paper="1", share=True)
    card = papers.last
    assert card is not None
    for number in range(30):
        waits = born(harness, discord)
        await discord.wait_for(partial(asked, discord, number + 2), 10, "the other looking for a shard")
        await discord.settled()
        assert len(discord.gateway.ready) == 1, "the other stands by"
        assert not (await guild.member(f"Member {number}").click(card, "Vote")).failed
        await dies(listens)
        harness.clock.advance(seconds=20)
        await discord.connected()
        await discord.settled()
        listens = waits
    shown = await ada.command("/paper show", papers, paper="1")
    assert "Votes **30**" in shown.text
    await dies(listens)


def asked(discord: DiscordServer, times: int) -> bool:
    """Whether processes have asked for the gateway so often."""
    return len(discord.ledger.to("GET /gateway/bot")) >= times


def born(harness: Harness, discord: DiscordServer) -> asyncio.Task[None]:
    """A process, as far as Discord sees it."""
    return asyncio.create_task(DiscordGateway(harness.app, settings(discord), QUICK).serve())


async def dies(process: asyncio.Task[None]) -> None:
    """It ends without giving its leases back."""

    async def keeps_them(self: ShardLeases) -> None: ...

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ShardLeases, "release", keeps_them)
        process.cancel()
        await asyncio.gather(process, return_exceptions=True)

"""Chaos, bounded in number and time: dropped lines, doubled and shuffled events, rate limits, lost answers. The local
Slack's ledger says in the end what was posted, how often, and what people saw."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import cycle, islice
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from adapters.slack.transport.socket_mode import SocketModeTimeouts
from tests.adapters.slack.harness import HALF_OPEN, PAPERS, SlackHarness, message_with, slack_harness
from tests.protocol.slack_server import Ack, InteractionResult, Message, SlackServer, faults
from tests.protocol.slack_server.delivery import DeliveryAttempt

pytestmark = [pytest.mark.stress, pytest.mark.timeout(900)]

BACK = 90.0
"""Seconds within which a lost line must be back."""
SOONER = 20.0
"""How many times sooner the quick stage loses its patience at each step, at the least."""

Trouble = Callable[[SlackServer, Random], Awaitable[object]]


async def refreshed(slack: SlackServer, chance: Random) -> None:
    await slack.sockets.disconnect(chance.choice(("refresh_requested", "link_disabled")))


async def warned(slack: SlackServer, chance: Random) -> None:
    """Slack announces the end, and keeps to it as soon as the next line stands."""
    old = slack.sockets.live
    await slack.sockets.disconnect("warning")
    await slack.sockets.connected(len(old) + 1)
    for connection in old:
        await slack.sockets._disconnect(connection, "refresh_requested")


async def cut(slack: SlackServer, chance: Random) -> None:
    slack.sockets.drop()


async def half_open(slack: SlackServer, chance: Random) -> None:
    slack.sockets.go_silent()


async def dead_tickets(slack: SlackServer, chance: Random) -> None:
    slack.sockets.dead_tickets = chance.randint(1, 3)
    slack.sockets.drop()


async def no_tickets(slack: SlackServer, chance: Random) -> None:
    fault = chance.choice((faults.server_error(500), faults.server_error(503), faults.reset(), faults.html()))
    slack.faults.add("apps.connections.open", fault, times=chance.randint(1, 4))
    slack.sockets.drop()


TROUBLES: tuple[Trouble, ...] = (refreshed, warned, cut, half_open, dead_tickets, no_tickets)


async def back(slack: SlackServer, trouble: Trouble, chance: Random) -> float:
    """Make trouble, and wait until a new line stands: how many seconds it took."""
    before, begun = slack.sockets.opened, monotonic()
    await trouble(slack, chance)
    await slack.wait_for(lambda: slack.sockets.opened > before and slack.sockets.live, BACK)
    return monotonic() - begun


async def test_two_hundred_lost_lines_come_back_and_nothing_that_was_heard_is_lost(tmp_path: Path) -> None:
    chance = Random(1)
    async with slack_harness(tmp_path, times=HALF_OPEN) as club:
        slack, took, seens = club.slack, [], list[InteractionResult]()
        slack.quiet = slack.patience = 0.0
        for number, trouble in enumerate(islice(cycle(TROUBLES), 200)):
            ada = club.person(f"Reader {number % 20}")
            line = f"submit https://blog.example.org/{number} Post {number}"
            said = asyncio.create_task(ada.command("/paper", line, channel=PAPERS))
            if number % 2:  # else the line is lost while it is said
                await said
            took.append(await back(slack, trouble, chance))
            seens.append(await said)
        assert max(took) < BACK / SOONER, sorted(took)[-5:]
        await club.settle()
        heard = [number for number, screen in enumerate(seens) if screen.ack and screen.ack.ok]
        assert len(heard) >= 100, "a line that is just being lost may take no command, but the others do"
        for number in heard:
            await message_with(seens[number], "on the list")
        titles = Counter(_title(message) for message in slack.messages(PAPERS, bot=True))
        assert set(titles.values()) == {1}, "each card once"
        assert {f"blog.example.org/{number}" for number in heard} <= set(titles)
        club.check()


async def test_at_its_true_pace_every_trouble_is_over_in_time(tmp_path: Path) -> None:
    """All kinds at once, each on a line of its own, since a half-open one takes a quarter of a minute to notice."""

    async def one(number: int, trouble: Trouble) -> float:
        folder = tmp_path / str(number)
        folder.mkdir()
        async with slack_harness(folder, times=SocketModeTimeouts()) as club:
            took = await back(club.slack, trouble, Random(number))
            club.slack.quiet = club.slack.patience = 0.0
            await message_with(await club.person("Ada").command("/paper", "top", channel=PAPERS), "Top papers")
            club.check()
            return took

    took = await asyncio.gather(*(one(number, trouble) for number, trouble in enumerate(TROUBLES)))
    assert max(took) < BACK, took


async def test_doubled_late_and_shuffled_events_count_once(tmp_path: Path) -> None:
    chance = Random(2)
    async with slack_harness(tmp_path, history=True) as club:
        slack = club.slack
        card = await club.bring()
        held = _Held()
        real, slack.dispatcher.transport = slack.dispatcher.transport, held
        slack.quiet = slack.patience = 0.0
        screens, gone = list[InteractionResult](), list[Message]()
        for number in range(60):
            if number % 3 == 0:
                asker, line = club.person(f"Asker {number}"), f"submit https://blog.example.org/{number} Post {number}"
                screens.append(await asker.mention(PAPERS, line))
            else:
                said = await club.person(f"Reader {number % 12}").post(PAPERS, f"Thought {number}", thread_ts=card.ts)
                if number % 10 == 1:
                    gone.append(said)
        for said in gone:
            slack.world.delete(said)
        await slack.wait_for(lambda: len(held.parcels) >= 60 + 20 + len(gone))
        slack.dispatcher.transport = real
        copies = held.parcels * 3
        chance.shuffle(copies)
        for start in range(0, len(copies), 8):
            some = copies[start : start + 8]
            told = (slack.dispatcher.redeliver(p.payload, chance.randint(0, 3), "http_timeout") for p in some)
            await asyncio.gather(*told)
        await club.settle()
        assert [len(screen.ephemerals) for screen in screens] == [1] * len(screens), "each is answered once"
        cards = Counter(_title(message) for message in slack.messages(PAPERS, bot=True))
        assert set(cards.values()) == {1}
        assert len(cards) == 1 + len(screens)
        assert f"Replies *{40 - len(gone)}*" in str(card.blocks)
        club.check()


class _Held:
    """A way to the app on which everything is held back."""

    def __init__(self) -> None:
        self.parcels: list[DeliveryAttempt] = []

    async def send(self, parcel: DeliveryAttempt) -> Ack:
        self.parcels.append(parcel)
        return Ack(0.0)


async def test_a_storm_of_rate_limits_loses_and_doubles_nothing(tmp_path: Path) -> None:
    chance = Random(3)
    async with slack_harness(tmp_path) as club:
        slack = club.slack
        _follow_the_clock(club)
        for method in ("chat.postMessage", "chat.update", "chat.getPermalink", "users.info", "usergroups.list"):
            for pause in (1, 2, 30, None, "soon") * 6:
                slack.faults.add(method, faults.rate_limited(pause), when=_by(chance, 0.1))
        await _busy_day(club)
        await _until_all_is_there(club, seconds=31)
        assert sum(asked.fault == "ratelimited" for asked in slack.ledger.asked) > 30


async def test_replies_lost_after_slack_has_acted_are_found_again(tmp_path: Path) -> None:
    chance = Random(4)
    lost = (
        faults.lost_reply(), faults.reset(applied=True), faults.reset(), faults.server_error(502, applied=True),
        faults.server_error(500), faults.html(), faults.truncated(), faults.refuse("internal_error", applied=True),
        faults.refuse("fatal_error"),
    )  # fmt: skip
    async with slack_harness(tmp_path, history=True) as club:
        _follow_the_clock(club)
        for method in ("chat.postMessage", "chat.update", "conversations.history", "chat.getPermalink"):
            for fault in lost * 4:
                club.slack.faults.add(method, fault, when=_by(chance, 0.02))
        await _busy_day(club)
        await _until_all_is_there(club, seconds=61)
        assert sum(bool(asked.fault) for asked in club.slack.ledger.asked) > 30


DAY = 25
"""Papers of a busy day."""


async def _busy_day(club: SlackHarness) -> None:
    """Papers are brought and voted for by three."""
    for number in range(DAY):
        line = f"submit https://blog.example.org/{number} Post {number}"
        await club.person("Ada").command("/paper", line, channel=PAPERS)
        for name in ("Ben", "Cy", "Di"):
            await club.person(name).command("/paper", f"vote {number + 1}", channel=PAPERS)
        await club.settle()


async def _until_all_is_there(club: SlackHarness, *, seconds: float) -> None:
    """Let time pass until every card is there once, with its votes; and then some more, in which nothing changes."""
    rounds = 0
    while _missing(club):
        club.harness.clock.advance(seconds=seconds)
        await club.settle()
        rounds += 1
        assert rounds < 300, _missing(club)
    club.slack.faults.clear()
    for _ in range(5):
        club.harness.clock.advance(minutes=10)
        await club.settle()
    assert not _missing(club)
    assert len(club.slack.messages(PAPERS, bot=True)) == DAY, "nothing is doubled"
    club.check()


def _missing(club: SlackHarness) -> list[str]:
    """What is not yet as it should be."""
    cards = {_title(message): str(message.blocks) for message in club.slack.messages(PAPERS, bot=True)}
    titles = [f"blog.example.org/{number}" for number in range(DAY)]
    return [title for title in titles if "Votes *3*" not in cards.get(title, "")]


def _title(card: Message) -> str:
    return card.words.partition("\n")[0].split("|")[-1].rstrip(">*")


def _by(chance: Random, share: float) -> Callable[[object], bool]:
    """Lets this share of the requests go wrong."""
    return lambda _: chance.random() < share


def _follow_the_clock(club: SlackHarness) -> None:
    """Let pauses that Slack asked for pass by the club's clock, which a test pushes on."""
    club.gateway._teams.rate_limiter.clock = lambda: club.harness.clock().timestamp()

"""Direct messages about new papers: a stop or a failure while one is sent costs nobody theirs, and nobody gets two."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress

import pytest

from bot.chat.cards import Card
from bot.chat.gateway import Location, NotSent
from bot.features.notifications import new_paper_notifications
from bot.runtime.stream_worker import StreamWorker
from tests.features.stream.conftest import Reading
from tests.stand_ins import RecordingGateway

FOLLOWERS = ("Ann", "Ben", "Cy")


async def with_followers(reading: Reading) -> None:
    """Three members whose messages are due, of which none was sent yet."""
    club = reading.club
    assert not (await club.say("Root", "/clubadmin sources add cs.CL", admin=True)).failed
    for name in FOLLOWERS:
        assert not (await club.say(name, "/my follow keyword language how=daily")).failed
    await reading.pass_time(minutes=1)
    club.clock.advance(days=1)


def told(reading: Reading) -> Counter[str]:
    """Number of messages by member."""
    return Counter(who for who, _ in reading.club.gateway.direct_messages)


async def test_a_stop_waits_for_the_message_in_progress_and_the_next_start_sends_the_others(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_followers(reading)
    begun, may_end = asyncio.Event(), asyncio.Event()
    send = RecordingGateway.send_direct_message

    async def send_slowly(gateway: RecordingGateway, where: Location, person: str, card: Card) -> None:
        begun.set()
        await may_end.wait()
        await send(gateway, where, person, card)

    monkeypatch.setattr(RecordingGateway, "send_direct_message", send_slowly)
    running = asyncio.create_task(StreamWorker(reading.club.app).run())
    await begun.wait()
    running.cancel()
    await asyncio.wait([running], timeout=0)
    may_end.set()
    with suppress(asyncio.CancelledError):
        await running
    assert sum(told(reading).values()) == 1, "the one in progress was sent, and no other was begun"
    await StreamWorker(reading.club.app).round()
    assert told(reading) == {name.lower(): 1 for name in FOLLOWERS}


async def test_a_failure_for_one_member_costs_the_others_nothing(
    reading: Reading, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await with_followers(reading)
    draw, drawn = new_paper_notifications._card, list[str]()

    async def draw_all_but_one(db: object, due: new_paper_notifications.DueMember) -> Card | None:
        drawn.append(due.member.name)
        if drawn == ["Ann"]:
            raise RuntimeError("a fault of ours")
        return await draw(db, due)  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(new_paper_notifications, "_card", draw_all_but_one)
    await reading.worker.round()
    assert told(reading) == {"ben": 1, "cy": 1}
    assert "could not tell a member" in caplog.text
    await reading.worker.round()
    assert told(reading) == {name.lower(): 1 for name in FOLLOWERS}, "it was still due"


async def test_what_was_not_taken_is_sent_later_with_the_same_papers(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_followers(reading)
    send = RecordingGateway.send_direct_message

    async def refuse(*_: object) -> None:
        raise NotSent("Slack cannot be reached", 60)

    monkeypatch.setattr(RecordingGateway, "send_direct_message", refuse)
    await reading.worker.round()
    assert told(reading) == {}
    monkeypatch.setattr(RecordingGateway, "send_direct_message", send)
    await reading.pass_time(minutes=2)
    assert told(reading) == {name.lower(): 1 for name in FOLLOWERS}

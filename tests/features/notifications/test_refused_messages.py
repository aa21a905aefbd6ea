"""Notifications that a platform or a member does not accept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.chat.cards import Card
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.features.notifications.follow_notifications import MAX_TRIES
from bot.runtime.notification_worker import NotificationWorker
from bot.store.meetings.meeting_notifications import MeetingNotifications
from bot.store.members.pending_notifications import PendingNotifications
from tests.busy_database import make_busy
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SAFE,
    SECOND_PLACE,
    code_in,
    connect_second_platform,
    set_moderators_channel,
    submit_papers,
)
from tests.features.notifications.steps import states
from tests.stand_ins import Harness, RecordingGateway


@dataclass(slots=True)
class RefusingGateway(RecordingGateway):
    """A gateway that raises these exceptions before it accepts a message."""

    raised: list[Exception] = field(default_factory=list)
    tries: int = 0

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        self.tries += 1
        if self.raised:
            raise self.raised.pop(0)
        self.direct_messages.append((person, card))


def install_refusing_gateway(club: Harness, *raised: Exception) -> RefusingGateway:
    """Install such a gateway in the club."""
    gateway = RefusingGateway(raised=list(raised))
    club.add(gateway)
    return gateway


@pytest.mark.parametrize(
    ("raised", "state", "tries"),
    [
        ([NotSent("a pause", 30)], "sent", 2),
        ([OutcomeUnknown("reset")], "unknown", 1),
        ([Refused("they take no messages")], "failed", 1),
        ([NotSent("a pause", 30)] * MAX_TRIES, "failed", MAX_TRIES),
        ([ValueError("a mistake of ours")], "unknown", 1),
    ],
)
async def test_what_may_have_arrived_is_not_said_twice_and_nothing_is_tried_for_ever(
    club: Harness, raised: list[Exception], state: str, tries: int
) -> None:
    await club.say("Bob", "/my follow keyword attention how=instant")
    await submit_papers(club, "Ada", ATTENTION)
    gateway = install_refusing_gateway(club, *raised)
    for _ in range(MAX_TRIES + 3):
        await NotificationWorker(club.app).round()
        club.clock.advance(hours=1)
    assert await states(club) == [state]
    assert gateway.tries == tries


@pytest.mark.parametrize("of_a_meeting", [False, True])
async def test_a_message_that_was_not_taken_while_the_database_was_away_is_sent_later(
    club: Harness, monkeypatch: pytest.MonkeyPatch, of_a_meeting: bool
) -> None:
    if of_a_meeting:
        await set_moderators_channel(club)
        planned = await club.say("Mo", "/curate meeting plan 2025-12-02 10:00", moderator=True)
        assert not planned.failed, planned.card
        await club.say("Bob", "/club rsvp yes")
        club.clock.advance(hours=2)
    else:
        await club.say("Bob", "/my follow keyword attention how=instant")
        await submit_papers(club, "Ada", ATTENTION)
    failures = make_busy(monkeypatch, MeetingNotifications if of_a_meeting else PendingNotifications, "settle")
    gateway = install_refusing_gateway(club, NotSent("a pause", 30))
    for _ in range(3):
        await NotificationWorker(club.app).round()
        club.clock.advance(minutes=20)
    assert not failures
    assert [who for who, _ in gateway.direct_messages] == ["bob"]


async def test_who_takes_no_messages_is_tried_once_a_day(club: Harness) -> None:
    await club.say("Bob", "/my follow keyword the how=instant")
    gateway = install_refusing_gateway(club, Refused("they take no messages"))
    for paper, hours in ((ATTENTION, 1), (SAFE, 1), (DISTILLATION, 23)):
        await submit_papers(club, "Ada", paper)
        await NotificationWorker(club.app).round()
        club.clock.advance(hours=hours)
    assert gateway.tries == 1
    await submit_papers(club, "Ada", "2009.03393")
    await NotificationWorker(club.app).round()
    assert gateway.tries == 2
    assert sorted(await states(club)) == ["failed", "failed", "failed", "sent"]


async def test_a_platform_that_refuses_many_is_left_alone_until_the_next_round(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.notification_worker.MAX_REFUSALS", 2)
    monkeypatch.setattr("bot.runtime.notification_worker.CONCURRENT_MEMBERS", 1)
    for name in ("Bob", "Cy", "Di"):
        await club.say(name, "/my follow keyword attention how=instant")
    await submit_papers(club, "Ada", ATTENTION)
    gateway = install_refusing_gateway(club, *[Refused("they take no messages")] * 3)
    await NotificationWorker(club.app).round()
    assert gateway.tries == 2
    assert sorted(await states(club)) == ["failed", "failed", "waiting"]
    await NotificationWorker(club.app).round()
    assert gateway.tries == 3


async def test_who_left_is_not_looked_for(club: Harness) -> None:
    await club.say("Bob", "/my follow keyword attention how=instant")
    async with club.app.store.admin_session() as admin:
        known = await admin.directory.club(CLUB)
        assert known is not None
        await admin.directory.join(known, "wall", "W9", "")
        await admin.directory.leave("wall", "W1", "it was removed", club.clock())
    await club.say("Ada", f"/paper submit {ATTENTION}", workspace="W9")
    gateway = install_refusing_gateway(club)
    for _ in range(3):
        await NotificationWorker(club.app).round()
        club.clock.advance(days=20)
    assert gateway.tries == 0
    assert await states(club) == [], "what nobody could be told is forgotten"


async def test_of_two_accounts_one_is_written_to(club: Harness) -> None:
    hall: Any = await connect_second_platform(club)
    code = code_in(await club.say("Bob", "/my link"))
    await club.say("Robert", f"/my link {code}", **SECOND_PLACE)
    await club.say("Bob", "/my follow keyword attention how=instant")
    await club.say("Robert", "/my follow keyword attention how=instant", **SECOND_PLACE)
    hall.direct_messages.clear()
    await submit_papers(club, "Ada", ATTENTION)
    gateway = install_refusing_gateway(club, Refused("they take no messages here"))
    await NotificationWorker(club.app).round()
    assert (gateway.tries, len(hall.direct_messages)) == (1, 1)

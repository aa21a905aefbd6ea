"""Submitters are told of decisions once, also where the program ends in between or the platform asks for a pause."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.cards import Card
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.features.moderation import decisions
from bot.runtime.notification_worker import NotificationWorker
from tests.features.conversation import ATTENTION, DISTILLATION, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, RecordingGateway, words

DROP = "/curate drop 1 off topic tell_submitter=yes"


async def prepared(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)


async def decide(club: Harness, line: str) -> str:
    return words(await club.say("Mod", line, moderator=True))


def told(club: Harness) -> list[str]:
    assert all(name == "ada" for name, _card in club.gateway.direct_messages)
    return [card.title for _name, card in club.gateway.direct_messages]


async def test_each_decision_has_its_message(club: Harness) -> None:
    await prepared(club)
    assert "The submitter was told." in await decide(club, DROP)
    assert "The moderators of" in words(club.gateway.direct_messages[0][1])
    assert "off topic" in words(club.gateway.direct_messages[0][1])
    assert "The submitter was told." in await decide(club, "/curate restore 1 tell_submitter=yes")
    assert "The submitter was told." in await decide(club, "/curate hold 1 later tell_submitter=yes")
    assert "The submitter was told." in await decide(club, "/curate restore 1 tell_submitter=yes")
    await NotificationWorker(club.app).round()
    assert told(club) == [
        "A paper you submitted was removed from the list",
        "A paper you submitted is back on the list",
        "A paper you submitted is held back",
        "A paper you submitted is as it was before",
    ]


@pytest.mark.parametrize("later", ["", "/curate restore 1"])
async def test_a_program_that_ends_after_a_decision_tells_of_it_when_it_is_back(
    club: Harness, monkeypatch: pytest.MonkeyPatch, later: str
) -> None:
    await prepared(club)

    async def end(*_given: object) -> None:
        raise RuntimeError("the program ends here")

    with monkeypatch.context() as ending:
        ending.setattr(decisions, "send_decision_message", end)
        await decide(club, DROP)
    assert told(club) == []
    if later:
        await decide(club, later)
    for _unused in range(2):
        await NotificationWorker(club.app).round()
    assert told(club) == ([] if later else ["A paper you submitted was removed from the list"])


class Pausing(RecordingGateway):
    """A platform whose direct messages fail for a while."""

    errors: list[Exception]

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        if self.errors:
            raise self.errors.pop()
        await RecordingGateway.send_direct_message(self, where, person, card)


@pytest.mark.parametrize(
    ("error", "answer", "messages"),
    [
        (NotSent("slow down", 60), "The submitter will be told as soon as possible.", 1),
        (OutcomeUnknown("no answer"), "could not be reached", 0),
        (Refused("they take none"), "could not be reached", 0),
    ],
)
async def test_what_was_certainly_not_sent_follows_and_what_may_have_arrived_does_not(
    club: Harness, error: Exception, answer: str, messages: int
) -> None:
    await prepared(club)
    wall = Pausing(posts=club.gateway.posts)
    wall.errors = [error]
    club.add(wall)
    assert answer in await decide(club, DROP)
    for _unused in range(3):
        club.clock.at += timedelta(minutes=2)
        await NotificationWorker(club.app).round()
    assert len(wall.direct_messages) == messages


async def test_who_wants_no_messages_gets_none(club: Harness) -> None:
    await prepared(club)
    await club.say("Ada", "/my prefs dm=no")
    assert "could not be reached" in await decide(club, DROP)
    await NotificationWorker(club.app).round()
    assert told(club) == []

"""The doctor: a healthy club, each kind of trouble, and a platform that does not answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from bot.chat.gateway import DoctorFinding, Location, OutcomeUnknown, Refused
from bot.errors import Unavailable
from tests.features.conversation import (
    ATTENTION,
    on_screen,
    press,
    set_moderators_channel,
    submit_papers,
)
from tests.stand_ins import Harness, RecordingGateway, words


async def test_the_doctor_finds_a_healthy_club_well(club: Harness) -> None:
    await set_moderators_channel(club)
    answer = await club.say("Root", "/clubadmin doctor", admin=True)
    assert answer.card.title == "Everything works", answer.card
    for subject in ("Database", "arXiv", "Writer", "Next edition", "Posts"):
        assert f"{subject}: " in words(answer)


async def test_the_doctor_names_each_trouble_and_how_to_mend_it(club: Harness) -> None:
    await club.say("Root", "/clubadmin setup papers=papers", admin=True)
    club.gateway.fails.append(Refused("not a member of the channel"))
    await submit_papers(club, "Ada", ATTENTION)
    club.gateway.fails.append(OutcomeUnknown("a time-out"))
    await club.say("Root", "/clubadmin test papers", admin=True)
    club.paper_source.error = Unavailable("arXiv does not answer.")
    answer = await club.say("Root", "/clubadmin doctor", admin=True)
    whole = words(answer)
    assert "to fix" in answer.card.title
    assert "/clubadmin channels moderators here" in whole
    assert "not a member of the channel" in whole
    assert "I could not check whether it was posted" in whole
    assert "arXiv does not answer. You can still submit papers" in whole
    club.clock.advance(seconds=2)  # after a post of unknown outcome the room rests for a moment
    again = await press(club, answer, "Try failed posts again", "Root", admin=True)
    assert "1 failed post" in words(again)
    assert club.gateway.cards("papers")[-1].title == "Attention Is All You Need"


@dataclass(slots=True)
class NamingGateway(RecordingGateway):
    """A platform whose doctor names each channel that it is asked about."""

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[DoctorFinding]:
        return [DoctorFinding(f"#{room.room}", True, "can be used") for room in rooms]


async def test_channels_of_the_same_name_are_told_apart_by_their_platforms(club: Harness) -> None:
    await set_moderators_channel(club)
    code = await club.say("Root", "/clubadmin connect", admin=True)
    club.add(NamingGateway())
    club.add(NamingGateway(name="floor"))
    line = re.search(r"/clubadmin connect \S+", words(code))
    assert line
    other: dict[str, Any] = {"admin": True, "workspace": "F1", "platform": "floor"}
    await club.say("Rita", line[0], **other)
    await club.say("Rita", "/clubadmin setup papers=papers digest=papers", **other)
    shown = on_screen(await club.say("Root", "/clubadmin doctor", admin=True))
    assert "Wall #papers, Floor #papers" in shown
    assert [shown.count(f"{platform} #papers: ") for platform in ("Wall", "Floor")] == [1, 1]


@dataclass(slots=True)
class UnresponsiveGateway(RecordingGateway):
    """A platform that does not answer the doctor's check."""

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[DoctorFinding]:
        await asyncio.Event().wait()
        return []


async def test_the_doctor_does_not_wait_for_ever(club: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.features.admin.doctor.CHECK_TIMEOUT", 0.05)
    await set_moderators_channel(club)
    club.add(UnresponsiveGateway())
    assert "did not answer within" in words(await club.say("Root", "/clubadmin doctor", admin=True))
    club.change(platforms=())
    assert "is not running here" in words(await club.say("Root", "/clubadmin doctor", admin=True))

"""What tests of features say and look at: pressing buttons, the log, the numbers people see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.app import RequestKind
from bot.chat.cards import Card, Facts, Text
from bot.chat.rich_text import InlineCode
from bot.dispatch import AnswerCard
from bot.domain.models import AuditEntry, Edition, Submission
from tests.recorder import replayed
from tests.stand_ins import Harness, RecordingGateway

CLUB = 1
"""The first club on a fresh database."""

ATTENTION, DISTIL, SAFE = "1706.03762", "2012.12877", "2010.11929"
"""Papers on the recorded shelf."""


async def press(club: Harness, shown: AnswerCard | Card, label: str, name: str, **where: Any) -> AnswerCard:
    """Press the button whose label begins with these words."""
    card = shown.card if isinstance(shown, AnswerCard) else shown
    found = [button for button in card.buttons() if button.label.startswith(label)]
    assert found, f"no button {label!r} among {[button.label for button in card.buttons()]}"
    return await club.say(name, str(found[0].call), via=RequestKind.CLICK, **where)


@replayed
async def bring(club: Harness, name: str, *papers: str) -> None:
    """Somebody brings papers."""
    for paper in papers:
        said = await club.say(name, f"/paper submit {paper}")
        assert not said.failed, said.card


@replayed
async def mods_room(club: Harness) -> None:
    """Rooms for papers and for moderators."""
    said = await club.say("Root", "/clubadmin setup papers=papers digest=digest moderators=mods", admin=True)
    assert not said.failed, said.card


async def acts(club: Harness, **asked: Any) -> Sequence[AuditEntry]:
    """The log, latest first."""
    async with club.app.store.read(CLUB) as db:
        return await db.audit_log.latest(limit=100, **asked)


async def numbered(club: Harness, number: int) -> Submission:
    """A submission as the database has it."""
    async with club.app.store.read(CLUB) as db:
        found = await db.submissions.by_number(number)
        assert found is not None
        return found


async def publish(club: Harness, *numbers: int) -> None:
    """Put papers into an edition."""
    now = club.clock()
    async with club.app.store.begin(CLUB) as db:
        edition = await db.editions.add(
            Edition(
                number=1,
                template="weekly-update",
                title="No. 1",
                state="published",
                since=now,
                until=now,
                document={},
                drafted_at=now,
                revision=0,
            )
        )
        chosen = [await db.submissions.by_number(number) for number in numbers]
        await db.editions.claim_items(edition.id, [submission.id for submission in chosen if submission])


def fact(shown: AnswerCard | Card, name: str) -> str:
    """What a card's facts say about something."""
    card = shown.card if isinstance(shown, AnswerCard) else shown
    pairs = [pair for part in card.parts if isinstance(part, Facts) for pair in part.pairs]
    return dict(pairs)[name]


def code_in(shown: AnswerCard) -> str:
    """The one-time code on a card."""
    spans = [span for part in shown.card.parts if isinstance(part, Text) for span in part.words]
    [said] = [span.text for span in spans if isinstance(span, InlineCode)]
    return said.split()[-1]


HALL: dict[str, Any] = {"platform": "hall", "workspace": "H1"}
"""Where somebody speaks from on the second platform."""


async def connect(club: Harness) -> RecordingGateway:
    """A second platform whose workspace has joined the club."""
    hall = RecordingGateway("hall")
    club.add(hall)
    code = code_in(await club.say("Root", "/clubadmin connect", admin=True))
    joined = await club.say("Boss", f"/clubadmin connect {code}", admin=True, **HALL)
    assert not joined.failed, joined.card
    return hall

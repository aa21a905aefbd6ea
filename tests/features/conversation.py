"""Helpers for feature tests: pressing buttons, reading the audit log, and reading numbers off cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.console.render import TerminalStyle, render
from bot.app import RequestKind
from bot.chat.cards import Card, Facts, Text
from bot.chat.rich_text import InlineCode
from bot.dispatch import AnswerCard
from bot.domain.models import AuditEntry, Edition, Submission
from tests.recorder import replayed
from tests.stand_ins import Harness, RecordingGateway

CLUB = 1
"""The first club on a fresh database."""

ATTENTION, DISTILLATION, SAFE = "1706.03762", "2012.12877", "2010.11929"
"""Papers that the recorded source has."""


async def press(club: Harness, shown: AnswerCard | Card, label: str, name: str, **where: Any) -> AnswerCard:
    """Press the button whose label begins with these words."""
    card = shown.card if isinstance(shown, AnswerCard) else shown
    found = [button for button in card.buttons() if button.label.startswith(label)]
    assert found, f"no button {label!r} among {[button.label for button in card.buttons()]}"
    return await club.say(name, str(found[0].call), via=RequestKind.CLICK, **where)


def on_screen(shown: AnswerCard | Card) -> str:
    """A card as the terminal shows it, without line breaks inside a sentence."""
    return render(shown.card if isinstance(shown, AnswerCard) else shown, TerminalStyle(width=2_000))


@replayed
async def submit_papers(club: Harness, name: str, *papers: str) -> None:
    """Submit papers."""
    for paper in papers:
        answer = await club.say(name, f"/paper submit {paper}")
        assert not answer.failed, answer.card


@replayed
async def set_moderators_channel(club: Harness) -> None:
    """Assign a channel for papers and one for moderators."""
    answer = await club.say("Root", "/clubadmin setup papers=papers digest=digest moderators=mods", admin=True)
    assert not answer.failed, answer.card


async def audit_entries(club: Harness, **asked: Any) -> Sequence[AuditEntry]:
    """Audit entries, latest first."""
    async with club.app.store.read(CLUB) as db:
        return await db.audit_log.latest(limit=100, **asked)


async def submission_numbered(club: Harness, number: int) -> Submission:
    """A submission as stored in the database."""
    async with club.app.store.read(CLUB) as db:
        found = await db.submissions.by_number(number)
        assert found is not None
        return found


async def publish_papers(club: Harness, *numbers: int) -> None:
    """Put submissions into a published edition."""
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


def fact_value(shown: AnswerCard | Card, name: str) -> str:
    """Value of a fact on a card."""
    card = shown.card if isinstance(shown, AnswerCard) else shown
    pairs = [pair for part in card.parts if isinstance(part, Facts) for pair in part.pairs]
    return dict(pairs)[name]


def code_in(shown: AnswerCard) -> str:
    """The one-time code on a card."""
    spans = [span for part in shown.card.parts if isinstance(part, Text) for span in part.words]
    [answer] = [span.text for span in spans if isinstance(span, InlineCode)]
    return answer.split()[-1]


SECOND_PLACE: dict[str, Any] = {"platform": "hall", "workspace": "H1"}
"""Location of people on the second platform."""


async def connect_second_platform(club: Harness) -> RecordingGateway:
    """Connect a second platform, whose workspace joins the club."""
    hall = RecordingGateway("hall")
    club.add(hall)
    code = code_in(await club.say("Root", "/clubadmin connect", admin=True))
    joined = await club.say("Boss", f"/clubadmin connect {code}", admin=True, **SECOND_PLACE)
    assert not joined.failed, joined.card
    return hall

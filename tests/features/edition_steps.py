"""Helpers for tests of editions: a club with channels and a week of papers, and its posts."""

from __future__ import annotations

from dataclasses import replace

from bot.app import Requester, RequestKind
from bot.chat.cards import Buttons, Card, Text
from bot.chat.gateway import Location
from bot.chat.rich_text import plain
from bot.dispatch import AnswerCard, answer
from bot.domain.models import Edition
from bot.editions.model.document import Document, Item, from_json
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SAFE,
    set_moderators_channel,
    submit_papers,
)
from tests.recorder import replayed
from tests.stand_ins import Harness, words

THEOREMS, AGENTS = "2009.03393", "2012.11538"
"""More papers that the recorded source has."""


@replayed
async def set_up_week(club: Harness) -> None:
    """Set up a club with channels, three papers, and votes that rank #2 first, then #1, then #3."""
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await submit_papers(club, "Ben", SAFE)
    for name, number in (("Ben", 2), ("Cy", 2), ("Cy", 1)):
        assert not (await club.say(name, f"/paper vote {number}")).failed


async def say_as_moderator(club: Harness, line: str, name: str = "Mo") -> AnswerCard:
    """Run a moderator's command that must not be refused."""
    reply = await club.say(name, line, moderator=True)
    assert not reply.failed, reply.card
    return reply


async def cards_shown(club: Harness, line: str) -> list[Card]:
    """Every card that a moderator sees in answer to a command, in order."""
    _, call = club.app.commands.find(line)
    who, where = Requester("mo", "Mo", moderates=True), Location("wall", "W1", "mods")
    return [given.card async for given in answer(club.app, call, who, where, RequestKind.TYPED)]


@replayed
async def publish_edition(club: Harness) -> None:
    """Draft, approve and post the current edition."""
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition approve now")
    await Scheduler(club.app).tick()


def release_new_version(club: Harness, id: str = ATTENTION, **changes: object) -> None:
    """Give a paper a new version on arXiv; #1 if none is named."""
    record = club.paper_source._by_id[id]
    club.paper_source.put(replace(record, version=record.version + 1, **changes))  # type: ignore[arg-type] # fields of a record


async def current_edition(club: Harness) -> Edition | None:
    """The current edition."""
    async with club.app.store.read(CLUB) as db:
        return await db.editions.current()


async def edition_numbered(club: Harness, number: int = 1) -> Edition:
    """An edition by its number."""
    async with club.app.store.read(CLUB) as db:
        found = await db.editions.by_number(number)
        assert found is not None
        return found


async def document_of(club: Harness, number: int = 1) -> Document:
    """Document of an edition."""
    return from_json((await edition_numbered(club, number)).document)


def submission_numbers(of: Document) -> list[int]:
    """Numbers of the submissions in an edition, in order."""
    return [item.brought for item in of.items if item.brought]


def without_page_buttons(card: Card) -> Card:
    """A page of the preview without its page buttons."""
    *parts, last = card.parts
    turns = isinstance(last, Buttons) and all(button.label in ("← Back", "Next →") for button in last.row)
    return replace(card, parts=tuple(parts)) if turns else card


def paragraphs(card: Card) -> str:
    """Paragraphs of a card."""
    return " ".join(plain(part.words) for part in card.parts if isinstance(part, Text))


def draft_cards(club: Harness) -> list[Card]:
    """Draft cards that moderators were shown, each posted once."""
    return [card for card in club.gateway.cards("mods") if card.title == "Draft to review"]


async def make_draft(club: Harness) -> None:
    """A draft of three papers."""
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")


async def item_numbered(club: Harness, number: int) -> Item:
    """Item of the draft by its paper's number."""
    return next(entry for entry in (await document_of(club)).items if entry.brought == number)


async def refusal(club: Harness, line: str) -> str:
    """Text of a refused command's answer."""
    answer = await club.say("Mo", line, moderator=True)
    assert answer.failed, answer.card
    return words(answer)


RECURRENCE = "dispensing with recurrence and convolutions entirely"
"""Words of the abstract of #1."""

"""What tests of editions share: a club with rooms and a week of papers, and what was posted of it."""

from __future__ import annotations

from dataclasses import replace

from bot.app import Requester, RequestKind
from bot.chat.cards import Buttons, Card, Text
from bot.chat.gateway import Location
from bot.chat.rich_text import plain
from bot.dispatch import AnswerCard, answer
from bot.domain.models import Edition
from bot.editions.model.document import Document, from_json
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import ATTENTION, CLUB, DISTIL, SAFE, bring, mods_room
from tests.recorder import replayed
from tests.stand_ins import Harness

THEOREMS, AGENTS = "2009.03393", "2012.11538"
"""More papers on the recorded shelf."""


@replayed
async def week(club: Harness) -> None:
    """A club with rooms, three papers, and votes that put #2 first, then #1, then #3."""
    await mods_room(club)
    await bring(club, "Ada", ATTENTION, DISTIL)
    await bring(club, "Ben", SAFE)
    for name, number in (("Ben", 2), ("Cy", 2), ("Cy", 1)):
        assert not (await club.say(name, f"/paper vote {number}")).failed


async def ask(club: Harness, line: str, name: str = "Mo") -> AnswerCard:
    """A moderator says a line and is not refused."""
    said = await club.say(name, line, moderator=True)
    assert not said.failed, said.card
    return said


async def shown(club: Harness, line: str) -> list[Card]:
    """Every card a moderator sees in answer to a line, one after the other."""
    _, call = club.app.commands.find(line)
    who, where = Requester("mo", "Mo", moderates=True), Location("wall", "W1", "mods")
    return [given.card async for given in answer(club.app, call, who, where, RequestKind.TYPED)]


@replayed
async def published(club: Harness) -> None:
    """Draft, approve and post the edition in the making."""
    await ask(club, "/edition draft")
    await ask(club, "/edition approve")
    await Scheduler(club.app).tick()


def newer(club: Harness, id: str = ATTENTION, **changes: object) -> None:
    """arXiv has a new version of a paper now: of #1 if none is named."""
    record = club.paper_source._by_id[id]
    club.paper_source.put(replace(record, version=record.version + 1, **changes))  # type: ignore[arg-type] # fields of a record


async def current(club: Harness) -> Edition | None:
    """The edition in the making."""
    async with club.app.store.read(CLUB) as db:
        return await db.editions.current()


async def edition(club: Harness, number: int = 1) -> Edition:
    """An edition by its number."""
    async with club.app.store.read(CLUB) as db:
        found = await db.editions.by_number(number)
        assert found is not None
        return found


async def document(club: Harness, number: int = 1) -> Document:
    """What an edition says."""
    return from_json((await edition(club, number)).document)


def brought(of: Document) -> list[int]:
    """The numbers of the submissions in an edition, in their order."""
    return [item.brought for item in of.items if item.brought]


def without_turns(card: Card) -> Card:
    """A page of the preview without the buttons that turn it."""
    *parts, last = card.parts
    turns = isinstance(last, Buttons) and all(button.label in ("← Back", "Next →") for button in last.row)
    return replace(card, parts=tuple(parts)) if turns else card


def said_on(card: Card) -> str:
    """The paragraphs of a card."""
    return " ".join(plain(part.words) for part in card.parts if isinstance(part, Text))

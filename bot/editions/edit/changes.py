"""What moderators change in a draft, as values: each says one thing, is kept, and is made anew on the next draft.

A draft is what was composed and the changes made to it since, in their order. So a draft can be made anew (a paper was
voted up, a new version came out) without losing a word that a moderator wrote, and the last change can be undone. A
correction of a published edition is a change like any other. `bot.editions.edit.apply_changes` makes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from bot.editions.model.blocks import Block, Quotation
from bot.editions.model.document import Chart, Item, Work
from bot.editions.model.items import Provenance
from bot.editions.model.prose import Prose
from bot.errors import UserError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

CLEAR_KEYWORD = "none"
"""The word that empties a text."""

EDITION_PARTS = ("title", "headline", "intro", "letter", "signed", "video", "selected", "themes", "sign-off")
"""The texts of an edition itself."""
ITEM_PARTS = ("heading", "authors", "venue", "why", "insights", "passages", "said")
"""The texts of an item; passages are its quotes, with the notes between them."""


class ChangeNotApplicable(UserError):
    """A change is about something that the edition does not have (any more)."""


@dataclass(frozen=True, slots=True)
class WriteText:
    """A text, as a moderator typed it; of an item, if `item` names one.

    Its quotes were looked up when it was typed: `asked` are the typed words, `quotes` what stands in the source.
    """

    part: str
    text: str
    item: str = ""
    asked: tuple[str, ...] = ()
    quotes: tuple[Quotation, ...] = ()
    by: str = ""
    kind: Literal["write"] = "write"


@dataclass(frozen=True, slots=True)
class RewriteItem:
    """An item's texts, written anew by a writer or left to the abstract."""

    item: str
    why: Prose
    insights: tuple[Block, ...]
    quotes: tuple[Quotation, ...]
    provenance: Provenance | None
    kind: Literal["retell"] = "retell"


@dataclass(frozen=True, slots=True)
class QuoteChange:
    """A quote that was looked up, set behind the item's other quotes."""

    item: str
    quote: Quotation
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Move:
    """An item to another place, and to another section if one is named; a section that is not there yet is made."""

    item: str
    place: int = 0
    section: str = ""
    kind: Literal["move"] = "move"


@dataclass(frozen=True, slots=True)
class Drop:
    """An item left out."""

    item: str
    kind: Literal["drop"] = "drop"


@dataclass(frozen=True, slots=True)
class PutItem:
    """Another item: at a place, in a section, or instead of one that is there."""

    item: Item
    section: str = ""
    place: int = 0
    instead_of: str = ""
    work: Work | None = None
    """Its entry in the references, if it is to have one."""
    kind: Literal["put"] = "put"


@dataclass(frozen=True, slots=True)
class ArrangeSections:
    """A section's heading, what is said of it, and its place among the sections; what is empty stays."""

    section: str
    title: str = ""
    intro: str = ""
    place: int = 0
    kind: Literal["arrange"] = "arrange"


@dataclass(frozen=True, slots=True)
class ReferenceChange:
    """A work that the text cites, as an entry of the references."""

    work: Work
    kind: Literal["refer"] = "refer"


@dataclass(frozen=True, slots=True)
class ChartChange:
    """A chart, in place of one of the same title; without points it is taken out."""

    chart: Chart
    kind: Literal["plot"] = "plot"


@dataclass(frozen=True, slots=True)
class CreditChange:
    """Who did what for the edition, in place of what was said for that role; without names it is taken out."""

    role: str
    names: tuple[str, ...]
    kind: Literal["thank"] = "thank"


@dataclass(frozen=True, slots=True)
class RemoveQuote:
    """What a member said about an item and lets be quoted no more."""

    item: str
    text: str
    kind: Literal["unsay"] = "unsay"


@dataclass(frozen=True, slots=True)
class CorrectionChange:
    """What was wrong after publishing, for everyone to read."""

    at: datetime
    say: str
    item: str = ""
    about: str = ""
    """The title of the item; left out, it is that of the item as it is in the edition."""
    kind: Literal["fix"] = "fix"


@dataclass(frozen=True, slots=True)
class Complete:
    """An item whose details have come, in the place of the one that was waiting for them; with its reference."""

    item: Item
    work: Work
    kind: Literal["complete"] = "complete"


@dataclass(frozen=True, slots=True)
class Recite:
    """A work as its source has it now, in the place of its old entry in the references."""

    work: Work
    kind: Literal["recite"] = "recite"


@dataclass(frozen=True, slots=True)
class Unname:
    """Other names for some that an edition may have no more, wherever it has them."""

    names: tuple[tuple[str, str], ...]
    """Pairs: the name as it is printed, and what stands there from now on."""
    kind: Literal["unname"] = "unname"


Change = (
    WriteText
    | RewriteItem
    | QuoteChange
    | Move
    | Drop
    | PutItem
    | ArrangeSections
    | ReferenceChange
    | ChartChange
    | CreditChange
    | RemoveQuote
    | CorrectionChange
    | Complete
    | Recite
    | Unname
)


def to_json(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as plain JSON values."""
    return _adapter().dump_python(tuple(changes), mode="json")  # type: ignore[no-any-return] # pydantic says Any; it is a list


def from_json(values: object) -> tuple[Change, ...]:
    """The changes that `to_json` wrote down."""
    return _adapter().validate_python(values)


@cache
def _adapter() -> TypeAdapter[tuple[Change, ...]]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[Change, ...])

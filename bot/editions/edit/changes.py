"""Moderators' changes to a draft, as values that are stored and applied again when the draft is rebuilt.

A draft is the composed document plus the changes made since, in order. A draft can therefore be rebuilt (after new
votes or a new version of a paper) without losing a moderator's edits, and the last change can be undone. A correction
of a published edition is also a change. `bot.editions.edit.apply_changes` applies them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from bot.chat.rich_text import Link
from bot.editions.model.blocks import Block, Figure, Quotation
from bot.editions.model.document import Chart, Credit, Item, Letter, NumberedReference, Section, Theme, Work
from bot.editions.model.items import Provenance
from bot.editions.model.prose import Prose
from bot.errors import UserError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

CLEAR_KEYWORD = "none"
"""The keyword that clears a text."""

EDITION_PARTS = ("title", "headline", "intro", "letter", "signed", "video", "selected", "themes", "sign-off")
"""The texts of an edition itself."""
ITEM_PARTS = ("heading", "authors", "venue", "why", "insights", "passages", "said")
"""The texts of an item; passages are its quotes, with the notes between them."""


class ChangeNotApplicable(UserError):
    """A change is about something that the edition does not have (any more)."""


@dataclass(frozen=True, slots=True)
class WriteText:
    """A text as a moderator typed it: of the item with key `item`, or of the edition if that is empty.

    Quotes are looked up when the change is made: `asked` are the quotes as typed, `quotes` the matching text of the
    source.
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
    """New texts of an item: rewritten by a writer, or reset to the abstract."""

    item: str
    why: Prose
    insights: tuple[Block, ...]
    quotes: tuple[Quotation, ...]
    provenance: Provenance | None
    kind: Literal["retell"] = "retell"


@dataclass(frozen=True, slots=True)
class QuoteChange:
    """A verified quote, added after the item's other quotes."""

    item: str
    quote: Quotation
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class ResolveQuote:
    """Another quote in the place of one: verified, vouched for, or cut from the source; None drops it."""

    item: str
    text: str
    """Text of the quote as the edition has it."""
    quote: Quotation | None = None
    kind: Literal["resolve"] = "resolve"


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure more at the end of an item's quotes and notes, or of the letter if `item` is empty.

    A figure with the same picture is replaced where it is.
    """

    item: str
    figure: Figure
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True, slots=True)
class Move:
    """An item moved to another position, or to another section if one is named; a missing section is created."""

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
class InsertOrReplaceItem:
    """Another item: at a place, in a section, or instead of one that is there."""

    item: Item
    section: str = ""
    place: int = 0
    instead_of: str = ""
    work: Work | None = None
    """The work to add to the references; None to add none."""
    kind: Literal["put"] = "put"


@dataclass(frozen=True, slots=True)
class ArrangeSections:
    """A section's heading, introduction and position among the sections; empty fields stay unchanged."""

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
    """A chart that replaces one of the same title; without points, that chart is removed."""

    chart: Chart
    kind: Literal["plot"] = "plot"


@dataclass(frozen=True, slots=True)
class CreditChange:
    """The names credited for a role, replacing those before; without names, the credit is removed."""

    role: str
    names: tuple[str, ...]
    kind: Literal["thank"] = "thank"


@dataclass(frozen=True, slots=True)
class RemoveQuote:
    """A member's comment on an item, removed because the member withdrew permission to quote it."""

    item: str
    text: str
    kind: Literal["unsay"] = "unsay"


@dataclass(frozen=True, slots=True)
class CorrectionChange:
    """A correction of a published edition, displayed to readers."""

    at: datetime
    say: str
    item: str = ""
    about: str = ""
    """The title of the item; left out, it is that of the item as it is in the edition."""
    kind: Literal["fix"] = "fix"


@dataclass(frozen=True, slots=True)
class CompleteItem:
    """An item whose details have arrived, replacing the pending item of the same key, with its reference."""

    item: Item
    work: Work
    kind: Literal["complete"] = "complete"


@dataclass(frozen=True, slots=True)
class RefreshReference:
    """A work as its source has it now, in the place of its old entry in the references."""

    work: Work
    kind: Literal["recite"] = "recite"


@dataclass(frozen=True, slots=True)
class ReplaceNames:
    """Other names for some that an edition may have no more, wherever it has them."""

    names: tuple[tuple[str, str], ...]
    """Pairs of the printed name and its replacement."""
    kind: Literal["unname"] = "unname"


@dataclass(frozen=True, slots=True)
class ImportChange:
    """All texts and items of an edition at once, as an imported file has them. One undo takes them back.

    Items that the composed edition has get their names of members and comments from there.
    """

    title: str
    headline: str
    intro: Prose
    letter: Letter | None
    video: Link | None
    themes: tuple[Theme, ...]
    sections: tuple[Section, ...]
    charts: tuple[Chart, ...]
    references: tuple[NumberedReference, ...]
    sign_off: Prose
    credits: tuple[Credit, ...]
    by: str = ""
    """Name of who imported it."""
    own_numbers: bool = False
    """True if the text numbers its references itself."""
    adds_credits: bool = False
    """True if those who wrote its texts are credited where the text does not say it: it is no export."""
    recorded: tuple[str, ...] = ()
    """Keys of items whose authors the club's records of other editions say, as they are in the sections."""
    selected_from: int | None = None
    """Number of papers that the edition was selected from, where the draft's own is to be given back; else None."""
    selected_where: str = ""
    kind: Literal["import"] = "import"


Change = (
    WriteText
    | RewriteItem
    | QuoteChange
    | ResolveQuote
    | FigureChange
    | Move
    | Drop
    | InsertOrReplaceItem
    | ArrangeSections
    | ReferenceChange
    | ChartChange
    | CreditChange
    | RemoveQuote
    | CorrectionChange
    | CompleteItem
    | RefreshReference
    | ReplaceNames
    | ImportChange
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

"""An edition as a plain value: all content of a newsletter, independent of how it is rendered.

Cards, the web page, Markdown, feeds and bibliographies are pure functions of a `Document`; complete renderings go
through its outline (`bot.editions.render.outline`). The list of links is derived here, once. A document converts to
JSON and back without loss; its canonical JSON is frozen and hashed on approval. A missing part is empty.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from bot.chat.rich_text import Link
from bot.domain.citations import Reference as Work
from bot.domain.summary_values import Check
from bot.editions.model import prose
from bot.editions.model.blocks import (
    Block,
    CodeBlock,
    Figure,
    ListBlock,
    MemberComment,
    Paragraph,
    Point,
    Quotation,
    Related,
    RemarkBlock,
    Subheading,
)
from bot.editions.model.items import Badge, Item, ItemKind, NumberedReference, Provenance, Section, SectionKind, Thread
from bot.editions.model.prose import Prose

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = [
    "Badge",
    "Block",
    "Chart",
    "Check",
    "CodeBlock",
    "Correction",
    "Credit",
    "Document",
    "Figure",
    "Item",
    "ItemKind",
    "Letter",
    "ListBlock",
    "MemberComment",
    "NumberedReference",
    "Paragraph",
    "Period",
    "Point",
    "Provenance",
    "Quotation",
    "Related",
    "RemarkBlock",
    "Section",
    "SectionKind",
    "Subheading",
    "Theme",
    "Thread",
    "Work",
    "canonical_json",
    "from_json",
    "sha256",
    "to_json",
]

FORMAT = 1
"""Version of the JSON format. A new version needs a branch in `from_json`, so that old editions stay readable."""

READING_SPEED = 220
"""Words a minute. Adults read English non-fiction at 238 on average (Brysbaert 2019, doi:10.1016/j.jml.2019.104047);
papers are read a little slower."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the major themes, with an optional gloss that is displayed in parentheses."""

    title: str
    gloss: str = ""
    by: str = ""
    """Name of the member who proposed it with this gloss; empty for a theme of the sections, or of a moderator."""

    @property
    def line(self) -> str:
        """The title, with the gloss in parentheses: "Code (GPT-Neo, DeepSpeed)"."""
        return f"{self.title} ({self.gloss})" if self.gloss else self.title


@dataclass(frozen=True, slots=True)
class Period:
    """The voting period of the edition; `zone` is the club's time zone (IANA name)."""

    since: datetime
    until: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The editor's letter to the readers, and the name it is signed with."""

    blocks: tuple[Block, ...]
    by: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart: labeled numbers. `alt` is the alternative text."""

    title: str
    points: tuple[tuple[str, float], ...]
    unit: str = ""
    caption: Prose = ()
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """A role in making the edition, such as "Picked by", and the names of those who had it."""

    role: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction made after publication."""

    at: datetime
    say: str
    item: str = ""
    """The key of the item it is about; empty for the edition itself."""
    about: str = ""
    """The title of that item, stored here because the item may have been removed since."""


@dataclass(frozen=True, slots=True)
class Document:
    """One edition. `issued` is its date, as a UTC time; `language` is a BCP 47 code.

    Labels are not part of it: `bot.editions.render.outline_builder` adds them from the catalogue of the language.
    """

    club: str
    number: int
    title: str
    template: str
    period: Period
    issued: datetime
    language: str = "en"
    emoji: bool = True
    headline: str = ""
    intro: Prose = ()
    letter: Letter | None = None
    video: Link | None = None
    reading_minutes: int = 0
    selected_from: int = 0
    """Number of new papers that the edition was selected from; 0 if they were not counted."""
    selected_where: str = ""
    """The source of that count: "in cs.CL on arXiv"."""
    themes: tuple[Theme, ...] = ()
    sections: tuple[Section, ...] = ()
    charts: tuple[Chart, ...] = ()
    references: tuple[NumberedReference, ...] = ()
    listed_references: Literal["all", "cited", "none"] = "all"
    """References that readers see: all, those that a text cites, or none."""
    monthly: bool = False
    """True for the edition of a month: its period is shown as that month."""
    own_numbers: bool = False
    """True if the numbers of the references are those of an imported text, and stay."""
    sign_off: Prose = ()
    credits: tuple[Credit, ...] = ()
    corrections: tuple[Correction, ...] = ()
    format: int = FORMAT

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, in the order in which it is read."""
        return tuple(item for section in self.sections for item in section.items)

    def map_items(self, change: Callable[[Item], Item]) -> Document:
        """The edition with each item replaced by what a function makes of it."""
        sections = (replace(section, items=tuple(map(change, section.items))) for section in self.sections)
        return replace(self, sections=tuple(sections))

    def local(self, at: datetime) -> datetime:
        """A moment in the club's time zone, for its day."""
        return at.astimezone(ZoneInfo(self.period.zone))

    def fixes(self, item: Item) -> tuple[Correction, ...]:
        """The corrections of one item, the first one first."""
        return tuple(fix for fix in self.corrections if fix.item == item.key)

    @property
    def shown_references(self) -> tuple[NumberedReference, ...]:
        """References that readers see, in order."""
        if self.listed_references == "none":
            return ()
        if self.listed_references == "all":
            return self.references
        cited = self.cited_numbers
        return tuple(entry for entry in self.references if entry.cited or entry.number in cited)

    @property
    def cited_numbers(self) -> frozenset[int]:
        """Numbers that any text cites."""
        return frozenset(prose.cited_numbers(replace(self, references=())))

    @property
    def links(self) -> tuple[Link, ...]:
        """All links without duplicates: for each item its own address, then its badges and the links in its texts."""
        links_by_url: dict[str, Link] = {}
        for item in self.items:
            for link in _links_of(item):
                links_by_url.setdefault(link.url, link)
        return tuple(links_by_url.values())

    @property
    def word_count(self) -> int:
        """Number of words to read, without references and lists of links."""
        return sum(len(text.split()) for text in _texts(self))


def _links_of(item: Item) -> Iterator[Link]:
    if item.url:
        yield Link(item.title, item.url)
    for badge in item.badges:
        yield Link(f"{item.title}: {badge.label}", badge.url)
    yield from prose.links(item.why)
    for block in item.blocks:
        yield from block.links


def _texts(document: Document) -> Iterator[str]:
    yield document.headline
    yield prose.plain(document.intro)
    for block in document.letter.blocks if document.letter else ():
        yield block.text
    for section in document.sections:
        yield prose.plain(section.intro)
        for item in section.items:
            yield item.title
            yield prose.plain(item.why)
            for block in item.blocks:
                yield block.text
            for comment in item.said:
                yield comment.text


def reading_minutes(words: int) -> int:
    """Reading time in whole minutes, at least 1."""
    return max(1, round(words / READING_SPEED))


def to_json(document: Document) -> dict[str, Any]:
    """The document as plain JSON values."""
    return _adapter().dump_python(document, mode="json")  # type: ignore[no-any-return] # pydantic says Any; a dataclass is a dict


def from_json(value: object) -> Document:
    """The document that `to_json` wrote down. Raises ValueError where it is none."""
    return _adapter().validate_python(value)


def canonical_json(value: dict[str, Any]) -> str:
    """The one way in which a document's JSON is written out: sorted keys, no spaces, characters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(value: dict[str, Any]) -> str:
    """The hash of a document's JSON, in hex: a changed byte shows."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


@cache
def _adapter() -> TypeAdapter[Document]:
    """Built at first use: pydantic costs start-up time that `--help` need not pay."""
    from pydantic import TypeAdapter

    return TypeAdapter(Document)

"""Outline of an edition: all its visible parts, in order and localized, before rendering.

Cards, the web page, e-mail, feeds and Markdown are rendered from the same outline. Every label, date and number in it
is text in the edition's language. `bot.editions.render.outline_builder` builds it from a `Document`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.chat.rich_text import Link
from bot.chat.text import one_line
from bot.editions.model import prose
from bot.editions.model.blocks import Block, MemberComment, Paragraph
from bot.editions.model.document import Chart, Theme
from bot.editions.model.items import Badge, ItemKind, SectionKind
from bot.editions.model.prose import Prose

# Parts before the sections


@dataclass(frozen=True, slots=True)
class OutlineLetter:
    """The editor's letter; `signature` is empty, or a dash and a name."""

    blocks: tuple[Block, ...]
    signature: str = ""
    kind: Literal["letter"] = "letter"


@dataclass(frozen=True, slots=True)
class VideoLink:
    """The edition as a video."""

    label: str
    url: str
    kind: Literal["video"] = "video"


@dataclass(frozen=True, slots=True)
class ThemeList:
    """The major themes."""

    label: str
    themes: tuple[Theme, ...]
    kind: Literal["themes"] = "themes"


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One line of the table of contents; `anchor` is its item's HTML anchor."""

    heading: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ContentsGroup:
    """The lines of one section, under its heading."""

    heading: str
    entries: tuple[ContentsEntry, ...]


@dataclass(frozen=True, slots=True)
class ContentsList:
    """The headings of all items, by section."""

    label: str
    groups: tuple[ContentsGroup, ...]

    @property
    def entries(self) -> tuple[ContentsEntry, ...]:
        """The lines of all sections."""
        return tuple(entry for group in self.groups for entry in group.entries)

    kind: Literal["contents"] = "contents"


@dataclass(frozen=True, slots=True)
class OutlineChart:
    """A chart: title, caption, numbers as list rows, and alternative text.

    Images are drawn from `chart`, with numbers formatted for `language` (a BCP 47 code).
    """

    title: str
    caption: Prose
    rows: tuple[str, ...]
    description: str
    chart: Chart
    language: str
    kind: Literal["chart"] = "chart"


OpeningPart = OutlineLetter | VideoLink | ThemeList | ContentsList | OutlineChart


# Items

SectionForm = Literal["articles", "bullets", "sentence"]
"""Ways in which a page shows the items of a section."""
SMALL_PARTS = frozenset({"byline", "badges", "votes", "threads", "provenance"})
"""Kinds of an item's parts that are no running text."""


@dataclass(frozen=True, slots=True)
class Byline:
    """Authors, venue, day, and the item's number in the references."""

    text: str
    kind: Literal["byline"] = "byline"


@dataclass(frozen=True, slots=True)
class BadgeRow:
    """The links of an item."""

    badges: tuple[Badge, ...]
    kind: Literal["badges"] = "badges"


@dataclass(frozen=True, slots=True)
class WhyLine:
    """Why it matters; the label is empty where there is none, as for news and code."""

    label: str
    words: Prose
    kind: Literal["why"] = "why"


@dataclass(frozen=True, slots=True)
class InsightList:
    """The key insights."""

    label: str
    blocks: tuple[Block, ...]
    kind: Literal["insights"] = "insights"

    @property
    def lead(self) -> Prose:
        """The first paragraph, on the same line as the label; empty if the insights start with another block."""
        return self.blocks[0].words if self.blocks and isinstance(self.blocks[0], Paragraph) else ()

    @property
    def rest(self) -> tuple[Block, ...]:
        """The blocks below the label's line."""
        return self.blocks[1:] if self.blocks and isinstance(self.blocks[0], Paragraph) else self.blocks


@dataclass(frozen=True, slots=True)
class PassageList:
    """Quotes and notes; the location of a quote is in the edition's language."""

    blocks: tuple[Block, ...]
    kind: Literal["passages"] = "passages"


@dataclass(frozen=True, slots=True)
class CommentList:
    """Comments of members; `link_label` names the link to where one was made."""

    label: str
    link_label: str
    comments: tuple[MemberComment, ...]
    kind: Literal["comments"] = "comments"


@dataclass(frozen=True, slots=True)
class VoteLine:
    """Votes, discussion and submitter. `beside_live` is the wording next to live votes, without numbers."""

    text: str
    beside_live: str
    kind: Literal["votes"] = "votes"


@dataclass(frozen=True, slots=True)
class ThreadList:
    """The discussions of an item, one link a workspace."""

    label: str
    links: tuple[Link, ...]
    kind: Literal["threads"] = "threads"


@dataclass(frozen=True, slots=True)
class ProvenanceNote:
    """Authors and sources of an item's texts, under a label where it is folded."""

    label: str
    text: str
    people_alone: bool = False
    """True if people wrote all of them: it need not stand below each bullet."""
    kind: Literal["provenance"] = "provenance"


@dataclass(frozen=True, slots=True)
class CorrectionNote:
    """Note on a corrected item: the date and the correction."""

    text: str
    kind: Literal["correction"] = "correction"


ItemPart = (
    CorrectionNote
    | Byline
    | BadgeRow
    | WhyLine
    | InsightList
    | PassageList
    | CommentList
    | VoteLine
    | ThreadList
    | ProvenanceNote
)


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """An item: its heading and its parts in order. `more` labels a link to a page of its own, where there is one."""

    kind: ItemKind
    key: str
    anchor: str
    submission: int
    number: int
    title: str
    heading: str
    url: str
    more: str
    parts: tuple[ItemPart, ...]

    @property
    def is_sentence(self) -> bool:
        """True for one whose text has its title and its link within, as a bullet of news has: it stands alone."""
        why = next((part.words for part in self.parts if isinstance(part, WhyLine) and not part.label), ())
        is_linked = not self.url or any(isinstance(span, Link) and span.url == self.url for span in why)
        # The title of a sentence that names an address has it left out.
        without_addresses = prose.plain(tuple(s for s in why if not (isinstance(s, Link) and s.label == s.url)))
        title = self.title.removesuffix("…")
        return is_linked and not self.number and (title in prose.plain(why) or title in one_line(without_addresses))


@dataclass(frozen=True, slots=True)
class OutlineSection:
    """A section: its heading, introduction and items."""

    kind: SectionKind
    title: str
    heading: str
    lead: Prose
    items: tuple[OutlineItem, ...]

    @property
    def form(self) -> SectionForm:
        """Papers are articles; news, tools and the like are bullets, or one sentence if all are bare links."""
        if self.kind == "theme":
            return "articles"
        is_bare = all(part.kind in SMALL_PARTS for item in self.items for part in item.parts)
        return "sentence" if self.kind == "picks" and is_bare else "bullets"


# Parts after the sections


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """A reference: the text before its title, the title and its address, and the text after it."""

    number: int
    before: str
    title: str
    url: str
    after: str


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """The numbered references."""

    label: str
    entries: tuple[ReferenceEntry, ...]
    kind: Literal["references"] = "references"


@dataclass(frozen=True, slots=True)
class LinkList:
    """Every link of the edition, once."""

    label: str
    links: tuple[Link, ...]
    kind: Literal["links"] = "links"


@dataclass(frozen=True, slots=True)
class Erratum:
    """A correction, with the day of it in words."""

    at: datetime
    day: str
    text: str

    @property
    def line(self) -> str:
        """The correction as a list row."""
        return f"{self.day}: {self.text}"


@dataclass(frozen=True, slots=True)
class ErrataList:
    """The corrections since the edition was published."""

    label: str
    errata: tuple[Erratum, ...]
    kind: Literal["errata"] = "errata"


@dataclass(frozen=True, slots=True)
class SignOff:
    """The last words to the reader."""

    words: Prose
    kind: Literal["sign-off"] = "sign-off"


@dataclass(frozen=True, slots=True)
class WebLinks:
    """The edition's page, and all editions and their feed where there is an archive."""

    links: tuple[Link, ...]
    kind: Literal["web"] = "web"


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A role and the names, as a list after a colon."""

    role: str
    names: str


@dataclass(frozen=True, slots=True)
class CreditList:
    """The people and writers behind the edition."""

    credits: tuple[CreditLine, ...]
    kind: Literal["credits"] = "credits"


@dataclass(frozen=True, slots=True)
class Colophon:
    """The last line, which identifies the edition. Cards omit it because their first line contains it."""

    text: str
    kind: Literal["colophon"] = "colophon"


ClosingPart = ReferenceList | LinkList | ErrataList | SignOff | WebLinks | CreditList | Colophon


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole edition. `language` is its BCP 47 code; `closing_title` is the title of the closing card."""

    language: str
    club: str
    name: str
    title: str
    dateline: tuple[str, ...]
    headline: str
    intro: Prose
    opening: tuple[OpeningPart, ...]
    sections: tuple[OutlineSection, ...]
    closing: tuple[ClosingPart, ...]
    closing_title: str
    origin: str = ""
    """Sentence about the texts of all items that have no note of their own; empty if each has one."""

    @property
    def description(self) -> str:
        """One line on what is in it: the headline, or else the titles of the first papers."""
        titles = [item.title for section in self.sections for item in section.items]
        return self.headline or "; ".join(titles[:3]) or self.title

    @property
    def contents(self) -> ContentsList | None:
        """The contents, if there is anything in it."""
        return next((part for part in self.opening if isinstance(part, ContentsList)), None)

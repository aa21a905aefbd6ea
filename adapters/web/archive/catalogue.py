"""In-memory index of a club's published editions, for lists, themes and search without opening an edition.

It is built from the frozen documents. Every request compares the editions' hashes with the database; an edition is read
again only if it is new or its hash has changed, so a correction or a recall shows at once.
"""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import regex

from bot.chat.rich_text import Link
from bot.domain.archive_urls import slug
from bot.domain.figure_names import is_figure_name
from bot.editions.compose.arxiv_themes import OTHER, theme_of
from bot.editions.compose.theme_names import theme_title
from bot.editions.model import prose
from bot.editions.model.document import Block, Document, Figure, Item, NumberedReference, from_json
from bot.editions.model.templates import TEMPLATES
from bot.editions.model.translation import words_of
from bot.editions.render import captions
from bot.editions.render.figure_addresses import stored_figures
from bot.editions.render.outline_builder import build_outline
from bot.locale.current import _n
from bot.store import Store
from bot.store.editions.published import EditionVersionStamp, PublishedEdition

log = logging.getLogger(__name__)

MAX_CLUBS = 32
"""Clubs kept in memory at a time. An edition of ten papers takes about 30 KB of it."""
CHUNK = 10
"""Editions read at a time: some 20 ms of work, after which other tasks run."""

ITEM_NOUNS: dict[str, Callable[[int], str]] = {
    "paper": lambda n: _n("{n} paper", "{n} papers", n),
    "news": lambda n: _n("{n} news item", "{n} news items", n),
    "code": lambda n: _n("{n} code project", "{n} code projects", n),
    "data": lambda n: _n("{n} data set", "{n} data sets", n),
    "video": lambda n: _n("{n} video", "{n} videos", n),
    "event": lambda n: _n("{n} event", "{n} events", n),
    "other": lambda n: _n("{n} link", "{n} links", n),
}
"""Kinds of items that lists count and the search filters by, each with the words for so many of them."""

_MARKS = regex.compile(r"\p{M}+")


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An item of a published edition for lists. `words` is all its text, case-folded, for search."""

    edition: int
    key: str
    kind: str
    title: str
    anchor: str
    url: str
    paper: int
    """Number of the item's own page, 0 if it has none."""
    byline: str
    why: str
    theme: str
    heading: str
    """The title, case-folded."""
    words: str


@dataclass(frozen=True, slots=True)
class CatalogueEdition:
    """A published edition for lists."""

    id: int
    number: int
    title: str
    headline: str
    day: date
    published: datetime
    dateline: tuple[str, ...]
    language: str
    entries: tuple[CatalogueItem, ...]
    description: str = ""
    """One line on what is in it."""
    votes: int = 0
    """Votes of all its items."""
    picture: Figure | None = None
    """Its first figure, if it has one that can be shown."""
    figures: tuple[str, ...] = ()
    """Names of its stored figures."""
    words: str = ""
    """All texts that are of no item, case-folded, for search: letter, sign-off, charts, references."""

    @property
    def badges(self) -> tuple[str, ...]:
        """Counts of its items by kind: "8 papers", "1 news item"."""
        counts = Counter(entry.kind if entry.kind in ITEM_NOUNS else "other" for entry in self.entries)
        return tuple(words(n) for kind, words in ITEM_NOUNS.items() if (n := counts[kind]))


@dataclass(frozen=True, slots=True)
class CatalogueTheme:
    """A theme and the items published under it, latest first."""

    name: str
    slug: str
    entries: tuple[CatalogueItem, ...]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything a club has published, latest edition first. A new catalogue is built on any change."""

    editions: tuple[CatalogueEdition, ...]
    recalled: Mapping[int, datetime] = field(default_factory=dict)
    """Editions that were published and recalled: the time at which each came out, by its number, latest first."""

    @cached_property
    def by_number(self) -> dict[int, CatalogueEdition]:
        """The editions by their numbers."""
        return {edition.number: edition for edition in self.editions}

    @cached_property
    def years(self) -> dict[int, tuple[CatalogueEdition, ...]]:
        """The editions of each year, latest first."""
        found: defaultdict[int, list[CatalogueEdition]] = defaultdict(list)
        for edition in self.editions:
            found[edition.day.year].append(edition)
        return {year: tuple(editions) for year, editions in found.items()}

    @cached_property
    def entries(self) -> tuple[CatalogueItem, ...]:
        """All items, those of the latest edition first."""
        return tuple(entry for edition in self.editions for entry in edition.entries)

    @cached_property
    def figures(self) -> frozenset[str]:
        """Names of the stored figures of all editions."""
        return frozenset(name for edition in self.editions for name in edition.figures)

    @cached_property
    def papers(self) -> dict[int, CatalogueItem]:
        """Items that have pages of their own, by page number."""
        return {entry.paper: entry for entry in self.entries if entry.paper}

    @cached_property
    def themes(self) -> dict[str, CatalogueTheme]:
        """The themes by their slug, the largest first. A theme has the name that it had last."""
        found: defaultdict[str, list[CatalogueItem]] = defaultdict(list)
        for entry in self.entries:
            if entry.theme:
                found[slug(entry.theme)].append(entry)
        order = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        return {name: CatalogueTheme(entries[0].theme, name, tuple(entries)) for name, entries in order}

    def previous_and_next(self, number: int) -> tuple[CatalogueEdition | None, CatalogueEdition | None]:
        """The editions before and after an edition."""
        at = [edition.number for edition in self.editions].index(number)
        before = self.editions[at + 1] if at + 1 < len(self.editions) else None
        return before, self.editions[at - 1] if at else None


@dataclass(frozen=True, slots=True)
class _CachedCatalogue:
    """Catalogue read of a club, and the stamps that its editions had in the database at that time."""

    stamps: tuple[EditionVersionStamp, ...] = ()
    read: Mapping[PublishedEdition, CatalogueEdition] = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(()))


class Catalogues:
    """The catalogues of the clubs that were requested last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[int, _CachedCatalogue] = OrderedDict()
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, club_id: int) -> Catalogue:
        """A club's catalogue, up to date with the database."""
        async with self._locks[club_id]:
            async with self._store.read(club_id) as db:
                stamps = tuple(await db.published.stamps())
            known = self._known.get(club_id, _CachedCatalogue())
            if stamps != known.stamps:
                known = await self._read(club_id, stamps, known.read)
            self._known[club_id] = known
            self._known.move_to_end(club_id)
            if len(self._known) > MAX_CLUBS:
                self._known.popitem(last=False)
            return known.catalogue

    async def _read(
        self, club_id: int, stamps: tuple[EditionVersionStamp, ...], before: Mapping[PublishedEdition, CatalogueEdition]
    ) -> _CachedCatalogue:
        async with self._store.read(club_id) as db:
            issues = await db.published.editions()
        published_editions = [issue for issue in issues if not issue.recalled]
        known = {issue: before[issue] for issue in published_editions if issue in before}
        missing = [issue for issue in published_editions if issue not in before]
        for some in (missing[start : start + CHUNK] for start in range(0, len(missing), CHUNK)):
            async with self._store.read(club_id) as db:
                documents = await db.published.documents([issue.id for issue in some])
            for issue in some:
                if found := readable_index(issue, documents.get(issue.id)):
                    known[issue] = found
        editions = tuple(known[issue] for issue in published_editions if issue in known)
        recalled = {issue.number: issue.published for issue in issues if issue.recalled}
        return _CachedCatalogue(stamps, known, Catalogue(editions, recalled))


def readable_index(issue: PublishedEdition, value: object) -> CatalogueEdition | None:
    """The index of one edition; None if its document cannot be read, so that it does not hide the others."""
    try:
        return _index_of(issue, from_json(value))
    except ValueError:
        log.exception("edition %s cannot be read and is not in the archive", issue.id)
        return None


def _index_of(issue: PublishedEdition, document: Document) -> CatalogueEdition:
    """The index of an edition."""
    return CatalogueEdition(
        id=issue.id,
        number=issue.number,
        title=document.title,
        headline=document.headline,
        day=document.issued.astimezone(ZoneInfo(document.period.zone)).date(),
        published=issue.published,
        dateline=captions.dateline(document),
        language=document.language,
        entries=tuple(_entries(issue.number, document)),
        description=build_outline(document).description,
        votes=sum(item.votes for item in document.items),
        picture=next(_pictures(document), None),
        figures=stored_figures(document),
        words=fold(" ".join(_own_texts(document))),
    )


def _pictures(document: Document) -> Iterator[Figure]:
    for item in document.items:
        for block in item.blocks:
            if isinstance(block, Figure) and (is_figure_name(block.url) or _is_elsewhere(block.url)):
                yield block


def _is_elsewhere(url: str) -> bool:
    return url.startswith("https://") and Link("", url).is_safe


def _entries(number: int, document: Document) -> Iterator[CatalogueItem]:
    template = TEMPLATES.get(document.template)
    works = {entry.number: entry for entry in document.references}
    grouped = template is None or template.grouped
    words = words_of(document)
    for section in document.sections:
        for item in section.items:
            theme = ""
            if section.kind == "theme":
                theme = section.title if grouped else theme_title(_theme_of(document, item), words)
            yield CatalogueItem(
                edition=number,
                key=item.key,
                kind=item.kind,
                title=item.title,
                anchor=item.anchor,
                url=item.url,
                paper=item.brought if item.submission else 0,
                byline=captions.byline(item, words).removesuffix(f"[{item.reference}]").strip(),
                why=prose.plain(item.why),
                theme="" if theme == theme_title(OTHER, words) else theme,
                heading=fold(item.title),
                words=fold(
                    " ".join(
                        [item.title, item.authors, item.venue, theme, *_item_texts(item, works.get(item.reference))]
                    )
                ),
            )


def _theme_of(document: Document, item: Item) -> str:
    """The theme of an item in an edition without themes: the subject of its category."""
    categories = [r.work.category for r in document.references if r.number == item.reference and r.work.category]
    return theme_of(categories)


def _item_texts(item: Item, reference: NumberedReference | None) -> Iterator[str]:
    yield from (item.title, item.authors, item.venue, prose.plain(item.why))
    yield from _block_texts(item.blocks)
    for said in item.said:
        yield said.text
    if reference:
        yield from _reference_texts(reference)


def _own_texts(document: Document) -> Iterator[str]:
    """Texts of an edition that belong to no item."""
    yield from (document.title, document.headline, prose.plain(document.intro), prose.plain(document.sign_off))
    if document.letter:
        yield document.letter.by
        yield from _block_texts(document.letter.blocks)
    yield from (document.video.label if document.video else "", document.selected_where)
    yield from (theme.line for theme in document.themes)
    for section in document.sections:
        yield from (section.title, prose.plain(section.intro))
    for chart in document.charts:
        yield from (chart.title, prose.plain(chart.caption), chart.alt, *(label for label, _value in chart.points))
    for reference in document.references:
        yield from _reference_texts(reference)
    words = words_of(document)
    yield from (captions.correction(correction, words) for correction in document.corrections)


def _block_texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield block.text
        if isinstance(block, Figure):
            yield block.alt


def _reference_texts(reference: NumberedReference) -> Iterator[str]:
    yield from (reference.work.title, " ".join(reference.work.authors), reference.place)


def fold(text: str) -> str:
    """Text for comparison in a search: without case, accents and compatibility forms (ﬁ, ２)."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold())

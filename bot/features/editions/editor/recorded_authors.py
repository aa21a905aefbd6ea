"""Authors of the texts of an imported export: found in the club's own editions, never read from the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain.models import Edition
from bot.editions.edit.apply_changes import apply
from bot.editions.edit.changes import ChangeNotApplicable
from bot.editions.model.authorship import fingerprint, person_of, texts_of
from bot.editions.model.document import Document, Item, from_json
from bot.editions.model.items import TextAuthor
from bot.editions.model.templates import Template
from bot.features.editions.draft.draft_changes import DraftInProgress
from bot.store import UnitOfWork

MAX_EDITIONS = 60
"""Latest editions that are looked through: more than a year of a weekly club."""
MAX_CHANGES = 100
"""Latest changes of the draft, before each of which it is looked at."""


@dataclass(frozen=True, slots=True)
class RecordedAuthors:
    """The export with the authors that the club's records have for its texts.

    `recorded` are the keys of items whose authors are not those of the draft's item, `unknown` the titles of items
    with a text that no edition has.
    """

    document: Document
    recorded: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


async def with_recorded_authors(
    db: UnitOfWork, document: Document, draft: Edition, template: Template, by: str
) -> RecordedAuthors:
    """Look up the authors of texts that the draft does not have: before its changes, and in the club's editions.

    A text that is nowhere is its importer's (`by`).
    """
    drafted = {item.key: item for item in from_json(draft.document).items}
    wanted = {item.key for item in document.items if _texts(item) - _texts(drafted.get(item.key))}
    if not wanted:
        return RecordedAuthors(document)
    found: dict[str, list[Item]] = {}
    for past in [*_earlier(draft, template), *await _past(db)]:
        for item in past.items:
            if item.key in wanted:
                found.setdefault(item.key, []).append(item)
    recorded, unknown = list[str](), list[str]()

    def with_authors(item: Item) -> Item:
        if item.key not in wanted:
            return item
        own = drafted.get(item.key)
        missing = _texts(item) - _texts(own)
        best = max(found.get(item.key, ()), key=lambda other: len(_texts(other) & missing), default=None)
        if missing - _texts(best):
            unknown.append(item.title)
        if best is None or not _texts(best) & missing:
            return item
        recorded.append(item.key)
        authors = {**_authors(own), **_authors(best)}
        return replace(item, provenance=best.provenance, authorship=tuple(_authorship(item, authors, by)))

    sections = tuple(replace(part, items=tuple(map(with_authors, part.items))) for part in document.sections)
    return RecordedAuthors(replace(document, sections=sections), tuple(recorded), tuple(unknown))


def _earlier(draft: Edition, template: Template) -> Iterator[Document]:
    """The draft as it was composed, and after each of its changes, the latest first."""
    making = DraftInProgress.of(draft)
    states = [making.composed]
    for change in making.changes[-MAX_CHANGES:]:
        try:
            states.append(apply(states[-1], change, template))
        except ChangeNotApplicable:
            continue
    yield from reversed(states)


async def _past(db: UnitOfWork) -> list[Document]:
    return [from_json(edition.document) for edition in await db.editions.of_the_past(limit=MAX_EDITIONS)]


def _texts(item: Item | None) -> set[str]:
    return set(map(fingerprint, texts_of(item))) if item else set()


def _authors(item: Item | None) -> dict[str, str]:
    """The person who wrote each text of an item; empty for those of its writer, or of nobody who is known."""
    return {fingerprint(text): person_of(item, text) for text in texts_of(item)} if item else {}


def _authorship(item: Item, authors: Mapping[str, str], by: str) -> Iterator[TextAuthor]:
    for text in texts_of(item):
        key = fingerprint(text)
        if name := authors.get(key, by):
            yield TextAuthor(key, name)

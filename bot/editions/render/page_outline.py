"""The outline of an edition's web page: it says once what posts and files, which are read in pieces, repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.figure_names import FOLDER
from bot.editions.model.document import Document
from bot.editions.model.templates import badge_label
from bot.editions.model.translation import words_of
from bot.editions.render.outline import (
    BadgeRow,
    ClosingPart,
    ItemPart,
    LinkList,
    Outline,
    OutlineItem,
    ProvenanceNote,
    ReferenceList,
)
from bot.editions.render.outline_builder import build_outline
from bot.locale import Translator

MIN_SHARED = 3
"""Items from which a note about their texts is said once."""
WRITTEN = frozenset({"why", "insights", "passages"})
"""Kinds of parts that a note about an item's texts speaks of."""


def page_outline(document: Document) -> Outline:
    """The outline of a document's page.

    The note that most items have about their texts is given once, in `Outline.origin`. A badge that says no more than
    the title, which is a link too, is left out, and so are links that the references have.
    """
    outline, words = build_outline(document), words_of(document)
    shared, paper = _shared_origin(outline), badge_label("paper", emoji=document.emoji, words=words)
    sections = tuple(
        replace(section, items=tuple(_compact(item, shared, paper) for item in section.items))
        for section in outline.sections
    )
    # Translators: {origin} says who or what wrote the texts of most papers of an edition, as "About these texts" does.
    note = words.gettext("About the texts, unless a paper has a note of its own: {origin}.", origin=shared)
    return replace(outline, sections=sections, closing=tuple(_closing(outline, words)), origin=note if shared else "")


def _shared_origin(outline: Outline) -> str:
    """The note that most items have about their texts; empty if few have the same, or an item has texts and no note."""
    notes: Counter[str] = Counter()
    for section in outline.sections:
        for item in section.items:
            note = next((part.text for part in item.parts if isinstance(part, ProvenanceNote)), "")
            if not note and any(part.kind in WRITTEN for part in item.parts):
                return ""
            notes[note] += 1
    del notes[""]
    ((note, count),) = notes.most_common(1) or [("", 0)]
    return note if count >= MIN_SHARED else ""


def _compact(item: OutlineItem, shared: str, paper: str) -> OutlineItem:
    """The item without the shared note, and without badges if the only one is that of the paper itself."""

    def is_needed(part: ItemPart) -> bool:
        if isinstance(part, BadgeRow):
            return any((badge.label, badge.url) != (paper, item.url) for badge in part.badges)
        return not isinstance(part, ProvenanceNote) or part.text != shared

    return replace(item, parts=tuple(filter(is_needed, item.parts)))


def _closing(outline: Outline, words: Translator) -> Iterator[ClosingPart]:
    listed = {
        entry.url for part in outline.closing if isinstance(part, ReferenceList) for entry in part.entries if entry.url
    }
    for part in outline.closing:
        if not isinstance(part, LinkList):
            yield part
            continue
        links = tuple(link for link in part.links if link.url not in listed and not link.url.startswith(FOLDER))
        if len(links) == len(part.links):
            yield part
        elif links:
            # Translators: the heading of a list of an edition's links that are not among its references.
            yield LinkList(words.gettext("More links"), links)

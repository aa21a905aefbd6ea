"""Authorship of an item's texts, text by text: Why and each key insight, written by a person or by a writer.

Texts are known by a fingerprint of their words, so that moving, importing or undoing a text keeps its author, and a
text that was changed is its editor's. Quotes carry their own state, notes their own name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.editions.model import prose
from bot.editions.model.blocks import Block, ListBlock, Paragraph, Point
from bot.editions.model.items import Item, TextAuthor


def fingerprint(text: str) -> str:
    """Short hash of the words of a text, whatever its spaces, emphasis and citations."""
    words = re.sub(r"\s*\[\d{1,3}\]", "", text)
    return hashlib.sha256(" ".join(words.split()).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def insight_texts(item: Item) -> list[str]:
    """Key insights of an item in order, each a text of its own."""
    return _texts_in(item.insights)


def _texts_in(blocks: Iterable[Block]) -> list[str]:
    """Paragraphs and points, each a text of its own."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        elif isinstance(block, ListBlock):
            found += [prose.plain(point.words) for _, point, _ in block.rows()]
    return found


def why_texts(item: Item) -> list[str]:
    """The first line of the Why, if there is one, and the paragraphs and points behind it."""
    return [*([prose.plain(item.why)] if item.why else []), *_texts_in(item.why_more)]


def texts_of(item: Item) -> Iterator[str]:
    """Each paragraph and point of the Why, and each key insight."""
    yield from why_texts(item)
    yield from insight_texts(item)


def person_of(item: Item, text: str) -> str:
    """Name of the person who wrote a text of the item; empty if its writer did, or if nobody knows."""
    key = fingerprint(text)
    return next((author.by for author in item.authorship if author.text == key), "")


def is_generated(item: Item, text: str) -> bool:
    """True if the text is the writer's of the item's provenance, unchanged."""
    origin = item.provenance
    return origin is not None and origin.writer != "abstract" and not origin.editor and not person_of(item, text)


def has_generated_text(item: Item) -> bool:
    """True if any text of the item is its writer's."""
    return any(is_generated(item, text) for text in texts_of(item))


def own_sentences(item: Item) -> tuple[int, int]:
    """Number of the paper's own sentences in the texts that a model wrote, as they are now, and of all of them."""
    left = {fingerprint(text) for text in texts_of(item) if is_generated(item, text)}
    counts = [count for count in item.provenance.own_sentences if count.text in left] if item.provenance else []
    return sum(count.own for count in counts), sum(count.total for count in counts)


def written_by(item: Item, *by: str) -> Item:
    """The item with all its texts as written by this person; unchanged without a name."""
    name = ", ".join(filter(None, by))
    return replace(item, authorship=tuple(TextAuthor(fingerprint(t), name) for t in texts_of(item)) if name else ())


def edited_by(before: Item, after: Item, by: str) -> Item:
    """The changed item: texts that it did not have before are this person's, the others stay their authors'."""
    known = {fingerprint(text) for text in texts_of(before)}
    authors = {author.text: author.by for author in before.authorship}
    for text in texts_of(after):
        key = fingerprint(text)
        if key not in known and by:
            authors[key] = by
    remaining = {fingerprint(text) for text in texts_of(after)}
    return replace(after, authorship=tuple(TextAuthor(k, name) for k, name in authors.items() if k in remaining))


def without_generated_texts(item: Item) -> Item:
    """The item with only the texts that people wrote."""
    why = item.why if item.why and not is_generated(item, prose.plain(item.why)) else ()
    why_more = tuple(b for block in item.why_more for b in _of_people(item, block))
    return replace(
        item, why=why, why_more=why_more, insights=tuple(b for block in item.insights for b in _of_people(item, block))
    )


def _of_people(item: Item, block: Block) -> Iterator[Block]:
    if isinstance(block, Paragraph):
        if not is_generated(item, block.text):
            yield block
    elif isinstance(block, ListBlock):
        points = tuple(filter(None, (_point_of_people(item, point) for point in block.points)))
        if points:
            yield replace(block, points=points)
    else:
        yield block


def _point_of_people(item: Item, point: Point) -> Point | None:
    return None if is_generated(item, prose.plain(point.words)) else point

"""Citations in texts that lead to no entry of the references: a number or a key that meets nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from bot.editions.model import prose
from bot.editions.model.authorship import is_generated
from bot.editions.model.blocks import (
    Block,
    CodeBlock,
    Figure,
    ListBlock,
    Paragraph,
    Quotation,
    Related,
    RemarkBlock,
    Subheading,
)
from bot.editions.model.document import Document, Item
from bot.editions.model.prose import Citation, Prose

_MARK = re.compile(r"(?<![\w\])@])\[(?:[1-9]\d{0,2}(?:\s?[,;–-]\s?[1-9]\d{0,2})*|@[^\[\]\s]{1,300})\](?!\()")


@dataclass(frozen=True, slots=True)
class DanglingCitation:
    """A citation as typed, and the item whose text has it; None for a text of the edition itself."""

    mark: str
    item: Item | None


def dangling_citations(document: Document) -> Iterator[DanglingCitation]:
    """Citations of people that meet nothing, in reading order, each once for an item."""
    numbers = {entry.number for entry in document.references}
    for item, texts in _texts(document):
        typed = (text for text in texts if item is None or not is_generated(item, prose.plain(text)))
        marks = (mark for text in typed for mark in _marks(text, numbers))
        yield from (DanglingCitation(mark, item) for mark in dict.fromkeys(marks))


def _texts(document: Document) -> Iterator[tuple[Item | None, list[Prose]]]:
    letter = document.letter.blocks if document.letter else ()
    leads = [section.intro for section in document.sections]
    yield None, [document.intro, *(words for block in letter for words in _prose_of(block)), *leads, document.sign_off]
    for item in document.items:
        yield item, [item.why, *(words for block in item.blocks for words in _prose_of(block))]


def _prose_of(block: Block) -> Iterator[Prose]:
    match block:
        case Paragraph(words) | RemarkBlock(words):
            yield words
        case ListBlock():
            yield from (point.words for _, point, _ in block.rows())
        case Related(note=words):
            yield words
        case Figure(caption=caption, credit=credit):
            yield caption
            yield credit
        case Subheading() | Quotation() | CodeBlock():
            pass
        case _:
            assert_never(block)


def _marks(words: Prose, numbers: set[int]) -> Iterator[str]:
    for span in words:
        if isinstance(span, str):
            yield from (found.group() for found in _MARK.finditer(span))
        elif isinstance(span, Citation) and span.number not in numbers:
            yield span.text

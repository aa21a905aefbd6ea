"""Quotations within running text: in Why, key insights, lists and notes. They are looked up as quotes are.

They have no state of their own in the document, since a note stays a note; so those that are in no text are named to
moderators (`/edition quotes`) and doubted before an approval.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

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
from bot.editions.model.prose import Citation, Prose, links, plain
from bot.editions.text_analysis.quotation_marks import MIN_QUOTED_WORDS, count_words, quotations_in
from bot.editions.verification.attributed_quotes import is_attributed

_LETTERS = re.compile(r"[^\W_]+")
_LONG_WORD = 4
"""Letters from which a word of a title is capitalized."""
_LONG_PHRASE = 8
"""Words in quotation marks from which they are more than a phrase in the marks of irony."""


@dataclass(frozen=True, slots=True)
class RunningQuote:
    """Words in quotation marks within a text of an item."""

    words: str
    generated: bool
    """True if a writer wrote the text."""
    statement: bool
    """True if they are given as somebody's words; False for a title, or a phrase that may be the writer's own."""


def own_texts(item: Item) -> Iterator[Prose]:
    """Why and key insights: the texts that a writer may have written."""
    if item.why:
        yield item.why
    for block in (*item.why_more, *item.insights):
        if isinstance(block, Paragraph | ListBlock):
            yield from _texts_of(block)


def notes(item: Item) -> Iterator[Prose]:
    """The running texts among an item's quotes and notes, which people wrote."""
    for block in item.passages:
        yield from _texts_of(block)


def running_quotes(document: Document, item: Item) -> Iterator[RunningQuote]:
    """Words of four or more in quotation marks in an item's running texts.

    Titles of works that the edition names, and labels of links, are no quotes.
    """
    titles = {_key(title) for title in _titles(document)}
    texts = [(words, is_generated(item, plain(words))) for words in own_texts(item)]
    for words, generated in (*texts, *((words, False) for words in notes(item))):
        labels = {_key(link.label) for link in links(words)}
        text = uncited(words)
        for quote in quotations_in(text):
            if count_words(quote.words) >= MIN_QUOTED_WORDS and not {_key(quote.words)} & (titles | labels):
                attributed = is_attributed(text, quote.start, quote.end)
                yield RunningQuote(quote.words, generated, attributed or _is_statement(quote.words))


def _is_statement(words: str) -> bool:
    """True for words that are given as somebody's: a sentence, or a long phrase.

    The title of a work is none, nor a short phrase in the marks of irony.
    """
    long_words = [word for word in _LETTERS.findall(words) if len(word) >= _LONG_WORD]
    if len(long_words) > 1 and all(not word[0].islower() for word in long_words):
        return False
    return not words[0].islower() or words[-1] in ".!?…。" or count_words(words) >= _LONG_PHRASE


def uncited(words: Prose) -> str:
    """Running text without the numbers of its citations, which are the edition's own."""
    return plain(tuple(span for span in words if not isinstance(span, Citation)))


def _texts_of(block: Block) -> Iterator[Prose]:
    match block:
        case Paragraph(words) | RemarkBlock(words) | Related(note=words):
            yield words
        case ListBlock():
            yield from (point.words for _, point, _ in block.rows())
        case Subheading() | Quotation() | Figure() | CodeBlock():
            pass
        case _:
            assert_never(block)


def _titles(document: Document) -> Iterator[str]:
    for item in document.items:
        yield item.title
        yield from (block.title for block in item.passages if isinstance(block, Related))
    for reference in document.references:
        yield reference.work.title


def _key(title: str) -> str:
    """The letters of a title, to compare it by."""
    return "".join(_LETTERS.findall(title)).casefold()

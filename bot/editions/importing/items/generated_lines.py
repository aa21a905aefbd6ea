"""Small lines that an export writes below an item by itself: its votes, and who or what wrote its texts.

They are recognized by their wording in any language of editions, today's and earlier ones, so that a draft that does
not know the item reads them as facts too, and does not keep them as text beside its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import chain

from bot.domain.summary_values import Check
from bot.editions.importing.items.earlier_wordings import ORIGIN_NOTES, VOTE_NOTES
from bot.editions.importing.markdown.blocks import is_italic
from bot.editions.importing.markdown.inline import unescape
from bot.editions.importing.markdown.markdown_lines import SourceBlock
from bot.editions.model.authorship import fingerprint
from bot.editions.model.blocks import Paragraph, Quotation
from bot.editions.model.document import Item, Provenance
from bot.editions.model.items import TextAuthor
from bot.editions.model.translation import DOMAIN
from bot.editions.render import captions
from bot.editions.render.markdown import render_text
from bot.locale import LANGUAGES, Translator, translator

MAX_LINE = 2000
"""Characters of a line that is looked at."""
_ANY = "\x00"
"""Stands in a sample line for what differs: a name, a day, a part of a paper."""
_DAY = datetime(2026, 11, 23, tzinfo=UTC)
_BETWEEN = " · "


def without_small_lines(body: list[SourceBlock]) -> list[SourceBlock]:
    """The blocks of an exported item without its line of origin and its line of votes, which stand at its end."""
    kept = list(body)
    if kept and _is_origin(kept[-1]):
        del kept[-1]
    at = len(kept) - 2 if len(kept) > 1 and _is_threads(kept[-1]) else len(kept) - 1
    if at >= 0 and _is_votes(kept[at]):
        del kept[at]
    return kept


def _is_origin(source: SourceBlock) -> bool:
    text = source.text
    return source.kind == "text" and is_italic(text) and _matches(text[1:-1], origin_notes())


def _is_votes(source: SourceBlock) -> bool:
    return source.kind == "text" and _matches(source.text, vote_notes())


def _is_threads(source: SourceBlock) -> bool:
    labels = (render_text(words.gettext("Discussion")) for words in _all_words())
    return source.kind == "text" and any(source.text.startswith(f"{label}: [") for label in labels)


def _matches(text: str, note: re.Pattern[str]) -> bool:
    return len(text) <= MAX_LINE and all(map(note.fullmatch, unescape(text).split(_BETWEEN)))


@cache
def vote_notes() -> re.Pattern[str]:
    """A note of a line of votes, in any language."""
    return _one_of(chain((note for words in _all_words() for note in _vote_notes(words)), _earlier(VOTE_NOTES)))


@cache
def origin_notes() -> re.Pattern[str]:
    """A note about who or what wrote an item's texts, in any language."""
    return _one_of(chain((note for words in _all_words() for note in _origin_notes(words)), _earlier(ORIGIN_NOTES)))


def _earlier(notes: Sequence[str]) -> Iterator[str]:
    return (note.replace("{}", _ANY) for note in notes)


def _all_words() -> Iterator[Translator]:
    return (translator(DOMAIN, language.code) for language in LANGUAGES)


def _one_of(samples: Iterator[str]) -> re.Pattern[str]:
    return re.compile("|".join(dict.fromkeys(map(_pattern, samples))), re.DOTALL)


def _pattern(sample: str) -> str:
    sample = re.escape(sample).replace(re.escape(_ANY), r"\S(?:.*?\S)?")
    sample = sample.replace(r"\ v2", r"(?:\ v\d+)?")
    return re.sub(r"(?<!\\)\d+", r"\\d[\\d.,\\s’]*", sample)


def _vote_notes(words: Translator) -> Iterator[str]:
    for n in (1, 2):
        item = Item(
            "paper", "", "", submission=1, votes=n, voices=n, voters=(_ANY,), brought=n, brought_by=(_ANY,)
        )  # fmt: skip
        *notes, submitted = captions.vote_line(item, words).split(_BETWEEN)
        yield from (*notes, submitted, submitted.removesuffix(f" (#{n})"))


def _origin_notes(words: Translator) -> Iterator[str]:
    why, first, second = ("w",), Paragraph(("a",)), Paragraph(("b",))
    by = {text: TextAuthor(fingerprint(text), _ANY) for text in "wab"}
    quotes = (Quotation("q", _ANY, source=_ANY), Quotation("q", _ANY, source="x", given_by=_ANY))
    items = (
        Item("paper", "", "", why=why, authorship=(by["w"],), passages=quotes),
        Item("paper", "", "", why=why, insights=(first, second), authorship=(by["w"], by["a"])),
        Item("paper", "", "", insights=(first, second), authorship=(by["a"], by["b"])),
    )
    for item in items:
        for note in captions.item_origin(item, words).split(_BETWEEN):
            yield re.sub(r"\d+", _ANY, note)
    day = words.short_date(_DAY)
    failed = (Check(_ANY, passed=False),)
    for writer in ("abstract", "extractive", _ANY):
        for source in ("abstract v2", "full text v2", _ANY):
            origin = Provenance(writer, "", source, _DAY, failed, reviewer=_ANY, editor=_ANY)
            for own in ((0, 0), (1, 2)):
                yield from captions.provenance(origin, words, own).replace(day, _ANY).split(_BETWEEN)

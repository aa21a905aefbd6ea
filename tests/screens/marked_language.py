"""A German of which every translated letter is marked, so that text that was not translated stands out.

Letters of the catalogues' texts are shown in Cyrillic, which has capitals too. What a card then has in Latin letters is
either people's own text, a name, a command, or a text of the program that nobody can translate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from gettext import NullTranslations
from string import ascii_lowercase
from typing import assert_never

from babel import Locale
from babel.messages.pofile import read_po

from bot.chat.cards import (
    Buttons,
    Card,
    ChartPart,
    Divider,
    Facts,
    FigurePart,
    File,
    Heading,
    LinkRow,
    ListEntry,
    Note,
    Part,
    Points,
    QuotePart,
    Text,
)
from bot.chat.rich_text import Bold, ChannelName, InlineCode, Italic, Link, LocalTime, Words
from bot.features.registry import all_commands
from bot.locale import translator
from bot.locale.maintenance import CATALOGUE_FOLDER

_MARKED = {ord(letter): chr(0x430 + place) for place, letter in enumerate(ascii_lowercase)}
_MARKED |= {ord(letter.upper()): chr(0x410 + place) for place, letter in enumerate(ascii_lowercase)}
_KEPT = re.compile(r"\{[^{}]*\}|`[^`]*`|https?://\S+")
_ADDRESS = re.compile(r"https?://\S+|`[^`]*`|(?<!\w)/[a-z][\w/-]*(?: [\w./:#=-]+)*|[\w.+-]+@[\w.-]+|\b\w+=\S*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN = re.compile(r"[A-Za-z]")


class MarkedCatalogue(NullTranslations):
    """The English texts of a domain with their letters marked. A text that is not in the catalogue stays as it is."""

    def __init__(self, domain: str) -> None:
        super().__init__()
        with (CATALOGUE_FOLDER / f"{domain}.pot").open("rb") as template:  # `make lint` holds it to the code
            found = [message.id for message in read_po(template) if message.id]
        self._known = {text for id in found for text in ((id,) if isinstance(id, str) else id)}

    def gettext(self, message: str) -> str:
        return marked(message) if message in self._known else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


@cache
def _catalogue(domain: str) -> MarkedCatalogue:
    return MarkedCatalogue(domain)


def marked(message: str) -> str:
    """The message with marked letters, except in its places, in code and in addresses."""
    done, at = [], 0
    for kept in _KEPT.finditer(message):
        done += [message[at : kept.start()].translate(_MARKED), kept[0]]
        at = kept.end()
    return "".join((*done, message[at:].translate(_MARKED)))


@contextmanager
def marked_texts(code: str, *domains: str) -> Iterator[None]:
    """Texts of these domains in a language are marked inside."""
    known = [translator(domain, code) for domain in domains]
    before = [words._catalogue for words in known]
    for domain, words in zip(domains, known, strict=True):
        words._catalogue = _catalogue(domain)
    try:
        yield
    finally:
        for words, catalogue in zip(known, before, strict=True):
            words._catalogue = catalogue


def marked_german() -> AbstractContextManager[None]:
    """German texts are marked inside."""
    return marked_texts("de", "answers", "edition")


def texts(card: Card) -> Iterator[str]:
    """Texts of a card in the order of reading, without code, addresses, quoted texts and the content of files."""
    yield card.title
    for part in card.parts:
        yield from _texts(part)


def _texts(part: Part) -> Iterator[str]:
    match part:
        case Heading(text):
            yield text
        case Text(words) | Note(words):
            yield from _spans(words)
        case QuotePart(_, source):
            yield source
        case Points(items):
            for item in items:
                yield from _spans(item)
        case Facts(pairs):
            yield from (side for pair in pairs for side in pair)
        case ListEntry(words, small, button):
            yield from _spans(words)
            yield from _spans(small)
            yield from (button.label, button.confirm) if button else ()
        case Buttons(row, more):
            yield from (text for button in (*row, *more) for text in (button.label, button.confirm))
        case LinkRow(row):
            yield from (link.label for link in row)
        case ChartPart(title, _, alt):
            yield from (title, alt)
        case FigurePart(_, alt):
            yield alt
        case File() | Divider():
            pass
        case _:
            assert_never(part)


def _spans(words: Words) -> Iterator[str]:
    for span in words:
        match span:
            case Bold(text) | Italic(text):
                yield text
            case Link(label):
                yield label
            case InlineCode() | LocalTime() | ChannelName():
                pass
            case _:
                yield span


def foreign_words(text: str, allowed: frozenset[str]) -> list[str]:
    """Words of a text that are in Latin letters and not allowed."""
    return [word for word in _WORD.findall(_ADDRESS.sub(" ", text)) if word not in allowed and _LATIN.search(word)]


@cache
def command_words() -> frozenset[str]:
    """Words that people type: of commands, options and their values."""
    found: set[str] = set()
    for command in all_commands.values():
        found |= {*re.split(r"[ -]", command.name)}
        for param in command.params:
            found |= {
                param.name,
                *param.name.split("_"),
                *(word for value in param.values for word in value.split("-")),
            }
    return frozenset(found)


def date_words() -> frozenset[str]:
    """Names of months and days in German, as dates have them."""
    german = Locale.parse("de")
    names = [
        name for kind in (german.months, german.days) for forms in kind["format"].values() for name in forms.values()
    ]
    return frozenset(word for name in names for word in _WORD.findall(name))

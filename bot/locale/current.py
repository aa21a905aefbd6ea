"""The language that people are answered in: set once for each request and each post, read wherever a text is made.

The language lives in a context variable, so that concurrent requests do not see each other's. A text that a module
holds as a constant is marked with `mark_text` and looked up where it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, time

from bot.locale.catalogues import Translator, translator
from bot.locale.languages import ENGLISH, LANGUAGES, answer_language

DOMAIN = "answers"
"""The catalogue of answers, cards, forms, errors and help."""
PAGES_DOMAIN = "archive"
"""The catalogue of the web archive's pages, in languages that the bot does not answer in."""

_english = translator(DOMAIN, ENGLISH.code)
_current: ContextVar[Translator] = ContextVar("answer_translator", default=_english)


def use_language(name: str) -> None:
    """Answer in the language of this code or English name from now on, in this task; in English if it has no texts."""
    _current.set(translator(DOMAIN, answer_language(name).code))


@contextmanager
def in_language(name: str) -> Iterator[None]:
    """Texts made inside are in this language: for a post to others than the person who is answered."""
    before = _current.get()
    use_language(name)
    try:
        yield
    finally:
        _current.set(before)


@contextmanager
def in_page_language(name: str) -> Iterator[None]:
    """Texts made inside are those of a public web page, in the language of this code or English name."""
    language = next((one for one in LANGUAGES if name in (one.code, one.name)), ENGLISH)
    before = _current.get()
    _current.set(translator(DOMAIN if language.answers else PAGES_DOMAIN, language.code))
    try:
        yield
    finally:
        _current.set(before)


def current_language() -> str:
    """Code of the language in use."""
    return _current.get().language.code


def _(message: str, /, **values: object) -> str:
    """The message in the language in use, with values for the places in braces. Values are never read as a format."""
    return _current.get().gettext(message, **values)


def _n(singular: str, plural: str, n: int, /, **values: object) -> str:
    """The message in the plural form for `n`, which is filled in as the language writes numbers."""
    return _current.get().ngettext(singular, plural, n, **values)


def mark_text(message: str) -> str:
    """The message as it is: marks a text of a constant for the catalogue. `_` looks it up where it is shown."""
    return message


def formatted(value: float | date | time, pattern: str) -> str:
    """A number or a time in the format of `format()`, with the marks, names and order of the language in use."""
    words = _current.get()
    if words.language is ENGLISH:
        return format(value, pattern)
    return words.formatted(value, pattern)

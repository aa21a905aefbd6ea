"""The languages that there are catalogues for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code (BCP 47), its English name and its own, and the locale whose formats it takes (CLDR).

    `answers`: the bot's answers are translated too, not only the texts of editions.
    """

    code: str
    name: str
    own_name: str
    locale: str
    answers: bool = False


ENGLISH = Language("en", "English", "English", "en_001", answers=True)
"""The language of the code. Its dates are written day first, as most of the world writes them."""

LANGUAGES = (
    ENGLISH,
    Language("de", "German", "Deutsch", "de", answers=True),
    Language("fr", "French", "Français", "fr"),
    Language("es", "Spanish", "Español", "es"),
    Language("pt", "Portuguese", "Português", "pt_PT"),
    Language("it", "Italian", "Italiano", "it"),
    Language("nl", "Dutch", "Nederlands", "nl"),
)


ANSWER_LANGUAGES = tuple(language for language in LANGUAGES if language.answers)
"""The languages that the bot answers in."""


def answer_language(name: str) -> Language:
    """The language of this code or English name, if the bot answers in it; else English."""
    return next((language for language in ANSWER_LANGUAGES if name in (language.code, language.name)), ENGLISH)


def language_by_code(code: str) -> Language:
    """The language with this code; English if it is unknown, so that stored documents can always be displayed."""
    return next((language for language in LANGUAGES if language.code == code), ENGLISH)

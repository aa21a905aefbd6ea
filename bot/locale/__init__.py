"""Localization: gettext catalogues, and dates, numbers and lists in the format of each language.

The code contains the English texts; translations are in `<language>/LC_MESSAGES/<domain>.po`. docs/translating.md
explains how to change one and how to add a language.
"""

from bot.locale.catalogues import Translator, gettext_noop, pgettext_noop, translator
from bot.locale.language_lookup import find_answer_language, find_language, language_label, language_names
from bot.locale.languages import (
    ANSWER_LANGUAGES,
    ENGLISH,
    LANGUAGES,
    Language,
    answer_language,
    language_by_code,
)

__all__ = [
    "ANSWER_LANGUAGES",
    "ENGLISH",
    "LANGUAGES",
    "Language",
    "Translator",
    "answer_language",
    "find_answer_language",
    "find_language",
    "gettext_noop",
    "language_by_code",
    "language_label",
    "language_names",
    "pgettext_noop",
    "translator",
]

"""Texts in other languages: gettext catalogues, and dates, numbers and lists as each language writes them.

A text stands in English in the code and is looked up there; its translation stands in
`<language>/LC_MESSAGES/<domain>.po`. docs/translating.md says how to change one and how to add a language.
"""

from bot.locale.catalogues import Translator, gettext_noop, pgettext_noop, translator
from bot.locale.languages import ENGLISH, LANGUAGES, Language, find_language, language_by_code, language_names

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "Language",
    "Translator",
    "find_language",
    "gettext_noop",
    "language_by_code",
    "language_names",
    "pgettext_noop",
    "translator",
]

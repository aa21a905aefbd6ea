"""Languages as people name them: by code, in English, by their own name, or in the language in use."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import UserError
from bot.locale.current import _, current_language
from bot.locale.languages import ANSWER_LANGUAGES, ENGLISH, LANGUAGES, Language


def find_language(text: str) -> Language:
    """The language of this code or name. Raises UserError, which names those there are."""
    if (found := _find(text, LANGUAGES)) is None:
        raise UserError(_("There is no language “{text}”. The languages are: {languages}.", text=text.strip()[:40],
                          languages=language_names()))  # fmt: skip
    return found


def find_answer_language(text: str) -> Language:
    """The language of this code or name, if the bot answers in it. Raises UserError, which names those there are."""
    if (found := _find(text, ANSWER_LANGUAGES)) is None:
        raise UserError(_("I do not answer in “{text}”. I can answer in: {languages}.", text=text.strip()[:40],
                          languages=language_names(ANSWER_LANGUAGES)))  # fmt: skip
    return found


def language_names(languages: Sequence[Language] = LANGUAGES) -> str:
    """Names of languages in the language in use, as a list in a sentence."""
    *names, last = map(language_label, languages)
    return _("{names} and {last}", names=", ".join(names), last=last) if names else last


def language_label(language: Language) -> str:
    """Name of a language in the language in use."""
    code = current_language()
    if code == ENGLISH.code:
        return language.name
    from babel import Locale  # costs 0.1 s, and English needs none

    return str(Locale.parse(code).languages.get(language.code, language.name))


def _find(text: str, languages: Sequence[Language]) -> Language | None:
    typed = text.strip().casefold()
    for language in languages:
        if typed in (language.code, language.name.casefold(), language.own_name.casefold()):
            return language
    return next((language for language in languages if typed == language_label(language).casefold()), None)

"""Commands in other languages: hints and options from the program's own catalogues, names from a file of the
installation, if it has one, so that each person types them in their language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Place
from discord.app_commands import TranslationContextTypes, locale_str

from adapters.discord.inbound.application_commands import CHOICE, DESCRIPTION
from bot.errors import UserError
from bot.locale.current import _, in_language

LOCALES = {locale.value for locale in discord.Locale}
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
"""Pattern of a command's or an option's name; lower case in scripts with capitals (Discord, "Application Command
Naming").
"""
NAME_LOCATIONS = (Place.command_name, Place.group_name, Place.parameter_name)
MAX_MENU_NAME = 32
"""Characters of an entry in a message's menu."""


CATALOGUE_LOCALES = {"de": "de"}
"""Discord's locales by the languages whose catalogues translate hints and options."""


def catalogue_text(language: str, text: str) -> str:
    """A hint or an option in a language of the catalogues; the text itself if it has no translation."""
    with in_language(language):
        return _(text)


class CommandTranslator(app_commands.Translator):
    """Translates names and hints; texts that neither the file nor the catalogues have stay English."""

    def __init__(self, translations: Mapping[str, Mapping[str, str]]) -> None:
        self.names = translations
        """Translations of English texts, by the language's code."""

    async def _checked_translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        """As discord.py asks for each text in each of its thirty languages: most of them have none."""
        if locale.value not in self.names and locale.value not in CATALOGUE_LOCALES:
            return None
        return await super()._checked_translate(string, locale, context)

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        """A text in that language; None if there is no translation that Discord would accept."""
        translated = self.names.get(locale.value, {}).get(string.message)
        is_name = isinstance(context.data, app_commands.ContextMenu) or context.location in NAME_LOCATIONS
        if translated is None and not is_name and (language := CATALOGUE_LOCALES.get(locale.value)):
            found = catalogue_text(language, string.message)
            translated = found if found != string.message else None
        if translated is None or isinstance(context.data, app_commands.ContextMenu):
            return translated if translated and len(translated) <= MAX_MENU_NAME else None
        if context.location in NAME_LOCATIONS:
            return translated if COMMAND_NAME.fullmatch(translated) and translated == translated.lower() else None
        return (
            translated
            if len(translated) <= (CHOICE if context.location is Place.choice_name else DESCRIPTION)
            else None
        )


def load_translations(path: str) -> CommandTranslator:
    """The translations of the catalogues, and those in a file. Raises UserError if the file is malformed."""
    if not path:
        return CommandTranslator({})
    try:
        translations = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"The names in {path} cannot be read ({error}).") from error
    if not isinstance(translations, dict) or not all(isinstance(each, dict) for each in translations.values()):
        raise UserError(f'{path} should hold a list for each language: {{"de": {{"paper": "papier"}}}}.')
    if unknown := sorted(translations.keys() - LOCALES):
        raise UserError(f"Discord knows no language {unknown[0]}. It knows {', '.join(sorted(LOCALES))}.")
    for locale, names in translations.items():
        for english, translated in names.items():
            if not isinstance(translated, str) or not translated.strip():
                raise UserError(f"In {path}, {locale}: “{english}” has no name.")
            if COMMAND_NAME.fullmatch(english) and not (
                COMMAND_NAME.fullmatch(translated) and translated == translated.lower()
            ):
                raise UserError(
                    f"In {path}, {locale}: “{translated}” cannot be a command's name. "
                    "Up to 32 small letters, digits, - and _, without spaces."
                )
    return CommandTranslator(translations)

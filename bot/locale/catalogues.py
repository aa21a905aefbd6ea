"""A translator: the texts of one domain in one language, with dates, numbers and lists to match."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from types import ModuleType

from bot.locale.languages import ENGLISH, Language, language_by_code

FOLDER = "LC_MESSAGES"


def gettext_noop(message: str) -> str:
    """The message as it is: marks a text of a table for the catalogues. It is translated where it is used."""
    return message


def pgettext_noop(context: str, message: str) -> str:
    """The message as it is, like `gettext_noop`, for one that has a context."""
    return message


class Translator:
    """Texts of one domain in one language.

    `values` fill the places in braces of the translation. `n` of a plural is filled in as the language writes numbers.
    """

    def __init__(self, language: Language, catalogue: NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def gettext(self, message: str, /, **values: object) -> str:
        """The message in this language."""
        return _with_values(self._catalogue.gettext(message), values)

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        """The translation of a message whose English text has several meanings; `context` selects one."""
        return _with_values(self._catalogue.pgettext(context, message), values)

    def ngettext(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """The translation in the plural form for `n`."""
        return _with_values(self._catalogue.ngettext(singular, plural, n), {"n": self.number(n), **values})

    def long_date(self, day: date) -> str:
        """A day with its month in full: "23 November 2026"."""
        return str(_formats().long_date(day, self.language.locale))

    def short_date(self, day: date) -> str:
        """A day in small print: "23 Nov 2026"."""
        return str(_formats().short_date(day, self.language.locale))

    def day_of_month(self, day: date) -> str:
        """A day without its year: "23 Nov"."""
        return str(_formats().day_of_month(day, self.language.locale))

    def weekday(self, day: date) -> str:
        """The name of a day of the week: "Thursday"."""
        return str(_formats().weekday(day, self.language.locale))

    def long_month(self, day: date) -> str:
        """A month in full: "November 2026"."""
        return str(_formats().long_month(day, self.language.locale))

    def short_month(self, day: date) -> str:
        """A month on the axis of a chart: "Nov 2026"."""
        return str(_formats().short_month(day, self.language.locale))

    def period(self, first: date, last: date) -> str:
        """A range of dates: "16–23 November 2026"."""
        return str(_formats().period(first, last, self.language.locale))

    def number(self, value: float, decimals: int | None = None) -> str:
        """A number with this language's marks: "1,204". It has so many decimals, or up to three as they are needed."""
        return str(_formats().number(value, self.language.locale, decimals))

    def names(self, people: Sequence[str]) -> str:
        """Names in a sentence: "Ada, Ben and Cy"."""
        return str(_formats().names(people, self.language.locale))


def _with_values(message: str, values: dict[str, object]) -> str:
    return message.format(**values) if values else message


@cache
def translator(domain: str, code: str) -> Translator:
    """The translator of a domain (`edition`) in the language of this code; English where there is no such language."""
    language = language_by_code(code)
    return Translator(language, NullTranslations() if language == ENGLISH else _catalogue(domain, language.code))


def _catalogue(domain: str, code: str) -> GNUTranslations:
    """The catalogue, compiled in memory: nothing but the text file that translators edit is shipped."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = files(__package__).joinpath(code, FOLDER, f"{domain}.po")
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code, domain=domain))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _formats() -> ModuleType:
    """Loaded at first use: Babel costs start-up time that `--help` need not pay."""
    from bot.locale import formats

    return formats

"""Short forms: long names are replaced by the acronyms that a source gives them, so that both count as one name."""

from __future__ import annotations

import re

from bot.editions.verification.acronyms import definitions_in, long_form

_MAX_FORMS = 30
_BETWEEN = re.compile(r"[\s-]+")


class ShortForms:
    """The acronyms of a source with their long forms: "Process Reward Models (PRMs)"."""

    def __init__(self, source: str) -> None:
        self._shorts: dict[str, str] = {}
        for found in definitions_in(source):
            long = long_form(found.short, found.words)
            if len(long) > 1 and len(self._shorts) < _MAX_FORMS:
                self._shorts.setdefault(_spaced(" ".join(long)).removesuffix("s"), found.short)
        longest_first = sorted(self._shorts, key=len, reverse=True)
        alternatives = "|".join(r"[\s-]+".join(map(re.escape, long.split(" "))) for long in longest_first)
        self._long = re.compile(rf"\b({alternatives})s?\b(?:\s?\([A-Z][\w-]{{0,12}}\))?", re.IGNORECASE)

    def shorten(self, text: str) -> str:
        """The text with acronyms for the long forms that the source abbreviates."""
        return self._long.sub(lambda found: self._shorts[_spaced(found[1])], text) if self._shorts else text


def _spaced(words: str) -> str:
    return _BETWEEN.sub(" ", words.lower())

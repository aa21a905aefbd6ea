"""Grounding check: numbers, names, acronyms and links of a text must occur in its source.

It checks occurrence, not truth: a number from the source that is attached to the wrong thing passes. A rejected claim
cannot be found in the paper. `benchmarks/grounding.py` measures its accuracy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from bot.editions.text_analysis.language_check import SMALL_WORDS
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.words import STOP_WORDS
from bot.editions.verification import acronyms
from bot.editions.verification.names import Vocabulary, names
from bot.editions.verification.numbers import amounts
from bot.editions.verification.rounding import is_rounded
from bot.editions.verification.written_forms import as_in_english

ClaimKind = Literal["number", "name", "acronym", "link", "quote"]

_LINK = re.compile(
    r"""
      (?:https?|ftp)://[^\s<>"'“”‘’)\]]+
    | (?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,8}
      (?:com|org|net|io|ai|edu|gov|dev|co|me|xyz|app|gg|info|ly|cc|site|top|ru|cn|de|uk)\b(?:/[^\s<>"'“”‘’)\]]*)?
    | (?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}
    | \b10\.\d{4,9}/\S+
    | \barXiv:\s?\d{4}\.\d{4,5}
    | (?<![\w.@])@[A-Za-z]\w+ | <[!@\#][^>]{0,80}>
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FOLLOWING_NUMBER = re.compile(r"\s(\d+(?:\.\d+)?)\b(?!\s?%)")
_QUOTED = re.compile(r'[“"«]([^“”"«»]{3,400})[”"»]')
_CAPITAL = r"[A-Z][^\W_]*(?:[-‐‑&/][^\W_]+)*"
_SMALL = r"(?:a|an|the|of|for|in|on|at)"
_TITLE = re.compile(rf"(?<![\w-]){_CAPITAL}(?:\s(?:{_SMALL}\s){{0,3}}{_CAPITAL})*(?![\w-])")
_FIRST_SMALL = re.compile(rf"\A(?:{_SMALL}(?:\s|\Z))+")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:;•●*“”\"]|[-–—]|\A\W*\d+[.)])\s*\Z")
_HEADING = re.compile(r"\A\W{0,20}(?:[^\s:]{1,80}\s){0,8}[^\s:]{1,80}:")
_FIGURES = re.compile(r"(?<![\d.,])\d+\.\d+(?![\d])")
_NO_NAMES = STOP_WORDS | SMALL_WORDS | frozenset(("okay", "ok", "yes", "wow", "hey", "hello", "thanks", "oh", "ah"))
"""Words that are no name with a capital either: function words, and what is only called out."""
_PERCENT_POINTS = re.compile(r"\s?%\s?points?\b")
_TWO = re.compile(r"\b(?:dual|both|pairs?|twin)\b", re.IGNORECASE)
"""Words of a source that count two."""
_COUNTRIES = {
    "united states": re.compile(r"(?<![\w.])(?:U\.S\.(?:A\.)?|USA?)(?!\w)"),
    "united kingdom": re.compile(r"(?<![\w.])(?:U\.K\.|UK)(?!\w)"),
    "european union": re.compile(r"(?<![\w.])(?:E\.U\.|EU)(?!\w)"),
}
"""Names that a source may abbreviate."""
_SIZE_IN_NAME = re.compile(r"(?<=\w)-(\d{1,4}(?:\.\d{1,3})?[BM])\b")
"""The size of a model at the end of its name: the 7B of "Qwen2.5-VL-7B"; looked at where no size stands by itself."""
_SIZE = re.compile(r"(?<![-\w.])\d{1,4}(?:\.\d{1,3})?\s?(?:[BM]\b|[bm]illion)")
_JOINED = re.compile(r"\s(?:on|in|at|for)\s(?:(?:a|an|the)\s)?")
"""Words that may join two names: "GPT-4o on the V* Bench"."""
_PADDING = ".,;:!?'\"/"


@dataclass(frozen=True, slots=True)
class UngroundedClaim:
    """A claim of a text that is missing from its source, with its position in the text."""

    kind: ClaimKind
    text: str
    start: int
    end: int

    def __str__(self) -> str:
        words = self.text.strip('“”«»"')
        return f"{self.kind} “{words}”"


class GroundingChecker:
    """Checks texts against one source, which is indexed once."""

    def __init__(self, source: str) -> None:
        source = _composed(plain(source))
        self._known = Vocabulary(source)
        self._links = {_link_key(match.group()) for match in _LINK.finditer(source)}
        self._figures = frozenset(_FIGURES.findall(source))
        self._meanings = {meaning for amount in amounts(as_in_english(source)) for meaning in amount.meanings}
        self._meanings |= {
            meaning for amount in amounts(_PERCENT_POINTS.sub(" points", source)) for meaning in amount.meanings
        }
        sizes = [] if _SIZE.search(source) else _SIZE_IN_NAME.findall(source)
        self._meanings |= {meaning for size in sizes for amount in amounts(size) for meaning in amount.meanings}
        self._values = {value for value, _ in self._meanings} | ({Fraction(2)} if _TWO.search(source) else set())
        self._countries = {name for name, short in _COUNTRIES.items() if short.search(source)}
        self._expansions: dict[str, set[tuple[str, ...]]] = {}
        for expansion in acronyms.definitions_in(source):
            if long := acronyms.long_form(expansion.short, expansion.words):
                self._expansions.setdefault(acronyms.acronym_key(expansion.short), set()).add(long)

    @property
    def units(self) -> frozenset[str]:
        """Units of the source's numbers, "" among them."""
        return frozenset(unit for _, unit in self._meanings)

    def claims_in(self, text: str) -> tuple[UngroundedClaim, ...]:
        """Claims of the text that are missing from the source: numbers, names, acronyms and links, in text order.

        Different spellings of a number (7B, 7 billion; 10%, ten per cent) and of a compound name (GPT-4, GPT 4) are
        equal. A number may be rounded honestly (`bot.editions.verification.rounding`); other computed values count as
        missing.
        """
        typed = _composed(text)
        text = as_in_english(typed, self._figures)
        found = list(self._links_of(text))
        taken = bytearray(len(text))  # one per character, 1 where it is in a claim or a link
        for match in _LINK.finditer(text):
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
        for claim in (
            *self._acronyms_of(text),
            *self._phrases_of(text),
            *self._names_of(text),
            *self._numbers_of(text),
        ):
            if not any(taken[claim.start : claim.end]):
                found.append(claim)
                taken[claim.start : claim.end] = b"\1" * (claim.end - claim.start)
        shown = (replace(claim, text=typed[claim.start : claim.end]) for claim in found)
        return tuple(sorted(shown, key=lambda claim: claim.start))

    def _links_of(self, text: str) -> Iterator[UngroundedClaim]:
        for match in _LINK.finditer(text):
            if _link_key(match.group()) not in self._links:
                yield UngroundedClaim("link", match.group(), match.start(), match.end())

    def _phrases_of(self, text: str) -> Iterator[UngroundedClaim]:
        """Quoted phrases, and capitalised phrases within a sentence, that are not in the source as a phrase."""
        for match in _QUOTED.finditer(text):
            if len(match[1].split()) >= 3 and not self._known.has_phrase(match[1]):
                yield UngroundedClaim("quote", match.group(), match.start(), match.end())
        heading = _HEADING.match(text)
        for match in _TITLE.finditer(text, heading.end() if heading else 0):
            words = match.group()
            # the first word of a sentence is capitalised in any case
            if _SENTENCE_START.search(text, max(0, match.start() - 4), match.start()):
                words = words.partition(" ")[2]
            words = _FIRST_SMALL.sub("", words)
            known = words.lower() in _NO_NAMES or words.lower() in self._countries
            if words and not known and not self._known.has_title(words) and not self._has_each(words):
                yield UngroundedClaim("name", words, match.end() - len(words), match.end())

    def _has_each(self, words: str) -> bool:
        """True for names joined by "on", "in", "at" or "for" of which the source has each."""
        parts = _JOINED.split(words)
        return len(parts) > 1 and all(map(self._known.has_title, parts))

    def _numbers_of(self, text: str) -> Iterator[UngroundedClaim]:
        for amount in amounts(text):
            if (
                not amount.weak
                and not any(
                    (value, unit) in self._meanings or (unit == "" and value in self._values)
                    for value, unit in amount.meanings
                )
                and not is_rounded(amount, text, self._meanings)
            ):
                yield UngroundedClaim("number", text[amount.start : amount.end], amount.start, amount.end)

    def _names_of(self, text: str) -> Iterator[UngroundedClaim]:
        for name in names(text):
            number = _FOLLOWING_NUMBER.match(text, name.end)
            if name.text.istitle() and (name.text.lower() in _NO_NAMES or self._is_of_a_country(name.text)):
                continue
            if name.start == 0 and re.fullmatch(r"[A-Z][a-z]+ing", name.text) and self._known.has_phrase(name.text):
                continue  # "Truncating": a first word has its capital from its place
            if not self._known.has_name(name.text):
                yield UngroundedClaim("name", name.text, name.start, name.end)
            elif number and not self._known.has_numbered(name.text, number[1]):
                yield UngroundedClaim("name", text[name.start : number.end()], name.start, number.end())

    def _is_of_a_country(self, word: str) -> bool:
        """True for a word of a country's name that the source abbreviates."""
        return any(word.lower() in country.split() for country in self._countries)

    def _acronyms_of(self, text: str) -> Iterator[UngroundedClaim]:
        for definition in acronyms.definitions_in(text):
            if count := self._wrong_word_count(definition):
                start, end = definition.spans[-count][0], definition.spans[-1][1]
                yield UngroundedClaim("acronym", text[start:end], start, end)

    def _wrong_word_count(self, definition: acronyms.Expansion) -> int:
        """Number of words of a wrong long form of the acronym; 0 if the definition agrees with the source."""
        long_forms = self._expansions.get(acronyms.acronym_key(definition.short), set())
        tails = [(definition.words[-len(long) :], long) for long in long_forms]
        if any(acronyms.same_stems(tail, long) for tail, long in tails):
            return 0
        if similar_lengths := [len(tail) for tail, long in tails if acronyms.is_similar(tail, long)]:
            return max(similar_lengths)
        long = acronyms.long_form(definition.short, definition.words)
        phrase = " ".join(long)
        return 0 if self._known.has_phrase(phrase) or acronyms.stems(phrase) in acronyms.COMMON_ACRONYMS else len(long)


def links(text: str) -> list[str]:
    """Addresses and mentions in a text, verbatim."""
    return [match.group() for match in _LINK.finditer(text)]


def _link_key(link: str) -> str:
    """The link without scheme, "www." and trailing punctuation, in lower case."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", link.lower()).rstrip(_PADDING)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)

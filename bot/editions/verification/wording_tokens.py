"""Sentences as words that can be aligned: one spelling for numbers, inflections, acronyms, and names for the work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.editions.verification.own_method import OWN, OwnMethod
from bot.editions.verification.short_forms import ShortForms
from bot.editions.verification.wording_words import DETERMINERS, SELF, SYNONYMS

_TOKEN = re.compile(
    r"""n[’']t\b | [^\W\d_]+(?=n[’']t\b) | \d+(?:[.,]\d+)* | [^\W\d_]+\d[^\W_]* | [^\W\d_]+ | [%$×] | [,;:()\[\]—–]
    | (?<=\s)-(?=\s)""",
    re.VERBOSE,
)
_PUNCTUATION = frozenset(",;:()[]—–-")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒−", "-"))
_SPELLINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        (r"(\d)\s?(?:percent|per cent)\b", r"\1%"),
        (r"(\d)\s?(?:[x×]|-fold|times)(?!\w)", r"\1 ×"),
        (r"(\d)\s?B\b", r"\1 billion"),
        (r"(\d)\s?M\b", r"\1 million"),
        (r"(\d),(\d{3})\b", r"\1\2"),
        (r"\b(\d{1,3})k\b", r"\g<1>000"),
        (r"\bcannot\b", "can not"),
        (r"(\w)['’]s\b", r"\1"),
        (r"s['’](?=\s)", "s"),
        (r"\bnot only\b", ""),
        (r"\bbut also\b|\bas well as\b", "and"),
        (r"\bin order to\b", "to"),
        (r"\bdue to\b", "because of"),
        (r"\bput(s?) forward\b", r"propose\1"),
        (r"\b(?:in\s)?(?:this|the|our|their)\s(?:paper|work|study|article|report)\b|\bthe authors\b", "we"),
        (r"\b(?:e\.g\.|i\.e\.),?", ""),
    )
)
_KINDS = r"(?:method|approach|framework|algorithm|system|technique|model)"
_OWN_IN_SOURCE = re.compile(rf"\b(?:our|the proposed|this)\s(?:proposed\s|new\s|novel\s)?({_KINDS})\b", re.IGNORECASE)
_OWN_IN_CLAIM = re.compile(
    rf"\b(?:our|the|this|their|the proposed)\s(?:proposed\s|new\s|novel\s)?({_KINDS})\b", re.IGNORECASE
)
_MARK = "Ours"
"""Mark before a word that may be the name of the paper's method."""
_COUNTED = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {word: str(number) for number, word in enumerate(_COUNTED.split())}


@dataclass(frozen=True, slots=True)
class WordToken:
    """A word, number or punctuation mark; `key` is what is compared."""

    text: str
    key: str
    is_own: bool = False
    """True for a name of the paper's method, and for "our method"."""

    @property
    def is_mark(self) -> bool:
        """True for a punctuation mark."""
        return self.text in _PUNCTUATION


class WordReader:
    """Reads the sentences of one paper and of texts about it."""

    def __init__(self, source: str) -> None:
        self._forms, self._own = ShortForms(source), OwnMethod(source)

    def source(self, text: str) -> list[WordToken]:
        """Tokens of a sentence of the paper."""
        return self._read(text, _OWN_IN_SOURCE)

    def claim(self, text: str) -> list[WordToken]:
        """Tokens of a sentence about the paper."""
        return self._read(text, _OWN_IN_CLAIM)

    def _read(self, text: str, own: re.Pattern[str]) -> list[WordToken]:
        text = self._own.unify(self._forms.shorten(text)).translate(_DASHES)
        for pattern, new in _SPELLINGS:
            text = pattern.sub(new, text)
        text = own.sub(lambda found: f"{_MARK}{found[1].capitalize()}", text)
        return [_token(found.group()) for found in _TOKEN.finditer(text)]


def _token(typed: str) -> WordToken:
    if typed == OWN:
        return WordToken("method", OWN, is_own=True)
    if typed.startswith(_MARK) and typed[len(_MARK) :].istitle():
        word = typed[len(_MARK) :].lower()
        return WordToken(word, root(word), is_own=True)
    word = typed.lower().replace("’", "'")
    return WordToken("," if word in "—–-" else word, root(word))


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """A word without its inflection: "improves", "improved" and "improving" are "improv"; "improvement" is not."""
    if not word.isalpha():
        return word
    if word in _NUMBERS:
        return _NUMBERS[word]
    found = re.sub(r"is(e|es|ed|ing|ation|ations)\Z", r"iz\1", word) if len(word) > 6 else word
    found = re.sub(r"our(?=(?:s|ed|ing|al)?\Z)", "or", found) if len(word) > 5 else found
    if len(found) > 4 and found.endswith(("ies", "ied")):
        found = f"{found[:-3]}y"
    elif len(found) > 4 and found.endswith(("sses", "xes", "ches", "shes")):
        found = found[:-2]
    elif len(found) > 2 and found.endswith("s") and not found.endswith(("ss", "us", "is")):
        found = found[:-1]
    if len(found) > 5 and found.endswith("ing"):
        found = found[:-3]
    elif len(found) > 4 and found.endswith("ed") and not found.endswith("eed"):
        found = found[:-2]
    if len(found) > 3 and found[-1] == found[-2] and found[-1] in "bdgmnprtl" and word.endswith(("ing", "ed")):
        found = found[:-1]
    return found[:-1] if len(found) > 3 and found.endswith("e") else found


_GROUPS = {root(word): group for word, group in SYNONYMS.items()}


def may_stand_for(claim: WordToken, source: WordToken) -> bool:
    """True if the word of a sentence says what the word of the source says."""
    if claim.key == source.key or (claim.is_own and source.is_own):
        return True
    if source.text in SELF and claim.text in SELF | {"they", "it", "them"}:
        return True
    if claim.text in DETERMINERS and source.text in DETERMINERS:
        return True
    group = _GROUPS.get(claim.key)
    return group is not None and group == _GROUPS.get(source.key)

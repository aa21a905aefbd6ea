"""Numbers with the rival or the label that they belong to: "a speedup of 3x over B", "Grok-4 (7 pp)", "+6.2% (7B)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from bot.editions.text_analysis.words import word_set
from bot.editions.verification.compared_sentence import (
    STOPS,
    ComparedSentence,
    carries_meaning,
    key_of,
    tokens_of,
)
from bot.editions.verification.own_method import OWN
from bot.editions.verification.sentence_parts import GENERIC, MAX_TOKENS, PREPOSITIONS

_RIVAL = re.compile(
    r"""\b(?:over|than|against|compared\s(?:to|with)|relative\sto|outperform(?:s|ing|ed)?|surpass(?:es|ing|ed)?|beats?
      |exceeds?)\s(?:the\s)?((?:[\w'’-]{1,40}\s?){1,5})""",
    re.IGNORECASE | re.VERBOSE,
)
_REACH = 60
"""Characters on each side of a rival within which a figure is about it."""
_CLAUSE_END = re.compile(r"[;:]\s|,?\s(?:and|while|whereas|but)\s", re.IGNORECASE)
_RIVAL_ENDS = PREPOSITIONS | STOPS | {"and"}
_NUMBERS = word_set("two three four five six seven eight nine ten")
_ANY_RIVAL = GENERIC | frozenset(
    map(
        key_of,
        word_set(
            """existing previous prior state art leading strong other others baseline baselines alternatives competitors
        rivals standard best based same comparable earlier current random uniform"""
        ),
    )
)
_FIGURE = r"(?P<figure>\d{1,9}(?:\.\d{1,9})?)\s?(?:%|pp|x|×|points?)?"
_LABELS = (
    re.compile(rf"{_FIGURE}\s?\((?P<label>[\w.-]{{1,30}}(?:\s[\w.-]{{1,30}}){{0,3}})\)"),
    re.compile(
        r"(?<![\w.-])(?P<label>(?=[\w-]{0,30}[A-Z\d])[\w.-]{1,40}(?:\s[A-Z\d][\w.-]{0,30}){0,3})"
        rf"\s\(\+?{_FIGURE}\)"
    ),
    re.compile(rf"(?<![\w-])(?P<label>[\w-]{{2,30}})\sby\s\+?{_FIGURE}(?=[\s,.;)]|\Z)"),
    re.compile(
        rf"{_FIGURE}\s(?:for|on|in|with)\s(?:the\s)?"
        r"(?P<label>[\w.-]{1,30}(?:\s[\w.-]{1,30}){0,3}?)(?=,|\.|;|\sand\s|\smodels?\b|\Z)"
    ),
)
_RESPECTIVELY = re.compile(
    r"""(?<![\w-])(?P<first>[\w-]{2,30}(?:\s[\w-]{2,30}){0,2}),?\sand\s(?P<second>[\w-]{2,30}(?:\s[\w-]{2,30}){0,2})[^\w.;]
      [^.;\d]{0,80}?(?P<figures>\d[\d.]{0,9}\s?%?\sand\s\d[\d.]{0,9}\s?%?,?\srespectively)""",
    re.VERBOSE,
)
_TWO_FIGURES = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s?%?\sand\s(\d{1,9}(?:\.\d{1,9})?)\s?%?")


class NumberComparison:
    """The figures of a source, with their rivals and labels."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = source

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset().union(*(sentence.stems for sentence in self._source))

    @cached_property
    def _compared(self) -> list[tuple[set[str], list[frozenset[str]], ComparedSentence]]:
        """The figures and the rivals of each sentence."""
        return [
            (_figures(sentence.tokens), [words for words, _ in _rivals(sentence.text)], sentence)
            for sentence in self._source
        ]

    @cached_property
    def _labels(self) -> dict[str, list[frozenset[str]]]:
        found: dict[str, list[frozenset[str]]] = {}
        for sentence in self._source:
            for figure, label in _labels(sentence.text):
                found.setdefault(figure, []).append(label)
        return found

    def exchanged(self, claim: ComparedSentence) -> Iterator[str]:
        """Figures whose rival, or whose label, is that of another figure in the source."""
        if len(claim.tokens) <= MAX_TOKENS:
            yield from self._other_rivals(claim)
        for figure, label in _labels(claim.text):
            here = self._labels.get(figure, [])
            if not here or any(label & other for other in here):
                continue
            if any(
                other != figure
                and any(label & found and len(label & found) == min(len(label), len(found)) for found in all)
                for other, all in self._labels.items()
            ):
                yield f"what {figure} belongs to"

    def _other_rivals(self, claim: ComparedSentence) -> Iterator[str]:
        for rival, near in _rivals(claim.text):
            figures = _figures(tokens_of(near))
            if not figures:
                continue
            most = max((len(figures & there) for there, _, _ in self._compared), default=0)
            named = rival - _ANY_RIVAL
            if not most or not named or not named <= self._known:
                continue
            closest = [(rivals, sentence) for there, rivals, sentence in self._compared if len(figures & there) == most]
            if all(_has_another(named, *one) for one in closest):
                yield f"the rival “{min(named)}…”"


def _has_another(named: frozenset[str], rivals: Sequence[frozenset[str]], sentence: ComparedSentence) -> bool:
    """True if a sentence names a rival, and nothing of it is what sets this one apart."""
    apart = [named - rival for rival in rivals]
    known = any(rival - named - _ANY_RIVAL for rival in rivals)
    return known and all(words and not words & sentence.stems for words in apart)


def _figures(tokens: Iterable[str]) -> set[str]:
    return {token for token in tokens if token[0].isdigit() or token in _NUMBERS}


def _rivals(text: str) -> Iterator[tuple[frozenset[str], str]]:
    """Content words behind each word that compares, and the text around them, in which a figure is theirs."""
    for match in _RIVAL.finditer(text):
        words = []
        for token in tokens_of(match[1]):
            if token in _RIVAL_ENDS:
                break
            if carries_meaning(token) and not token[0].isdigit():
                words.append(key_of(token))
        if words := [word for word in words if OWN.lower() not in word]:
            before = _CLAUSE_END.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
            behind = _CLAUSE_END.split(text[match.start() : match.end() + _REACH])[0]
            yield frozenset(words), before + behind


def _labels(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Figures with the words of a label beside them."""
    for pattern in _LABELS:
        for match in pattern.finditer(text):
            if label := _words(match["label"]):
                yield match["figure"], label
    for match in _RESPECTIVELY.finditer(text):
        items = [_words(match["first"]), _words(match["second"])]
        for pair in _TWO_FIGURES.finditer(text, match.start("figures")):
            yield from ((figure, words) for figure, words in zip(pair.groups(), items, strict=True) if words)


def _words(text: str) -> frozenset[str]:
    """Keys of a label's words; a single letter, such as that of "7B", tells nothing apart."""
    words = (token for token in tokens_of(text) if token not in STOPS and token not in PREPOSITIONS)
    return frozenset(key_of(token) for token in words if len(token) > 1 or token.isdigit()) - {"both"}

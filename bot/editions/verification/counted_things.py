"""Counted things: a number of a text must count what it counts in the source.

"Three models and eight techniques" has both numbers of "eight models and three techniques", and neither at its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.editions.text_analysis.words import word_set
from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of

_SMALL = (
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen",
)  # fmt: skip
_WORDS = {word: str(value) for value, word in enumerate(_SMALL, start=2)}
_REACH = 4
"""Words behind a number among which the counted one stands."""
_END = STOPS | word_set(
    """of in on for with by from and or as at to than per over under across is are was were has have more less fewer
    higher lower faster times percent points x that which using while"""
)
_UNITS = frozenset(
    ("x", "k", "m", "b", "db", "gb", "mb", "ms", "s", "h", "fps", "hz", "min", "hour", "minute", "second")
)
_NO_COUNT = frozenset(("one", "zero"))


class CountedThings:
    """The counted things of a source: keys of the words that follow each number."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._counted: dict[str, list[list[str]]] = {}
        self._numbers: set[str] = set()
        for sentence in source:
            self._numbers |= {number for token in sentence.tokens if (number := _number(token))}
            for number, things in _counted(sentence):
                self._counted.setdefault(number, []).append(things)

    def wrong(self, claim: ComparedSentence) -> Iterator[str]:
        """Numbers that count something else in the source, where another number counts this."""
        for number, things in _counted(claim):
            here = self._counted.get(number, [])
            head = things[-1]
            if any(len(other) >= _REACH for other in here):
                continue  # too many words behind the number to tell which one is counted
            if number not in self._numbers or any(set(things) & set(other) for other in here):
                continue
            others = [other for other, found in self._counted.items() if any(head == words[-1] for words in found)]
            if here and others and number not in others:
                yield f"the number of “{head}…”"


def _counted(sentence: ComparedSentence) -> Iterator[tuple[str, list[str]]]:
    """Whole numbers with the words of what they count, the counted word last."""
    tokens = sentence.tokens
    for at, token in enumerate(tokens):
        number = _number(token)
        if not number or tokens[at - 1 : at] in (("-",), ("to",), ("by",)):
            continue
        things = []
        for following in tokens[at + 1 : at + 1 + _REACH]:
            if following in _END or following in _UNITS or _number(following):
                break
            if carries_meaning(following):
                things.append(key_of(following))
        if things:
            yield number, things


def _number(token: str) -> str:
    """The number that a token is, without the commas of thousands; empty if it is none, or no whole one."""
    if token in _WORDS:
        return _WORDS[token]
    number = token.replace(",", "")
    return number if number.isdigit() and number not in ("0", "1") else ""

"""Places of figures: which figure belongs to what.

In "A gains 5% and B 3%" each figure has the words near it. If the words at two figures of one unit fit those at the
other of the two in the source much better, the figures were exchanged. Of figures that the source gives "respectively"
the order is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of, shared_weight

_REACH = 5
"""Content words on each side that may belong to a figure."""
_BOUNDARY = STOPS - {"(", ")"} | {"and", "while", "whereas", "but", "with", "versus", "vs"}
_MIN_CROSSED = 0.9
"""Least fit of two figures' words with those of the other one."""
_MIN_EITHER = 0.2
"""Least fit of each of the two."""
_MUCH_BETTER = 1.5
"""Factor by which the exchanged figures must fit better than the figures as they are."""
_IN_TURN = "respectively"
_NEIGHBOURS = 5
"""Tokens between two figures that are given "respectively"."""
_FIGURE = re.compile(
    r"""(?<![\w.,–-])(?P<figure>\d+(?:[.,]\d+)*)\s?(?P<unit>%|x\b|×|points?\b|pp\b|per\s?cent\b)?
    (?:(?:\s?[-–/]\s?|,\s\+?|\s(?:to|and)\s(?:just\s|only\s|about\s)?\+?)(?P<end>\d+(?:[.,]\d+)*)\s?(?P<end_unit>%|x\b|×)?)?
    (?![\w-])""",
    re.VERBOSE | re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of a sentence, of a range the first one: the words near each, and its unit."""

    sentence: ComparedSentence
    contexts: dict[str, dict[str, float]]
    units: dict[str, str]


class FigurePlaces:
    """The figures of a source with the words near them."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = [figures for sentence in source if (figures := _read_figures(sentence)).contexts]

    def exchanged(self, sentence: ComparedSentence) -> Iterator[str]:
        """Pairs of figures that the sentence gives to one another's owners, each as the end of a complaint."""
        here = _read_figures(sentence)
        for first, second in combinations(here.contexts, 2):
            if here.units[first] != here.units[second] or not self._has_pair(first, second):
                continue
            same = self._fit(here.contexts[first], first) + self._fit(here.contexts[second], second)
            crossed = self._fit(here.contexts[first], second), self._fit(here.contexts[second], first)
            fits_better = sum(crossed) >= max(_MIN_CROSSED, _MUCH_BETTER * same) and min(crossed) >= _MIN_EITHER
            if fits_better or any(_is_out_of_turn(one.sentence, here.contexts, first, second) for one in self._source):
                yield f"the places of “{first}” and “{second}”"

    def _has_pair(self, first: str, second: str) -> bool:
        """True if the source has both figures, with one unit."""
        units = [{one.units[figure] for one in self._source if figure in one.units} for figure in (first, second)]
        tokens = {token for one in self._source for token in one.sentence.tokens}
        return bool(units[0] & units[1]) or (not all(units) and {first, second} <= tokens)

    def _fit(self, context: dict[str, float], figure: str) -> float:
        fits = (
            shared_weight(context, one.contexts[figure])
            for one in self._source
            if figure in one.contexts and _IN_TURN not in one.sentence.tokens
        )
        return max(fits, default=0.0)


def _read_figures(sentence: ComparedSentence) -> _Figures:
    found = [match for match in _FIGURE.finditer(sentence.text) if match["figure"] in sentence.tokens]
    found = [match for match in found if not _YEAR.fullmatch(match["figure"])]
    units = {match["figure"]: _unit(match["unit"] or match["end_unit"]) for match in found}
    skipped = {*units, *(match["end"] for match in found if match["end"])}
    return _Figures(sentence, {figure: _context(sentence, figure, skipped) for figure in units}, units)


def _unit(typed: str | None) -> str:
    unit = (typed or "").lower().replace(" ", "").rstrip("s")
    return {"percent": "%", "pp": "%", "point": "%", "×": "x"}.get(unit, unit)


def _context(sentence: ComparedSentence, figure: str, figures: set[str]) -> dict[str, float]:
    """The content words near a figure, weighted by nearness, up to another figure or the end of a clause."""
    tokens, near = sentence.tokens, dict[str, float]()
    for start in (at for at, token in enumerate(tokens) if token == figure):
        for step in (1, -1):
            distance, place = 0, start + step
            while 0 <= place < len(tokens) and distance < _REACH and tokens[place] not in _BOUNDARY:
                if tokens[place] in figures and distance:
                    break
                if carries_meaning(tokens[place]) and tokens[place] not in figures:
                    distance += 1
                    near[key_of(tokens[place])] = max(near.get(key_of(tokens[place]), 0.0), 1 / distance)
                place += step
    return near


def _is_out_of_turn(source: ComparedSentence, contexts: dict[str, dict[str, float]], first: str, second: str) -> bool:
    """True if figures that the source gives "respectively" have the words of one another."""
    if _IN_TURN not in source.tokens or not {first, second} <= set(source.tokens):
        return False
    own = [set(contexts[a]) - set(contexts[b]) for a, b in ((first, second), (second, first))]
    places = [[at for at, token in enumerate(source.tokens) if key_of(token) in words] for words in own]
    figures = source.tokens.index(first), source.tokens.index(second)
    if not all(places) or abs(figures[0] - figures[1]) > _NEIGHBOURS:
        return False
    return (min(places[0]) < min(places[1])) != (figures[0] < figures[1])

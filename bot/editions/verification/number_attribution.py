"""Attribution of numbers: which number belongs to what.

In "A gains 5% and B 3%" each figure has the words near it. If the words at two figures of one unit fit those at the
other of the two in the source much better, the figures were exchanged. Of figures that the source gives "respectively"
the order is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, takewhile

from bot.editions.verification.compared_sentence import (
    STOPS,
    ComparedSentence,
    carries_meaning,
    key_of,
    shared_weight,
    tokens_of,
)

_REACH = 5
"""Content words on each side that may belong to a figure."""
_MAX_TOKENS, _MAX_PLACES = 30, 20
"""Tokens on each side, and places of one figure in a sentence, that are looked at."""
_BOUNDARY = STOPS - {"(", ")"} | {"and", "while", "whereas", "but", "with", "versus", "vs"}
_MIN_CROSSED = 0.9
"""Least fit of two figures' words with those of the other one."""
_MIN_EITHER = 0.2
"""Least fit of each of the two."""
_MUCH_BETTER = 1.5
"""Factor by which the exchanged figures must fit better than the figures as they are."""
_DIFFERENCE = re.compile(
    r"""(?<![@\w.])(?P<figures>\d+(?:\.\d+)?(?:%|x|\s?points)?(?:\s?(?:-|–|and|to)\s?\d+(?:\.\d+)?(?:%|x)?)?)\s?,?\s?(?:respectively,?\s)?
    (?:[a-z-]{2,20}\s){0,3}(?:over|than|relative\sto|compared\s(?:to|with)|against|versus)\s
    (?P<rival>[\w-]{1,30}(?:\s[\w-]{1,30}){0,3})""",
    re.VERBOSE,
)
_RIVAL_ENDS = frozenset(("while", "when", "whereas", "but", "and", "with", "by", "on", "in", "across", "for", "under"))
_GENERIC_RIVALS = {
    key_of(word)
    for word in [
        "base",
        "baseline",
        "baselines",
        "method",
        "methods",
        "model",
        "models",
        "approach",
        "approaches",
        "previous",
        "prior",
        "existing",
        "standard",
        "best",
        "state",
        "art",
        "strong",
        "system",
        "systems",
        "current",
        "other",
        "average",
    ]
}
_MIN_COMMON = 2
"""Words that a figure's place and that of another one must share, for a further word to tell them apart."""
_CHANGED_TO = re.compile(
    r"\b(?:reduc|cut|shr[iua]nk|decreas|lower|dropp?|fall|fell)\w{0,4}\s(?:down\s)?to\s(\d+(?:\.\d+)?)\s?%",
    re.IGNORECASE,
)
_IN_TURN = "respectively"
_NEIGHBORS = 8
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

    @property
    def are_listed(self) -> bool:
        """True if figures stand side by side, with no word between them but "and": what they belong to is elsewhere."""
        places = [at for at, token in enumerate(self.sentence.tokens) if token in self.contexts]
        return any(
            not any(carries_meaning(token) for token in self.sentence.tokens[one + 1 : other] if token[0].isalpha())
            for one, other in pairwise(places)
        )


class NumberAttribution:
    """The figures of a source with the words near them."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = [figures for sentence in source if (figures := _read_figures(sentence)).contexts]
        self._rivals: dict[str, list[set[str]]] = {}
        for sentence in source:
            for figure, words in _rivals(sentence.text):
                self._rivals.setdefault(figure, []).append(words)

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

    def misplaced(self, claim: ComparedSentence) -> Iterator[str]:
        """Figures with words that the source has at another figure of the unit, and none that only they have."""
        here = _read_figures(claim)
        for figure, context in here.contexts.items():
            owners = [one for one in self._source if figure in one.contexts]
            if len(owners) != 1 or _IN_TURN in owners[0].sentence.tokens:
                continue
            own = owners[0].contexts[figure]
            for other, words, unit in self._others(figure):
                if not unit or unit != owners[0].units[figure] or other in here.contexts:
                    continue
                common, foreign, proper = (
                    context.keys() & own.keys() & words.keys(),
                    context.keys() & (words.keys() - own.keys()),
                    context.keys() & (own.keys() - words.keys()),
                )
                if len(common) >= _MIN_COMMON and foreign and not proper and self._is_alone(words, other):
                    yield f"the figure “{figure}” in the place of “{other}”"
        yield from self._to_for_by(claim)
        yield from self._against_another(claim)

    def _against_another(self, claim: ComparedSentence) -> Iterator[str]:
        """Differences to another rival than the source has them to."""
        for figure, rival in _rivals(claim.text):
            there = self._rivals.get(figure, [])
            if there and not any(rival & words for words in there):
                yield f"the difference “{figure}” to another rival"

    def _others(self, figure: str) -> Iterator[tuple[str, dict[str, float], str]]:
        for one in self._source:
            yield from ((other, words, one.units[other]) for other, words in one.contexts.items() if other != figure)

    def _is_alone(self, words: dict[str, float], other: str) -> bool:
        """True if only one sentence of the source has the other figure."""
        return bool(words) and sum(other in one.contexts for one in self._source) == 1

    def _to_for_by(self, claim: ComparedSentence) -> Iterator[str]:
        """ "Reduced to 70%" for "reduced by 70%"."""
        for found in _CHANGED_TO.finditer(claim.text):
            share = re.escape(found[1])
            by = re.compile(
                rf"\b(?:by|of|up\sto)\s(?:\w+\s){{0,2}}{share}\s?%|{share}\s?%\s(?:\w+\s){{0,2}}(?:reduc|decreas|less|fewer|lower|saving|cut|drop)",
                re.I,
            )
            if any(by.search(one.sentence.text) for one in self._source) and not any(
                re.search(rf"\bto\s(?:\w+\s){{0,2}}{share}\s?%", re.sub(r"\bup\sto\b", "", one.sentence.text))
                for one in self._source
            ):
                yield f"“to {found[1]}%”"

    def _has_pair(self, first: str, second: str) -> bool:
        """True if the source has both figures, with one unit."""
        units = [{one.units[figure] for one in self._source if figure in one.units} for figure in (first, second)]
        tokens = {token for one in self._source for token in one.sentence.tokens}
        return bool(units[0] & units[1]) or (not all(units) and {first, second} <= tokens)

    def _fit(self, context: dict[str, float], figure: str) -> float:
        fits = (
            shared_weight(context, one.contexts[figure])
            for one in self._source
            if figure in one.contexts and not (_IN_TURN in one.sentence.tokens and one.are_listed)
        )
        return max(fits, default=0.0)


def _rivals(text: str) -> Iterator[tuple[str, set[str]]]:
    """Figures with the words of what they are a difference to: "by 6.4% relative to the closed-book baseline"."""
    for found in _DIFFERENCE.finditer(text):
        rival = takewhile(lambda token: token not in _RIVAL_ENDS, tokens_of(found["rival"]))
        if words := {key_of(token) for token in rival if carries_meaning(token)} - _GENERIC_RIVALS:
            for figure in re.findall(r"\d+(?:\.\d+)?", found["figures"]):
                yield figure, words


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
    for start in islice((at for at, token in enumerate(tokens) if token == figure), _MAX_PLACES):
        for step in (1, -1):
            distance, place = 0, start + step
            end = start + step * _MAX_TOKENS
            while 0 <= place < len(tokens) and place != end and distance < _REACH and tokens[place] not in _BOUNDARY:
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
    listed = _in_a_list(source)
    if all(words & listed for words in own):
        nearness = contexts[first], contexts[second]
        own = [{max(words & listed, key=near.__getitem__)} for words, near in zip(own, nearness, strict=True)]
    places = [[at for at, token in enumerate(source.tokens) if key_of(token) in words] for words in own]
    figures = source.tokens.index(first), source.tokens.index(second)
    if any(len(at) != 1 for at in places) or abs(figures[0] - figures[1]) > _NEIGHBORS:
        return False
    return (min(places[0]) < min(places[1])) != (figures[0] < figures[1])


def _in_a_list(sentence: ComparedSentence) -> set[str]:
    """Keys of the words next to an "and" or a comma: what figures are given to in turn."""
    tokens = sentence.tokens
    return {
        key_of(tokens[place])
        for at, token in enumerate(tokens)
        if token in ("and", ",")
        for place in (at - 1, at + 1)
        if 0 <= place < len(tokens) and carries_meaning(tokens[place]) and not tokens[place][0].isdigit()
    }

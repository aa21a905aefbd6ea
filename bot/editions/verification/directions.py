"""Direction check: a sentence must not say the opposite of the source sentence that it is taken from.

A sentence is compared with the source sentences that share a number, two names or most of its words. Three things are
compared: which words are denied, which comparatives and verbs of change stand at the same words, and whether figures or
compared names changed places while the words around them did not. `benchmarks/directions.py` measures the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import STOP_WORDS, stem
from bot.editions.verification.direction_words import AFFIRMATIONS, COMPARING, DIRECTIONS, NEGATIONS

_TOKEN = re.compile(r"n[’']t\b|[^\W\d_]+(?=n[’']t\b)|\d+(?:[.,]\d+)*|[^\W\d_]+|[,;:.()—–]")
_FIGURE = re.compile(r"(?<![\w.,-])(\d+(?:[.,]\d+)*)(?![\w.-]*\d)\s?(%|x\b|×|points?\b|per ?cent\b)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PASSIVE = re.compile(r"\b\w+ed by\b")
_STOP = frozenset(",;:.()—–")
_CONTEXT = 4
"""Words on each side that belong to a word of direction."""
_SCOPE = 3
"""Words after a negation among which the denied one is looked for."""
_MIN_SHARED = 0.5
"""Share of a sentence's words in a source sentence with the same number or names, from which they are compared."""
_MIN_COPIED = 0.7
"""The same without a common number or names."""
_SHORT = 4
"""Words of a source sentence that says little else than a sentence of two words about it."""
_SIDE = 4
"""Tokens on each side of a word that compares, among which its names are looked for."""
_FROM_TO = re.compile(r"\bfrom\s+(\d+(?:[.,]\d+)*)\s?%?\s+to\s+(\d+(?:[.,]\d+)*)", re.IGNORECASE)
_LOSING = frozenset(("lose", "loses", "lost", "losing", "loss", "losses"))
"""Forms that share no stem: "without loss" and "loses" are about the same."""
_NEAR_BEST = 0.12
"""Source sentences whose share is this much below the best one's are compared too: one that agrees is enough."""
_MIN_IN_ORDER = 0.8
"""Share of the pairs of common words that must be in the same order for changed places to count."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as it is compared."""

    text: str
    tokens: tuple[str, ...]
    """Lower-case words, figures and punctuation marks."""
    words: frozenset[str]
    """Stems of content words and figures, without those that give a direction."""
    anchors: frozenset[str]
    """Figures and names."""
    names: frozenset[str]
    figures: dict[str, str]
    """Figures outside names, years aside, with the unit behind them."""


class DirectionChecker:
    """Compares sentences with one source, which is read once."""

    def __init__(self, source: str) -> None:
        self._source = [_read(sentence.text) for sentence in sentences(plain(source))]

    def contradictions(self, sentence: str) -> tuple[str, ...]:
        """Descriptions of what the sentence turns round, empty if nothing or if no source sentence is close enough."""
        told = _read(plain(sentence))
        found: tuple[str, ...] = ()
        for source in self._closest(told):
            found = tuple(dict.fromkeys(_contradictions(told, source)))
            if not found:
                return ()
        return found

    def _closest(self, told: _Sentence) -> list[_Sentence]:
        if len(told.words) < 3:
            return [source for source in self._source if _has_all_words(told, source) or _is_copied(told, source)]
        shares = [(len(told.words & source.words) / len(told.words), source) for source in self._source]
        best = max((share for share, _ in shares), default=0.0)
        return [
            source
            for share, source in shares
            if share >= best - _NEAR_BEST and share >= (_MIN_SHARED if _has_anchor(told, source) else _MIN_COPIED)
        ]


def _read(text: str) -> _Sentence:
    found = list(_TOKEN.finditer(text))
    tokens = tuple(match.group().lower().replace("’", "'") for match in found)
    names = frozenset(
        match.group().lower()
        for match in found
        if match.group()[0].isalpha() and (not match.group().islower()) and match.start() and len(match.group()) > 1
    )
    return _Sentence(
        text,
        tokens,
        frozenset(_key(token) for token in tokens if _carries_meaning(token)),
        names | {token for token in tokens if token[0].isdigit()},
        names,
        {match[1]: match[2] or "" for match in _FIGURE.finditer(text) if not _YEAR.fullmatch(match[1])},
    )


def _has_anchor(told: _Sentence, source: _Sentence) -> bool:
    shared = told.anchors & source.anchors
    return len(shared) > 1 or any(anchor[0].isdigit() for anchor in shared)


def _has_all_words(told: _Sentence, source: _Sentence) -> bool:
    """Return True if a sentence of two words is about a source sentence: it has both, and a name or little else."""
    if len(told.words) != 2 or not told.words <= source.words:
        return False
    return bool(told.words & _name_keys(source)) or len(source.words) <= _SHORT


def _is_copied(told: _Sentence, source: _Sentence) -> bool:
    """Return True if a sentence with few other words has those and most of its directions from a source sentence."""
    here, there = _meaning(told), _meaning(source)
    return len(here) > 2 and told.words <= source.words and len(here & there) >= _MIN_COPIED * len(here)


def _meaning(sentence: _Sentence) -> set[str]:
    """Stems of content words and directions."""
    return {_key(token) for token in sentence.tokens if _carries_meaning(token) or token in DIRECTIONS}


def _key(token: str) -> str:
    if token in _LOSING:
        return "loss"
    return token if token[0].isdigit() else stem(token.removesuffix("s") if len(token) > 3 else token)


def _carries_meaning(token: str) -> bool:
    return (
        token not in _STOP and token not in STOP_WORDS and token not in NEGATIONS and token not in DIRECTIONS
    ) and len(token) > 1 - token.isdigit()


def _contradictions(told: _Sentence, source: _Sentence) -> Iterator[str]:
    here, there = _denied(told), _denied(source)
    if len(here) != len(there):  # "does not need labels" and "needs no labels" deny different words
        shared = _stems(told) & _stems(source)
        yield from (f"the negation of “{word}…”" for word in sorted((here ^ there) & shared))
    elif here != there:  # the same number of denials, of other names
        names = _name_keys(told) & _name_keys(source)
        turned = (here - there) & _DIRECTION_STEMS & _stems(source) if not (there - here) & _stems(told) else set()
        yield from (f"the negation of “{word}…”" for word in sorted((here ^ there) & names | turned))
    yield from _opposites(told, source)
    yield from _changed_places(told, source)
    yield from _exchanged_sides(told, source)


def _stems(sentence: _Sentence) -> set[str]:
    return {_key(token) for token in sentence.tokens if token not in _STOP}


def _denied(sentence: _Sentence) -> set[str]:
    """Stems of the first content word after each negation."""
    denied = set()
    tokens = sentence.tokens
    for at, token in enumerate(tokens):
        if token not in NEGATIONS or (tokens[at + 1 : at + 2] and tokens[at + 1] in AFFIRMATIONS):
            continue
        for following in tokens[at + 1 : at + 1 + _SCOPE]:
            if following in _STOP:
                break
            if (following not in STOP_WORDS and following not in NEGATIONS) or following in DIRECTIONS:
                denied.add(_key(following))
                break
    return denied


def _opposites(told: _Sentence, source: _Sentence) -> Iterator[str]:
    """Words of direction whose opposite stands at the same words in the source."""
    there = list(_directions(source))
    for word, dimension, sign, context in _directions(told):
        if word in source.tokens and source.tokens.count(word) >= told.tokens.count(word):
            continue
        same = max((_weight(context, c) for _, d, s, c in there if d == dimension and s == sign), default=0.0)
        opposite = max((_weight(context, c) for _, d, s, c in there if d == dimension and s != sign), default=0.0)
        if opposite > same:
            yield f"“{word}”"


def _directions(sentence: _Sentence) -> Iterator[tuple[str, str, int, dict[str, float]]]:
    """Each word of direction with its dimension, sign, and the words near it, weighted by nearness."""
    for at, token in enumerate(sentence.tokens):
        if token in DIRECTIONS:
            yield token, *DIRECTIONS[token], _context(sentence.tokens, at)


def _context(tokens: Sequence[str], at: int) -> dict[str, float]:
    near: dict[str, float] = {}
    for step in (1, -1):
        distance, place = 0, at + step
        while 0 <= place < len(tokens) and distance < _CONTEXT:
            if _carries_meaning(tokens[place]):
                distance += 1
                key = _key(tokens[place])
                near[key] = max(near.get(key, 0.0), 1 / distance)
            place += step
    return near


def _weight(first: dict[str, float], second: dict[str, float]) -> float:
    return sum(min(weight, second[word]) for word, weight in first.items() if word in second)


def _changed_places(told: _Sentence, source: _Sentence) -> Iterator[str]:
    """Pairs of figures, or of names that are compared, whose order changed while that of the other words did not."""
    here, there = _places(told), _places(source)
    common = [word for word in here if word in there]
    pairs = [(a, b) for a, b in combinations(common, 2) if (here[a] < here[b]) != (there[a] < there[b])]
    figures = {word for word in common if word in told.figures and word in source.figures}
    names = {word for word in common if word in _name_keys(told) | _name_keys(source)}
    passive = bool(_PASSIVE.search(told.text)) != bool(_PASSIVE.search(source.text))
    for first, second in pairs:
        both_figures = first in figures and second in figures and _same_unit(told, first, second)
        compared = first in names and second in names and not passive and _is_compared(told, here[first], here[second])
        if not (both_figures or compared):
            continue
        others = [word for word in common if word not in (first, second) and word not in figures]
        rest = list(combinations(others, 2))
        in_order = sum((here[a] < here[b]) == (there[a] < there[b]) for a, b in rest)
        if len(others) >= 3 and in_order >= _MIN_IN_ORDER * len(rest):
            yield f"the places of “{first}” and “{second}”"


def _exchanged_sides(told: _Sentence, source: _Sentence) -> Iterator[str]:
    """Two names on the other sides of the same comparison, and "from 2 to 1" for "from 1 to 2"."""
    if not _PASSIVE.search(told.text) and not _PASSIVE.search(source.text):
        names = _name_keys(told) | _name_keys(source)  # a first word is one too, if it is one in the other sentence
        there = set(_sides(source, names))
        yield from (
            f"the places of “{first}” and “{second}”"
            for first, word, second in _sides(told, names)
            if (second, word, first) in there and (first, word, second) not in there
        )
    spans = {(found[1], found[2]) for found in _FROM_TO.finditer(source.text)}
    for found in _FROM_TO.finditer(told.text):
        if (found[2], found[1]) in spans and (found[1], found[2]) not in spans:
            yield f"the places of “{found[1]}” and “{found[2]}”"


def _sides(sentence: _Sentence, names: set[str]) -> Iterator[tuple[str, tuple[str, int], str]]:
    """Each word that compares two names, with the last name before it and the first behind it, in one clause."""
    for at, token in enumerate(sentence.tokens):
        if token not in COMPARING or token not in DIRECTIONS:
            continue
        before = [_key(t) for t in sentence.tokens[max(0, at - _SIDE) : at] if _key(t) in names]
        behind = [_key(t) for t in sentence.tokens[at + 1 : at + 1 + _SIDE] if _key(t) in names]
        if before and behind and before[-1] != behind[0]:
            yield before[-1], DIRECTIONS[token], behind[0]


def _same_unit(sentence: _Sentence, first: str, second: str) -> bool:
    units = [sentence.figures[word].lower().replace(" ", "").rstrip("s") for word in (first, second)]
    units = ["%" if unit == "percent" else unit for unit in units]
    return units[0] == units[1] or "" in units


def _name_keys(sentence: _Sentence) -> set[str]:
    return {_key(name) for name in sentence.names}


def _is_compared(sentence: _Sentence, first: int, second: int) -> bool:
    start, end = sorted((first, second))
    return any(token in COMPARING for token in sentence.tokens[start:end])


def _places(sentence: _Sentence) -> dict[str, int]:
    """Places of the words and figures that occur once."""
    keys = [_key(token) if _carries_meaning(token) else "" for token in sentence.tokens]
    return {key: at for at, key in enumerate(keys) if key and keys.count(key) == 1}


_DIRECTION_STEMS = {_key(word) for word in DIRECTIONS}

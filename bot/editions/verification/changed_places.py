"""Changed places: figures, names and parts of a sentence that exchanged their places while the rest kept its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice, takewhile

from bot.editions.text_analysis.words import STOP_WORDS
from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of
from bot.editions.verification.direction_words import COMPARING, DIRECTIONS, LIGHT_WORDS

PASSIVE = re.compile(r"\b\w+(?:ed|en|wn) by\b")
_SIDE = 4
"""Tokens on each side of a word that compares, among which its names are looked for."""
_FROM_TO = re.compile(r"\bfrom\s+(\d+(?:[.,]\d+)*)\s?%?\s+to\s+(\d+(?:[.,]\d+)*)", re.IGNORECASE)
_CHOICE = re.compile(r"(\w+)\s+(?:rather than|instead of)\s+(?:the\s|an?\s)?(\w+)")
_MIN_IN_ORDER = 0.8
"""Share of the pairs of common words that must be in the same order for changed places to count."""
_MIN_COPIED = 0.75
"""Share of the sentence's words in the source sentence from which any two words are compared."""
_NO_OBJECT = frozenset((
    "and", "or", ",", "by", "of", "for", "in", "with", "on", "at", "from", "than", "as", "to", "between", ";", ":",
    "(", ".", ")",
))  # fmt: skip
"""Tokens between a verb and the next content word that show that this is not its object."""
_VERB_FOLLOWS = frozenset(("to", "can", "could", "will", "may", "must", "should", "would"))
_OBJECT_FOLLOWS = frozenset(("the", "a", "an", "its", "their", "all", "each", "this", "these", "other"))
_BESIDE = 2
"""Content words on each side of a figure that are its own."""
_PLACES = frozenset(("on", "in", "for", "at", "of"))
"""Prepositions before what something is measured on: that is no side of a comparison."""
_MIN_COMMON = 5
"""Words that both must have for two of them to be said to have exchanged their places."""
_BEFORE = 4
"""Content words before another among which its doer is looked for."""
_LISTED = frozenset(("and", "or", ",", "both", "as", "well", "plus"))


def changed_places(claim: ComparedSentence, source: ComparedSentence) -> Iterator[str]:
    """Pairs of figures or words whose order changed while that of the other words did not."""
    here, there = _places(claim, _undirected), _places(source, _undirected)
    common = [word for word in here if word in there]
    pairs = [(a, b) for a, b in combinations(common, 2) if (here[a] < here[b]) != (there[a] < there[b])]
    figures = {word for word in common if word in claim.figures and word in source.figures}
    names = {word for word in common if word in claim.name_keys | source.name_keys}
    passive = bool(PASSIVE.search(claim.text)) != bool(PASSIVE.search(source.text))
    for first, second in pairs:
        both_figures = first in figures and second in figures and _same_unit(claim, first, second)
        compared = first in names and second in names and not passive and _is_compared(claim, here[first], here[second])
        if both_figures and _stay_put(claim, source, first, second):
            continue
        if both_figures or compared:
            others = [word for word in common if word not in (first, second) and word not in figures]
            rest = list(combinations(others, 2))
            in_order = sum((here[a] < here[b]) == (there[a] < there[b]) for a, b in rest)
            if len(others) >= 3 and in_order >= _MIN_IN_ORDER * len(rest):
                yield f"the places of “{first}” and “{second}”"
    if not passive and len(claim.words & source.words) >= _MIN_COPIED * len(claim.words):
        yield from _exchanged_words(claim, source)
        yield from _exchanged_objects(claim, source)


def _stay_put(claim: ComparedSentence, source: ComparedSentence, first: str, second: str) -> bool:
    """True if both figures have words of their own beside them that they have in the source, and none of the other's:
    the parts of the sentence changed places with their figures.
    """
    here, there = ([_beside(one, figure) for figure in (first, second)] for one in (claim, source))
    return all(here[at] & there[at] and not here[at] & there[1 - at] for at in (0, 1))


def _beside(sentence: ComparedSentence, figure: str) -> set[str]:
    """Keys of the nearest content words on each side of a figure, up to another figure."""
    tokens, found = sentence.tokens, set[str]()
    at = tokens.index(figure)
    for side in (reversed(tokens[:at]), iter(tokens[at + 1 :])):
        words = takewhile(lambda token: not token[0].isdigit() and token not in STOPS, side)
        found |= {key_of(token) for token in islice(filter(carries_meaning, words), _BESIDE)}
    return found


def _exchanged_words(claim: ComparedSentence, source: ComparedSentence) -> Iterator[str]:
    """Two words that exchanged their places, all others in their order."""
    here, there = _places(claim, _any_word), _places(source, _any_word)
    common = sorted((word for word in here if word in there), key=here.__getitem__)
    changed = {(a, b) for a, b in combinations(common, 2) if there[a] > there[b]}
    if len(common) < _MIN_COMMON or not changed:
        return
    first = min((a for a, _ in changed), key=here.__getitem__)
    second = max((b for _, b in changed), key=here.__getitem__)
    between = common[common.index(first) + 1 : common.index(second)]
    if changed != {(first, second), *((first, word) for word in between), *((word, second) for word in between)}:
        return
    if first[0].isdigit() or second[0].isdigit() or ";" in source.tokens[there[second] : there[first]]:
        return
    if not all(_same_form(claim, source, word) for word in (first, second)):
        return
    if not (_near(claim, first) & _near(source, second) and _near(claim, second) & _near(source, first)):
        return
    if not _is_listed(claim, here, first, second) and not _is_listed(source, there, first, second):
        yield f"the places of “{first}…” and “{second}…”"


def _same_form(claim: ComparedSentence, source: ComparedSentence, word: str) -> bool:
    """True if both have a word in one form, plurals aside; "moderately differ" may stand in another order."""
    forms = [{t.removesuffix("s") for t in one.tokens if key_of(t) == word} for one in (claim, source)]
    return bool(forms[0] & forms[1])


def exchanged_choice(claim: ComparedSentence, source: ComparedSentence) -> Iterator[str]:
    """ "A rather than B" for "B rather than A"."""
    there = {(key_of(found[1].lower()), key_of(found[2].lower())) for found in _CHOICE.finditer(source.text)}
    for found in _CHOICE.finditer(claim.text):
        chosen, left = key_of(found[1].lower()), key_of(found[2].lower())
        if (left, chosen) in there and (chosen, left) not in there:
            yield f"the places of “{found[1]}” and “{found[2]}”"


def _near(sentence: ComparedSentence, word: str) -> set[str]:
    """The words next to a word, before and behind it."""
    keys = [key_of(token) for token in sentence.tokens if _any_word(token)]
    return {
        keys[place]
        for at, key in enumerate(keys)
        if key == word
        for place in (at - 1, at + 1)
        if 0 <= place < len(keys)
    }


def _exchanged_objects(claim: ComparedSentence, source: ComparedSentence) -> Iterator[str]:
    """The doer and what is done to it, on the other sides of the same word: "A cheats B" for "B cheats A"."""
    there = list(_neighbors(source))
    for word, before, behind in _neighbors(claim):
        places = [(left, right) for other, left, right in there if other == word]
        if not places or behind in before:
            continue
        if all(behind in left and right in before and right not in left for left, right in places):
            yield f"the sides of “{word}…”"


def _neighbors(sentence: ComparedSentence) -> Iterator[tuple[str, list[str], str]]:
    """Each content word with the nearest ones before it and the first one behind it, if nothing lists them."""
    tokens = sentence.tokens
    keys = [key_of(token) if carries_meaning(token) and not token[0].isdigit() else "" for token in tokens]
    for at, key in enumerate(keys):
        behind = next((place for place in range(at + 1, len(keys)) if keys[place]), None)
        if not key or behind is None or not _is_verb(tokens, at) or _NO_OBJECT & set(tokens[at:behind]):
            continue
        before = [other for other in keys[:at] if other][-_BEFORE:]
        yield key, before, keys[behind]


def exchanged_sides(claim: ComparedSentence, source: ComparedSentence) -> Iterator[str]:
    """Two names on the other sides of the same comparison, and "from 2 to 1" for "from 1 to 2"."""
    if not PASSIVE.search(claim.text) and not PASSIVE.search(source.text):
        names = claim.name_keys | source.name_keys  # a first word is one too, if it is one in the other sentence
        there = set(_sides(source, names))
        yield from (
            f"the places of “{first}” and “{second}”"
            for first, word, second in _sides(claim, names)
            if (second, word, first) in there and (first, word, second) not in there
        )
    spans = {(found[1], found[2]) for found in _FROM_TO.finditer(source.text)}
    for found in _FROM_TO.finditer(claim.text):
        if (found[2], found[1]) in spans and (found[1], found[2]) not in spans:
            yield f"the places of “{found[1]}” and “{found[2]}”"


def _sides(sentence: ComparedSentence, names: set[str]) -> Iterator[tuple[str, tuple[tuple[str, int], ...], str]]:
    """Each word that compares two names, with the last name before it and the first behind it, in one clause."""
    for at, token in enumerate(sentence.tokens):
        if token not in COMPARING or token not in DIRECTIONS:
            continue
        before = [key_of(t) for t in sentence.tokens[max(0, at - _SIDE) : at] if key_of(t) in names]
        behind = [key_of(t) for t in sentence.tokens[at + 1 : at + 1 + _SIDE] if key_of(t) in names]
        if before and behind and before[-1] != behind[0]:
            yield before[-1], DIRECTIONS[token], behind[0]


def _same_unit(sentence: ComparedSentence, first: str, second: str) -> bool:
    units = [sentence.figures[word].lower().replace(" ", "").rstrip("s") for word in (first, second)]
    units = ["%" if unit == "percent" else unit for unit in units]
    return units[0] == units[1] or "" in units


def _is_compared(sentence: ComparedSentence, first: int, second: int) -> bool:
    start, end = sorted((first, second))
    if sentence.tokens[end - 1] in _PLACES:
        return False
    return any(token in COMPARING for token in sentence.tokens[start:end])


def _is_listed(sentence: ComparedSentence, places: dict[str, int], first: str, second: str) -> bool:
    """True if the two are neighbors in a list: their order means nothing."""
    start, end = sorted((places[first], places[second]))
    between = sentence.tokens[start + 1 : end]
    return not any(carries_meaning(token) for token in between) and any(token in _LISTED for token in between)


def _undirected(token: str) -> bool:
    """True for words that `carries_meaning` counts, and those that any sentence may have."""
    return carries_meaning(token) or token in LIGHT_WORDS


def _is_verb(tokens: Sequence[str], at: int) -> bool:
    """True for a word that has the form of a verb with an object, or stands behind "to" or "can"."""
    token, before, behind = tokens[at], tokens[max(0, at - 1)], tokens[at + 1 : at + 2]
    if before in _VERB_FOLLOWS:
        return True
    return token.endswith(("s", "ed", "ing")) and bool(_OBJECT_FOLLOWS & set(behind))


def _any_word(token: str) -> bool:
    """True for content words, with those that any sentence may have, and for words of direction."""
    return token not in STOPS and token not in STOP_WORDS and len(token) > 1


def _places(sentence: ComparedSentence, counts: Callable[[str], bool] = carries_meaning) -> dict[str, int]:
    """Places of the words and figures that occur once."""
    keys = [key_of(token) if counts(token) else "" for token in sentence.tokens]
    return {key: at for at, key in enumerate(keys) if key and keys.count(key) == 1}

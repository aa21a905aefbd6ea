"""Comparisons of a text: who is ahead of whom, in what. A sentence may not put the one who is behind ahead.

"A outperforms B", "A is more accurate than B", "B is outperformed by A" and "A, 5% faster than B" are read as a side
ahead, a side behind, and the kinds of the comparison. A side that only points back ("it", "our method") or is left out
fits any name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of, tokens_of
from bot.editions.verification.direction_words import COMPARATIVES, DIRECTIONS, LIGHT_WORDS, NEGATIONS
from bot.editions.verification.own_method import OWN


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_AHEAD = _words(
    """outperform outperforms outperformed outperforming surpass surpasses surpassed surpassing exceed exceeds exceeded
    exceeding beat beats beating beaten dominate dominates"""
)
_POINTERS = frozenset(
    map(
        key_of,
        _words("""model models method methods approach system framework technique algorithm work paradigm"""),
    )
)
"""Words of a side that only points back, with or without "our" and "this"."""
_BEHIND = _words("underperform underperforms underperformed underperforming trail trails trailing lag lags lagging")
_NO_SIDE = LIGHT_WORDS | _words("match matches matching rival rivals both each most many much several")
_LACKING = _words("lack lacks lacking")
_THAN = frozenset(("than",))
_COMPARED, _COMPARED_WITH = frozenset(("compared", "relative")), (("to",), ("with",))
_GAINS = frozenset(("improves", "improve", "improved", "improvement", "superior", "best"))
_POINTS_UP = frozenset(
    map(key_of, _words("efficient efficiency reliable robust effective stable scalable general capable precise"))
)
"""Properties that are good to have more of, beside quality itself."""
_SIZES = _words("smaller larger bigger longer shorter")
"""Comparatives that say nothing of a rank by themselves."""
_LEFT_ENDS = STOPS | _words("while whereas but although though when if that which who where because since so")
_RELATIVE = _words("which that who")
_BEFORE_NOUNS = _words("for with by to from as")
"""Prepositions before a noun that a relative clause is about."""
_ADVERBS = 2
"""Tokens between "which" and its verb."""
_RIGHT_ENDS = STOPS | _words(
    "by on in at with while whereas but when across for under over using despite although than because from without"
)
_GENERIC = frozenset(
    map(
        key_of,
        _words(
            """model models method methods approach approaches system systems technique techniques baseline baselines
            framework algorithm algorithms strong existing previous prior recent standard state art counterpart
            counterparts ones other average work comparable paradigm"""
        ),
    )
)
"""Words that many sides have: they tell little about which one is meant."""
_RIVALS = frozenset(
    map(
        key_of,
        _words(
            """rival rivals competitor competitors alternative alternatives predecessor predecessors contender
            others open earlier larger bigger smaller traditional conventional classical classic common usual
            typical popular leading today current static naive plain simple size many several generalist
            specialist variants version versions"""
        ),
    )
)
"""Words for what a method is compared with that name nothing."""
_GENERIC_WEIGHT = 0.25
_QUALITY = frozenset(
    map(
        key_of,
        _words(
            """accuracy accurate performance quality score generalization recall precision better superior robust
            performs results"""
        ),
    )
)
"""Words that make "more accurate" and "higher performance" the same kind as "outperforms"."""
_REACH = 8
"""Tokens before "than" among which the word that compares is looked for."""
_FITS, _LEAST, _MARGIN = 0.5, 0.35, 0.4
"""Least fit of the one side and of the other, and how much better the sides must fit exchanged than as they are."""
_POINTS_BACK = 0.5
"""Fit of a side that only points back with one that has a name."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: content words of both sides, and the kinds that the one is ahead in."""

    ahead: frozenset[str]
    behind: frozenset[str]
    kinds: frozenset[str]


_OWN = frozenset((key_of(tokens_of(OWN)[0]),))
_GOOD = frozenset(("quality", "speed", "force", "trust"))
"""Kinds of comparisons in which a paper's own method is ahead, if anything is said."""


class ComparisonChecker:
    """The comparisons of a source."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = [found for sentence in source for found in comparisons(sentence)]
        self._stems = frozenset().union(*(sentence.stems for sentence in source))

    def contradictions(self, claim: ComparedSentence) -> Iterator[str]:
        """Sides that the sentence compares the other way round than the source, unless that has it both ways."""
        for one in comparisons(claim):
            fits = [_fit_both_ways(one, other) for other in self._source if one.kinds & other.kinds]
            if any(straight >= crossed for straight, crossed in fits if max(straight, crossed) >= 2 * _LEAST):
                continue
            if any(crossed - straight >= _MARGIN for straight, crossed in fits):
                yield f"the sides of the comparison “{' '.join(sorted(one.ahead))}”"

    def own_behind(self, claim: ComparedSentence) -> Iterator[str]:
        """Claims that the paper's own method is behind, unless the source has it behind anything."""
        for one in comparisons(claim):
            if not one.ahead or not one.kinds & _GOOD or not self._is_own(one.behind) or self._is_own(one.ahead):
                continue
            if not any(other.behind & _OWN and other.kinds & one.kinds for other in self._source):
                yield f"the paper's own method behind “{' '.join(sorted(one.ahead))}”"

    def unknown_side(self, claim: ComparedSentence) -> Iterator[str]:
        """Rivals of which the source has no word."""
        for one in comparisons(claim):
            if not self._is_own(one.ahead) and not self._is_own(one.behind):
                continue
            for side in (one.ahead, one.behind):
                named = side - _GENERIC - _RIVALS
                if named & claim.name_keys or "non" in named:
                    continue  # names are looked up by themselves
                if named and side == named and not self._is_own(side) and not named & self._stems:
                    yield f"the comparison with “{' '.join(sorted(named))}”"

    def _is_own(self, side: frozenset[str]) -> bool:
        return bool(side & _OWN) or (bool(side) and side <= _POINTERS - {"model"})

    def _agrees_alone(self, claim: ComparedSentence) -> bool:
        return any(
            (subject - _GENERIC) & ((other.ahead if ahead else other.behind) - (other.behind if ahead else other.ahead))
            for subject, ahead in _subjects(claim)
            for other in self._source
            if other.kinds & _GOOD
        )

    def agree(self, claim: ComparedSentence) -> bool:
        """True if the source has a comparison with the same sides ahead and behind."""
        return self._agrees_alone(claim) or any(
            (one.ahead & other.ahead | one.behind & other.behind) - _GENERIC
            and one.kinds & other.kinds
            and (fits := _fit_both_ways(one, other))[0] > fits[1]
            for one in comparisons(claim)
            for other in self._source
        )


def _subjects(sentence: ComparedSentence) -> Iterator[tuple[frozenset[str], bool]]:
    """Subjects of comparatives without a second side, with True if they are ahead: "linear models do worse"."""
    if _THAN.isdisjoint(sentence.tokens):
        for at, token in enumerate(sentence.tokens):
            if token in COMPARATIVES:
                yield _left(sentence.tokens, at), DIRECTIONS[token][0][1] > 0


def comparisons(sentence: ComparedSentence) -> Iterator[Comparison]:
    """The comparisons of a sentence."""
    tokens = sentence.tokens
    for at, token in enumerate(tokens):
        if token in _AHEAD or token in _BEHIND:
            if any(before in NEGATIONS for before in tokens[max(0, at - 3) : at]):
                continue
            passive = tokens[at + 1 : at + 2] == ("by",)
            start = at + 2 if passive or tokens[at + 1 : at + 2] == ("behind",) else at + 1
            left, right = _left(tokens, at), _right(tokens, start)
            yield from _comparison(left, right, (token in _AHEAD) != passive, frozenset(("quality",)))
        elif token in _LACKING and "of" in tokens[at + 1 : at + 5]:
            of = tokens.index("of", at + 1)
            kinds = _kinds(("more",), {key_of(t) for t in tokens[at + 1 : of] if carries_meaning(t)})
            yield from _comparison(_left(tokens, at), _right(tokens, of + 1), False, kinds)
        elif (
            token in _COMPARED
            and tokens[at + 1 : at + 2] in _COMPARED_WITH
            and tokens[at + 2 : at + 3]
            and tokens[at + 2] in _SIZES
        ):  # "compared to larger models like B": B is larger
            larger = DIRECTIONS[tokens[at + 2]][0][1] > 0
            kinds = _kinds((tokens[at + 2],), frozenset())
            yield from _comparison(_left(tokens, at), _right(tokens, at + 3), not larger, kinds)
        elif token in _COMPARED and tokens[at + 1 : at + 2] in _COMPARED_WITH:
            yield from _with_than(tokens, at, at + 2)
        elif token in _THAN and tokens[at - 1] not in ("rather", "other") and not _is_number(tokens[at + 1 : at + 2]):
            yield from _with_than(tokens, at, at + 1)


def _with_than(tokens: Sequence[str], at: int, behind: int) -> Iterator[Comparison]:
    for place in range(at - 1, max(-1, at - _REACH), -1):
        if tokens[place] in STOPS:
            return
        if tokens[place] not in COMPARATIVES and not (behind > at + 1 and tokens[place] in _GAINS):
            continue
        found = DIRECTIONS[tokens[place]]
        if any(before in NEGATIONS for before in tokens[max(0, place - 3) : place]):
            return
        between = {key_of(t) for t in tokens[place + 1 : at] if carries_meaning(t)}
        left = _left(tokens, place)
        kinds = _kinds((tokens[place],), between or left & _QUALITY)
        yield from _comparison(left, _right(tokens, behind), found[0][1] > 0, kinds)
        return


def _kinds(words: Sequence[str], measured: set[str] | frozenset[str]) -> frozenset[str]:
    """The kinds of a comparison: its dimensions; of amounts what there is more of, and quality if that is good."""
    found = {dimension for word in words for dimension, _ in DIRECTIONS.get(word, (("amount", 1),))}
    if not measured and _SIZES.issuperset(words):
        return frozenset(("size",))
    if found & {"amount", "trust"}:
        found -= {"amount"}
        found |= (
            {"quality"}
            if measured & (_QUALITY | _POINTS_UP) or not measured
            else {f"amount of {word}" for word in measured}
        )
    return frozenset(found)


def _comparison(
    left: frozenset[str], right: frozenset[str], left_ahead: bool, kinds: frozenset[str]
) -> Iterator[Comparison]:
    if right - left:
        ahead, behind = (left - right, right - left) if left_ahead else (right - left, left - right)
        yield Comparison(ahead, behind, kinds)


def _is_number(tokens: Sequence[str]) -> bool:
    return bool(tokens) and (tokens[0][0].isdigit() or tokens[0] in ("half", "one", "twice"))


def _left(tokens: Sequence[str], at: int) -> frozenset[str]:
    """Words of the subject of a comparison; none if that is the subject of an earlier one."""
    side: list[str] = []
    is_relative = False
    for token in reversed(tokens[:at]):
        if token in ("it", "they") or token in _THAN or token in _AHEAD or token in _BEHIND:
            return frozenset()
        if token in _RELATIVE and len(side) <= _ADVERBS:  # what it relates to is before it
            is_relative = True
            continue
        if token in _LEFT_ENDS or (is_relative and side and token in _BEFORE_NOUNS):
            break
        side.append(token)
    return _side(side)


def _right(tokens: Sequence[str], at: int) -> frozenset[str]:
    side = []
    for token in tokens[at:]:
        if token in _RIGHT_ENDS:
            break
        side.append(token)
    return _side(side)


def _side(tokens: Sequence[str]) -> frozenset[str]:
    return frozenset(
        key_of(token)
        for token in tokens
        if carries_meaning(token) and not token.endswith("ly") and not (token[0].isdigit()) and token not in _NO_SIDE
    )


def _fit_both_ways(one: Comparison, other: Comparison) -> tuple[float, float]:
    straight = _fit(one.ahead, other.ahead), _fit(one.behind, other.behind)
    crossed = _fit(one.ahead, other.behind), _fit(one.behind, other.ahead)
    meets = (one.ahead & other.behind | one.behind & other.ahead) - _GENERIC
    return _sum(straight), _sum(crossed) if meets else 0.0


def _sum(fits: tuple[float, float]) -> float:
    return sum(fits) if max(fits) >= _FITS and min(fits) >= _LEAST else 0.0


def _fit(claim: frozenset[str], source: frozenset[str]) -> float:
    """Share of the smaller side's words that both have; generic ones count less."""
    if source <= _POINTERS or claim <= _POINTERS:
        return _POINTS_BACK
    smaller = min(_weigh(claim), _weigh(source))
    return _weigh(claim & source) / smaller if smaller else 0.0


def _weigh(side: frozenset[str]) -> float:
    return sum(_GENERIC_WEIGHT if word in _GENERIC else 1.0 for word in side)

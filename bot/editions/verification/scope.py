"""Scope: "alone", "only", "all" and "every" must not narrow or widen what the source says.

A part of a list is not the whole of it ("for mathematics alone" where the source names three fields), and "every" is
not "many".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.editions.text_analysis.words import word_set
from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of

_EXCLUSIVE_BEHIND = frozenset(("alone", "only", "exclusively", "solely"))
_EXCLUSIVE_BEFORE = frozenset(("only", "solely", "exclusively", "just", "nothing"))
_EXCLUSIVE = _EXCLUSIVE_BEHIND | _EXCLUSIVE_BEFORE | frozenset(("single", "pure", "purely", "entirely", "merely"))
_LIMITED = _EXCLUSIVE | {"cannot"}
"""Words of a source that may leave a part as the whole."""
_LISTS = frozenset(("and", "or", "both", ","))
_PREPOSITIONS = frozenset(("for", "on", "in", "by", "with", "from", "to", "at", "of", "under", "using"))
_ALL = frozenset(("all", "every", "always", "entirely", "each", "completely", "fully", "invariably", "any"))
_SOME = word_set(
    """many most several some often usually typically mostly generally frequently sometimes majority nearly almost
    largely partially partly may can"""
)
_SET_ASIDE, _SET_ASIDE_REACH = frozenset(("than", "compared", "instead", "unlike", "not", "over", "versus")), 6
"""Words before an exclusive one that set it aside, and the tokens among which they are looked for."""
_REACH = 4
_ONE = frozenset(("one",))
_SHORT = 4
"""Words of a sentence that says nothing but the part and whose it is."""


class ScopeChecker:
    """The lists and quantities of a source."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = source

    def changed(self, claim: ComparedSentence) -> Iterator[str]:
        """Narrowed lists and widened quantities."""
        yield from self._narrowed(claim)
        yield from self._widened(claim)
        yield from self._one_for_all(claim)

    def _narrowed(self, claim: ComparedSentence) -> Iterator[str]:
        for word, part in _exclusive_parts(claim):
            fits = [sentence for sentence in self._source if part <= sentence.stems]
            if (
                fits
                and not any(_LIMITED & set(sentence.tokens) for sentence in fits)
                and any(
                    _is_listed(sentence, part)
                    and (len(claim.words) <= _SHORT or len(claim.words & sentence.words) > len(part))
                    for sentence in fits
                )
            ):
                yield f"“{word}”"

    def _one_for_all(self, claim: ComparedSentence) -> Iterator[str]:
        """ "One type only" for "all types"."""
        for at, token in enumerate(claim.tokens):
            if token not in _ONE or not {"only", "just", "alone"} & set(claim.tokens):
                continue
            head = _following(claim.tokens, at)[:1]
            if any(
                word in _ALL
                and _following(s.tokens, place)[:1] == head
                and len(claim.words & s.words) >= len(claim.words) / 2
                for s in self._source
                for place, word in enumerate(s.tokens)
                if head
            ):
                yield f"“{token}”"

    def _widened(self, claim: ComparedSentence) -> Iterator[str]:
        for at, token in enumerate(claim.tokens):
            if token not in ("every", "all", "always"):
                continue
            if claim.tokens[at - 1 : at] in (
                ("not",),
                ("nearly",),
                ("almost",),
                ("of",),
                ("for",),
                ("in",),
                ("across",),
                ("on",),
            ):
                continue
            head = _following(claim.tokens, at)
            fits = [s for s in self._source if head and head[-1] in s.stems and len(claim.words & s.words) >= 2]
            if (
                fits
                and not any(_ALL & set(s.tokens) for s in fits)
                and any(
                    some in _SOME and set(_following(s.tokens, place)) & set(head)
                    for s in fits
                    for place, some in enumerate(s.tokens)
                )
            ):
                yield f"“{token}”"


def _exclusive_parts(claim: ComparedSentence) -> Iterator[tuple[str, frozenset[str]]]:
    """Each "alone" and "only" with the words of what it leaves as the whole."""
    tokens = claim.tokens
    for at, token in enumerate(tokens):
        ends = at + 1 == len(tokens) or tokens[at + 1] in STOPS
        if not _SET_ASIDE.isdisjoint(tokens[max(0, at - _SET_ASIDE_REACH) : at]):
            continue  # "compared to either task alone", "rather than solely on rewards"
        if token in _EXCLUSIVE_BEHIND and ends and at:
            part: list[str] = []
            for before in reversed(tokens[max(0, at - _REACH - 2) : at]):
                if before in _PREPOSITIONS or before in STOPS:
                    break
                if carries_meaning(before):
                    part.append(key_of(before))
            if part:
                yield token, frozenset(part[:2])
        elif token in _EXCLUSIVE_BEFORE and _PREPOSITIONS & set(tokens[at + 1 : at + 2]):
            yield from ((token, frozenset(part)) for part in [_following(tokens, at + 1)[:2]] if part)


def _following(tokens: Sequence[str], at: int) -> list[str]:
    found: list[str] = []
    for token in tokens[at + 1 : at + 1 + _REACH]:
        if token in STOPS or token in _PREPOSITIONS:
            break
        if carries_meaning(token):
            found.append(key_of(token))
    return found


def _is_listed(sentence: ComparedSentence, part: frozenset[str]) -> bool:
    """True if a word of the part stands in a list: "mathematics, planning and questions"."""
    keys = [key_of(token) for token in sentence.tokens]
    for at, key in enumerate(keys):
        if key in part and _LISTS & set(sentence.tokens[max(0, at - 2) : at] + sentence.tokens[at + 1 : at + 3]):
            return True
    return False

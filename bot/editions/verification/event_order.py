"""Order in time: "first X, then Y", "Y after X" and "X before Y" must not be the other way round in the source.

The source's order is that of its clauses, in a passage that speaks of an order ("then", "before", "ultimately").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of

_THEN = frozenset(("then", "afterwards", "subsequently"))
_BEFORE, _AFTER = frozenset(("before",)), frozenset(("after",))
_ORDERS = _THEN | frozenset(("ultimately", "finally", "eventually", "lastly", "later", "first", "into", "followed"))
_FIRST = frozenset(("first",))
_TURNS = _BEFORE | _AFTER | frozenset(("prior", "following", "once", "until"))
"""Words by which a source names the later event first, or may: its clauses show no order."""
_IS_CLAUSE = frozenset(("is", "are", "was", "were", "be", "been", "being", "has", "have", "had"))
"""Words of what follows "after" that make it an event: not of "after ten rounds"."""
_CLAUSE_ENDS = STOPS | frozenset(("then", "subsequently", "ultimately", "and"))
_MIN_FOUND = 2
"""Words of either event that a clause of the source must have; all of one that has fewer."""
_MAX_APART = 2
"""Sentences between the two events in the source, at most."""


class EventOrder:
    """The clauses of a source in their order."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = source

    @cached_property
    def _clauses(self) -> list[tuple[int, frozenset[str]]]:
        """The number of its sentence, and the content words, of each clause."""
        return [(at, words) for at, sentence in enumerate(self._source) for words in _clauses(sentence.tokens)]

    def contradictions(self, claim: ComparedSentence) -> Iterator[str]:
        """Pairs of events that the source tells in the other order."""
        for before, after in _events(claim.tokens):
            earlier, later = before - after, after - before
            first_count, first = self._places(earlier)
            then_count, then = self._places(later)
            if first_count < min(_MIN_FOUND, len(earlier)) or then_count < min(_MIN_FOUND, len(later)):
                continue
            if not first or not then or min(first) <= max(then):
                continue
            start, end = self._clauses[max(then)][0], self._clauses[min(first)][0]
            passage = [set(sentence.tokens) for sentence in self._source[start : end + 1]]
            told = set().union(*passage)
            if told & _ORDERS == _FIRST and not passage[0] & _FIRST:
                continue  # the order begins behind the earlier clause
            if end - start <= _MAX_APART and told & _ORDERS and not told & _TURNS:
                yield f"the order of “{min(earlier)}…” and “{min(later)}…”"

    def _places(self, words: frozenset[str]) -> tuple[int, list[int]]:
        """Most words that one clause shares, and the clauses that share so many; none if they share none."""
        counts = [len(words & clause) for _, clause in self._clauses]
        most = max(counts, default=0)
        return most, [at for at, count in enumerate(counts) if count == most] if most else []


def _events(tokens: tuple[str, ...]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Words of an earlier event, and of a later one."""
    for at, token in enumerate(tokens):
        ends = tokens[at + 1 : at + 2] in ((), (".",))
        if token in _THEN and at > 1 and not ends:
            yield _content(tokens[:at]), _content(tokens[at + 1 :])
        elif token in _AFTER | _BEFORE and not ends:
            behind = tokens[at + 1 :]
            clause = behind[: next((place for place, word in enumerate(behind) if word in STOPS), len(behind))]
            if _IS_CLAUSE.isdisjoint(clause) and not any(word.endswith("ing") for word in clause[:2]):
                continue
            rest = tokens[:at] if at > 1 else behind[len(clause) :]
            events = (_content(clause), _content(rest))
            yield events[::-1] if token in _BEFORE else events
        elif token in ("afterwards", "afterward", "later") and ends and "and" in tokens[:at]:
            middle = at - 1 - tokens[:at][::-1].index("and")
            yield _content(tokens[:middle]), _content(tokens[middle + 1 : at])


def _clauses(tokens: tuple[str, ...]) -> Iterator[frozenset[str]]:
    clause: list[str] = []
    for token in (*tokens, "."):
        if token not in _CLAUSE_ENDS:
            clause.append(token)
        elif clause:
            yield _content(tuple(clause))
            clause = []


def _content(tokens: tuple[str, ...]) -> frozenset[str]:
    return frozenset(key_of(token) for token in tokens if carries_meaning(token) and not token[0].isdigit())

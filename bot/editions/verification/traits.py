"""Traits: what is said of whom, in two clauses that are set side by side.

"A trains the weights, while B freezes them" is turned round if the source has what is said of A near B and what is said
of B near A, and neither near its own subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of, tokens_of

_SUBJECT = 3
"""Content words of a subject at most."""
_BOUNDARY = STOPS - {"(", ")"} | {"and", "while", "whereas", "but"}
_BOUNDARY_COST = 2
"""Content words that a boundary between clauses counts as."""
_CONTRAST = re.compile(r"\s*(?:[,;]?\s(?:while|whereas|but)\s)\s*")
_SIDE_BY_SIDE = re.compile(r"\s*(?:,\s(?:and\s)?|\sand\s)\s*")
_PREPOSITIONS = frozenset((
    "at", "of", "in", "on", "with", "by", "for", "from", "to", "as", "than", "across", "over", "under",
))  # fmt: skip
_MIN_NEARER = 0.15
"""Difference by which either clause's traits must be nearer to the subject of the other one."""
_NEAR = 6
"""Content words within which a trait is said of a subject."""


class TraitPlaces:
    """The places of the words of a source."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = source

    def exchanged(self, claim: ComparedSentence) -> Iterator[str]:
        """Subjects of neighboring clauses that are given one another's traits."""
        yield from self._compared(_CONTRAST.split(claim.text), claim, False)
        yield from self._compared(_SIDE_BY_SIDE.split(claim.text), claim, True)

    def _compared(self, clauses: Sequence[str], claim: ComparedSentence, alike: bool) -> Iterator[str]:
        """Exchanged subjects; if `alike`, only of clauses that share a word or have names for subjects."""
        for one, other in pairwise(map(_read_clause, clauses)):
            shared = {*one[0], *one[1]} & {*other[0], *other[1]}
            named = one[0] and other[0] and one[0][0] in claim.name_keys and other[0][0] in claim.name_keys
            if alike and not shared and not named:
                continue
            first, traits, second, other_traits = ([w for w in words if w not in shared] for words in (*one, *other))
            if not (first and second and traits and other_traits):
                continue
            own, foreign = self._nearness(first, traits), self._nearness(first, other_traits)
            other_own, other_foreign = self._nearness(second, other_traits), self._nearness(second, traits)
            if min(foreign - own, other_foreign - other_own) >= _MIN_NEARER:
                yield f"what is said of “{first[0]}…” and of “{second[0]}…”"

    def _nearness(self, subject: Sequence[str], traits: Sequence[str]) -> float:
        return sum(
            max(_nearness(sentence, word, trait) for sentence in self._source for word in subject) for trait in traits
        )


def _read_clause(text: str) -> tuple[list[str], list[str]]:
    """Keys of the words of a clause's subject, which ends at its first word without content, and of the others.

    A clause whose first words are followed by a preposition is none: "and Muon at several scales".
    """
    subject: list[str] = []
    others: list[str] = []
    ended = False
    for token in tokens_of(text):
        if not carries_meaning(token) or token[0].isdigit():
            if subject and not others and not ended and token in _PREPOSITIONS:
                return [], []
            ended = ended or bool(subject)
        elif ended or len(subject) == _SUBJECT:
            others.append(key_of(token))
        else:
            subject.append(key_of(token))
    return subject, others


def _nearness(sentence: ComparedSentence, subject: str, trait: str) -> float:
    """One by the number of content words between the nearest places of two words in a sentence; 0 if they are far."""
    if subject not in sentence.words or trait not in sentence.words:
        return 0.0
    places: dict[str, list[int]] = {subject: [], trait: []}
    at = 0
    for token in sentence.tokens:
        if token in _BOUNDARY:
            at += _BOUNDARY_COST
        elif carries_meaning(token):
            at += 1
            if (key := key_of(token)) in places:
                places[key].append(at)
    apart = min((abs(one - other) for one in places[subject] for other in places[trait]), default=_NEAR + 1)
    return 1 / max(1, apart) if apart <= _NEAR else 0.0

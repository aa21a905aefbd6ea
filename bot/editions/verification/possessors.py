"""Possessors: "the first agent's responses" must not become "the second agent's responses"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of
from bot.editions.verification.own_method import OWN
from bot.editions.verification.sentence_parts import GENERIC, PREPOSITIONS

_OWN_KEY = key_of(f"{OWN.lower()}~")
_MARK, _OF = frozenset(("s",)), frozenset(("of",))
_WORDS = 3
"""Words before "'s" that name a possessor, and behind it, that name what it has."""


class PossessorChecker:
    """The possessors of a source: "X's Y" and "Y of X"."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._sentences = source

    @cached_property
    def _source(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        return [pair for sentence in self._sentences for pair in (*_marked(sentence), *_with_of(sentence))]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset().union(*(sentence.stems for sentence in self._sentences))

    def exchanged(self, claim: ComparedSentence) -> Iterator[str]:
        """Things that are given to another possessor than the source gives it to each time."""
        for owner, thing in _marked(claim):
            there = [other for other, things in self._source if thing & things]
            named = owner - GENERIC
            if not there or not named or _OWN_KEY in named or not named <= self._known:
                continue
            apart = [(named - other, other - named - GENERIC, owner & other) for other in there]
            if all(here and theirs and alike and _OWN_KEY not in theirs for here, theirs, alike in apart):
                yield f"whose “{min(thing)}…” it is"


def _marked(sentence: ComparedSentence) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    tokens = sentence.tokens
    for at, token in enumerate(tokens):
        if token in _MARK and at and f"{tokens[at - 1].rstrip('~')}'s" in sentence.text.lower().replace("’", "'"):
            owner = _run(tokens[:at][::-1])
            thing = _run(tokens[at + 1 :])
            if owner and thing:
                yield frozenset(owner), frozenset(thing[:1])


def _with_of(sentence: ComparedSentence) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    tokens = sentence.tokens
    for at, token in enumerate(tokens):
        if token in _OF and at:
            thing, owner = _run(tokens[:at][::-1]), _run(tokens[at + 1 :])
            if thing and owner:
                yield frozenset(owner), frozenset(thing[:1])


def _run(tokens: Sequence[str]) -> list[str]:
    """Keys of the content words at the beginning, at most three, up to what ends a noun."""
    found: list[str] = []
    for token in tokens:
        if token in STOPS or token in PREPOSITIONS or token in ("and", "or", "that", "which") or len(found) == _WORDS:
            break
        if carries_meaning(token):
            found.append(key_of(token))
        elif found:
            break
    return found

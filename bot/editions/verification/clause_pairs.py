"""Pairs of clauses: what is said of one subject and what of another, in a sentence with two clauses.

In the source each word belongs to the one of the two subjects that is named last before it, in the same sentence. If
most words of either clause belong to the other one's subject, the subjects were exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, key_of, read_sentence
from bot.editions.verification.sentence_parts import GENERIC, subject_and_predicate

_SPLIT = re.compile(r"(?:,\s(?:and|while|whereas|but)\s|\s(?:while|whereas)\s|;\s)", re.IGNORECASE)
_MAX_TOKENS, _MAX_SUBJECT, _MAX_PREDICATE = 32, 3, 7
"""Tokens of a sentence, and words of its subjects and predicates, up to which their clauses are plain enough to be
claim apart."""
_MIN_CROSSED, _MIN_RATIO = 3, 4
"""Words that belong to the other subject: at least so many, and so many times those that belong to their own."""


class ClausePairs:
    """The words of a source's sentences in their order."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = [[key_of(token) for token in sentence.tokens if token not in STOPS] for sentence in source]

    def exchanged(self, claim: ComparedSentence) -> Iterator[str]:
        """The subjects, if each is given what the source says of the other one."""
        clauses = _SPLIT.split(claim.text)
        if len(clauses) != 2 or "," in clauses[0] or len(claim.tokens) > _MAX_TOKENS:
            return
        (first, said), (second, also_said) = (subject_and_predicate(read_sentence(clause)) for clause in clauses)
        one, other = first - second - GENERIC, second - first - GENERIC
        said, also_said = said - also_said - one - other, also_said - said - one - other
        if not (one and other and said and also_said) or max(len(one), len(other)) > _MAX_SUBJECT:
            return
        if max(len(said), len(also_said)) > _MAX_PREDICATE:
            return
        straight = crossed = 0
        for words in self._source:
            owner = None
            for word in words:
                if word in one or word in other:
                    owner = one if word in one else other
                elif owner and (word in said or word in also_said):
                    own = (owner is one) == (word in said)
                    straight, crossed = straight + own, crossed + (not own)
        if crossed >= _MIN_CROSSED and straight * _MIN_RATIO <= crossed:
            yield f"what is said of “{min(one)}…” and of “{min(other)}…”"

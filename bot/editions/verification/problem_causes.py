"""Causes of problems: what a paper proposes must not be said to cause the problem that it is there for.

The cause stands among what the source says of the paper's own work alone, the effect among what it says of others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bot.editions.verification.compared_sentence import ComparedSentence, carries_meaning, key_of, tokens_of
from bot.editions.verification.own_method import OWN
from bot.editions.verification.prior_work_claims import PriorWorkChecker
from bot.editions.verification.sentence_parts import GENERIC

_FORWARD = re.compile(
    r"""\b(?:leads?|led)\sto\b | \b(?:causes?|caused(?!\sby)|creates?|introduces?|induces?|incurs?|brings?|worsens?
      |makes?|made|aggravates?|increases?|triggers?|produces?)\b | \bresults?\sin\b | \bgives?\srise\sto\b""",
    re.IGNORECASE | re.VERBOSE,
)
_WEAK = re.compile(r"creates?|introduces?|produces?|brings?|makes?|made", re.IGNORECASE)
"""Verbs by which a paper's own method does what it is there for, too."""
_BACKWARD = re.compile(
    r"\b(?:because(?:\sof)?|due\sto|owing\sto|(?:is|are|was|were)\scaused\sby|stems?\sfrom|comes?\sfrom)\b", re.I
)
_ENDS = re.compile(r"[,;:.()]\s|\b(?:while|whereas|but|although|which)\b")
_DENIES = re.compile(r"\b(?:no|not|never|without|less|fewer|avoid\w*|reduc\w*|prevent\w*|n't)\b", re.IGNORECASE)
_MIN_EFFECT, _MIN_CAUSE = 0.6, 0.6
"""Share of the words of an effect that must be said of others, and of those of a cause, of the own work."""
_OWN_KEY = key_of(tokens_of(OWN)[0])
_MAX_CAUSES = 4


class ProblemCauses:
    """Causes that are the paper's own, and effects that are the problems of others."""

    def __init__(self, prior_work: PriorWorkChecker) -> None:
        self._prior_work = prior_work

    def contradictions(self, claim: ComparedSentence) -> Iterator[str]:
        """Effects that only others have, said to come of the paper's own work."""
        if _DENIES.search(claim.text):
            return
        for cause, effect, is_weak in _causes(claim.text):
            if (
                len(effect) < 2
                or (is_weak and len(cause) < 2)
                or not self._prior_work.is_problem_of_others(effect, _MIN_EFFECT)
            ):
                continue
            if (_OWN_KEY in cause and not is_weak) or self._prior_work.is_own_alone(cause - {_OWN_KEY}, _MIN_CAUSE):
                yield "the paper's own work as the cause of the problem"


def _causes(text: str) -> Iterator[tuple[frozenset[str], frozenset[str], bool]]:
    for pattern, forward in ((_FORWARD, True), (_BACKWARD, False)):
        for found in islice(pattern.finditer(text), _MAX_CAUSES):
            left = _words(_ENDS.split(text[: found.start()])[-1])
            right = _words(_ENDS.split(text[found.end() :])[0])
            if left and right:
                is_weak = _WEAK.fullmatch(found.group()) is not None
                yield (left, right, is_weak) if forward else (right, left, False)


def _words(text: str) -> frozenset[str]:
    return frozenset(key_of(token) for token in tokens_of(text) if carries_meaning(token)) - GENERIC

"""Phases: what a paper does during training must not be said to be done at inference.

A phase is named by "during X", "at X time", "at inference", "before X", "after X", "offline", "in real time". If the
source has the same deed in another phase each time, and never in this one, the phase was exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from bot.editions.verification.compared_sentence import ComparedSentence, carries_meaning, key_of, tokens_of
from bot.editions.verification.sentence_parts import GENERIC

_NAMES = {
    "training": "training|train\\s?-?time|learning",
    "pretraining": "pre-?training",
    "inference": "inference|test\\s?-?time|testing|deploy(?:ment|ed)|runtime|run\\s?-?time|decoding|generation",
    "collection": "(?:data\\s)?collection|(?:data\\s)?gathering|recording",
    "fine-tuning": "fine-?tuning|post-?training|adaptation",
    "calibration": "(?:\\w+\\s)?calibration",
    "planning": "planning", "execution": "execution", "evaluation": "evaluation", "grasping": "grasping",
    "initialization": "initiali[sz]ation", "exploration": "exploration", "search": "search", "rollout": "rollouts?",
    "optimization": "optimi[sz]ation", "preprocessing": "pre-?processing",
}  # fmt: skip
_PHASE = re.compile(
    r"\b(?:during|at|in|throughout|only\sat|only\sduring)\s(?:the\s|its\s|their\s|each\s)?(?:\w{3,20}\s){0,2}?(?:"
    + "|".join(f"(?P<p{at}>{names})" for at, names in enumerate(_NAMES.values()))
    + r")(?:\s(?:phase|stage|time|process))?\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\bafter\s(?:the\s|its\s|their\s)?(?:\w{2,20}\s){0,4}?(?:"
    r"train(?:ed|ing)|fine-?tun(?:ed|ing)|deploy(?:ed|ment)|calibrat(?:ed|ion)|grasp(?:ed|ing)|collect(?:ed|ion))\b",
    re.IGNORECASE,
)
"""Events after a phase: these are in none that the source names "during"."""
_JOINED = re.compile(r"\s(?:and|or)\s(?:the\s)?([\w-]{3,20})")
_PIECES = re.compile(r"[;:.]\s|,\s(?:and|while|whereas|but|thereby|thus|which)\s")
_MIN_SHARED, _MIN_SHARE = 2, 0.5
_CONTENT = GENERIC | {key_of(word) for name in _NAMES for word in tokens_of(name)} | {key_of("phase"), key_of("apply")}


class PhaseChecker:
    """The clauses of a source with their phases."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._sentences = source

    @cached_property
    def _source(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        return [
            (_words(piece), _phases(piece)) for sentence in self._sentences for piece in _PIECES.split(sentence.text)
        ]

    def contradictions(self, claim: ComparedSentence) -> Iterator[str]:
        """The phase of a sentence, if the source has what it tells in other phases alone."""
        for piece in _PIECES.split(claim.text):
            phases = _phases(piece)
            if not phases:
                continue
            words = _words(_LATER.sub(" ", _PHASE.sub(" ", piece)))
            alike = [
                there
                for other, there in self._source
                if len(words & other) >= max(_MIN_SHARED, _MIN_SHARE * len(words))
            ]
            told = [there for there in alike if there]
            if len(phases) == 1 and told and not any(phases & there for there in told):
                yield f"the phase “{min(phases)}”"


def _phases(text: str) -> frozenset[str]:
    names = list(_NAMES)
    found = set()
    for match in _PHASE.finditer(text):
        found |= {names[int(key[1:])] for key, value in match.groupdict().items() if value}
        if joined := _JOINED.match(text, match.end()):  # "during deployment and fine-tuning"
            found |= {
                name for name, pattern in _NAMES.items() if re.match(rf"(?:{pattern})\b", joined[1], re.IGNORECASE)
            }
    return frozenset(found | ({"afterwards"} if _LATER.search(text) else set()))


def _words(text: str) -> frozenset[str]:
    return frozenset(key_of(token) for token in tokens_of(text) if carries_meaning(token)) - _CONTENT

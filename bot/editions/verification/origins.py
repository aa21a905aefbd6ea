"""Origins: what becomes what, or comes from what. "Skills from data" must not become "data from skills".

"X into Y", "Y from X", "from X to Y" and "maps X to Y" are read as an origin and what comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from bot.editions.verification.compared_sentence import ComparedSentence, carries_meaning, key_of, tokens_of
from bot.editions.verification.relation_verbs import FORMS
from bot.editions.verification.sentence_parts import GENERIC

_PART = (
    r"(?:(?!\b(?:and\s(?:then|not)|while|whereas|but|which|that|from|into|using|with|by|in|on|for|via|through)\b)"
    r"[^,;:.()]){3,70}"
)
_FORMS = (
    re.compile(
        rf"(?P<origin>{_PART}?)\s(?:\w{{2,20}}ed\s|\w{{2,20}}ing\s)?(?:down\s|up\s)?into\s(?P<product>{_PART})",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<product>{_PART}?)\sfrom\s(?P<origin>{_PART})", re.IGNORECASE),
    re.compile(rf"\bfrom\s(?P<origin>{_PART}?)\sto\s(?P<product>{_PART})", re.IGNORECASE),
    re.compile(
        r"\b(?:bridg|map|convert|transform|translat|turn|distill?|reduc|lift|connect|link)(?:e|es|s|ed|ing|ped|ping|led|ling)?\s"
        rf"(?P<origin>{_PART}?)\sto\s(?P<product>{_PART})",
        re.IGNORECASE,
    ),
)
_MAX_PAIRS = 12
_NEAR = 4
"""Content words next to the preposition that belong to it."""

_VIEWS = frozenset(map(key_of, ("perspective", "perspectives", "view", "views", "angle", "scratch", "group", "groups")))
"""Keys of words by which a preposition tells of no origin: "seen from two views", "sorted into groups"."""

Pair = tuple[frozenset[str], frozenset[str]]


class OriginChecker:
    """The origins of a source with what comes of them."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._sentences = source

    @cached_property
    def _source(self) -> list[Pair]:
        return [pair for sentence in self._sentences for pair in _pairs(sentence.text)]

    def contradictions(self, claim: ComparedSentence) -> Iterator[str]:
        """Origins that come of what they are said to become."""
        for origin, product in _pairs(claim.text):
            crossed = False
            for other_origin, other_product in self._source:
                if origin & other_origin or product & other_product:
                    crossed = False
                    break
                crossed |= bool(origin & other_product) and bool(product & other_origin)
            if crossed:
                yield f"what comes of “{min(origin)}…”"


def _pairs(text: str) -> Iterator[Pair]:
    for form in _FORMS:
        for found in islice(form.finditer(text), _MAX_PAIRS):
            before_product = found.start("product") < found.start("origin")
            product = _words(found["product"], last=before_product)
            origin = _words(found["origin"], last=not before_product and form is _FORMS[0])
            product, origin = product - origin - GENERIC, origin - product - GENERIC
            if product and origin and not (product | origin) & _VIEWS:
                yield origin, product


def _words(text: str, *, last: bool) -> frozenset[str]:
    """Keys of the content words of a part that are nearest to the preposition: the last ones, or the first."""
    keys = [
        key_of(token)
        for token in tokens_of(text)
        if carries_meaning(token) and not token[0].isdigit() and not (token in FORMS and FORMS[token].kind == "ed")
    ]
    return frozenset(keys[-_NEAR:] if last else keys[:_NEAR])

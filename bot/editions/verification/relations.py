"""Relations: who does what to whom. A sentence may not exchange them, nor give the deed to another one of the source.

Each verb of a sentence is read with the words of its doer and of what it is done to, in the active and the passive
voice. The verbs are a list (`relation_verbs`), so that "labels" and "tests" are not taken for deeds everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.editions.text_analysis.words import word_set
from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of, tokens_of
from bot.editions.verification.direction_words import DIRECTIONS, NEGATIONS
from bot.editions.verification.own_method import OWN
from bot.editions.verification.relation_verbs import FORMS, Form
from bot.editions.verification.sentence_parts import COPULAS, GENERIC, PREPOSITIONS

_BE = COPULAS | frozenset(("be", "been", "being"))
_HELPERS = _BE | word_set(
    "can could may might will would must should do does did to has have had then first also both not"
)
_RELATIVES = frozenset(("that", "which", "who"))
_CLAUSE_STARTS = STOPS | word_set(
    "while whereas but although though because since so when where if and or than as whether how what unless"
)
_OBJECT_ENDS = _CLAUSE_STARTS | _RELATIVES | (PREPOSITIONS - {"of", "for"})
_DETERMINERS = word_set("the a an its their this these those each every all our his her some any no one two three both")
_FINITE_AFTER = word_set("to can could may might will would must should we they you i that which who")
_REACH = 14
"""Tokens on each side of a verb that are looked at."""
_MIN_OBJECT = 0.6
"""Share of the words of what is done to that a source must share to speak of the same deed."""
_MAX_TOKENS = 45
_OWN_KEY = key_of(tokens_of(OWN)[0])
_GENERIC = GENERIC | frozenset(
    map(
        key_of,
        word_set(
            """process step stage component module novel new proposed key main different several multiple high low
            better based using used way algorithm technique strategy mechanism set use
            researchers authors they we it which that one ones other others each both additional various
            study paper experiments analysis problem problems challenge challenges number agent agents"""
        ),
    )
)
"""Keys of words that tell no doer apart."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A verb with the words of its doer and of what it is done to; either may be empty."""

    verb: str
    doer: frozenset[str]
    object: frozenset[str]


class RelationChecker:
    """The relations of a source."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._sentences = source

    @cached_property
    def _source(self) -> list[Relation]:
        return [relation for sentence in self._sentences for relation in relations(sentence)]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset().union(*(sentence.stems for sentence in self._sentences))

    @cached_property
    def _doers(self) -> frozenset[str]:
        """Words of all doers of the source."""
        return frozenset().union(*(relation.doer for relation in self._source)) - _GENERIC

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset().union(*(sentence.name_keys for sentence in self._sentences)) - _GENERIC

    def contradictions(self, claim: ComparedSentence) -> Iterator[str]:
        """Deeds whose sides are exchanged, and deeds that the source has another one do."""
        if len(claim.tokens) > _MAX_TOKENS or not NEGATIONS.isdisjoint(claim.tokens):
            return
        for one in relations(claim):
            same = [other for other in self._source if other.verb == one.verb and other.doer and other.object]
            if not (one.doer and one.object and same):
                continue
            if _exchanged(one, same):
                yield f"the sides of “{one.verb}…”"
            elif self._has_another_doer(one, same):
                yield f"who does “{one.verb}…”"

    def _has_another_doer(self, one: Relation, same: Sequence[Relation]) -> bool:
        """True if the source says the same of another one each time, and knows this one as well."""
        aim = one.object - one.doer - _GENERIC
        if not aim or _OWN_KEY in one.doer:
            return False
        alike = [other for other in same if len(aim & other.object) >= _MIN_OBJECT * len(aim)]
        for other in alike:
            here, there = one.doer - other.doer - _GENERIC, other.doer - one.doer - _GENERIC
            if not here or not there or not here <= self._known or _OWN_KEY in other.doer:
                return False
            if here & other.object or not here & (self._doers | self._names):
                return False
        return bool(alike)


def _exchanged(one: Relation, same: Sequence[Relation]) -> bool:
    """True if the source has the doer as what it is done to and the other way round, and nowhere as it is said."""
    is_crossed = False
    for other in same:
        doer, aim = one.doer - one.object, one.object - one.doer
        other_doer, other_aim = other.doer - other.object, other.object - other.doer
        if doer & other_doer - _GENERIC:
            return False
        is_crossed |= bool(doer & other_aim - _GENERIC) and bool(aim & other_doer - _GENERIC)
    return is_crossed


def relations(sentence: ComparedSentence) -> Iterator[Relation]:
    """The relations of a sentence, in the order of their verbs."""
    tokens = sentence.tokens
    last: frozenset[str] = frozenset()
    for at, token in enumerate(tokens):
        form = FORMS.get(token)
        if form is None or not _is_verb(tokens, at, form):
            continue
        behind = _behind(tokens, at)
        if _is_passive(tokens, at, form):
            by = next((place for place in range(at + 1, min(len(tokens), at + 8)) if tokens[place] == "by"), None)
            between = tokens[at + 1 : by] if by else ()
            has_doer = by is not None and _CLAUSE_STARTS.isdisjoint(between)
            doer = _words(_run(tokens, by + 1, _OBJECT_ENDS)) if has_doer and by is not None else frozenset()
            yield Relation(form.verb, doer, _before(tokens, at, last))
            continue
        doer = _before(tokens, at, last)
        last = doer or last
        yield Relation(form.verb, doer, behind)


def _is_verb(tokens: Sequence[str], at: int, form: Form) -> bool:
    before = tokens[at - 1] if at else ""
    behind = tokens[at + 1] if at + 1 < len(tokens) else "."
    if before in _DETERMINERS or (not before and form.kind != "ing"):
        return False
    if form.kind == "base":
        return before in _FINITE_AFTER or (before.endswith("s") and behind in _DETERMINERS)
    if form.kind == "s":
        is_followed = behind in _DETERMINERS or (behind not in _CLAUSE_STARTS - {"and", "how", "what", "whether"})
        return is_followed and behind not in _HELPERS - {"both"} and behind not in PREPOSITIONS - {"to", "at"}
    if form.kind == "ed":
        return _is_passive(tokens, at, form) or behind in _DETERMINERS
    return False


def _is_passive(tokens: Sequence[str], at: int, form: Form) -> bool:
    if form.kind != "ed":
        return False
    return not _BE.isdisjoint(tokens[max(0, at - 3) : at]) or "by" in tokens[at + 1 : at + 3]


def _before(tokens: Sequence[str], at: int, last: frozenset[str]) -> frozenset[str]:
    """Words of the subject; that of the verb before, if this one is joined to it by "and"."""
    place = at - 1
    while place >= 0 and (tokens[place] in _HELPERS or tokens[place].endswith("ly")):
        place -= 1
    if place >= 0 and tokens[place] in _RELATIVES:
        place -= 1
        if place >= 0 and tokens[place] == ",":
            place -= 1
        return _words(_run_back(tokens, place, _CLAUSE_STARTS | _RELATIVES | PREPOSITIONS - {"of"}))
    if place < 0 or tokens[place] in _CLAUSE_STARTS or tokens[place] in ("it", "they"):
        return last
    return _words(_run_back(tokens, place, _CLAUSE_STARTS | _RELATIVES))


def _behind(tokens: Sequence[str], at: int) -> frozenset[str]:
    return _words(_run(tokens, at + 1, _OBJECT_ENDS))


def _run(tokens: Sequence[str], start: int, ends: frozenset[str]) -> list[str]:
    found: list[str] = []
    for token in tokens[start : start + _REACH]:
        if token in ends and (found or token in STOPS):
            break
        found.append(token)
    return found


def _run_back(tokens: Sequence[str], start: int, ends: frozenset[str]) -> list[str]:
    found: list[str] = []
    for place in range(start, max(-1, start - _REACH), -1):
        token = tokens[place]
        form = FORMS.get(token)
        if (
            token in ends
            or token in _BE
            or (found and form is not None and (form.kind == "ing" or _is_verb(tokens, place, form)))
        ):
            break
        found.append(token)
    return found


def _words(tokens: Sequence[str]) -> frozenset[str]:
    """Keys of the words that say something; a "language model" is an LLM."""
    language_model = (
        frozenset(("llm",)) if "language" in tokens and not {"model", "models"}.isdisjoint(tokens) else frozenset()
    )
    return language_model | frozenset(
        key_of(token)
        for token in tokens
        if token not in STOPS
        and token[0].isalpha()
        and len(token) > 1
        and (carries_meaning(token) or token in DIRECTIONS)
        and not token.endswith("ly")
    )

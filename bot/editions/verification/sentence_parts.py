"""Parts of a sentence by a light reading of its words: subject and predicate, and nouns with their modifiers.

No tagger is used: the first word that has the form of a verb with something behind it ends the subject.
"""

from __future__ import annotations

from itertools import pairwise

from bot.editions.text_analysis.words import word_set
from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of
from bot.editions.verification.direction_words import DIRECTIONS

COPULAS = frozenset(("is", "are", "was", "were"))
_AUXILIARIES = COPULAS | frozenset(("be", "been", "has", "have", "can", "may", "will", "do", "does"))
_DETERMINERS = word_set("the a an its their all each this these other our his her some any every both such")
PREPOSITIONS = word_set(
    """of in on for with by from to at into onto over under through via using within across between among as than
    against about during toward towards without upon above below"""
)
_ENDS_OF_NOUNS = PREPOSITIONS | word_set("and or but while whereas which that plus versus vs")
MAX_TOKENS = 40
"""Tokens of a sentence up to which it is read so; longer ones are several sentences, or lists."""
_MODIFIERS = 3
"""Words before a noun, or behind "is", that modify it, at most."""
GENERIC = frozenset(
    map(
        key_of,
        word_set(
            """model models method methods approach system framework data task tasks performance results network
            language
        large learning training image images work paper"""
        ),
    )
)
"""Keys of words that nearly every paper has: they tell nobody apart."""


def content(tokens: tuple[str, ...]) -> frozenset[str]:
    """Keys of the words that say something, directions included, figures not."""
    return frozenset(
        key_of(token)
        for token in tokens
        if token not in STOPS and token[0].isalpha() and (carries_meaning(token) or token in DIRECTIONS)
    )


def subject_and_predicate(sentence: ComparedSentence) -> tuple[frozenset[str], frozenset[str]]:
    """Content words before and from the first verb on; both empty if no verb is found, or the subject is not plain."""
    tokens = sentence.tokens
    for at in range(1, len(tokens)):
        if not PREPOSITIONS.isdisjoint(tokens[:at]):
            break
        if _is_verb(tokens, at):
            return content(tokens[:at]), content(tokens[at:])
    return frozenset(), frozenset()


def _is_verb(tokens: tuple[str, ...], at: int) -> bool:
    token, behind = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
    if token in _AUXILIARIES:
        return True
    if token.endswith("ed") and behind in _DETERMINERS:
        return True
    if not token.endswith("s") or token.endswith(("ss", "us", "is")) or not carries_meaning(token):
        return False
    followed = behind in _DETERMINERS or behind in PREPOSITIONS or _may_modify(behind)
    return followed and tokens[at - 1] not in _DETERMINERS


def modified_nouns(sentence: ComparedSentence) -> set[tuple[str, str]]:
    """Pairs of a modifier and what it modifies: "a compute-bound phase" and "the phase is compute-bound"."""
    tokens, pairs, run = sentence.tokens, set[tuple[str, str]](), list[str]()
    for at, token in enumerate((*tokens, ".")):
        if _may_modify(token):
            run.append(key_of(token))
            continue
        pairs |= {(word, run[-1]) for word in run[:-1][-_MODIFIERS:]}
        pairs |= set(pairwise(run))
        if token in COPULAS and run:
            pairs |= {(word, run[-1]) for word in _behind_the_copula(tokens[at + 1 :])}
        run = []
    return {(word, noun) for word, noun in pairs if word != noun}


def _behind_the_copula(tokens: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for token in tokens:
        if _may_modify(token) and len(found) < _MODIFIERS:
            found.append(key_of(token))
        elif token not in ("a", "an", "the"):
            break
    return found


def _may_modify(token: str) -> bool:
    """True for nouns, adjectives and the like: content words that are no adverbs."""
    if len(token) < 2 or not token[0].isalpha() or token in _ENDS_OF_NOUNS or token.endswith(("ly", "bles")):
        return False
    return carries_meaning(token) or token in DIRECTIONS

"""Omissions from the paper's sentence that a sentence is taken from, and additions to it, that change no claim.

What is left out is a run of words between two that are kept. It must be a modifier, or a clause, a phrase or an opening
with its borders, and nothing that is kept may hang on it: no denial, no condition, no word for how sure a claim is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.editions.text_analysis.words import word_set
from bot.editions.verification.wording_tokens import WordToken
from bot.editions.verification.wording_words import (
    ATTITUDES,
    AUXILIARIES,
    BE,
    CONDITIONS,
    CONJUNCTIONS,
    CONNECTIVES,
    DETERMINERS,
    DISTINCTIONS,
    EVALUATIVE,
    FACTIVE,
    FILLERS,
    GOVERNING,
    MAKING,
    NEGATIONS,
    OWN_RESULTS,
    PREPOSITIONS,
    QUANTITIES,
    SELF,
    VERBS,
)

Tokens = Sequence[WordToken]

_ADJECTIVE = re.compile(r"[a-z]{2,}(?:al|ive|ous|ful|able|ible|ic|ary)\Z")
_TURNED = re.compile(r"(?:un|in|im|ir|non|anti|dis|mis|mal|sub(?!stan)|pre|post|counter)[a-z]{4,}\Z")
"""Words that their beginning turns round: "invalid", "unsupervised"."""
_LIST, _PHRASE = 5, 8
"""Words of a part of a list, and of a phrase behind a preposition, that are left out at most."""
_MODAL = word_set("can may could might will")
_DISBELIEF = word_set("false doubt deny denies myth misconception wrong incorrect whether")
_LEFT_HANGING = word_set("to of by with than as and or but that which is are be not no for from")
"""Words that cannot be the last ones of a sentence."""
_BEFORE_NOUNS = DETERMINERS - {"that"}
_CLAUSE = word_set(", ; and but while whereas which that who where when because although though")
"""Words and marks at which a denial ends."""
_HELD_BY = word_set("but without except unless than because until only rather instead")
"""Words that change what a denial denies."""
_PARTICIPLES = word_set(
    """using leveraging employing leading resulting yielding achieving making enabling allowing providing reducing
    improving requiring preserving spanning covering ranging based"""
)
"""Participles with which a phrase begins even where no comma stands before it."""
_AFTER_PARTICIPLE = word_set("by to with on in for from using as via through at")


def is_free(word: str) -> bool:
    """True for words that may be left out anywhere: articles, auxiliaries, fillers, most adverbs."""
    return word in DETERMINERS or word in AUXILIARIES or word in FILLERS or (word.endswith("ly") and is_modifier(word))


def is_modifier(word: str) -> bool:
    """True for adverbs and adjectives that tell nothing apart: "significantly", "novel", "practical"."""
    if word in GOVERNING or word in QUANTITIES or word in DISTINCTIONS or word in PREPOSITIONS or word in CONJUNCTIONS:
        return False
    if _TURNED.fullmatch(word):
        return word in EVALUATIVE
    return word in EVALUATIVE or (word.endswith("ly") and len(word) > 4) or _ADJECTIVE.fullmatch(word) is not None


def may_omit(source: Tokens, left: int, right: int) -> bool:
    """True if the tokens of a source sentence between two that are kept may be left out.

    `left` and `right` are the places of the kept ones; -1 and the length where the sentence begins and ends.
    """
    gap = source[left + 1 : right]
    words = [token.text for token in gap if not token.is_mark]
    heavy = [word for word in words if not is_free(word)]
    before = source[left].text if left >= 0 else ""
    after = source[right].text if right < len(source) else ""
    if not heavy:
        return after != "" or before not in _LEFT_HANGING
    gap = _without_free_end(gap)
    has_marks = any(token.is_mark for token in gap)
    if after and not has_marks and all(map(is_modifier, heavy)) and _can_be_described(after):
        return True
    if before in CONDITIONS or before in GOVERNING or (after and before in QUANTITIES):
        return False
    if not before:
        return _may_open(gap, words, heavy)
    if not after:
        return before not in _LEFT_HANGING and _may_end(gap, words, is_denied=_is_denied(source, left))
    return _may_stand_between(source, left, right, gap, heavy)


def _without_free_end(gap: Tokens) -> Tokens:
    """A gap without the adverbs, articles and auxiliaries behind its last mark: they belong to what follows."""
    end = len(gap)
    while end and is_free(gap[end - 1].text) and gap[end - 1].text != "that":
        end -= 1
    return gap[:end] if end and gap[end - 1].is_mark else gap


def _can_be_described(word: str) -> bool:
    return word not in PREPOSITIONS and word not in CONJUNCTIONS and word not in AUXILIARIES and word not in ",;:()[]"


def _is_denied(source: Tokens, at: int) -> bool:
    """True if a denial stands in the same clause, before this place."""
    for token in reversed(source[: at + 1]):
        if token.text in NEGATIONS:
            return True
        if token.text in _CLAUSE:
            return False
    return False


def _may_open(gap: Tokens, words: list[str], heavy: list[str]) -> bool:
    """An opening: "However,", "In this paper,", "Experiments on X show that", "We propose", "X improves Y, and"."""
    if not CONDITIONS.isdisjoint(words) or not _DISBELIEF.isdisjoint(words):
        return False
    while len(words) > 1 and words[-1] in _BEFORE_NOUNS:
        words = words[:-1]
    while len(words) > 1 and words[0] in DETERMINERS:
        words = words[1:]
    if words[-1] == "that" or words[-1] in FACTIVE:
        verb = words[-2] if words[-1] == "that" and len(words) > 1 else words[-1]
        return verb in FACTIVE and _is_report(words)
    if not _reports_all(words):
        return False
    last = gap[-1].text
    if last in (",", ":", ";", ")"):
        return words[0] not in ("neither", "nor", "no", "not")
    if last in ("and", "but", "while", "whereas"):
        is_clause = gap[-2].is_mark if len(gap) > 1 else False
        begins = words[0] not in PREPOSITIONS and not words[0].endswith("ing") and words[0] not in ("neither", "both")
        attitudes = ATTITUDES.difference(_MODAL).intersection(words)
        return begins and not attitudes and (is_clause or last in ("while", "whereas"))
    return heavy[-1] in MAKING and SELF.issuperset(heavy[:-1])


def _is_report(words: list[str]) -> bool:
    """True for a report of the paper's own results, and of nothing that others say or that is not sure."""
    return words[0] in OWN_RESULTS and GOVERNING.isdisjoint(words)


def _reports_all(words: list[str]) -> bool:
    """True if each "that" of the words stands behind a verb of which what follows is true."""
    return not any(word == "that" and before in ATTITUDES for before, word in pairwise(words))


def _may_end(gap: Tokens, words: list[str], *, is_denied: bool) -> bool:
    """An end: a clause or phrase from its border on."""
    first = gap[0]
    if words[0] in CONDITIONS:
        return False
    if is_denied and not (first.is_mark and words[0] not in _HELD_BY):
        return False
    if words[0] in ("or", "nor"):
        return False
    return first.is_mark or first.text in PREPOSITIONS or first.text in CONJUNCTIONS or first.text in _PARTICIPLES


def _may_stand_between(source: Tokens, left: int, right: int, gap: Tokens, heavy: list[str]) -> bool:
    """An insertion, a part of a list, one of two predicates, or a phrase behind the verb."""
    words = [token.text for token in gap if not token.is_mark]
    after = source[right]
    opens, closes = gap[0].is_mark, gap[-1].is_mark
    if gap[0].text != "(" and (words[0] in CONDITIONS or "or" in (words[0], words[-1])):
        return False
    if opens and (closes or after.is_mark):
        return gap[0].text == "(" or words[0] not in _HELD_BY
    if opens and after.text in CONJUNCTIONS and after.text != "that":
        return NEGATIONS.isdisjoint(words[:1])
    if _is_denied(source, left) or any(token.text == "between" for token in source[max(0, left - 4) : left + 1]):
        return False
    first = heavy[0]
    if gap[-1].text in ("and", ",") and GOVERNING.isdisjoint(words):
        if first in VERBS and after.text in VERBS:
            return True
        if gap[-1].text != ",":
            plain = len(heavy) <= _LIST and VERBS.isdisjoint(heavy)
            return plain and all(token.text == "," for token in gap if token.is_mark)
    follows = after.text in PREPOSITIONS or after.text in CONJUNCTIONS or after.is_mark
    if words[0] == "and" and GOVERNING.isdisjoint(words) and VERBS.isdisjoint(heavy[1:]):
        return len(heavy) <= _LIST + 1 and (follows or after.text in VERBS or after.text in AUXILIARIES)
    if any(token.text in VERBS or token.text in BE for token in source[: left + 1]) and follows:
        is_phrase = gap[0].text in PREPOSITIONS and gap[0].text not in ("than", "by", "to", "without", "despite")
        spared = GOVERNING | QUANTITIES | DISTINCTIONS
        plain = len(heavy) <= _PHRASE and VERBS.isdisjoint(heavy[1:]) and len(words) == len(gap)
        return is_phrase and plain and spared.isdisjoint(words)
    return False


def may_add(claim: Tokens, at: int, source: Tokens, left: int, right: int) -> bool:
    """True if a word of a sentence may be there without a word of the source: determiners, connectives, "is".

    `left` and `right` are the places of the kept tokens of the source around it. "Is" is not added where it would turn
    round who does something: "A trained B" is not "A is trained".
    """
    word = claim[at].text
    if word in DETERMINERS or word in CONNECTIVES:
        return True
    if right >= len(source):
        return False
    stands_apart = right == 0 or any(token.is_mark for token in source[left + 1 : right])
    if word == "and":
        return stands_apart
    if word in MAKING:
        return stands_apart and left >= 0 and source[left].is_own
    if word not in BE:
        return False
    here, there = claim[at + 1].text if at + 1 < len(claim) else "", source[right].text
    if not here.endswith("ed") and not there.endswith("ed"):
        return stands_apart or not AUXILIARIES.isdisjoint(token.text for token in source[left + 1 : right])
    behind = source[right + 1].text if right + 1 < len(source) else ""
    stood = right > 0 and source[right - 1].text in AUXILIARIES
    return stood or (there.endswith("ed") and behind in _AFTER_PARTICIPLE)

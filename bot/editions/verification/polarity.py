"""Polarity: what a text denies and the source only affirms, and what it affirms and the source only denies.

The words next to the denied one must be shared, and the whole source is looked at: one sentence that agrees is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.editions.text_analysis.words import word_set
from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of
from bot.editions.verification.direction_words import AFFIRMATIONS, DIRECTIONS, NEGATIONS

_PLAIN = word_set("not no never nor cannot none neither n't without")
"""Negations of a text that are looked at: the others deny with their own meaning."""
_DENIALS = NEGATIONS | word_set(
    """rather instead eliminate eliminates eliminating remove removes removing free limited limits limit limitation
    few little less fewer lower only although however despite rarely seldom difficult hard challenging unlike low
    poor remains remain reduces reduce reducing minimal negligible zero yet but unexplored underexplored ignore
    ignores blind agnostic irrespective regardless non
    overlook overlooks overlooked neglect neglects miss misses alone varied diverse unclear unknown"""
)
"""Words of a source that may say with other words what a text denies."""
_WITHOUT = frozenset(("free", "agnostic", "independent"))
"""Words that deny the one before them: "label-free"."""
_PREFIXED = re.compile(r"(?:un|in|im|ir|dis|mis|non)[a-z]{4,}|[a-z]+(?:less|free)")
_NEEDS = word_set("""need needs require requires requiring needed required demand demands rely relies depend depends""")
"""Verbs whose object is affirmed or denied: "needs retraining"."""
_OTHERS = word_set(
    """unlike contrast rather instead prior previous earlier existing traditional conventional others other usual
    typical typically commonly"""
)
"""Words before a verb of need that tell of others' needs."""
_REACH, _NEAR, _AFTER = 3, 4, 12
_ENDS = STOPS | frozenset(("but", "while", "whereas", "although", "and", "yet", "which", "that"))


class PolarityChecker:
    """The words that a source affirms and denies."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = source
        self._denied: list[set[str]] = [_denied(sentence) for sentence in source]
        self._forms = [{_form(token) for token in sentence.tokens} for sentence in source]
        self._doubtful = [
            any(token in _DENIALS or _PREFIXED.fullmatch(token) for token in sentence.tokens) for sentence in source
        ]

    def contradictions(self, claim: ComparedSentence) -> Iterator[str]:
        """Words with another polarity than everywhere in the source."""
        for word, near in _plain_denials(claim):
            if self._only_affirms(word, near, claim):
                yield f"the negation of “{word}…”"
        for word in _needed(claim):
            if self._only_denies(word):
                yield f"the need of “{word}…”"

    def _only_affirms(self, word: str, near: set[str], claim: ComparedSentence) -> bool:
        """True if the source has the word, near one of its neighbors, and nowhere in a sentence that may deny it."""
        places = [at for at, forms in enumerate(self._forms) if word in forms]
        if not places or any(self._doubtful[at] for at in places):
            return False
        return any(
            near & self._source[at].words and len(claim.words & self._source[at].words) >= 0.5 * len(claim.words)
            for at in places
        )

    def _only_denies(self, word: str) -> bool:
        places = [at for at, sentence in enumerate(self._source) if word in sentence.stems]
        return bool(places) and all(word in self._denied[at] for at in places)


def _plain_denials(claim: ComparedSentence) -> Iterator[tuple[str, set[str]]]:
    """Each denied content word with the content words near it."""
    tokens = claim.tokens
    for at, token in enumerate(tokens):
        too = tokens[at : at + 1] == ("too",) and any(t in ("for", "to") for t in tokens[at + 2 : at + 4])
        if token not in _PLAIN and not too:
            continue
        if any(
            t in AFFIRMATIONS or t in ("longer", "less", "more", "always", "every", "all")
            for t in tokens[at + 1 : at + 3]
        ):
            continue
        clause = []
        for following in tokens[at + (3 if too else 1) : at + 10]:
            if following in _ENDS:
                break
            if carries_meaning(following) or following in DIRECTIONS:
                clause.append(following)
        before = [key_of(t) for t in tokens[max(0, at - 6) : at] if carries_meaning(t)]
        if clause:
            near = {*map(key_of, clause[1:_NEAR]), *before}
            yield _form(clause[0]), near - {key_of(clause[0])}


def _form(token: str) -> str:
    """A word as it is compared here: as it is written, without the s of a plural or of a verb."""
    return token.removesuffix("s") if len(token) > 3 else token


def _needed(claim: ComparedSentence) -> Iterator[str]:
    """The content words behind a verb of need that is not denied."""
    tokens = claim.tokens
    for at, token in enumerate(tokens):
        if token not in _NEEDS or not NEGATIONS.isdisjoint(tokens[max(0, at - 5) : at + 2]):
            continue
        if not _OTHERS.isdisjoint(tokens[max(0, at - 6) : at]):
            continue  # "unlike earlier methods that need labels"
        for following in tokens[at + 1 : at + 1 + _REACH]:
            if following in _ENDS:
                break
            if carries_meaning(following):
                if not following[0].isdigit():
                    yield key_of(following)
                break


def _denied(sentence: ComparedSentence) -> set[str]:
    """Keys of the words that follow a denial in its clause."""
    denied: set[str] = set()
    strong = NEGATIONS | {"eliminate", "eliminates", "eliminating", "rather", "instead", "avoid", "avoids", "removes"}
    for at, token in enumerate(sentence.tokens):
        if token in strong:
            for following in sentence.tokens[at + 1 : at + 1 + _AFTER]:
                if following in STOPS - {","} or following in ("but", "while", "whereas"):
                    break
                if carries_meaning(following):
                    denied.add(key_of(following))
        elif token in _WITHOUT and at and carries_meaning(sentence.tokens[at - 1]):
            denied.add(key_of(sentence.tokens[at - 1]))
    return denied

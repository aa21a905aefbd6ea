"""Close wording: whether a sentence is one of the paper's, shortened, or two of them plainly joined.

A list of what is wrong with a sentence stops the wordings that it was made from. Here it is the other way round: a
sentence has the wording of its source if its words are words of one source sentence, in their order, and if what was
left out and added between them changes nothing that is claimed (`omissions`). Inflections, spellings of numbers, short
forms that the paper defines, a few synonyms, and "we" for "the authors" do not count as changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.sentences import sentences
from bot.editions.verification.omissions import is_free, may_add, may_omit
from bot.editions.verification.wording_tokens import WordReader, WordToken, may_stand_for
from bot.editions.verification.wording_words import SELF

_LABEL = re.compile(
    r"\A\s*(?:(?:key results?|in short|why it matters|in summary|in brief|(?:main|key) (?:result|finding)s?|notably"
    r"|overall|broadly|importantly)[:,]\s+)",
    re.IGNORECASE,
)
"""Words before a sentence that say nothing of the paper."""
_REPORT = re.compile(
    r"\A\s*(?:the authors|the paper|the study|the work|this (?:paper|work|study)|they|we|results|experiments)\s+"
    r"(?:also\s+|further\s+)?(?:show|find|demonstrate|report|observe)s?\s+that\s+",
    re.IGNORECASE,
)
_JOINS = frozenset(("and", "but", "while", ";"))
_MIN_WORDS = 2
"""Words of a sentence, and of each part of a joined one, that are no articles, auxiliaries or the like."""
_MIN_SHARED = 0.6
"""Share of a sentence's words that a source sentence must have for the two to be aligned; synonyms are the rest."""
_MAX_TRIED = 4
_MAX_WORDS = 120
"""Words of the longest sentence that is aligned; a longer one is not a shorter form of anything."""
_MAX_ADDED = 3
"""Words in a row that a sentence may have beside those of its source."""


class WordingChecker:
    """The sentences of one source, ready to have others derived from them."""

    def __init__(self, source: str) -> None:
        source = plain(source)
        self._reader = WordReader(source)
        self.sentences = [sentence.text for sentence in sentences(source)]
        self._tokens = [self._reader.source(text) for text in self.sentences]
        self._keys = [frozenset(token.key for token in tokens) for tokens in self._tokens]

    def derivation(self, sentence: str) -> tuple[int, ...]:
        """Indices of the one or two source sentences that a sentence is a shorter form of; empty if it is none."""
        text = _LABEL.sub("", plain(sentence))
        verbatim = self._reader.source(text)
        if verbatim in self._tokens:
            return (self._tokens.index(verbatim),)
        for version in dict.fromkeys((text, _REPORT.sub("", text))):
            claim = _words(self._reader.claim(version))
            if (found := self._source_of(claim)) is not None:
                return (found,)
        whole = self._reader.claim(text)
        for at, token in enumerate(whole):
            if token.text in _JOINS:
                first = self._source_of(_words(whole[:at]))
                second = None if first is None else self._source_of(_words(whole[at + 1 :]))
                if first is not None and second is not None:
                    return (first, second)
        return ()

    def _source_of(self, claim: Sequence[WordToken]) -> int | None:
        if sum(not is_free(token.text) for token in claim) < _MIN_WORDS:
            return None
        return next((at for at in self._likely(claim) if _Alignment(claim, self._tokens[at]).is_whole()), None)

    def _likely(self, claim: Sequence[WordToken]) -> Iterator[int]:
        """The source sentences that share most words with a sentence, if they share enough of them."""
        wanted = {token.key for token in claim if not is_free(token.text) and token.text not in SELF}
        shared = [(len(wanted & keys), -at) for at, keys in enumerate(self._keys)]
        for count, at in sorted(shared, reverse=True)[:_MAX_TRIED]:
            if wanted and count >= _MIN_SHARED * len(wanted):
                yield -at


def _words(tokens: Sequence[WordToken]) -> list[WordToken]:
    return [token for token in tokens if not token.is_mark]


class _Alignment:
    """A sentence beside one of the source: which words stand for which, and whether all between them may go."""

    def __init__(self, claim: Sequence[WordToken], source: Sequence[WordToken]) -> None:
        self._claim, self._source = claim, source
        self._omitted: dict[tuple[int, int], bool] = {}
        self._ends: list[list[int]] = []
        """For each word of the claim, the places in the source at which it may stand with all before it derived."""

    def is_whole(self) -> bool:
        """True if all words of the sentence are aligned, and nothing is left out or added that may not be."""
        if len(self._claim) > _MAX_WORDS or len(self._source) > _MAX_WORDS:
            return False
        for at, token in enumerate(self._claim):
            places = (place for place, other in enumerate(self._source) if not other.is_mark)
            self._ends.append([p for p in places if may_stand_for(token, self._source[p]) and self._may_stand(at, p)])
            if not any(self._ends[-1 - _MAX_ADDED :]):
                return False
        return any(self._may_omit(place, len(self._source)) for place in self._ends[-1])

    def _may_stand(self, at: int, place: int) -> bool:
        """True if a word may stand at this place of the source behind a derived beginning of the sentence."""
        for last in range(at - 1, max(-2, at - 2 - _MAX_ADDED), -1):
            for start in self._ends[last] if last >= 0 else (-1,):
                if start < place and self._may_omit(start, place):
                    added = range(last + 1, at)
                    if all(may_add(self._claim, word, self._source, start, place) for word in added):
                        return True
        return False

    def _may_omit(self, left: int, right: int) -> bool:
        if (left, right) not in self._omitted:
            self._omitted[left, right] = may_omit(self._source, left, right)
        return self._omitted[left, right]

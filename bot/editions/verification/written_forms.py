"""Texts in German and in other scripts, read as English ones are: decimal commas, and capitals that make no name.

What is read has the length of the text, so that positions in it are positions in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import STOP_WORDS

_CERTAIN_WORDS = """das und ist nicht ein eine einen einem einer eines wird werden wurde wurden auf für sind auch dass
durch oder aber nur wie sich aus nach über bei zum zur vom beim im wir sie noch mehr als schon sehr kein keine hier wenn
weil damit ohne zwischen gegen unter dieser diese dieses diesem diesen haben kann können alle jede jeder jedes"""
_CERTAIN = frozenset(_CERTAIN_WORDS.split())
"""Words that only German has: one shows its language, unless more words of English are beside it."""
_LIKELY_WORDS = "der die den dem des von mit zu es er hat war man um am ab an in so was"
_LIKELY = frozenset(_LIKELY_WORDS.split())
"""German words that are also names or words of other languages: they count beside others."""
_ENGLISH = STOP_WORDS - _CERTAIN - _LIKELY - {"also", "e", "g", "s", "t", "et", "al", "all", "do", "no"}
_WORD = re.compile(r"[^\W\d_]+")
_CAPITALIZED = re.compile(r"(?<![^\W_])[A-ZÄÖÜ][a-zäöüß]+(?![^\W_])")
_NAMED = r"""(?:namens|genannt|heißt|heißen|nennen\ssie|nennt\ssich|(?:Forscher(?:n|innen)?|Forschende[n]?|
    Autor(?:en|in|innen)?|Team|Teams|Gruppe|Wissenschaftler(?:n|innen)?|Kolleg(?:en|innen)|Leuten?|Arbeit|Arbeiten|Paper|Modell|Modelle|System)
    \s(?:von|aus|bei|der|um))"""
_GERMAN_NAME = re.compile(
    rf"(?:(?<![^\W_])(?<!^)[A-ZÄÖÜ][a-zäöüß]+|{_NAMED})\s(?P<name>[A-ZÄÖÜ][a-zäöüß]+)(?![^\W_]|\s[A-ZÄÖÜ][a-zäöüß])",
    re.VERBOSE,
)
"""The last of several words with a capital, or one that is called a name."""
_NOUN = re.compile(
    r".+(?:en|er|ern|ung|heit|keit|schaft|ion|tät|nis|tum|ling|chen|lein|ik|ismus)|Januar|Februar|März|April|Mai|Juni|Juli|"
    r"August|September|Oktober|November|Dezember|\w+tag|\w+woche|Anfang|Mitte|Ende|Jahr|Prozent|Punkt|Mal"
)
"""Ordinary nouns by their endings, and what stands behind nouns."""
_CAPITALIZED_ELSEWHERE = re.compile(r"(?<![^\W_])(?![A-Za-zÀ-ɏ])[^\W\d_][^\W\d_A-Za-zÀ-ɏ]+(?![^\W_])")
"""A word in a script that is not Latin."""
_DECIMAL = re.compile(r"(?<![\d.,])(?:\d+,\d{1,2}|0,\d+|\d+,\d{4,})(?![\d]|[.,]\d)")
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d]|[.,]\d)")


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Numbers of words of a text by their language."""

    certain: int
    likely: int
    english: int

    @property
    def german(self) -> bool:
        """True if the words are German."""
        return self.certain > 0 and self.certain + self.likely > self.english


def _evidence(text: str) -> _Evidence:
    words = [word.lower() for word in _WORD.findall(text) if len(word) == 1 or not word.isupper()]
    return _Evidence(
        sum(word in _CERTAIN for word in words),
        sum(word in _LIKELY for word in words),
        sum(word in _ENGLISH for word in words),
    )


def as_in_english(text: str, known: Set[str] = frozenset()) -> str:
    """The text with decimal points for commas, and with small letters where a capital makes no name.

    In German that is every word with no other capital, but for one behind another such word ("Max Mustermann", "das
    Modell Gemini") or behind what names begin with ("Forscher aus Oxford", "namens Oktopus"); in scripts that are not
    Latin, every word. A decimal comma is read in German, in a sentence without an English word, and where the source
    has the number (`known`, as written).
    """
    letters = list(_CAPITALIZED_ELSEWHERE.sub(lambda word: _lower(word.group()), text))
    for start, end, german, english in _sentences(text):
        part = text[start:end]
        for number in _DECIMAL.finditer(part):
            if german or not english or number.group().replace(",", ".") in known:
                letters[start + number.start() + number.group().index(",")] = "."
        if german:
            kept = {name.start("name") for name in _GERMAN_NAME.finditer(part)}
            for word in _CAPITALIZED.finditer(part):
                if word.start() not in kept or _NOUN.fullmatch(word.group()):
                    letters[start + word.start()] = word.group()[0].lower()
            for number in _THOUSANDS.finditer(part):
                if number.group() not in known:
                    letters[start + number.start() : start + number.end()] = number.group().replace(".", ",")
    return "".join(letters)


def _sentences(text: str) -> Iterator[tuple[int, int, bool, bool]]:
    """Start and end of each sentence, and whether it is German and whether it has English words.

    A sentence that shows no language is in that of the text.
    """
    whole = _evidence(text)
    for sentence in sentences(text):
        own = _evidence(sentence.text)
        yield sentence.start, sentence.end, own.german or (whole.german and not own.english), own.english > 0


def _lower(word: str) -> str:
    small = word.lower()
    return small if len(small) == len(word) else word

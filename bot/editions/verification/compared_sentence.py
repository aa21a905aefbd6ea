"""Sentences as the direction check compares them: tokens, stems of content words, names, figures with their units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.editions.text_analysis.words import STOP_WORDS, stem
from bot.editions.verification.direction_words import DIRECTIONS, LIGHT_WORDS, NEGATIONS

STOPS = frozenset(",;:.()—–")
"""Tokens that are punctuation marks."""
_TOKEN = re.compile(
    r"""n[’']t\b | [^\W\d_]+(?=n[’']t\b) | (?<!\w)[^\W\d_]+\d[^\W_]*(?:\.\d+)? | \d+(?:[.,]\d+)* | [^\W\d_]+
    | (?<![\w.])\+(?=\d) | [,;:.()—–]""",
    re.VERBOSE,
)
_FIGURE = re.compile(r"(?<![\w.,-])(\d+(?:[.,]\d+)*)(?![\w.-]*\d)\s?(%|x\b|×|points?\b|per ?cent\b)?")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class ComparedSentence:
    """A sentence as it is compared."""

    text: str
    tokens: tuple[str, ...]
    """Lower-case words, figures, signs of figures, and punctuation marks."""
    words: frozenset[str]
    """Keys of content words and figures, without those that give a direction."""
    anchors: frozenset[str]
    """Figures and names."""
    names: frozenset[str]
    figures: dict[str, str]
    """Figures outside names, years aside, with the unit behind them."""

    @property
    def name_keys(self) -> set[str]:
        """Keys of the names."""
        return {key_of(name) for name in self.names}

    @property
    def stems(self) -> set[str]:
        """Keys of all tokens but punctuation marks."""
        return {key_of(token) for token in self.tokens if token not in STOPS}


def read_sentence(text: str) -> ComparedSentence:
    """A sentence of plain text, ready to be compared."""
    found = list(_TOKEN.finditer(text))
    tokens = tuple(_token(match.group()) for match in found)
    names = frozenset(
        _token(match.group())
        for match in found
        if match.group()[0].isalpha()
        and not match.group().islower()
        and len(match.group()) > 1
        and (match.start() or not match.group()[1:].islower())
    )
    return ComparedSentence(
        text,
        tokens,
        frozenset(key_of(token) for token in tokens if carries_meaning(token)),
        names | {token for token in tokens if token[0].isdigit()},
        names,
        {match[1]: match[2] or "" for match in _FIGURE.finditer(text) if not _YEAR.fullmatch(match[1])},
    )


def key_of(token: str) -> str:
    """The form by which a token is compared: a figure itself, or the stem of a word; words for agents are their own."""
    if token[0].isdigit() or token.endswith(_NAME):
        return token
    token = _IRREGULAR.get(token, token)
    word = token.removesuffix("s") if len(token) > 3 else token
    if len(word) > _AGENT and word.endswith(("er", "or")):
        return f"{stem(word)}+er"
    return stem(_ENDING.sub("", word) if len(word) > _SHORT else word)


_IRREGULAR = {
    form: word
    for word, forms in {
        "corpus": "corpora", "matrix": "matrices", "vertex": "vertices", "index": "indices", "criterion": "criteria",
        "phenomenon": "phenomena", "hypothesis": "hypotheses", "analysis": "analyses", "speak": "spoken spoke",
        "write": "written wrote", "choose": "chosen chose", "freeze": "frozen froze", "drive": "driven drove",
        "teach": "taught", "learn": "learnt", "build": "built", "send": "sent", "hold": "held", "lose": "lost",
        "break": "broken broke", "hide": "hidden", "take": "taken took", "give": "given gave", "begin": "began begun",
    }.items()
    for form in forms.split()
}  # fmt: skip
"""Irregular plurals and past tenses, by form."""
_ENDING = re.compile(r"(?:ing|ed|e)\Z")
_SHORT = 5
"""Letters up to which a word has no ending: "need", "bring"."""
_NAME = "~"
_MIXED = re.compile(r"[^\W\d_A-Z][A-Z]|[A-Z]{2}[a-z]{2}")
_NO_NAMES = STOP_WORDS | NEGATIONS | frozenset(DIRECTIONS) | LIGHT_WORDS
_AGENT = 7
"""Letters beyond which "-er" makes another word of a stem: "retriever" is not "retrieve", "layer" is a word."""


def shared_weight(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Weight of the words that two weighted contexts have in common: the smaller one of each."""
    return sum(min(weight, second[word]) for word, weight in first.items() if word in second)


def tokens_of(text: str) -> tuple[str, ...]:
    """The tokens of a text in lower case."""
    return tuple(_token(match.group()) for match in _TOKEN.finditer(text))


def _token(typed: str) -> str:
    """A token in lower case; names such as "RouteNet" are marked, since they are compared whole."""
    token = typed.lower().replace("’", "'")
    return f"{token}{_NAME}" if _MIXED.search(typed) and token not in _NO_NAMES else token


def carries_meaning(token: str) -> bool:
    """True for content words and figures that are no words of direction."""
    if token in STOPS or token in STOP_WORDS or token in NEGATIONS or token in DIRECTIONS or token in LIGHT_WORDS:
        return False
    return len(token) > 1 - token.isdigit()

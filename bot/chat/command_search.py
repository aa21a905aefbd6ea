"""Commands that a question in ordinary words is about, by the words of their names and descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

WORD = re.compile(r"[^\W\d_]{3,}")
NAME, DESCRIPTION = 3, 1
"""Points of a word that is in a command's name, or only in its description."""
MIN_WORD_SIMILARITY = 0.75
"""Similarity (difflib's ratio) from which a word may be a mistyped one of a command's name."""
ORDINARY = """
a an and are about bot can command commands does doing for from get has have help hello hey how know make please see
show tell that the there thing this use want what when where which who why with work you your
alles befehle bist bitte das den der die ein eine funktioniert geht gibt hallo hilfe ich ist kann kannst man mir mit
über und was weißt wer wie wo wozu zum zur
"""
"""Words of questions that say nothing about the command that is meant, in English and German."""


def commands_about(question: str, descriptions: Mapping[str, str]) -> Sequence[str]:
    """Names of the commands that a question is about, best first; `descriptions` has all that may be found, by name."""
    firsts = " ".join(name.partition(" ")[0] for name in descriptions)
    wanted = _roots(question) - _roots(ORDINARY) - _roots(firsts)
    points = {name: _points(wanted, name, text) for name, text in descriptions.items()}
    best = [name for name in descriptions if points[name] >= NAME]
    found = best or [name for name in descriptions if points[name]]
    return sorted(found, key=lambda name: -points[name])


def is_general(question: str) -> bool:
    """True for a question about everything, such as “what can you do?”: several words that say nothing more."""
    return len(question.split()) > 1 and not _roots(question) - _roots(ORDINARY)


def with_verb(verb: str, names: Iterable[str]) -> Sequence[str]:
    """The names that end with this word or these words: of `vote` it is `paper vote`."""
    return [name for name in names if name.endswith(f" {verb}")]


def similar_verb(question: str, names: Sequence[str]) -> str:
    """The name whose last word is most like one of a mistyped question; empty if none is."""
    verbs = {name.rpartition(" ")[2]: name for name in reversed(names)}
    ordinary = {*ORDINARY.split(), *(name.partition(" ")[0] for name in names)}
    for word in WORD.findall(question.lower()):
        if word not in ordinary and (close := get_close_matches(word, verbs, n=1, cutoff=MIN_WORD_SIMILARITY)):
            return verbs[close[0]]
    return ""


def _points(wanted: frozenset[str], name: str, text: str) -> int:
    in_name = wanted & _roots(name)
    return NAME * len(in_name) + DESCRIPTION * len(wanted & _roots(text) - in_name)


def _roots(text: str) -> frozenset[str]:
    """The words of a text in lower case, without the s of a plural."""
    return frozenset(word.removesuffix("s") for word in WORD.findall(text.lower()))

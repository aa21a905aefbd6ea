"""Interests that a club has written, words or a plain sentence, as phrases that are looked for in papers."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

from bot.recommender.terms import STOP_WORDS

LONGEST_PHRASE, LONGEST_RUN = 4, 3
"""Maximum words of a phrase between commas (more are a sentence), and of a run of words in a sentence."""
MOST_PHRASES = 40
_BREAK = re.compile(r"[,;:.!?()\n]+(?:\s|$)|\s[–—-]\s")
_WORD = re.compile(r"[^\W_](?:[\w+#.-]*[\w+#])?")
_NOT_A_SUBJECT = STOP_WORDS | frozenset(
    re.findall(
        r"\w+",
        """anything article articles because care club everything focus focused focusing follow group happy hear
        interest interested interesting interests know learn like likes looking love mainly many me mostly my new news
        often paper papers people please prefer really read reading recent related research something stuff study
        subject subjects team things topic topics want wants work working works
        aber alles als am an auf aus bei das dem den der des die ein eine einen einer er es für gern gerne ich im
        interessieren interessiert ist lesen mich mir mit neue nicht oder ohne über um und uns unsere von vor wie wir
        zu zum zur""",
    )
)
"""Words of a sentence that name no subject: those that carry no meaning, and those by which people say that they like
to read of it."""


def phrases_of_interest(typed: str) -> tuple[str, ...]:
    """The phrases of a text, each once, in order: those between commas, and of a sentence what it names as subjects."""
    parts = [" ".join(part.split()) for part in _BREAK.split(typed)]
    if all(len(part.split()) <= LONGEST_PHRASE for part in parts):
        found = parts
    else:
        found = [phrase for part in parts for phrase in _subjects(part)]
    return tuple(dict.fromkeys(phrase for phrase in found if phrase))[:MOST_PHRASES]


def _subjects(sentence: str) -> list[str]:
    """The runs of words that name subjects: one of up to three words as it is, a longer one as its pairs of words."""
    found = list[str]()
    for is_subject, run in groupby(_WORD.findall(sentence), lambda word: word.lower() not in _NOT_A_SUBJECT):
        words = list(run)
        if is_subject and len(words) <= LONGEST_RUN:
            found.append(" ".join(words))
        elif is_subject:
            found += map(" ".join, pairwise(words))
    return found

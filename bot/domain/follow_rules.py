"""Whether a paper is one of those that a member follows: a pure rule."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

FollowKind = Literal["topic", "author", "keyword", "person", "paper"]
FollowKey = tuple[FollowKind, str]
"""What is followed: a topic of the club, an author, words, a member who brings papers, or one paper."""

MAX_FOLLOWS = 50
"""What one member may follow: each is looked for in each new paper when they open their home."""


@dataclass(frozen=True, slots=True)
class PaperSubjects:
    """What a follow can mean of a submission. `person` is empty where its bringer asked not to be named."""

    title: str
    abstract: str
    authors: Sequence[str]
    topic: str = ""
    person: str = ""


def case_folded_words(text: str) -> frozenset[str]:
    """The words of a text, whatever their case: "Graph-based RL" has `graph`, `based` and `rl`."""
    return frozenset(re.findall(r"\w+", text.casefold()))


def matches(about: PaperSubjects, follows: Collection[FollowKey]) -> list[FollowKey]:
    """Those of the follows that a paper fits.

    A keyword fits where all of its words stand in the title or the abstract, an author where one of the authors has
    all words of the name; a topic and a person fit by their whole name.
    """
    said = case_folded_words(f"{about.title} {about.abstract}")
    authors = [case_folded_words(name) for name in about.authors]

    def fits(kind: FollowKind, value: str) -> bool:
        value_words = case_folded_words(value)
        if kind == "keyword":
            return bool(value_words) and value_words <= said
        if kind == "author":
            return bool(value_words) and any(value_words <= name for name in authors)
        if kind == "paper":
            return False  # it is followed itself, not for what it is about
        return bool(value) and value.casefold() == (about.topic if kind == "topic" else about.person).casefold()

    return [(kind, value) for kind, value in follows if fits(kind, value)]

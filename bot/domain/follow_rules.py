"""Rules for matching papers with members' follows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

FollowKind = Literal["topic", "author", "keyword", "person", "paper"]
FollowKey = tuple[FollowKind, str]
"""A follow: a topic of the club, an author, words, a submitting member, or one paper."""

MAX_FOLLOWS = 50
"""Follows of one member: each is matched with each new paper when their home is opened."""


@dataclass(frozen=True, slots=True)
class PaperSubjects:
    """Values of a submission that follows are matched with. `person` is empty for an anonymous submission."""

    title: str
    abstract: str
    authors: Sequence[str]
    topic: str = ""
    person: str = ""


def case_folded_words(text: str) -> frozenset[str]:
    """Words of a text in folded case: "Graph-based RL" has `graph`, `based` and `rl`."""
    return frozenset(re.findall(r"\w+", text.casefold()))


def matches(about: PaperSubjects, follows: Collection[FollowKey]) -> list[FollowKey]:
    """Follows that a paper matches.

    A keyword matches if title or abstract contain all its words, an author if one author's name contains all words of
    the name. A topic and a person match by their whole name.
    """
    text_words = case_folded_words(f"{about.title} {about.abstract}")
    authors = [case_folded_words(name) for name in about.authors]

    def fits(kind: FollowKind, value: str) -> bool:
        value_words = case_folded_words(value)
        if kind == "keyword":
            return bool(value_words) and value_words <= text_words
        if kind == "author":
            return bool(value_words) and any(value_words <= name for name in authors)
        if kind == "paper":
            return False  # it is followed itself, not matched by its subjects
        return bool(value) and value.casefold() == (about.topic if kind == "topic" else about.person).casefold()

    return [(kind, value) for kind, value in follows if fits(kind, value)]

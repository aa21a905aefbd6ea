"""Words that tell subjects apart, learned from the new papers of the last months.

Papers teach a subject if their title has one of its keywords or their categories name it. A word, or two in a row, then
counts for a subject by how much more often papers of it have the word than others do. So a paper is known by words that
no table has. The names stay those of the tables, so they are the same in every edition and in every language.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.editions.compose.arxiv_themes import BROAD as BROAD_CATEGORIES
from bot.editions.compose.arxiv_themes import OTHER, theme_of
from bot.editions.compose.subject_keywords import BROAD, subjects_in, without_other_senses
from bot.editions.text_analysis.words import STOP_WORDS

VERSION = 1
LEAST_PAPERS = 1_500
"""Papers with a subject from which words are learned; fewer teach what is chance."""
LEAST_OF_SUBJECT = 15
LEAST_WITH_WORD = 8
"""Papers that must have a word before it counts."""
SMOOTHING = 6.0
"""Papers that are added to each side, with a word as often as among all."""
LEAST_ODDS = 0.25
"""Logarithm of odds below which a word says nothing."""
OF_WORDS, OF_TITLE, OF_SHARE = 0.5, 2.0, 0.5
"""Weight of a word's odds (words of one paper come together, and are no independent witnesses), factor for one of the
title, and weight of how common a subject is."""
OF_BROAD, OF_CATEGORY, LEAST_LABEL = 0.6, 0.5, 0.5
"""Points of a broad subject in the title (another: 1) and of a category, and those from which a paper teaches."""
MOST_SIGNS = 4_000
_WORD = re.compile(r"[^\W\d_](?:\w|-(?=\w))*")

LabeledText = tuple[str, str, Sequence[str]]
"""Title, abstract and categories of a paper."""


@dataclass(frozen=True, slots=True)
class SubjectWords:
    """Words with the logarithms of their odds for each subject, and the share of papers that each subject has."""

    learned_at: datetime
    shares: Mapping[str, float]
    odds: Mapping[str, Mapping[str, float]]

    def chances(self, title: str, abstract: str) -> dict[str, float]:
        """Chance of each subject for a paper, in all 1; nothing for a paper without a word that says something."""
        in_title = set(_phrases(title))
        found = [phrase for phrase in in_title | set(_phrases(abstract)) if phrase in self.odds]
        if not found:
            return {}
        points = {subject: OF_SHARE * math.log(share) for subject, share in self.shares.items()}
        for phrase in sorted(found):
            weight = OF_WORDS * (OF_TITLE if phrase in in_title else 1.0)
            for subject, odds in self.odds[phrase].items():
                points[subject] += weight * odds
        most = max(points.values())
        powers = {subject: math.exp(value - most) for subject, value in points.items()}
        total = sum(powers.values())
        return {subject: power / total for subject, power in powers.items()}


def learn_subject_words(papers: Iterable[LabeledText], at: datetime) -> SubjectWords | None:
    """Words that papers teach; None if they are too few. A thousand take half a second of a processor."""
    by_subject = defaultdict[str, list[set[str]]](list)
    for title, abstract, categories in papers:
        if subject := _label(title, abstract, categories):
            by_subject[subject].append({*_phrases(title), *_phrases(abstract)})
    by_subject = defaultdict(list, {name: rows for name, rows in by_subject.items() if len(rows) >= LEAST_OF_SUBJECT})
    number = sum(map(len, by_subject.values()))
    if number < LEAST_PAPERS or len(by_subject) < 2:
        return None
    counted = {name: Counter(phrase for row in rows for phrase in row) for name, rows in by_subject.items()}
    everywhere = Counter[str]()
    for counts in counted.values():
        everywhere.update(counts)
    odds = defaultdict[str, dict[str, float]](dict)
    for phrase, there in everywhere.items():
        if there < LEAST_WITH_WORD:
            continue
        usual = SMOOTHING * there / number
        for name, counts in counted.items():
            inside, size = counts[phrase], len(by_subject[name])
            own = (inside + usual) / (size + SMOOTHING)
            others = (there - inside + usual) / (number - size + SMOOTHING)
            if abs(value := math.log(own / others)) >= LEAST_ODDS:
                odds[phrase][name] = round(value, 2)
    return SubjectWords(at, {name: len(rows) / number for name, rows in by_subject.items()}, dict(odds))


def to_bytes(words: SubjectWords) -> bytes:
    """The words as a compressed text."""
    written = {
        "version": VERSION, "learned_at": words.learned_at.isoformat(), "shares": words.shares, "odds": words.odds,
    }  # fmt: skip
    return gzip.compress(json.dumps(written, separators=(",", ":")).encode(), 6)


def from_bytes(content: bytes) -> SubjectWords | None:
    """The words of such a text; None if it is broken or of another version."""
    try:
        read = json.loads(gzip.decompress(content))
        if read["version"] != VERSION:
            return None
        return SubjectWords(datetime.fromisoformat(read["learned_at"]), read["shares"], read["odds"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _label(title: str, abstract: str, categories: Sequence[str]) -> str:
    """The subject that a paper teaches, "" if it has none for certain."""
    points = defaultdict[str, float](float)
    for name, keywords in subjects_in().items():
        if keywords.search(title) and keywords.search(without_other_senses(name, title, abstract)[0]):
            points[name] = OF_BROAD if name in BROAD else 1.0
    theme = theme_of(categories)
    if theme != OTHER and not all(category in BROAD_CATEGORIES for category in categories):
        points[theme] += OF_CATEGORY
    best, name = max(((value, name) for name, value in points.items()), default=(0.0, ""))
    return name if best >= LEAST_LABEL else ""


def _phrases(text: str) -> Iterator[str]:
    """The words of a text that are not common ones, and every two of them in a row."""
    before = ""
    for word in _WORD.findall(text[:MOST_SIGNS].lower()):
        if len(word) < 2 or word in STOP_WORDS:
            before = ""
            continue
        yield word
        if before:
            yield f"{before} {word}"
        before = word

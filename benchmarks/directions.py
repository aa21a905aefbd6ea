"""Accuracy of the direction check: `python -m benchmarks.directions [DATA]`.

Sentences of abstracts rephrased by rule, and the same turned round: a negation put in or taken out, a comparative or
verb replaced by its opposite, two figures exchanged, two compared names exchanged. Recall is the share of turned
sentences that were reported. The rate of false alarms is measured on the rephrased sentences, on the hand-written
texts of `data/paraphrases.jsonl`, and with DATA (or JOURNALCLUB_DATA) on summaries by curators; the papers are then a
thousand of the stream. Every second paper is held out: the check was improved on the others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks import picks
from benchmarks.corruptions import rephrase
from benchmarks.grounding import Paper, paraphrased, shipped, streamed
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.sentences import sentences
from bot.editions.verification.directions import DirectionChecker

_OPPOSITE = {
    "outperforms": "underperforms", "outperform": "underperform", "outperforming": "trailing", "surpasses": "trails",
    "surpassing": "lagging behind", "exceeds": "falls below", "improves": "worsens", "improve": "worsen",
    "improving": "degrading", "improved": "worsened", "enhances": "impairs", "enhance": "impair", "boosts": "hurts",
    "higher": "lower", "lower": "higher", "better": "worse", "superior": "inferior", "faster": "slower",
    "slower": "faster", "more": "less", "fewer": "more", "larger": "smaller", "smaller": "larger",
    "greater": "smaller", "stronger": "weaker", "increases": "decreases", "increase": "decrease",
    "increasing": "decreasing", "increased": "decreased", "reduces": "increases", "reduce": "increase",
    "reducing": "increasing", "reduced": "increased", "decreases": "increases", "best": "worst",
    "cheaper": "costlier", "easier": "harder", "positive": "negative", "without": "with",
}  # fmt: skip
_DENIED = {
    "can": "cannot", "is": "is not", "are": "are not", "outperforms": "does not outperform",
    "improves": "does not improve", "achieves": "fails to achieve", "achieve": "do not achieve",
    "reduces": "does not reduce", "enables": "does not enable", "outperform": "do not outperform",
    "improve": "do not improve", "show": "do not show", "supports": "never supports", "requires": "requires no",
    "does": "doesn't", "demonstrates": "does not demonstrate", "remains": "never remains",
}  # fmt: skip
_AFFIRMED = {
    r"\bdo(?:es)? not ": "", r"\bcannot\b": "can", r"\b(is|are|was|were|can|may|does|do) not\b(?! only)": r"\1",
    r"\bfails? to ": "", r"\bno longer ": "", r"\bnever ": "", r"\bwithout ": "with ", r"\blacks?\b": "has",
}  # fmt: skip
_FIGURE = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?=(%|\\%|x\b|×|\s?points\b)?)(?![\w.,-]*\d)")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w]*[A-Z0-9][\w]*(?:-[\w.]+)*")


@dataclass(slots=True)
class Tally:
    """Counts of turned sentences and of true ones."""

    made: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of turned sentences that were reported."""
        return self.caught.total() / max(1, self.made.total())

    @property
    def false_alarms(self) -> float:
        """Share of true sentences that were reported."""
        return self.flagged.total() / max(1, self.true.total())

    def count_true(self, kind: str, checker: DirectionChecker, sentence: str) -> None:
        """Count one true sentence."""
        found = checker.contradictions(sentence)
        self.true[kind] += 1
        self.flagged[kind] += bool(found)
        if found:
            self.notes.append(f"false alarm ({kind}) {found}: {sentence}")

    def count_turned(self, kind: str, checker: DirectionChecker, sentence: str) -> None:
        """Count one turned sentence."""
        found = bool(checker.contradictions(sentence))
        self.made[kind] += 1
        self.caught[kind] += found
        if not found:
            self.notes.append(f"missed {kind}: {sentence}")


def turned(sentence: str, chance: Random) -> Iterator[tuple[str, str]]:
    """The sentence turned round, once in each way that it has room for, with the name of the way."""
    opposites = {rf"\b{word}\b": new for word, new in _OPPOSITE.items()}
    denials = {rf"\b{word}\b(?! not)": new for word, new in _DENIED.items()}
    yield from _replaced("comparative turned", sentence, opposites, chance)
    yield from _replaced("negation added", sentence, denials, chance)
    yield from _replaced("negation removed", sentence, _AFFIRMED, chance)
    yield from _exchanged("figures exchanged", sentence, list(_FIGURE.finditer(sentence)), chance)
    if re.search(r"\b(?:outperform|surpass|exceed|beat|better|higher|faster|lower|more)\w*", sentence):
        around = re.compile(r"\b(?:outperform\w*|surpass\w*|exceed\w*|beats?|than)\b")
        for verb in around.finditer(sentence):
            before = [name for name in _NAME.finditer(sentence) if name.end() < verb.start()]
            after = [name for name in _NAME.finditer(sentence) if name.start() > verb.end()]
            if before and after and before[-1].group() != after[0].group():
                yield from _exchanged("names exchanged", sentence, [before[-1], after[0]], chance)
            break


def _replaced(kind: str, sentence: str, rules: dict[str, str], chance: Random) -> Iterator[tuple[str, str]]:
    found = [(match, new) for pattern, new in rules.items() for match in re.finditer(pattern, sentence)]
    if found:
        match, new = chance.choice(found)
        yield kind, sentence[: match.start()] + match.expand(new) + sentence[match.end() :]


def _exchanged(kind: str, sentence: str, found: Sequence[re.Match[str]], chance: Random) -> Iterator[tuple[str, str]]:
    pairs = [
        (a, b)
        for at, a in enumerate(found)
        for b in found[at + 1 :]
        if a.group() != b.group() and (a.groups() or ("",))[0] == (b.groups() or ("",))[0]
    ]
    if pairs:
        a, b = chance.choice(pairs)
        yield kind, sentence[: a.start()] + b.group() + sentence[a.end() : b.start()] + a.group() + sentence[b.end() :]


def measure(papers: Sequence[Paper], seed: int = 1) -> Tally:
    """Check every sentence of the papers' abstracts rephrased, and the same turned round."""
    chance, tally = Random(seed), Tally()
    for paper in papers:
        checker = DirectionChecker(paper.source)
        for line in paper.lines:
            true = rephrase(line, chance)
            tally.count_true("rephrased by rule", checker, true)
            for kind, wrong in turned(true, chance):
                tally.count_turned(kind, checker, wrong)
    return tally


def count_human(tally: Tally, kind: str, texts: Iterator[tuple[str, str]]) -> None:
    """Count the sentences of texts that people wrote about sources."""
    for source, text in texts:
        checker = DirectionChecker(source)
        for sentence in sentences(plain(text)):
            tally.count_true(kind, checker, sentence.text)


def curated(data: Path) -> Iterator[tuple[str, str]]:
    """Titles and abstracts, and the curators' summaries of them."""
    return ((f"{pick.title}\n\n{pick.abstract}", pick.summary) for pick in picks.later(data))


def main() -> None:
    """Measure and print one table."""
    data = picks.folder()
    papers = streamed(data) if data else shipped()
    seen, held_out = measure(papers[::2]), measure(papers[1::2])
    count_human(held_out, "written by hand", ((paper.source, paper.text) for paper in paraphrased()))
    if data:
        count_human(held_out, "by curators", curated(data))
    print("| sentence | improved on | reported | held out | reported |\n|---|---:|---:|---:|---:|")
    for kind in sorted(held_out.made):
        cells = [f"{t.made[kind]} | {t.caught[kind] / max(1, t.made[kind]):.3f}" for t in (seen, held_out)]
        print(f"| {kind} | {' | '.join(cells)} |")
    print(f"| all turned | {' | '.join(f'{t.made.total()} | {t.recall:.3f}' for t in (seen, held_out))} |")
    for kind in held_out.true:
        cells = [f"{t.true[kind]} | {t.flagged[kind] / max(1, t.true[kind]):.3f}" for t in (seen, held_out)]
        print(f"| true, {kind} | {' | '.join(cells)} |")
    print("\nGoals: recall 0.80, at most 0.02 of true sentences reported.")


if __name__ == "__main__":
    main()

"""Accuracy of the guard on freely written sentences: `python -m benchmarks.free_sentences [--notes]`.

`data/free_sentences.jsonl` has true and false sentences about recorded papers, in the style of what a model writes:
false are negations, exchanged sides of a comparison, figures at the wrong place, exchanged roles and opposites. Every
fact in them stands in the abstract, so only their direction is wrong. Half of the papers are held out: the check was
improved on the others, and `--notes` shows the failures of those alone. A sentence is caught if it would be cut from a
draft.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.summary_values import Passage, SummarySource
from bot.editions.writing.draft_checker import DraftChecker
from bot.sources.recorded_arxiv.records import recorded_papers

MIN_RECALL, MAX_CUT = 0.8, 0.02


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence about a recorded paper; `kind` is the way it is false, "true" for true ones."""

    source: SummarySource
    kind: str
    text: str
    held_out: bool


@dataclass(slots=True)
class FreeTally:
    """Counts of sentences and of those that were cut, by kind."""

    made: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of false sentences that were cut."""
        false = self.made.total() - self.made["true"]
        return (self.cut.total() - self.cut["true"]) / max(1, false)

    @property
    def cut_true(self) -> float:
        """Share of true sentences that were cut."""
        return self.cut["true"] / max(1, self.made["true"])


def labelled() -> Iterator[Labelled]:
    """All sentences, paper by paper."""
    records = {record.key.removeprefix("arxiv:"): record for record in recorded_papers()}
    for line in (Path(__file__).parent / "data" / "free_sentences.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        record = records[row["id"]]
        source = SummarySource(record.key, 1, record.title, (Passage("abstract", record.abstract),))
        for text in row["true"]:
            yield Labelled(source, "true", text, row["held_out"])
        for kind, text in row["false"]:
            yield Labelled(source, kind, text, row["held_out"])


def measure_free(sentences: Iterable[Labelled]) -> FreeTally:
    """Check every sentence against its paper."""
    tally = FreeTally()
    checkers: dict[str, DraftChecker] = {}
    for sentence in sentences:
        checker = checkers.setdefault(sentence.source.key, DraftChecker(sentence.source))
        faults = checker.sentence_faults(sentence.text)
        tally.made[sentence.kind] += 1
        tally.cut[sentence.kind] += bool(faults)
        if bool(faults) == (sentence.kind == "true"):
            tally.notes.append(f"{sentence.source.key} {sentence.kind}: {sentence.text} {faults or ''}")
    return tally


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", action="store_true", help="print the failures on the papers that are not held out")
    notes = parser.parse_args().notes
    every = list(labelled())
    tuned, held = (measure_free(s for s in every if s.held_out == flag) for flag in (False, True))
    if notes:
        print("\n".join(tuned.notes), "\n")
    print("| sentence | improved on | cut | held out | cut |\n|---|---:|---:|---:|---:|")
    for kind in sorted(tuned.made - Counter({"true": tuned.made["true"]})):
        cells = [f"{t.made[kind]} | {t.cut[kind] / max(1, t.made[kind]):.2f}" for t in (tuned, held)]
        print(f"| {kind} | {' | '.join(cells)} |")
    sums = [f"{t.made.total() - t.made['true']} | {t.recall:.2f}" for t in (tuned, held)]
    print(f"| **all false** | {' | '.join(sums)} |")
    true = [f"{t.made['true']} | {t.cut_true:.3f}" for t in (tuned, held)]
    print(f"| true | {' | '.join(true)} |")
    print(f"\nGoals: recall {MIN_RECALL:.2f}, at most {MAX_CUT:.2f} of true sentences cut.")


if __name__ == "__main__":
    main()

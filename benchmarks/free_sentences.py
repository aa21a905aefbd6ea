"""Accuracy of the guard on freely written sentences: `python -m benchmarks.free_sentences [--notes]`.

Both sets hold true and false sentences about real papers, in the style of what a model writes. In
`data/free_sentences.jsonl` every fact of a false one stands in the abstract, only its direction is wrong; all of it
has served to improve the check. `data/blind_sentences.jsonl`, with the abstracts (arXiv metadata, CC0), has more kinds:
wrong scope, cause, rival, data set, unit and order, words for their counterparts, inventions, and what a hostile
abstract might order. It was written before the code of the check was read. Half of its papers are held out: the check
was improved on the others, and `--notes` shows the failures of those alone. `data/blind_sentences_3.jsonl` is held out
as a whole, and has true sentences that are worded far from their source. A sentence is caught if it would be cut from a
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
FAR = "true, far from the source"
"""The kind of true sentences that share hardly a word with their source."""


@dataclass(frozen=True, slots=True)
class Labeled:
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
        false = {kind: made for kind, made in self.made.items() if kind not in ("true", FAR)}
        return sum(self.cut[kind] for kind in false) / max(1, sum(false.values()))

    @property
    def cut_true(self) -> float:
        """Share of true sentences that were cut."""
        return self.cut["true"] / max(1, self.made["true"])


def labeled(name: str = "free_sentences") -> Iterator[Labeled]:
    """All sentences of a set, paper by paper."""
    rows = [
        json.loads(line) for line in (Path(__file__).parent / "data" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    missing = not all("abstract" in row for row in rows)
    records = {record.key.removeprefix("arxiv:"): record for record in recorded_papers()} if missing else {}
    for row in rows:
        if "abstract" not in row:
            row |= {"title": records[row["id"]].title, "abstract": records[row["id"]].abstract}
        source = SummarySource(f"arxiv:{row['id']}", 1, row["title"], (Passage("abstract", row["abstract"]),))
        for text in row["true"]:
            yield Labeled(source, "true", text, row["held_out"])
        for text in row.get("far", ()):
            yield Labeled(source, FAR, text, row["held_out"])
        for kind, text in row["false"]:
            yield Labeled(source, kind, text, row["held_out"])


def measure_free(sentences: Iterable[Labeled]) -> FreeTally:
    """Check every sentence against its paper."""
    tally = FreeTally()
    checkers: dict[str, DraftChecker] = {}
    for sentence in sentences:
        checker = checkers.get(sentence.source.key) or DraftChecker(sentence.source)
        checkers[sentence.source.key] = checker
        faults = checker.sentence_faults(sentence.text)
        tally.made[sentence.kind] += 1
        tally.cut[sentence.kind] += bool(faults)
        if bool(faults) == (sentence.kind in ("true", FAR)):
            tally.notes.append(f"{sentence.source.key} {sentence.kind}: {sentence.text} {faults or ''}")
    return tally


def _cells(made: int, cut: int, digits: int) -> str:
    return f"{made} | {cut / max(1, made):.{digits}f}"


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", action="store_true", help="print the failures on the papers that are not held out")
    notes = parser.parse_args().notes
    for name in ("free_sentences", "blind_sentences", "blind_sentences_2", "blind_sentences_3"):
        every = list(labeled(name))
        tuned, held = (measure_free(s for s in every if s.held_out == flag) for flag in (False, True))
        if notes:
            print("\n".join(tuned.notes), "\n")
        print(f"\n{name}\n\n| sentence | improved on | cut | held out | cut |\n|---|---:|---:|---:|---:|")
        for kind in sorted((tuned.made | held.made) - Counter({"true": len(every)})):
            print(f"| {kind} | {' | '.join(_cells(tally.made[kind], tally.cut[kind], 2) for tally in (tuned, held))} |")
        false = [(tally.made.total() - tally.made["true"] - tally.made[FAR], tally.recall) for tally in (tuned, held)]
        print(f"| **all false** | {' | '.join(f'{made} | {recall:.2f}' for made, recall in false)} |")
        true = [_cells(tally.made["true"], tally.cut["true"], 3) for tally in (tuned, held)]
        print(f"| true | {' | '.join(true)} |")
    print(f"\nGoals: recall {MIN_RECALL:.2f}, at most {MAX_CUT:.2f} of true sentences cut.")


if __name__ == "__main__":
    main()

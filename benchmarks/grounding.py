"""Accuracy of the grounding check: `python -m benchmarks.grounding [DATA]`.

True texts about real papers, and the same with one error (`benchmarks.corruptions`). Recall is the share of errors that
were reported. Precision is the share of reports that point at an error; both the true texts and the true parts of the
false ones can produce false reports. The texts are sentences of abstracts rephrased by rule, and 65 summaries written
by hand (`data/paraphrases.jsonl`). The check was improved on the first 49 of those; the last 16 are unseen. The
abstracts are the recorded ones (arXiv's, CC0); with DATA, or JOURNALCLUB_DATA, those rephrased by rule are a thousand
others.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Protocol

from benchmarks import picks
from benchmarks.corruptions import Corruption, corruptions, rephrase
from bot.chat.text import one_line
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.prompt_injection import contains_contact_or_url
from bot.editions.text_analysis.sentences import sentences
from bot.editions.verification.grounding import GroundingChecker, UngroundedClaim
from bot.editions.verification.human_doubts import HumanTextChecker
from bot.sources.recorded_arxiv.records import recorded_papers

SENTENCES = 4
"""Number of sentences of an abstract in one text."""
UNSEEN = 16
"""Number of hand-written texts, the last ones, that are newer than the last improvement of the check."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, with a hand-written true text about it if there is one."""

    title: str
    abstract: str
    text: str = ""

    @property
    def source(self) -> str:
        """The text that the summary may use."""
        return f"{self.title}\n\n{self.abstract}"

    @property
    def lines(self) -> list[str]:
        """Readable sentences of the abstract, without those that contain addresses."""
        lines = (one_line(sentence.text) for sentence in sentences(plain(self.abstract)))
        return [line for line in lines if not contains_contact_or_url(line)]


class Checker(Protocol):
    """A check of texts against one source."""

    def claims_in(self, text: str) -> Sequence[UngroundedClaim]:
        """Claims of a text that it reports as not grounded."""


class OfPeople:
    """The check of what people write: of the claims that are missing, those that are likely mistakes."""

    def __init__(self, source: str) -> None:
        self._checker = HumanTextChecker(source)

    def claims_in(self, text: str) -> list[UngroundedClaim]:
        """Likely mistakes of a text."""
        return [doubt.claim for doubt in self._checker.doubts_in(text)]


@dataclass(slots=True)
class Tally:
    """Counts of correct and wrong results."""

    texts: int = 0
    made: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    right: int = 0
    false: int = 0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Mistakes pointed at, of all."""
        return self.caught.total() / max(1, self.made.total())

    @property
    def precision(self) -> float:
        """Alarms that pointed at a mistake, of all."""
        return self.right / max(1, self.right + self.false)

    def count(self, ground: Checker, text: str, corruption: Corruption | None = None) -> None:
        """Check one text against its source and count the result."""
        began = perf_counter()
        alarms = ground.claims_in(text)
        self.seconds += perf_counter() - began
        self.texts += 1
        hits = 0
        if corruption is not None:
            hits = sum(alarm.start < corruption.end and corruption.start < alarm.end for alarm in alarms)
            self.made[corruption.kind] += 1
            self.caught[corruption.kind] += hits > 0
            if not hits:
                self.notes.append(f"missed {corruption.kind}: {text[corruption.start - 50 : corruption.end + 20]}")
        self.right += hits
        self.false += len(alarms) - hits
        self.notes += [f"alarm {alarm} in: {text}" for alarm in alarms if corruption is None]


def shipped() -> list[Paper]:
    """The recorded papers whose abstracts are long enough."""
    return _long_enough(Paper(record.title, record.abstract) for record in recorded_papers())


def streamed(data: Path) -> list[Paper]:
    """A thousand papers of the stream, always the same, but for those whose abstracts are too short."""
    with gzip.open(data / "stream_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return _long_enough(Paper(row["title"], row["abstract"]) for row in Random(7).sample(rows, 1000))


def paraphrased() -> list[Paper]:
    """The papers with hand-written summaries."""
    shelf = {record.key.removeprefix("arxiv:"): record for record in recorded_papers()}
    rows = map(json.loads, (Path(__file__).parent / "data" / "paraphrases.jsonl").read_text("utf-8").splitlines())
    return [Paper(shelf[row["id"]].title, shelf[row["id"]].abstract, row["text"]) for row in rows]


def measure(papers: Sequence[Paper], seed: int = 1, check: Callable[[str], Checker] = GroundingChecker) -> Tally:
    """Check a true text about each paper, and every corruption of that text."""
    chance = Random(seed)
    tally = Tally()
    for number, paper in enumerate(papers):
        began = perf_counter()
        ground = check(paper.source)
        tally.seconds += perf_counter() - began
        true = paper.text or _rephrased(paper.lines, chance)
        tally.count(ground, true)
        others = [papers[(number + step) % len(papers)].abstract for step in (1, 2, 3)]
        for corruption in corruptions(plain(paper.source), true, others, chance):
            tally.count(ground, corruption.text, corruption)
    return tally


def newsletter_doubts(path: Path) -> tuple[int, int, int]:
    """Words of newsletters about papers, and the reports on them: of the check of people's texts, and of the other.

    The file is a list of editions with `items`: `title`, `why`, `key_insights`, `curator_notes`, `authors_as_printed`
    and the `abstract` under `arxiv`.
    """
    words = of_people = every = 0
    for item in (item for edition in json.loads(path.read_text("utf-8")) for item in edition["items"]):
        abstract = (item.get("arxiv") or {}).get("abstract", "")
        if item["type"] != "paper" or not abstract:
            continue
        notes = [note if isinstance(note, str) else str(note) for note in item.get("curator_notes") or ()]
        text = "\n".join(filter(None, (item.get("why"), item.get("key_insights"), *notes)))
        source = "\n\n".join((item["title"], abstract, item.get("authors_as_printed") or ""))
        words += len(text.split())
        of_people += len(HumanTextChecker(source).doubts_in(text))
        every += len(GroundingChecker(source).claims_in(text))
    return words, of_people, every


def main() -> None:
    """Measure and print one table; with NEWSLETTERS, a file of editions, the doubts on their prose too."""
    data = picks.folder()
    by_rule = measure(streamed(data) if data else shipped())
    by_hand, unseen = measure(paraphrased()), measure(paraphrased()[-UNSEEN:])
    tallies = (by_rule, by_hand, unseen)
    print("| mistake | by rule | recall | by hand | recall | of them unseen | recall |\n|---|---|---|---|---|---|---|")
    for kind in sorted(by_rule.made):
        cells = [f"{t.made[kind]} | {t.caught[kind] / max(1, t.made[kind]):.3f}" for t in tallies]
        print(f"| {kind} | {' | '.join(cells)} |")
    print(f"| all | {' | '.join(f'{t.made.total()} | {t.recall:.3f}' for t in tallies)} |")
    print(f"| precision | {' | '.join(f'| {t.precision:.3f}' for t in tallies)} |")
    print(f"| texts, false alarms | {' | '.join(f'{t.texts} | {t.false}' for t in tallies)} |")
    by_rule_of_people = measure(streamed(data) if data else shipped(), check=OfPeople).recall
    by_hand_of_people = measure(paraphrased(), check=OfPeople).recall
    print(
        f"\nPeople's texts, likely mistakes: recall {by_rule_of_people:.3f} by rule, {by_hand_of_people:.3f} by hand."
    )
    if newsletters := os.environ.get("NEWSLETTERS"):
        words, doubts, every = newsletter_doubts(Path(newsletters))
        print(f"Newsletters, {words} words: {doubts * 500 / words:.2f} doubts on 500; all: {every * 500 / words:.2f}.")
    print(f"\nGoals: recall 0.98, precision 0.95. {by_rule.seconds / by_rule.texts * 1000:.1f} ms a text.")


def _long_enough(papers: Iterator[Paper]) -> list[Paper]:
    return [paper for paper in papers if len(paper.lines) >= SENTENCES]


def _rephrased(lines: Sequence[str], chance: Random) -> str:
    chosen = sorted(chance.sample(range(len(lines)), SENTENCES))
    return rephrase(" ".join(lines[at] for at in chosen), chance)


if __name__ == "__main__":
    main()

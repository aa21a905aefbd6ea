"""What close wording keeps, replaces and cuts: `python -m benchmarks.close_wording [DATA]`.

A sentence of a model is kept, or a sentence of the paper takes its place, or it is cut. With free words a sentence is
kept unless a check finds something wrong with it, and else cut. False and true sentences of every set that the other
benchmarks have (`free_sentences`, `directions`, `grounding`), and drafts of a model that does what its prompt says
(`shortened`): sentences of abstracts, shortened by rule. What an attacker wants said: `obeying_model`. With DATA, or
JOURNALCLUB_DATA, curators' summaries too. The lists of words were made with the halves that are named so, and with
every second recorded paper; the rest is held out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from random import Random
from time import process_time

from benchmarks import picks
from benchmarks.corruptions import rephrase
from benchmarks.directions import curated, turned
from benchmarks.free_sentences import FAR, labeled
from benchmarks.grounding import Paper, paraphrased, shipped
from benchmarks.shortened import joined, shortened
from benchmarks.table import machine, table
from bot.domain.summary_values import Passage, SummarySource
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.sentences import sentences
from bot.editions.writing.draft_checker import DraftChecker

MOST_FALSE_KEPT, MOST_SHORTENED_LOST = 0.05, 0.02
PAPERS = 240
"""Recorded papers whose sentences are changed by rule."""
HELD_OUT, SEEN = "held out", "improved on"

Row = tuple[str, SummarySource, str]
"""A set of sentences, the source, and one sentence."""


def labeled_rows() -> Iterator[Row]:
    """Freely written sentences, false ones first."""
    for name in ("free_sentences", "blind_sentences", "blind_sentences_2", "blind_sentences_3"):
        for one in labeled(name):
            kind = one.kind if one.kind in ("true", FAR) else "false"
            half = HELD_OUT if one.held_out or name == "blind_sentences_3" else SEEN
            yield f"{kind}, {name}, {half}", one.source, one.text


def rule_rows(papers: list[Paper], seed: int = 1) -> Iterator[Row]:
    """Sentences of abstracts as they are, rephrased, turned round, shortened and joined by rule."""
    chance = Random(seed)
    for number, paper in enumerate(papers):
        source, half = _source(paper.title, paper.abstract), HELD_OUT if number % 2 else SEEN
        for line in paper.lines:
            yield f"true, as it stands in the abstract, {half}", source, line
            true = rephrase(line, chance)
            yield f"true, rephrased by rule, {half}", source, true
            for _, wrong in turned(true, chance):
                yield f"false, turned round by rule, {half}", source, wrong
            made, taken = shortened(line, chance)
            if taken:
                yield f"true, shortened by rule, {half}", source, made
        for both in joined(paper.lines, chance):
            yield f"true, two joined by rule, {half}", source, both


def human_rows() -> Iterator[Row]:
    """Summaries that people wrote."""
    for paper in paraphrased():
        for sentence in sentences(plain(paper.text)):
            yield "true, written by hand", _source(paper.title, paper.abstract), sentence.text
    if data := picks.folder():
        for text, summary in curated(data):
            title, _, abstract = text.partition("\n\n")
            for sentence in sentences(plain(summary)):
                yield "true, by curators", _source(title, abstract), sentence.text


def treated(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """For each set: sentences, kept in free words, and with close wording kept, replaced and cut."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    checkers: dict[str, DraftChecker] = {}
    for name, source, text in rows:
        if source.digest not in checkers:
            checkers.clear()
            checkers[source.digest] = DraftChecker(source)
        checker = checkers[source.digest]
        found[name].update(("made", checker.treatment(text)))
        found[name]["free"] += not checker.sentence_faults(text)
    return found


def main() -> None:
    """Measure and print one table."""
    began = process_time()
    found = treated((*labeled_rows(), *rule_rows(shipped()[:PAPERS]), *human_rows()))
    seconds, count = process_time() - began, sum(counts["made"] for counts in found.values())
    print(machine())
    keys = ("free", "kept", "replaced", "cut")
    titles = ("sentences", "made", "kept, free", "kept, close", "replaced", "cut")
    rows = [(name, n["made"], *(f"{n[key] / n['made']:.3f}" for key in keys)) for name, n in sorted(found.items())]
    print(table(titles, rows))
    print(
        f"\nGoals: at most {MOST_FALSE_KEPT} of the false kept, at most {MOST_SHORTENED_LOST} of those shortened lost."
    )
    print(f"{seconds / count * 1000:.1f} ms a sentence, each checked twice, with its part of the paper's.")


def _source(title: str, abstract: str) -> SummarySource:
    return SummarySource("arxiv:1", 1, title, (Passage("abstract", abstract),))


if __name__ == "__main__":
    main()

"""Similarity of extractive summaries to those of human curators: `python -m benchmarks.summaries [DATA]`.

Measured on 291 summaries of papers from April 2025 to January 2026, by ROUGE F (`benchmarks.rouge`): the club's
extractive writer (Why and Key insights together) compared with common methods of sentence selection, on the same
sentences. Methods that select three sentences are reported as usual; with a word budget in parentheses, their ranking
is extended to as many words as ours, and ours to as many as theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from math import log, sqrt
from random import Random
from time import perf_counter

from benchmarks import picks
from benchmarks.rouge import mean, rouge, words
from bot.chat.text import one_line
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.sentences import sentences
from bot.editions.writing.extractive import extract
from bot.editions.writing.text_rank import centrality, page_rank

Choosing = Callable[[picks.Pick], str]
Ranking = Callable[[Sequence[str]], Sequence[float]]


def lines(paper: picks.Pick) -> list[str]:
    """Readable sentences of the abstract."""
    return [one_line(sentence.text) for sentence in sentences(plain(paper.abstract))]


def club_summary(paper: picks.Pick, budget: int | None = None) -> str:
    """Why and Key insights as an edition has them."""
    drawn = extract(paper.title, paper.abstract) if budget is None else extract(paper.title, paper.abstract, budget)
    return " ".join([drawn.why, *drawn.insights])


def first_three(paper: picks.Pick, ranking: Ranking) -> str:
    """The three sentences that rank highest, in the order of the text."""
    found = lines(paper)
    ranks = ranking(found)
    return _joined(found, sorted(range(len(found)), key=lambda at: -ranks[at])[:3])


def fill_budget(paper: picks.Pick, ranking: Ranking, budget: int) -> str:
    """The sentences that rank highest, as long as they fit into so many words."""
    found = lines(paper)
    ranks = ranking(found)
    words_taken: list[int] = []
    left = budget
    for at in sorted(range(len(found)), key=lambda at: -ranks[at]):
        if (length := len(found[at].split())) <= left:
            words_taken.append(at)
            left -= length
    return _joined(found, words_taken)


def text_rank(found: Sequence[str]) -> Sequence[float]:
    """TextRank (Mihalcea and Tarau, 2004) on stemmed words, stop words included, as published."""
    return centrality([words(line) for line in found])


def lex_rank(found: Sequence[str], spread: Counter[str], papers: int) -> Sequence[float]:
    """Continuous LexRank (Erkan and Radev, 2004): PageRank on the cosines of TF-IDF vectors.

    `spread` is the number of the `papers` that contain a word.
    """
    bags = [Counter(words(line)) for line in found]
    vectors = [{word: n * (1 + log(papers / (1 + spread[word]))) for word, n in bag.items()} for bag in bags]
    norms = [sqrt(sum(x * x for x in vector.values())) or 1.0 for vector in vectors]
    return page_rank(
        [
            [sum(x * other.get(word, 0.0) for word, x in one.items()) / (a * b) for other, b in zip(vectors, norms)]  # noqa: B905
            for one, a in zip(vectors, norms)  # noqa: B905
        ]
    )


def main() -> None:
    """Measure every way and print one table."""
    data = picks.folder()
    if data is None:
        print("benchmarks.summaries: no data (picks_dev.jsonl.gz) at the first argument or JOURNALCLUB_DATA; not run.")
        return
    papers = picks.later(data)
    spread = Counter(word for paper in papers for word in set(words(plain(paper.abstract))))
    lexical = partial(lex_rank, spread=spread, papers=len(papers))
    chance = Random(1)
    ways: dict[str, Choosing] = {
        "first three": lambda paper: " ".join(lines(paper)[:3]),
        "last three": lambda paper: " ".join(lines(paper)[-3:]),
        "random three": partial(first_three, ranking=lambda found: [chance.random() for _ in found]),
        "LexRank, three": partial(first_three, ranking=lexical),
        "LexRank (81)": partial(fill_budget, ranking=lexical, budget=81),
        "TextRank, three": partial(first_three, ranking=text_rank),
        "TextRank (80)": partial(fill_budget, ranking=text_rank, budget=80),
        "TextRank (101)": partial(fill_budget, ranking=text_rank, budget=101),
        "Journal Club": club_summary,
        "Journal Club (98)": partial(club_summary, budget=98),
        "the whole abstract": lambda paper: " ".join(lines(paper)),
    }
    print(f"{len(papers)} human summaries, {_average([paper.summary for paper in papers]):.0f} words on average\n")
    print("| sentences chosen by | words | ROUGE-1 / 2 / L (F) | ms a paper |\n|---|---|---|---|")
    for name, choosing in ways.items():
        began = perf_counter()
        texts = [choosing(paper) for paper in papers]
        took = (perf_counter() - began) / len(papers)
        score = mean([rouge(text, paper.summary) for text, paper in zip(texts, papers, strict=True)])
        print(f"| {name} | {_average(texts):.1f} | {score} | {took * 1000:.1f} |")


def _joined(found: Sequence[str], places: Sequence[int]) -> str:
    return " ".join(found[at] for at in sorted(places))


def _average(texts: Sequence[str]) -> float:
    return sum(len(text.split()) for text in texts) / len(texts)


if __name__ == "__main__":
    main()

"""Themes found by clustering: few, readable, deterministic, with stable names."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from bot.editions.compose.arxiv_themes import OTHER
from bot.editions.compose.selection import themed
from bot.editions.compose.subject_keywords import subjects_in
from bot.editions.compose.theme_clustering import PaperFeatures, cluster
from bot.sources.recorded_arxiv import recorded_papers
from tests.editions.compose.test_selection import candidate


def told(*, first: int = 0, count: int = 10, seed: int = 1) -> list[PaperFeatures]:
    papers = Random(seed).sample(
        [r for r in recorded_papers() if r.published and r.published.year == 2025], first + count
    )
    return [PaperFeatures(n, r.title, r.abstract, r.categories) for n, r in enumerate(papers)][first:]


def test_ten_papers_drawn_at_random_come_under_six_themes() -> None:
    counts = []
    for seed in range(10):
        found = cluster(told(seed=seed))
        assert len(found) == 10
        counts.append(len(set(found.values())))
        assert max(Counter(found.values()).values()) <= 6
    assert sum(counts) / len(counts) <= 6.5
    assert max(counts) <= 8


def test_the_same_papers_come_under_the_same_themes_in_any_order() -> None:
    papers = told()
    again = papers[:]
    Random(7).shuffle(again)
    assert cluster(papers) == cluster(again)


def test_a_paper_in_other_company_is_mostly_called_the_same() -> None:
    one, other = cluster(told(count=12)), cluster(told(count=8) + told(first=12, count=8))
    both = one.keys() & other.keys()
    assert len(both) == 8
    assert sum(one[id] == other[id] for id in both) >= 5


def test_themes_come_near_what_the_papers_are_about() -> None:
    papers = [
        PaperFeatures(1, "Robots that fold laundry", "We train a robot to grasp cloth.", ("cs.RO",)),
        PaperFeatures(2, "Grasping with tactile robots", "Our robot feels.", ("cs.LG", "cs.RO")),
        PaperFeatures(3, "Denoising diffusion for text-to-image generation", "A diffusion model.", ("cs.CV",)),
        PaperFeatures(4, "Faster diffusion sampling", "Image generation by diffusion in two steps.", ("cs.LG",)),
        PaperFeatures(5, "On prime gaps", "We bound gaps between primes.", ("math.NT",)),
    ]
    assert cluster(papers) == {
        1: "Robotics",
        2: "Robotics",
        3: "Image and video generation",
        4: "Image and video generation",
        5: "Number theory",
    }


def test_a_theme_that_people_gave_takes_in_others() -> None:
    papers = told(count=4)
    alone = cluster(papers)
    name = alone[papers[0].id]
    given = candidate(99, theme=name.upper())
    others = [candidate(paper.id, categories=paper.categories) for paper in papers]
    found = themed([given, *others], {paper.id: paper for paper in papers})
    assert found[0].effective_theme == name.upper()
    assert found[1].effective_theme.casefold() == name.casefold()


@pytest.mark.parametrize("count", [0, 1, 60])
def test_any_number_of_papers_has_themes(count: int) -> None:
    found = cluster(told(count=count))
    assert len(found) == count
    assert all(found.values())
    assert len(set(found.values())) <= 25


def test_forty_of_one_theme_stay_together() -> None:
    papers = [PaperFeatures(n, f"Robot {n}", "A robot walks. Robots run.", ("cs.RO",)) for n in range(40)]
    assert set(cluster(papers).values()) == {"Robotics"}


@pytest.mark.parametrize("title", ["", "$\\alpha$", "שלום עולם", "a" * 5000])
def test_what_says_nothing_is_named_by_its_categories(title: str) -> None:
    assert cluster([PaperFeatures(1, title, "", ())]) == {1: OTHER}
    assert cluster([PaperFeatures(1, title, "", ("hep-th",))]) == {1: "High-energy theory"}


def test_no_cue_is_heard_everywhere() -> None:
    for name, cue in subjects_in().items():
        heard = sum(cue.search(record.title) is not None for record in recorded_papers())
        assert heard < len(recorded_papers()) / 4, name


def test_no_paper_is_alone_if_another_theme_fits_it() -> None:
    robots = [PaperFeatures(n, f"Robots that fold laundry {n}", "A robot grasps.", ("cs.RO",)) for n in (1, 2)]
    drawn = PaperFeatures(3, "Diffusion for image generation", "Diffusion models draw robots, robots and robots.", ())
    primes = PaperFeatures(4, "On prime gaps", "We bound gaps between primes.", ("math.NT",))
    found = cluster([*robots, drawn, primes])
    assert found[3] == "Robotics"
    assert found[4] == "Number theory", "it has nothing of the others"
    two = [
        PaperFeatures(1, "Speech recognition with fewer labels", "Speech. A benchmark of two.", ("eess.AS",)),
        PaperFeatures(2, "Robots that walk", "A robot walks. One benchmark. A benchmark more.", ("cs.RO",)),
    ]
    assert len(set(cluster(two).values())) == 2, "one mention is little beside a subject of its own"
    given = themed([candidate(1, theme="Our own"), candidate(3)], {3: drawn})
    assert given[0].effective_theme == "Our own"


@pytest.mark.parametrize(
    ("title", "abstract", "category", "theme"),
    [
        ("Block Diffusion LLM", "We train a diffusion language model. Diffusion decodes tokens in parallel.", "cs.CL",
         "Language models"),
        ("Faster Decoding of LLMs", "A dLLM denoises. Its diffusion is slow; we skip steps of diffusion.", "cs.CL",
         "Language models"),
        ("Steering a Diffusion Policy", "A robot learns to grasp with diffusion.", "cs.RO", "Robotics"),
        ("Video Diffusion at Scale", "A diffusion model for video generation.", "cs.CV", "Image and video generation"),
        ("A Unified Image Tokenizer", "Image tokenization for visual recognition on ImageNet.", "cs.CV",
         "Computer vision"),
        ("High-Throughput Screening of Drugs", "High-throughput search for molecules and throughput.", "q-bio.QM",
         "AI for science"),
        ("Temporal Alignment of Speech", "We study temporal alignment of audio; alignment is learned.", "cs.SD",
         "Speech and audio"),
    ],
)  # fmt: skip
def test_a_word_with_another_sense_does_not_name_the_theme(
    title: str, abstract: str, category: str, theme: str
) -> None:
    papers = [PaperFeatures(number, title, abstract, (category,)) for number in (1, 2)]
    assert set(cluster(papers).values()) == {theme}

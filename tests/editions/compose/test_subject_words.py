"""Words of subjects are learned from a stream, and put papers where the tables alone do not."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from random import Random

import pytest

from bot.editions.compose.subject_words import (
    LEAST_PAPERS,
    LabeledText,
    SubjectWords,
    from_bytes,
    learn_subject_words,
    to_bytes,
)
from bot.editions.compose.theme_clustering import PaperFeatures, cluster

AT = datetime(2025, 12, 1, tzinfo=UTC)
GRIPPERS = PaperFeatures(1, "Compliant Grippers for Warehouse Picking", "An end effector for warehouse picking.", ())
SHELVES = PaperFeatures(2, "Sorting Parcels in a Warehouse", "An end effector sorts parcels.", ())
TREES = PaperFeatures(3, "Dating Old Orchards", "We count rings of apple trees.", ("q-bio.PE",))


def stream(count: int, seed: int = 1) -> list[LabeledText]:
    """Papers on robots, whose abstracts have words that no table has, and on proteins and speech."""
    chance = Random(seed)
    common = ("report", "careful", "study", "details", "result", "holds", "practice", "describe", "data")
    subjects = (
        ("Robots that learn", "warehouse picking with an end effector and compliant grippers"),
        ("Protein design", "sequence folding in yeast with an assay"),
        ("Speech recognition", "phoneme durations of old dialects"),
    )
    papers: list[LabeledText] = []
    for number in range(count):
        title, words = subjects[number % len(subjects)]
        filler = " ".join(chance.sample(common, 6))
        papers.append((f"{title} {number}", f"{filler} {words} {filler}", ("cs.LG",)))
    return papers


@pytest.fixture(scope="module")
def learned() -> SubjectWords:
    found = learn_subject_words(stream(LEAST_PAPERS), AT)
    assert found is not None
    return found


def test_papers_with_words_of_a_subject_come_together_under_its_name(learned: SubjectWords) -> None:
    papers = [GRIPPERS, SHELVES, TREES]
    assert "Robotics" not in set(cluster(papers).values()), "no table has these words"
    assert cluster(papers, (), learned) == {1: "Robotics", 2: "Robotics", 3: "Populations and evolution"}


def test_what_the_title_names_weighs_more_than_learned_words(learned: SubjectWords) -> None:
    words = "An end effector picks in a warehouse with compliant grippers of a robot."
    papers = [PaperFeatures(number, "Forecasting Time Series of Parcels", words, ()) for number in (1, 2)]
    assert set(cluster(papers).values()) == set(cluster(papers, (), learned).values()) == {"Time series"}
    untitled = [PaperFeatures(number, "Parcels", words, ()) for number in (1, 2)]
    assert set(cluster(untitled, (), learned).values()) == {"Robotics"}


def test_chances_add_up_and_a_paper_without_a_known_word_has_none(learned: SubjectWords) -> None:
    chances = learned.chances(GRIPPERS.title, GRIPPERS.abstract)
    assert sum(chances.values()) == pytest.approx(1)
    assert max(chances, key=chances.__getitem__) == "Robotics"
    for title, abstract in (("", ""), ("Qwxz", "Zrrk $x^2$ שלום 123"), ("the of and", "a " * 9_000)):
        assert learned.chances(title, abstract) == {}
    repeated = learned.chances("Old Dialects", "warehouse picking " * 5_000)
    assert repeated == learned.chances("Old Dialects", "warehouse picking warehouse picking"), "a word counts once"


def test_too_few_papers_teach_nothing_and_the_same_papers_the_same() -> None:
    assert learn_subject_words([], AT) is None
    assert learn_subject_words(stream(LEAST_PAPERS - 1), AT) is None
    assert learn_subject_words([("Untitled", "No subject here", ())] * 5_000, AT) is None
    assert learn_subject_words([("Robots that learn", "robots", ("cs.RO",))] * 5_000, AT) is None, "one subject alone"
    papers = stream(LEAST_PAPERS)
    Random(3).shuffle(papers)
    assert learn_subject_words(papers, AT) == learn_subject_words(stream(LEAST_PAPERS), AT)


def test_they_are_kept_as_a_text_and_one_that_is_broken_or_of_another_version_is_nothing(learned: SubjectWords) -> None:
    content = to_bytes(learned)
    assert from_bytes(content) == learned
    text = gzip.decompress(content)
    for broken in (
        b"", b"nothing", content[: len(content) // 2], gzip.compress(b"[]"), gzip.compress(b'{"version":1}'),
        gzip.compress(text.replace(b'"version":1', b'"version":2', 1)), gzip.compress(b"\xff" + text),
    ):  # fmt: skip
        assert from_bytes(broken) is None

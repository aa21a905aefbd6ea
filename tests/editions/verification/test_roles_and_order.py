"""Who does what, what comes first, whose it is, and which rival a figure is for: compared with the source."""

from __future__ import annotations

import pytest

from bot.editions.verification.directions import DirectionChecker

SOURCE = (
    "Lantern: Finding Leaks in Long Pipes. "
    "Existing detectors rely on hand-drawn maps of every valve, which are costly. "
    "However, most surveys are taken by divers with heavy lamps. "
    "We propose Lantern, a method that pairs an acoustic scout with a thermal judge. "
    "The scout listens to the pipe at night, while the judge ranks the warm spots of a wall. "
    "Lantern first collects echoes from the valves, and the echoes are then turned into heat maps. "
    "It is 3.1 times faster than divers, and it needs half of the power compared to roaming drones. "
    "On the harbor set and the canal set it gains 12.4% and 7.9%, respectively. "
    "Lantern gains 5.5% (steel) and 2.2% (copper) in recall."
)


@pytest.fixture(scope="module")
def checker() -> DirectionChecker:
    return DirectionChecker(SOURCE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Lantern pairs a thermal scout with an acoustic judge.",
        "The judge listens to the pipe at night, and the scout ranks the warm spots of a wall.",
        "Echoes are turned into heat maps, and then Lantern collects echoes from the valves.",
        "Echoes are collected from the valves after the heat maps are turned.",
        "Lantern relies on hand-drawn maps of every valve.",
        "It is 3.1 times faster than roaming drones.",
        "Lantern gains 7.9% on the harbor set and 12.4% on the canal set.",
        "The gain is 2.2% (steel) and 5.5% (copper).",
    ],
)
def test_what_is_exchanged_is_reported(checker: DirectionChecker, sentence: str) -> None:
    assert checker.contradictions(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Lantern pairs an acoustic scout with a thermal judge.",
        "An acoustic scout and a thermal judge work as a pair.",
        "The judge ranks the warm spots of a wall, while the scout listens to the pipe at night.",
        "At night the scout listens to the pipe, and the judge ranks warm spots.",
        "Lantern collects echoes from the valves and then turns them into heat maps.",
        "Heat maps are made after echoes have been collected from the valves.",
        "Echoes are collected before they are turned into heat maps.",
        "Existing detectors rely on hand-drawn maps of every valve.",
        "It is 3.1 times faster than divers.",
        "It needs half of the power of roaming drones.",
        "Lantern gains 12.4% on the harbor set and 7.9% on the canal set.",
        "The gain is 5.5% (steel) and 2.2% (copper).",
        "Recall rises by 5.5% for steel and by 2.2% for copper.",
    ],
)
def test_what_is_said_otherwise_is_not(checker: DirectionChecker, sentence: str) -> None:
    assert checker.contradictions(sentence) == ()


FIELD = (
    "Networks for tides. Convolutional networks have become the predominant tool since 2018. "
    "Small models such as Tide-VL-7B, trained on two bands, cannot use the other bands. "
    "The signal can be enhanced or suppressed by steering. "
    "Tide-VL-7B surpasses Ocean-3 on the Q* set."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Since 2018 convolutional networks dominate.",
        "A 7B model surpasses Ocean-3 on the Q* set.",
        "Small models learn from two bands alone.",
        "Steering can strengthen or weaken the signal.",
    ],
)
def test_true_sentences_that_were_cut_before(sentence: str) -> None:
    from bot.domain.summary_values import Passage, SummarySource
    from bot.editions.writing.draft_checker import DraftChecker

    source = SummarySource("arxiv:1", 1, "Networks for tides", (Passage("abstract", FIELD),))
    assert DraftChecker(source).sentence_faults(sentence) == []


def test_half_a_billion_is_half_of_it() -> None:
    from bot.editions.verification.grounding import GroundingChecker

    checker = GroundingChecker("It has 0.5 billion parameters and 2 million users.")
    assert checker.claims_in("It has half a billion parameters.") == ()
    assert [str(claim) for claim in checker.claims_in("It has half a million users.")]

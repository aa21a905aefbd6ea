"""Kinds of false sentences: own method, scope, polarity, causes, counted things, counterparts, judgments."""

from __future__ import annotations

import time

import pytest

from benchmarks.free_sentences import labeled, measure_free
from bot.domain.summary_values import Passage, SummarySource
from bot.editions.verification.directions import DirectionChecker
from bot.editions.writing.draft_checker import DraftChecker

SOURCE = """We propose TideNet, a network that predicts floods from tide gauges. It was trained on a mixture of real
measurements and simulated storms, with 24 gauges and three rivers. Process Flood Models (PFMs) are costly. TideNet
improves recall by 6.4% over the persistence baseline and precision by 12.1%, and surpasses PFMs by far, with negligible
computational overhead. It accelerates the prefill stage on GPU by 3x, and it speeds up the whole run on CPU by 1.5x.
Sediment leads to inconsistent readings. It works without manual calibration or retraining. Many stations report hourly
readings. The vectors can be used to steer the forecast. TideNet removes all types of drift. Hidden states are read from
the encoder. Memory is reduced by 70%."""

PAIRS = [
    ("TideNet is more accurate than PFMs.", "Process Flood Models surpass TideNet."),
    ("TideNet surpasses process flood models.", "PFMs are more accurate than TideNet."),
    (
        "TideNet was trained on simulated storms and real measurements.",
        "TideNet was trained on simulated storms alone.",
    ),
    ("Many stations report hourly readings.", "Every station reports hourly readings."),
    ("TideNet removes every type of drift.", "TideNet removes one type of drift only."),
    ("The vectors steer the forecast.", "The vectors cannot be used to steer the forecast."),
    ("TideNet works without retraining.", "TideNet requires retraining."),
    ("Readings are inconsistent because of sediment.", "Inconsistent readings lead to sediment."),
    ("TideNet has 24 gauges and three rivers.", "TideNet has three gauges and 24 rivers."),
    ("Its computational overhead is negligible.", "TideNet has a substantial computational overhead."),
    ("TideNet accelerates the prefill stage on GPU.", "TideNet accelerates the decode stage on GPU."),
    ("TideNet improves recall by 6.4% over the persistence baseline.", "TideNet improves recall by 6.4% over humans."),
    ("TideNet surpasses PFMs.", "TideNet surpasses Bayesian particle filters."),
    ("Memory is reduced by 70%.", "Memory is reduced to 70%."),
]


def test_false_sentences_of_each_kind_are_cut_and_their_true_neighbors_are_not(subtests: pytest.Subtests) -> None:
    checker = DraftChecker(SummarySource("x", 1, "TideNet: Floods from Gauges", (Passage("abstract", SOURCE),)))
    for true, false in PAIRS:
        with subtests.test(false):
            assert checker.sentence_faults(true) == []
            assert checker.sentence_faults(false)


def test_words_that_judge_pass_where_they_describe_what_is_studied() -> None:
    source = (
        "We learn hard negatives for each query from a pipeline, in states that range from 3 to 5 in driving tests."
    )
    checker = DraftChecker(SummarySource("x", 1, "Negatives", (Passage("abstract", source),)))
    for text in (
        "For each query a pipeline learns misleading negatives.",
        "The states lie between 3 and 5 in driving tests.",
        "The pipeline learns dangerous driving states.",
    ):
        assert checker.sentence_faults(text) == []
    for text in (
        "The pipeline lies.",
        "The results of the driving tests are misleading.",
        "These are dangerous methods.",
    ):
        assert checker.sentence_faults(text)


def test_the_same_said_otherwise_passes() -> None:
    source = """Agentic search struggles to scale to long runs. Our U.S.-representative study has a dual-mode plan that
surpasses cubic interpolation by 3.1% points, eliminating the need for joint tuning. We hide the overhead of it."""
    checker = DraftChecker(SummarySource("x", 1, "Search", (Passage("abstract", source),)))
    for text in (
        "The representative study of agentic search was done in the United States.",
        "The plan surpasses cubic interpolation in two ways.",
        "The gain over cubic interpolation is 3.1 points.",
        "There is no need for joint tuning.",
        "Its overhead is hidden.",
        "Cubic interpolation does worse.",
    ):
        assert checker.sentence_faults(text) == [], text
    for text in (
        "The study is representative of the United Kingdom.",
        "The gain is 3.2 points.",
    ):
        assert checker.sentence_faults(text), text


def test_the_blind_set_is_caught_as_measured() -> None:
    tally = measure_free(labeled("blind_sentences"))
    assert tally.recall >= 0.5
    assert tally.cut_true <= 0.08


@pytest.mark.parametrize(
    "unit", ["A-", "5% over ", "because of x ", "A", "we propose Ab", "model aware (MA) ", "no a or ", "only on all "]
)
def test_long_texts_take_time_in_proportion(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        DirectionChecker(text).contradictions(text[:2_000])
        return time.process_time() - start

    seconds(2_000)
    assert seconds(40_000) < 12 * max(seconds(10_000), 0.05)

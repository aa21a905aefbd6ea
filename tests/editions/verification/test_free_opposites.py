"""Freely written sentences: who is ahead, which figure is whose, who does what, and what is avoided."""

from __future__ import annotations

import pytest

from benchmarks.free_sentences import MIN_RECALL, labeled, measure_free
from bot.editions.verification.directions import DirectionChecker
from bot.editions.verification.judgments import JudgmentChecker

SOURCE = """RouteNet: routing queries between small models. RouteNet assigns each query to one of six models, while
avoiding explicit scoring of the answers. It significantly outperforms the keyword heuristic by 6.2%, at 40%
lower cost. On TriviaBank accuracy rises by 3.1% and on LegalBank by 7.9%. The planner proposes plans to
persuade the verifier, while the verifier checks candidate plans of the planner. The encoder is frozen,
whereas the decoder is finetuned on dialogues. Weights are averaged after pruning. Such averaging preserves
rare skills. Earlier routers were unstable for long queries, and tuning overcomes these oscillations. Recall
and latency improve by 12.5% and 30.5%, respectively. Routing is adaptive rather than static. A router that
ignores costs is 2.4 times slower than RouteNet."""

PAIRS = [
    ("RouteNet beats the keyword heuristic by 6.2%.", "The keyword heuristic outperforms RouteNet by 6.2%."),
    ("The keyword heuristic is outperformed by RouteNet.", "RouteNet is outperformed by the keyword heuristic."),
    ("It is faster than a router that ignores costs.", "A router that ignores costs is faster than RouteNet."),
    (
        "It gains 3.1% on TriviaBank and 7.9% on LegalBank.",
        "It gains 7.9% on TriviaBank and 3.1% on LegalBank.",
    ),
    ("Latency improves by 30.5%, recall by 12.5%.", "Latency improves by 12.5%, recall by 30.5%."),
    (
        "The planner proposes plans to persuade the verifier.",
        "The verifier proposes plans to persuade the planner.",
    ),
    (
        "The encoder is frozen, while the decoder is finetuned.",
        "The decoder is frozen, while the encoder is finetuned.",
    ),
    ("Pruning comes before weights are averaged.", "Pruning comes after weights are averaged."),
    ("Averaging maintains rare skills.", "Averaging discards rare skills."),
    ("Routers of earlier work were not stable for long queries.", "Earlier routers were stable for long queries."),
    ("Tuning resolves the oscillations of routers.", "Tuning causes the oscillations of routers."),
    ("Routing is not static but adaptive.", "Routing is static rather than adaptive."),
    ("RouteNet assigns queries without explicit scoring of answers.", "RouteNet assigns queries by explicit scoring."),
]


@pytest.mark.parametrize(("true", "turned"), PAIRS)
def test_a_free_opposite_is_reported_and_a_paraphrase_is_not(true: str, turned: str) -> None:
    checker = DirectionChecker(SOURCE)
    assert checker.contradictions(true) == ()
    assert checker.contradictions(turned)


@pytest.mark.parametrize(
    "sentence",
    [
        "TinyRank lowers latency and memory.",
        "TinyRank gains 4% on QA and 2% on dialogue.",
        "TinyRank stops when its answer is likely wrong.",
        "Rankers that do not look ahead are slower.",
    ],
)
def test_a_paraphrase_with_another_word_of_direction_is_not_the_opposite(sentence: str) -> None:
    source = """TinyRank outperforms strong baselines: +4% on QA and +2% on dialogue, while reducing latency and memory.
It stops when its answer is likely to be incorrect. Rankers without looking ahead are slower than TinyRank."""
    assert list(JudgmentChecker(source).unsupported(sentence)) == []
    assert DirectionChecker(source).contradictions(sentence) == ()


def test_a_sentence_of_the_source_may_be_said_again_whatever_it_denies() -> None:
    source = """Agents without supervision solve unknown tasks in label-free worlds. Earlier agents lacked a plan.
Nothing else was tried."""
    for sentence in (
        "In short: agents solve unknown tasks in label-free worlds.",
        "Earlier agents lacked a plan here.",
    ):
        assert list(JudgmentChecker(source).unsupported(sentence)) == []


def test_a_word_that_looks_denied_does_not_allow_a_denial() -> None:
    source = "Tuning of prompts is universally effective across scales and shows its use for unseen languages."
    denied = "Tuning of prompts is not universally effective across scales for unseen languages."
    assert list(JudgmentChecker(source).unsupported(denied)) or DirectionChecker(source).contradictions(denied)
    assert DirectionChecker(source).contradictions(source) == ()


def test_most_freely_written_false_sentences_are_cut() -> None:
    every = list(labeled())
    assert sum(one.kind == "true" for one in every) >= 120
    assert sum(one.kind != "true" for one in every) >= 120
    for held_out in (False, True):
        tally = measure_free(one for one in every if one.held_out == held_out)
        assert tally.recall >= MIN_RECALL
        assert tally.cut_true <= 0.07

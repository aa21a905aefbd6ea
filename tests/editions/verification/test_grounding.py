"""Grounding: numbers, names, acronyms, links, titles and quotations must occur in the source."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editions.verification.grounding import GroundingChecker, UngroundedClaim
from bot.editions.verification.numbers import amounts

SOURCE = """Mem0: a Memory for Models

We present Mem0, trained with Reinforcement Learning from Verifiable Rewards (RLVR) on GPT-4 and Llama 2 with 7B
parameters. It gains 10% on ImageNet-1k and CIFAR-10 (26.5 F1), on three tasks with 1,000 images, is up to 2x faster,
improves from 45.2 to 50.1 points, needs 512 × 512 pixels, 30 ms, $10^5$ steps, $2M and 5-10% of the memory, at
pass@1 of 0.71 and 150 frames per second (fps), in half of the 24-week study. Large language models help Bayesian users
of Monte Carlo search. Dr. Who calls it "a quiet revolution in the field". Code: https://github.com/foo/bar."""

TRUE = [
    "Mem0 reaches ten percent, or 10 per cent, or 10 %, on ImageNet-1K with 7 billion parameters.",
    "It takes 1000 images, 3 tasks and 100,000 steps; 10^5 in all.",
    "It is twice as fast, two times as fast, 2-fold, a twofold gain.",
    "From 45.2 points to 50.1 points, at 512 x 512, in 30 milliseconds.",
    "It costs $2 million or 2 million dollars, 5% to ten percent of memory.",
    "GPT4 and LLaMA 2; GPT-4-based and Mem0-like, Llama-2.",
    "RLVR (reinforcement learning from verifiable rewards) trains it.",
    "LLMs and an LLM help; so does AI.",
    "It runs at 150 fps, with a pass@1 of 0.71.",
    "Half of it, 50% of it. The twenty-four-week study.",
    "1. First this. 2) Then that. (3) One more.",
    "Speed and Memory: it is 2x faster.",
    "See https://github.com/foo/bar, github.com/foo/bar.",
    "They call it “a quiet revolution in the field”.",
    "Monte Carlo helps. Bayes and Bayesians agree.",
    "Mem0's gain is 26.5.",
    "It adds (1) a memory and (2) a model.",
    "(2) A model, from a longer list.",
    "",
]

FALSE = [
    ("It gains 12% there.", "number", "12%"),
    ("It gains 10 points there.", "number", "10 points"),
    ("It has 70B parameters.", "number", "70B"),
    ("It has 7M parameters.", "number", "7M"),
    ("It is 3x faster.", "number", "3x"),
    ("It thrice wins.", "number", "thrice"),
    ("It takes 30 s.", "number", "30 s"),
    ("A gain of 4.9 points.", "number", "4.9 points"),
    ("It uses four tasks.", "number", "four"),
    ("A third of users agree.", "number", "A third"),
    ("It cuts the cost by a fifth.", "number", "a fifth"),
    ("It is a hundredfold faster.", "number", "hundredfold"),
    ("Dozens of users agree.", "number", "Dozens"),
    ("It is an order of magnitude faster.", "number", "order of magnitude"),
    ("It is two orders of magnitude faster.", "number", "two orders of magnitude"),
    ("It is several orders of magnitude faster.", "number", "orders of magnitude"),
    ("Its accuracy is high (97) on it.", "number", "97"),
    ("It is faster (by a factor of 61).", "number", "61"),
    ("It respects SE(8) as a group.", "number", "8"),
    ("It beats them (9) and others (11) there.", "number", "9"),
    ("Thousands of users agree.", "number", "Thousands"),
    ("Tested on ImageNet-22k today.", "name", "ImageNet-22k"),
    ("Tested on CIFAR-100 today.", "name", "CIFAR-100"),
    ("Tested on COCO today.", "name", "COCO"),
    ("It beats GPT-5 clearly.", "name", "GPT-5"),
    ("It beats Llama 3 clearly.", "name", "Llama 3"),
    ("It beats Gemini clearly.", "name", "Gemini"),
    ("Gemini loses clearly.", "name", "Gemini"),
    ("It runs on vLLM now.", "name", "vLLM"),
    ("It has a pass@8 too.", "name", "pass@8"),
    ("Built at Stanford by hand.", "name", "Stanford"),
    ("It is Stable Diffusion again.", "name", "Stable Diffusion"),
    ("As in Attention Is All You Need, they attend.", "name", "Attention Is All You Need"),
    (
        "Reinforcement Learning from Verified Results (RLVR) trains it.",
        "acronym",
        "Reinforcement Learning from Verified Results",
    ),
    ("Really Long Vector Routing (RLVR) trains it.", "acronym", "Really Long Vector Routing"),
    ("It has a Novel Query Router (NQR).", "acronym", "Novel Query Router"),
    ("Get it at https://github.com/foo/baz now.", "link", "https://github.com/foo/baz"),
    ("Get it at evil.example.com/x now.", "link", "evil.example.com/x"),
    ("Ask @everyone now.", "link", "@everyone"),
    ("Ask a@evil.org now.", "link", "a@evil.org"),
    ("Ask <!channel> now.", "link", "<!channel>"),
    ("See arXiv:2401.01234 now.", "link", "arXiv:2401.01234"),
    ("They call it “a loud revolution in the field”.", "quote", "“a loud revolution in the field”"),
    ("The key is sk-live-4242abcd here.", "name", "sk-live-4242abcd"),
]


def ungrounded_claims(text: str, source: str) -> tuple[UngroundedClaim, ...]:
    return GroundingChecker(source).claims_in(text)


@pytest.fixture(scope="module")
def ground() -> GroundingChecker:
    return GroundingChecker(SOURCE)


@pytest.mark.parametrize("text", TRUE)
def test_what_stands_there_may_be_said_otherwise(ground: GroundingChecker, text: str) -> None:
    assert list(map(str, ground.claims_in(text))) == []


@pytest.mark.parametrize(("text", "kind", "words"), FALSE)
def test_what_does_not_stand_there_is_named(ground: GroundingChecker, text: str, kind: str, words: str) -> None:
    found = ground.claims_in(text)
    assert (kind, words) in [(offender.kind, offender.text) for offender in found]
    for offender in found:
        assert text[offender.start : offender.end].strip() == offender.text.strip()


def test_offenders_are_told_in_words() -> None:
    assert str(ungrounded_claims("It gains 99%.", SOURCE)[0]) == "number “99%”"


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**12), st.sampled_from(["", "%", " percent", "x", " ms", "K", "M", "B", " billion", " times"]))
def test_a_number_that_stands_there_is_never_named(value: int, unit: str) -> None:
    said = f"It is {value}{unit} now."
    assert ungrounded_claims(said, said) == ()
    assert ungrounded_claims(f"It is {value:,}{unit} now.", said) == ()


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 10**9), st.integers(2, 10**9))
def test_another_number_always_is(one: int, other: int) -> None:
    found = ungrounded_claims(f"It has {one} parts.", f"It has {other} parts.")
    assert bool(found) == (one != other)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_held_against_any_other(text: str, source: str) -> None:
    for offender in ungrounded_claims(text, source):
        assert 0 <= offender.start < offender.end


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1.5 × 10^5", 150_000, ""),
        ("1e-5", Fraction(1, 100_000), ""),
        ("10⁻³", Fraction(1, 1000), ""),
        ("twenty-five", 25, ""),
        ("two hundred thousand", 200_000, ""),
        ("a million", 1_000_000, ""),
        ("three and a half hours", Fraction(7, 2), "h"),
        ("two thirds", Fraction(2, 3), ""),
        ("7-billion-parameter", 7_000_000_000, ""),
        ("16k", 16_000, ""),
        ("$1.5M", 1_500_000, "$"),
        ("0.25 F1 points", Fraction(1, 4), "points"),
        ("+11.7pp", Fraction(117, 10), "points"),
        ("3.5-fold", Fraction(7, 2), "times"),
        ("30-second", 30, "s"),
        ("150 frames per second", 150, "fps"),
        ("3/4", Fraction(3, 4), ""),
        ("4th", 4, "th"),
        (".5", Fraction(1, 2), ""),
    ],
)
def test_numbers_are_read_however_they_are_written(text: str, value: Fraction, unit: str) -> None:
    (amount,) = amounts(f"about {text} in all")
    assert amount.meanings[0] == (value, unit)


@pytest.mark.parametrize("text", ["GPT-4", "T5", "CIFAR-10", "3D", "v1", "double-blind", "half-life", "at first", "#5"])
def test_digits_in_names_are_no_numbers(text: str) -> None:
    assert [amount for amount in amounts(f"the {text} thing") if not amount.weak] == []


@pytest.mark.slow
def test_hostile_sources_take_no_time() -> None:
    for piece in ("A", "A-", "(A ", "1,", "a.", "@a", '"a ', "10^", "two ", "x@", "A b "):
        GroundingChecker(piece * (20_000 // len(piece))).claims_in("GPT-4 gains 10% on COCO (see a.com).")


@pytest.mark.parametrize(
    ("source", "text", "supported"),
    [
        ("87.34%", "87.3%", True),
        ("87.34%", "87%", True),
        ("87.36%", "87.4%", True),
        ("87.34%", "87.4%", False),
        ("87.34%", "87.35%", False),
        ("87.34%", "87.3 points", False),
        ("8.7%", "9%", False),
        ("0.0123", "0.012", True),
        ("12,345 images", "about 12,000 images", True),
        ("12,345 images", "12,000 images", False),
        ("12,345 images", "about 13,000 images", False),
        ("1.46B tokens", "1.5B tokens", True),
        ("1.44B tokens", "1.5B tokens", False),
        ("a 97-fold gain", "an order of magnitude of gain", False),
        ("a 100x gain", "a gain of two orders of magnitude", True),
        ("a 10x gain", "an order of magnitude of gain", True),
        ("20% of users", "a fifth of users", True),
        ("24 models", "two dozen models", True),
    ],
)
def test_a_number_may_be_told_rounded_or_in_words_but_not_bent(source: str, text: str, supported: bool) -> None:
    assert (not ungrounded_claims(f"It has {text}.", f"It has {source}.")) is supported

"""True sentences that read like their opposite: each kind was cut once, and its false twin must still be."""

from __future__ import annotations

import pytest

from bot.editions.verification.directions import DirectionChecker
from bot.editions.verification.grounding import GroundingChecker

RELATIVE = """CrossTide: Forecasting Floods. We introduce CrossTide, an attention for floods. Floods typically lag
behind changes in rainfall."""
ALTERNATIVE = """FastCaps: A fast alternative to Capsule Networks. One of the drawbacks of CapsNet is slow training.
FastCaps uses fewer capsules."""
REFERENCES = "Winners are ranked by full-reference measures (PSNR, SSIM) and non-reference ones (ARNIQA, TOPIQ)."
PAIRED = """On social media, a 7.5% engagement boost comes with 188.6% more disinformation and a 16.3% increase in
harmful promotion."""
DATA_SETS = """Our approach boosts the AIME 2025 score for Qwen2.5-Math by 37.4%, and ImageNet accuracy by 0.69% for
ResNet-50."""
SIZES = "GearSearch keeps its parameter count low compared to larger models like BigSearch and HugeSearch."
REMEDY = "IceStep stabilizes training by masking and clipping, resolving instability from training mismatches."
UNSPOKEN = "The model generates unspoken reasoning while it hears the user, chunk by chunk."
ORDER = """We propose StormCast, a diffusion model that uses a reconstruction autoencoder. Our approach first fine-tunes
the autoencoder on reconstruction."""
RATHER = "Gains arise from the recurrent bias and strong components of the network, rather than from elaborate designs."

CASES = [
    (RELATIVE, "CrossTide gives a network an attention for floods that lag behind changes in rainfall.", False),
    (RELATIVE, "CrossTide lags behind changes in rainfall.", True),
    (ALTERNATIVE, "Capsule networks are accurate but slow.", False),
    (ALTERNATIVE, "FastCaps is a slow alternative to capsule networks.", True),
    (REFERENCES, "They are ranked by full-reference measures and by ARNIQA and TOPIQ, which need no reference.", False),
    (PAIRED, "Disinformation grows by 188.6% for 7.5% more engagement.", False),
    (PAIRED, "On social media, a 188.6% engagement boost comes with 7.5% more disinformation.", True),
    (DATA_SETS, "Qwen2.5-Math gains 37.4% on AIME 2025, and ResNet-50 gains 0.69% on ImageNet.", False),
    (SIZES, "GearSearch is far smaller than BigSearch and HugeSearch.", False),
    (SIZES, "GearSearch is far larger than BigSearch and HugeSearch.", True),
    (REMEDY, "Few steps need clipping, which keeps training stability.", False),
    (UNSPOKEN, "The model reasons without speaking, chunk by chunk, while it hears the user.", False),
    (ORDER, "Its autoencoder is first fine-tuned on reconstruction and then put into the diffusion model.", False),
    (RATHER, "Gains come from the recurrent bias and strong components rather than elaborate designs.", False),
    (RATHER, "Gains come from elaborate designs rather than the recurrent bias and strong components.", True),
]


@pytest.mark.parametrize(("source", "sentence", "turned"), CASES)
def test_a_true_sentence_stays_and_its_false_twin_is_reported(source: str, sentence: str, turned: bool) -> None:
    assert bool(DirectionChecker(source).contradictions(sentence)) is turned


def test_a_first_word_with_ing_is_no_name() -> None:
    checker = GroundingChecker("We truncate the reflections after an answer, which saves 24.5% of the tokens.")
    assert checker.claims_in("Truncating reflections saves 24.5% of the tokens.") == ()
    assert checker.claims_in("Zephyring reflections saves 24.5% of the tokens.")

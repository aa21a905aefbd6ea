"""Numbers that state a measurement: "97 BLEU", "an accuracy of 97", "(97)"; in short sentences "It gains 97%".

Nobody knows such a number but from the paper, so it is held against the source whatever words are around it. In a
longer sentence a number with a unit may be what its writer knows beside the paper.
"""

from __future__ import annotations

import re
from collections.abc import Set

from bot.editions.verification.grounding import UngroundedClaim
from bot.editions.verification.numbers import MANY, amounts

_WORDS = r"(?i:accurac(?:y|ies)|precision|recall|perplexity|bleu|rouge|chrf|f-?(?:score|measure|1)|genauigkeit)"
_ACRONYMS = """COMET METEOR CIDEr SPICE BERTScore AUC AUROC AUPRC ROC mAP AP mIoU IoU nDCG NDCG MRR FID PSNR SSIM LPIPS
WER CER TER MOS RMSE MSE MAE FLOPs MFU TFLOPS TFLOPs GFLOPs"""
_METRIC_IN_SOURCE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?%?[ -]([A-Za-z]*[A-Z][\w-]*[A-Z\d])(?![\w-])")
_NUMBER = r"\d[\d.,]*%?"
_AND = r"(?:\s*(?:,|/|-|–|and|or|to|und|oder|bis|vs\.?)\s*)"
_LINK = (
    r"(?:\s*(?:[:=~≈]|of|is|was|at|to|from|by|about|around|nearly|only|over|reaches|scores?|points?|value|von|ist|bei))"
)
_NO_MEASUREMENT = re.compile(
    r"\b(?:eqs?|equations?|figs?|figures?|tables?|sections?|chapters?|parts?|steps?|points?|pages?|pp|vol|no|"
    r"gleichung|abbildung|tabelle|abschnitt|kapitel|seite)\.?\s*\(\Z",
    re.IGNORECASE,
)
"""Words before a number in brackets that measures nothing: Equation (3)."""
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_ALWAYS = frozenset(("%", "points", "times", "dB", "fps"))
"""Units in which results are told, whatever the source measures."""
MAX_SHORT = 4
"""Number of other words from which a sentence is no short one."""


class Measurements:
    """The metrics and units of one source, by which measurements in texts about it are recognized."""

    def __init__(self, source: str, units: Set[str]) -> None:
        acronyms = {*_ACRONYMS.split(), *_METRIC_IN_SOURCE.findall(source)}
        metric = "|".join((_WORDS, *(re.escape(word) for word in sorted(acronyms, key=len, reverse=True))))
        self._after = re.compile(rf"(?:{_AND}{_NUMBER})*\)?[\s-]*(?:points?\s+(?:(?:of|in)\s+)?)?(?:{metric})(?![\w@])")
        self._before = re.compile(rf"(?<!\w)(?:{metric}){_LINK}{{0,3}}\s*\(?(?:{_NUMBER}{_AND})*\Z")
        self._units = _ALWAYS | (units - {"", "th", MANY})

    def has(self, text: str, claim: UngroundedClaim, other_words: int) -> bool:
        """Return True if the number is a measurement; `other_words` is the count of words around it in its sentence."""
        if claim.kind != "number" or _YEAR.fullmatch(claim.text):
            return False
        before, after = text[max(0, claim.start - 60) : claim.start], text[claim.end : claim.end + 60]
        if self._after.match(after) or self._before.search(before):
            return True
        if before.rstrip(" ~≈<>+-=").endswith("(") and after.lstrip().startswith(")"):
            return _NO_MEASUREMENT.search(before) is None
        if other_words >= MAX_SHORT:
            return False
        if not any(character.isdigit() for character in claim.text):
            return False  # "Look at this twice" states no result
        units = {unit for amount in amounts(claim.text) for _, unit in amount.meanings}
        return not units.isdisjoint(self._units)

"""Numbers that state a measurement: "97 BLEU", "an accuracy of 97", "(97)", "97%", "12 ms"; in short sentences "97x".

Nobody knows such a number but from the paper, so it is held against the source whatever words are around it, in the
source's language or another one. In a longer sentence a number with another unit ("10x smaller", "5 minutes"), or with
none, may be what its writer knows beside the paper, and so may be one of an example.
"""

from __future__ import annotations

import re
from collections.abc import Set

from bot.editions.text_analysis.sentences import sentences
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
_MEASURED_UNITS = "% dB fps ns µs ms KB MB GB TB Hz kHz MHz GHz mm cm km kg mg kW MW kWh MWh"
_MEASURED = frozenset(_MEASURED_UNITS.split())
"""Units in which something was measured, in a sentence of any length and language."""
_COUNTED_POINTS = re.compile(r"\d+\spoints?")
"""Points that may be those of an argument: "makes 3 points"."""
_EXAMPLE = re.compile(
    r"\be\.\s?g\.|\bfor (?:example|instance)\b|\b(?:imagine|suppose)\b|\bz\.\s?B\.|\b(?:zum|als) Beispiel\b|"
    r"\bbeispielsweise\b|\bangenommen\b|\bpar exemple\b|\bpor (?:ejemplo|exemplo)\b|\bper esempio\b",
    re.IGNORECASE,
)
"""Words that begin an example of the writer's own."""
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
        if not any(character.isdigit() for character in claim.text):
            return False  # "Look at this twice" states no result
        units = {unit for amount in amounts(claim.text) for _, unit in amount.meanings}
        if other_words < MAX_SHORT:
            return not units.isdisjoint(self._units)
        if "points" in units and not _COUNTED_POINTS.fullmatch(claim.text):
            return True
        return not units.isdisjoint(_MEASURED) and not _is_in_example(text, claim)


def _is_in_example(text: str, claim: UngroundedClaim) -> bool:
    """True for a number behind "for example" in its sentence: its writer made the example."""
    begin = max((one.start for one in sentences(text) if one.start <= claim.start), default=0)
    begin = max(0, begin - len("z. B. "))  # whose full stops may end a sentence
    return _EXAMPLE.search(text, begin, claim.start) is not None

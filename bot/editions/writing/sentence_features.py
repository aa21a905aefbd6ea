"""Surface features of a sentence: position, words in common with the title and other sentences, and cue phrases.

Cue phrases are typical wordings of abstracts for background, problem, contribution and result. The weights of the
features are in `bot.editions.writing.extractive`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.editions.text_analysis.words import content_words, tokens
from bot.editions.writing.text_rank import centrality

_CUES = {
    "contribution": r"""\b(?:we|this\ (?:paper|work|study|article|report|survey)|here)\b [^.]{0,40}
        \b(?:propos|introduc|present|develop|describ|design|releas|build|construct|formali|provide|offer|study
            |investigat|explor|examin|revisit|ask)""",
    "result": r"""\b(?:outperform|achiev|improv|surpass|exceed|reduc|gain|state-of-the-art|match|boost|increas
        |accelerat|speedup|faster|higher|better|superior|competitive|compared)""",
    "background": r"""\b(?:recent(?:ly)?|ha(?:ve|s)\ (?:shown|demonstrated|achieved|emerged|become)|remarkable|widely
        |increasingly|crucial|essential|promising|advance(?:s|ments)|growing|rapid|traditional)""",
    "closing": r"""\b(?:our\ (?:work|findings|results|study)|overall|future|implication|pave|highlight|underscor
        |potential|toward|insight|foundation|path)""",
    "pronoun": r"^(?:this|these|it|they|such|its|their|moreover|furthermore|additionally|also|finally)\b",
}
CUE_PHRASES = {name: re.compile(cue, re.VERBOSE | re.IGNORECASE) for name, cue in _CUES.items()}

FEATURES = (
    "first", "second", "last", "place", "place_squared", "title", "central", "content", "numbers", "percent", "colon",
    *CUE_PHRASES,
)  # fmt: skip
"""The names, in the order in which `describe` gives the figures."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def sentence_features(title: str, sentences: Sequence[str]) -> list[tuple[float, ...]]:
    """The features of each sentence of a text, in the order of `FEATURES`. None is below 0 or much above 3."""
    words = [content_words(sentence) for sentence in sentences]
    centralities = centrality(words)
    heading = frozenset(content_words(title))
    final = len(sentences) - 1
    return [
        (
            *(float(at == place) for place in (0, 1, final)),
            (relative := at / max(1, final)),
            relative * relative,
            sum(word in heading for word in words[at]) / max(1, len(words[at])),
            centralities[at],
            len(words[at]) / max(1, len(tokens(sentence))),
            min(3.0, len(_NUMBER.findall(sentence))),
            float("%" in sentence or "×" in sentence),
            float(":" in sentence),
            *(float(cue.search(sentence) is not None) for cue in CUE_PHRASES.values()),
        )
        for at, sentence in enumerate(sentences)
    ]

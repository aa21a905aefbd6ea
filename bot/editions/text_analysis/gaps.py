"""Sentences of a full text in which its page has lost a word or a formula: nobody quotes them or relies on them."""

from __future__ import annotations

from bot.domain.summary_values import GAP
from bot.editions.text_analysis.sentences import sentences

MASK = "▒"
"""Character that stands for each one of such a sentence; no quote has it."""


def mask_gaps(text: str) -> str:
    """The text, of the same length, with the mask in place of each sentence that has a gap."""
    if GAP not in text:
        return text
    parts, at = [], 0
    for sentence in sentences(text):
        if GAP in sentence.text:
            parts += [text[at : sentence.start], MASK * (sentence.end - sentence.start)]
            at = sentence.end
    return "".join((*parts, text[at:]))


def without_gaps(text: str) -> str:
    """The text without the sentences that have a gap."""
    if GAP not in text:
        return text
    paragraphs = (
        " ".join(sentence.text for sentence in sentences(paragraph) if GAP not in sentence.text)
        for paragraph in text.split("\n\n")
    )
    return "\n\n".join(filter(None, paragraphs))

"""Repairs of links as people type, defang and abbreviate them. Every pattern runs in linear time."""

from __future__ import annotations

import re

from bot.domain.links import arxiv_ids

_START = r"(?<![^\s(（\[【<\"“,，;；。、:])"
"""Position at the start of a word; within an address nothing is repaired."""

_DEFANGED = re.compile(r"(?<![a-z0-9])(?:hxxp|hxtp|htxp)(s?)(?=[:;\[/])", re.IGNORECASE)
_SCHEME = re.compile(rf"{_START}(?:h?t{{1,3}}ps?|https?s)(?:\[:\]|[:;.]?)\s?(?://|\\\\)(?=[a-z0-9])", re.IGNORECASE)
_RIGHT_SCHEME = re.compile(r"https?:", re.IGNORECASE)
_TWICE = re.compile(rf"{_START}https?:/{{1,3}}(?=https?:/)", re.IGNORECASE)
_DOT = re.compile(r"(?<=[a-z0-9])(?:\[\.\]|\(\.\)|\[dot\])(?=[a-z0-9])", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:(?<=[^\x00-\x7f])|(?<![^\s(\[])(?:abs|arxiv|code|html|link|links|paper|pdf|preprint|source|url)):"
    r"(?=(?:https?:/|(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}/))",
    re.IGNORECASE,
)
_GLUED_NAME = re.compile(r"(?<=[^\x00-\x7f])(?=(?:www\.)?(?:arxiv|doi|openreview)\.(?:org|net)/)", re.IGNORECASE)
_PATH = re.compile(
    rf"{_START}/?(?:abs|pdf|html)/(?:%20|\s){{0,3}}(?=(?:{arxiv_ids.NEW_FORM}|{arxiv_ids.OLD_FORM})(?![0-9a-z]))",
    re.IGNORECASE,
)
_BROKEN = re.compile(
    rf"(?<![\w.-])((?:www\.)?arxiv\.org/(?:abs|pdf|html)/)\s{{1,3}}(?=(?:{arxiv_ids.NEW_FORM}|{arxiv_ids.OLD_FORM})(?![0-9a-z]))",
    re.IGNORECASE,
)
_PUBMED = re.compile(rf"{_START}(?:pmid|pubmed(?:\s?id)?)\s?[:#]?\s?([0-9]{{5,9}})(?![\w.])", re.IGNORECASE)
_PMC = re.compile(rf"{_START}(?:pmcid\s?[:#]?\s?)?(PMC)\s?([0-9]{{5,9}})(?![\w/])", re.IGNORECASE)


def repair(text: str) -> str:
    """The text with its damaged and abbreviated links written as links; other text unchanged."""
    if "xx" in text or "[" in text or "(" in text or "xtp" in text:
        text = _DOT.sub(".", _DEFANGED.sub(r"http\1", text))
    text = _TWICE.sub("", _SCHEME.sub(_scheme, text))
    text = _GLUED_NAME.sub(" ", _LABEL.sub(_label, text))
    text = _BROKEN.sub(r"\1", _PATH.sub("arxiv.org/abs/", text))
    text = _PUBMED.sub(r"https://pubmed.ncbi.nlm.nih.gov/\1/", text)
    return _PMC.sub(r"https://pmc.ncbi.nlm.nih.gov/articles/PMC\2/", text)


def _scheme(found: re.Match[str]) -> str:
    return found[0] if _RIGHT_SCHEME.match(found[0]) and " " not in found[0] and "\\" not in found[0] else "https://"


def _label(found: re.Match[str]) -> str:
    return f"{found[0]} "

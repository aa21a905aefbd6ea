"""Names of authors: people, groups, and noise that sources put between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_NOISE = re.compile(
    r"(?:and|&|et\.? al\.?|and others|others|with|the|by|\(?(?:eds?|editors?|authors?|deceased)\.?\)?|n/?a|none|null"
    r"|[0-9]+|\(?(?:equal contribution|equally contributed|contributed equally|corresponding author)s?\)?"
    r"|(?:ph\.?d|m\.?d|m\.?sc|b\.?sc|dr|prof)\.?)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")
_TRAILING = re.compile(r"(?:,?\s+(?:et\.? al\.?|and others)|[\s,;:&]+)$", re.IGNORECASE)
_LEADING = re.compile(r"^(?:[\s,;:&]+|and\s+|corresponding author:\s*)", re.IGNORECASE)
_FOOTNOTE_MARKS = re.compile(r"(?<=\w|\.)[\s,]*[*†‡§¶#⁎∗⋆⁰¹²³⁴-⁹]+$")
_AFFILIATION = re.compile(r"(?<=\w)\s+\((?=[^()]*(?:[A-Za-z]{2,}[\s,]+[A-Za-z]{2,}|Universit|Institut))[^()]{2,120}\)$")
_ON_BEHALF = re.compile(r"\(?(?:on behalf of|for|representing)\s+(?:the\s+)?(?P<group>[^()]+)\)?", re.IGNORECASE)
_GROUP_WORD = re.compile(
    r"\b(?:collaborations?|consortium|teams?|groups?|projects?|authors|contributors|laborator(?:y|ies)|labs?|alliance|"
    r"committee|community|foundation|initiative|institute|network|research|university|inc|llc|gmbh|ltd)\b",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"^(?:Adobe|Alibaba|Amazon|Anthropic|Baidu|ByteDance|Cohere|DeepMind|Google|IBM|Meituan|Microsoft|NVIDIA|Nvidia|"
    r"OpenAI|Salesforce|Samsung|Tencent|Xiaomi|Meta (?=AI|FAIR|GenAI)|Huawei (?=Technologies|Noah|Cloud))\b"
)
"""Beginnings of the names of companies, which are no given names."""
_GROUP_END = re.compile(r"(?:^|[\s-])(?:AI|AGI|NLP|ML|LLM|Intelligence|Robotics)$")
_ONE_NAME = r"[A-ZÀ-Þ][\w.'’-]*(?:\s[A-ZÀ-Þ][\w.'’-]*){1,3}"
_PAIR_OF_NAMES = re.compile(
    rf"(?!.*\b(?:Collaboration|Consortium|Team|Group|Project|Research|University|Institute|Department|Foundation)\b)"
    rf"\s*{_ONE_NAME}\sand\s{_ONE_NAME}\s*"
)
_PAIR = re.compile(r"\sand\s")
_CONJUNCTION = re.compile(r"\band\b|&", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff·・\s]+")
MAX_NAME = 400
"""Characters of a name that are read: a group's, with on whose behalf it writes, has fewer."""
_BETWEEN_FAMILIES = frozenset({"e", "i", "y"})
"""Words between two family names: Ramón y Cajal."""


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name in parts. Of a group, and of a single name, all of it is the family name."""

    family: str
    given: str = ""
    suffix: str = ""
    group: bool = False


def clean_authors(names: Iterable[str]) -> tuple[str, ...]:
    """The people and groups among an author list, in order: without lone signs, "et al." and empty names, and without
    marks of footnotes and affiliations behind a name. Of one that is too long for a name, the beginning is read.

    A suffix that was split off its name returns to it: ("John Doe", "Jr.") is "John Doe Jr.".
    """
    found: list[str] = []
    for name in (part for entry in names for part in _parted(entry)):
        bare = _LEADING.sub("", _TRAILING.sub("", _FOOTNOTE_MARKS.sub("", " ".join(name.split())[:MAX_NAME])))
        bare = _AFFILIATION.sub("", bare) if " " in _AFFILIATION.sub("", bare) else bare
        if (behalf := _ON_BEHALF.fullmatch(bare)) and is_group(behalf["group"]):
            bare = behalf["group"].strip()
        if not any(map(str.isalnum, bare)) or _NOISE.fullmatch(bare):
            continue
        if found and _SUFFIX.fullmatch(bare):
            found[-1] += f" {bare}"
        else:
            found.append(bare)
    return tuple(found)


def _parted(entry: str) -> list[str]:
    """The names of an entry that holds several: "Ada Lee; Bo Chen", "Ada Lee and Bo Chen"; groups stay whole."""
    parts = entry.split(";") if ";" in entry and "&" not in entry else [entry]
    return [name for part in parts for name in (_PAIR.split(part) if _is_pair(part) else (part,))]


def _is_pair(part: str) -> bool:
    return len(part) <= 2 * MAX_NAME and bool(_PAIR_OF_NAMES.fullmatch(part))


def is_group(name: str) -> bool:
    """True for the name of a group, such as a collaboration or a company, which has no family name."""
    pieces = [piece for piece in name.split(",") if not _SUFFIX.fullmatch(piece.strip())]
    words = (_GROUP_WORD, _GROUP_END, _CONJUNCTION, _COMPANY)
    return len(pieces) > 2 or any(pattern.search(name) for pattern in words)


def name_parts(name: str) -> NameParts:
    """Family name (with "van", "de"), given names and suffix, of "Given Family" and of "Family, Given"."""
    if is_group(name):
        return NameParts(name, group=True)
    pieces = [piece.strip() for piece in name.split(",") if piece.strip()]
    suffix = next((piece for piece in pieces[1:] if _SUFFIX.fullmatch(piece)), "")
    pieces = [piece for piece in pieces if piece != suffix]
    if len(pieces) == 2:
        return NameParts(pieces[0], pieces[1], suffix)
    words = " ".join(pieces).split()
    if len(words) < 2:
        return NameParts(" ".join(words) or name, suffix=suffix)
    if _EAST_ASIAN.fullmatch(name):
        return NameParts(words[0], " ".join(words[1:]))
    if not suffix and len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    start = next(
        (at for at, word in enumerate(words) if 0 < at < len(words) - 1 and _is_particle(word)), len(words) - 1
    )
    if words[start] in _BETWEEN_FAMILIES and start > 1:
        start -= 1
    return NameParts(" ".join(words[start:]), " ".join(words[:start]), suffix)


def _is_particle(word: str) -> bool:
    return unicodedata.category(word[0]) == "Ll"

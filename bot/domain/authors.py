"""Names of authors: people, groups, and noise that sources put between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_NOISE = re.compile(
    r"(?:and|&|et\.? al\.?|and others|others|\(?(?:eds?|editors?|authors?|deceased)\.?\)?|n/?a|none|null)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")
_TRAILING = re.compile(r"(?:,?\s+(?:et\.? al\.?|and others)|[\s,;:&]+)$", re.IGNORECASE)
_LEADING = re.compile(r"^(?:[\s,;:&]+|and\s+)", re.IGNORECASE)
_GROUP_WORD = re.compile(
    r"\b(?:collaborations?|consortium|teams?|groups?|projects?|authors|contributors|laborator(?:y|ies)|labs?|alliance|"
    r"committee|community|foundation|initiative|institute|network|research|university|inc|llc|gmbh|ltd)\b",
    re.IGNORECASE,
)
_GROUP_END = re.compile(r"(?:^|[\s-])(?:AI|AGI|NLP|ML|LLM|Intelligence|Robotics)$")
_CONJUNCTION = re.compile(r"\band\b|&", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff·・\s]+")
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
    """The people and groups among an author list, in order: without lone signs, "et al." and empty names.

    A suffix that was split off its name returns to it: ("John Doe", "Jr.") is "John Doe Jr.".
    """
    found: list[str] = []
    for name in names:
        bare = _LEADING.sub("", _TRAILING.sub("", " ".join(name.split())))
        if not any(map(str.isalnum, bare)) or _NOISE.fullmatch(bare):
            continue
        if found and _SUFFIX.fullmatch(bare):
            found[-1] += f" {bare}"
        else:
            found.append(bare)
    return tuple(found)


def is_group(name: str) -> bool:
    """True for the name of a group, such as a collaboration or a company, which has no family name."""
    pieces = [piece for piece in name.split(",") if not _SUFFIX.fullmatch(piece.strip())]
    return len(pieces) > 2 or bool(_GROUP_WORD.search(name) or _GROUP_END.search(name) or _CONJUNCTION.search(name))


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

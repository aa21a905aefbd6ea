"""Parts of a single line of an item: the number before its title, the names of its authors."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"^(?:(?:No\.?|Nr\.?|#)\s*)?\[?(\d{1,3}(?:\.\d{1,3})?)\\?[.):\]]?\\?[.):\]]?\s+(\S.*)$", re.DOTALL)
"""A number before a title: "3. ", "[3] ", "No. 3: ", "1.2) "; a bare one only with another sign."""
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: (?:[\w.'’-]+)){0,4}")
_BY = re.compile(
    r"(?:by|von|par|por|di|door)\s+|[^\w\s]{0,4}\s*(?:authors?|autor(?:en|es|i)?|auteurs?)\s*[:：]\s*", re.IGNORECASE
)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b(?! al)|\by\b|\be\b|\ben\b)\s*")
_OTHERS = re.compile(
    r",?\s*(?:et al\.?|and (?:others|colleagues|co-?workers|co-?authors)|(?:&|and|und) co\.?|u\. ?a\.|"
    r"und (?:andere|kolleg\w{2,6}))\s*$",
    re.IGNORECASE,
)


def names_in(line: str) -> str:
    """The names of a line such as "By Ada Lovelace and Alan Turing."; empty if it is anything else."""
    lead = _BY.match(line)
    if not lead or len(line) > 400 or "\n" in line:
        return ""
    names = line[lead.end() :].strip()
    people = [name for name in _BETWEEN_NAMES.split(_OTHERS.sub("", names)) if name]
    are_names = all(_NAME.fullmatch(name.removesuffix(".")) for name in people)
    return (
        names.removesuffix(".") + ("." if names.endswith(("al.", "a.", " co.")) else "") if people and are_names else ""
    )


def number_before(heading: str) -> re.Match[str] | None:
    """The number before a title, and the title; a number alone may be its first word ("7 tips")."""
    found = _NUMBER.match(heading)
    is_bare = found and not re.search(r"[^\w\s]", heading[: found.start(2)])
    return None if is_bare else found

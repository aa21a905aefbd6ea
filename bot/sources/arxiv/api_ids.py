"""Parser of arXiv ids as used by the API (https://info.arxiv.org/help/arxiv_identifier.html)."""

from __future__ import annotations

import re

_NEW = r"[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5}"  # since April 2007: year, month, number
_OLD = r"[a-z][a-z-]{1,16}(?:\.[A-Za-z-]{2,16})?/[0-9]{7}"  # before: archive, sometimes its subject, number
_ID = re.compile(rf"(?P<bare>{_NEW}|{_OLD})(?:v(?P<version>[1-9][0-9]{{0,2}}))?", re.ASCII)
_ENTRY = re.compile(rf"https?://arxiv\.org/abs/(?P<id>(?:{_NEW}|{_OLD})v[1-9][0-9]{{0,2}})", re.ASCII)

MAX_LENGTH = 64  # characters; looked at before any pattern


def split(arxiv_id: str) -> tuple[str, int | None] | None:
    """The bare id and the version of `1706.03762v7` or `hep-th/9901001`; None if the text is no arXiv id."""
    match = _ID.fullmatch(arxiv_id) if len(arxiv_id) <= MAX_LENGTH else None
    if match is None:
        return None
    version = match["version"]
    return match["bare"], int(version) if version else None


def of_entry(entry_id: str) -> tuple[str, int] | None:
    """The bare id and the version that an entry of the feed is about; None if it is not about a paper."""
    match = _ENTRY.fullmatch(entry_id) if len(entry_id) <= 2 * MAX_LENGTH else None
    parts = split(match["id"]) if match else None
    return (parts[0], parts[1]) if parts and parts[1] else None


def canonical(unversioned: str) -> str:
    """The id arXiv answers with: `math.GT/0309136` is `math/0309136`, the subject being no part of the name."""
    archive, slash, number = unversioned.partition("/")
    return f"{archive.partition('.')[0]}/{number}" if slash else unversioned

"""Claims that no source supports, in the language of the person who reads them."""

from __future__ import annotations

import re

from bot.locale.current import _, mark_text

CLAIM_TEXTS: dict[str, str] = {
    "number": mark_text("number “{text}”"),
    "name": mark_text("name “{text}”"),
    "acronym": mark_text("acronym “{text}”"),
    "link": mark_text("link “{text}”"),
    "quote": mark_text("quote “{text}”"),
    "citation": mark_text("citation “{text}” without a reference"),
}
"""Text of each kind of claim; `text` is the claim's own words."""

_DESCRIPTION = re.compile(r"(\w+) “(.*)”", re.DOTALL)


def claim_text(description: str) -> str:
    """The description of an `UnsupportedClaim` in the language in use; unchanged if its kind is not known."""
    found = _DESCRIPTION.fullmatch(description)
    if found is None or found[1] not in CLAIM_TEXTS:
        return description
    return _(CLAIM_TEXTS[found[1]], text=found[2])

"""Several links in one text: pasted lists of papers."""

from __future__ import annotations

import re

from bot.domain.links.identify import IdentifiedLink, SearchPhrase, identify
from bot.errors import UserError

_AND = ("and", "und", "&", "et", "y", "e", "en")
"""Words between the last two of several links."""


def links_only(typed: str) -> tuple[IdentifiedLink, ...]:
    """The links of a text that has nothing else; empty otherwise."""
    found: list[IdentifiedLink] = []
    for word in re.split(r"[\s,;]+", typed.strip()):
        bare = word.lstrip("-*•").strip("<>")
        if not bare or (found and bare.casefold() in _AND):
            continue
        if not re.match(r"(?i)https?://|\d{4}\.\d{4,5}(v\d+)?$|10\.\d{4,9}/|arxiv:", bare):
            return ()
        try:
            link = identify(bare)
        except UserError:
            return ()
        if isinstance(link, SearchPhrase):
            return ()
        found.append(link)
    return tuple(found)

"""Search of published items without a script: a form, a list, pages.

Words are searched in memory as plain text. There is no query language, so nothing can be injected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.web.archive.catalogue import CatalogueItem, fold
from adapters.web.archive.page_request import Page, PageRequest
from bot.chat.text import clean, one_line

PAGE_SIZE = 20
MAX_WORDS = 8
MAX_QUERY_LENGTH = 200
"""Characters of a query that are used."""


@dataclass(frozen=True, slots=True)
class TextFragment:
    """A part of a title; `marked` if it matches the search."""

    text: str
    marked: bool


async def search(request: PageRequest, asked: str = "", page: int = 1) -> Page:
    """Published items that contain all of these words; those with them in the title first, then the latest."""
    asked = one_line(clean(asked[:MAX_QUERY_LENGTH]))
    words = tuple(dict.fromkeys(fold(asked).split()))[:MAX_WORDS]
    found = find(request.catalogue.entries, words) if words else []
    start = (page - 1) * PAGE_SIZE
    return request.draw(
        "search.html.jinja",
        asked=asked,
        words=words,
        found=found[start : start + PAGE_SIZE],
        count=len(found),
        first=start + 1,
        page=page,
        more=start + PAGE_SIZE < len(found),
        issued=request.catalogue.by_number,
        marked=lambda title: list(highlight(title, words)),
    )


def find(entries: tuple[CatalogueItem, ...], words: tuple[str, ...]) -> list[CatalogueItem]:
    """The items that contain every word in any of their texts."""
    found = [entry for entry in entries if all(word in entry.words for word in words)]
    return sorted(found, key=lambda entry: not all(word in entry.heading for word in words))


def highlight(title: str, words: tuple[str, ...]) -> Iterator[TextFragment]:
    """The title in parts, with matches marked. No match is marked if case folding changes the number of characters."""
    folded = fold(title)
    spots = [False] * len(title)
    if len(folded) == len(title):
        for word in words:
            at = folded.find(word)
            while at >= 0:
                spots[at : at + len(word)] = [True] * len(word)
                at = folded.find(word, at + len(word))
    start = 0
    for end in range(1, len(title) + 1):
        if end == len(title) or spots[end] != spots[start]:
            yield TextFragment(title[start:end], spots[start])
            start = end

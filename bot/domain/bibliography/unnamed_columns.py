"""Columns of a table whose first row has no names, told by what is in them: link, day, title, authors, remark."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.domain.bibliography.entry import read_day

MAX_GUESSED = 50
"""Rows that are looked at."""
_MOST = 0.8
"""Share of the rows whose cell must be of a kind."""
_PLACE = re.compile(
    r"\s*(?:https?://\S+|(?:arxiv:\s?)?\d{4}\.\d{4,5}(?:v\d+)?|(?:doi:\s?)?10\.\d{4,9}/\S+)\s*", re.IGNORECASE
)
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")
_NAME = r"[^\W\d_a-z][\w.'’-]*(?:[ ,]+[^\W\d_a-z][\w.'’-]*){0,3}"
_PEOPLE = re.compile(
    rf"\s*{_NAME}(?:\s*(?:;|,|&|\band\b|\bund\b)\s*{_NAME})*(?:,?\s+(?:et al\.?|u\. ?a\.|and others))?\s*"
)
_SEVERAL = re.compile(r";|,| and | und | & |et al\.?")


def guessed_columns(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Places of the columns; none if the rows have no link or id in the same one, or nothing beside it.

    Of texts the first with the case of titles is the title, and the last of the others a remark.
    """
    width = min(map(len, rows), default=0)
    if width < 2 or len(rows) < 2:
        return {}
    cells = [[row[at] for row in rows if row[at].strip()] for at in range(width)]
    places = [at for at in range(width) if _most(cells[at], _PLACE.fullmatch) and len(cells[at]) == len(rows)]
    if not places:
        return {}
    found = {_kind_of_place(cells[places[0]]): places[0]}
    texts = []
    for at in range(width):
        if at in places or not cells[at]:
            continue
        if _most(cells[at], _YEAR.fullmatch):
            found.setdefault("published", at)
        elif _most(cells[at], read_day):
            found.setdefault("read", at)
        else:
            texts.append(at)
    people = next((at for at in texts if len(texts) > 1 and _most(cells[at], _are_people)), None)
    if people is not None:
        found["authors"] = people
        texts.remove(people)
    title = next((at for at in texts if _most(cells[at], _is_title, share=0.5)), None)
    if title is None and len(texts) > 1:
        title = texts[0]
    if title is not None:
        found["title"] = title
        texts.remove(title)
    if texts:
        found["why"] = max(texts, key=lambda at: sum(map(len, cells[at])))
    return found


def _kind_of_place(cells: Sequence[str]) -> str:
    if any("://" in cell for cell in cells):
        return "url"
    return "doi" if _most(cells, lambda cell: re.search(r"10\.\d{4,9}/", cell)) else "arxiv"


def _most(cells: Sequence[str], holds: Callable[[str], object], share: float = _MOST) -> bool:
    return bool(cells) and sum(bool(holds(cell)) for cell in cells) >= share * len(cells)


def _are_people(cell: str) -> bool:
    return bool(_PEOPLE.fullmatch(cell) and _SEVERAL.search(cell))


def _is_title(cell: str) -> bool:
    """True for a text whose long words mostly begin with a capital, and that ends without a full stop."""
    words = [word for word in re.findall(r"[^\W\d_][\w-]*", cell) if len(word) > 3]
    capitals = sum(word[0].isupper() for word in words)
    return bool(words) and capitals * 2 > len(words) and not cell.rstrip().endswith((".", "!"))

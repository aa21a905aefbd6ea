"""Tables of Markdown as lists: a point for each row, or a paper with its details for each row that has a link."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.chat.rich_text import LINK_TARGET
from bot.editions.importing.label_words import LINK_LINE
from bot.editions.importing.markdown.markdown_lines import TABLE_MARK

_TABLE = re.compile(
    r"^(?=[^\n]*\|)[^\n]*\n[ \t]*(?:\|[ \t]*)?(?::?-+:?[ \t]*\|[ \t]*)+(?::?-+:?[ \t]*)?\n"
    r"(?:(?=[^\n]*\|)[^\n]*(?:\n|\Z))+",
    re.MULTILINE,
)
_LINK = re.compile(rf"\[((?:\\.|[^\[\]\\])+)\]\(<?({LINK_TARGET})>?\)|<?(https?://[^\s<>()\[\]\"'|]+)>?")
_TITLES = re.compile(
    r"(?:paper|title|name|work|article|titel|titre|título|titolo|arbeit|论文|標題|标题)s?\b", re.IGNORECASE
)
_AUTHORS = re.compile(r"(?:authors?|autor(?:en|es|in)?|auteurs?|autori|by|von)\b", re.IGNORECASE)
_REASONS = re.compile(
    r"(?:why|reason|notes?|comments?|remarks?|summary|tl;?dr|warum|notiz(?:en)?|kommentar|pourquoi|remarques?|"
    r"por qué)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:#|no\.?|nr\.?|n°)?", re.IGNORECASE)


def with_tables_as_lists(text: str) -> str:
    """The text with its tables as lists."""
    return _TABLE.sub(_list, text) if "|" in text else text


def _list(found: re.Match[str]) -> str:
    head, _unused, *rows = [_cells(line) for line in found[0].strip().split("\n")]
    if all(any(map(_LINK.search, row)) for row in rows) and any(_TITLES.match(name.strip("* ")) for name in head):
        points = ["\n".join(_paper(head, row)) for row in rows]
    else:
        points = [
            f"{TABLE_MARK} {words}"
            for row in rows
            if (words := "; ".join(f"{name}: {cell}" if name else cell for name, cell in _named(head, row) if cell))
        ]
    return "\n" + "\n".join(points) + "\n\n"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", re.sub(r"^[ \t]*\||\|[ \t]*$", "", line.strip()))]


def _named(head: Sequence[str], row: Sequence[str]) -> list[tuple[str, str]]:
    """The cells of a row with the names of their columns; those beyond the last column have none."""
    names = [*head, *[""] * (len(row) - len(head))]
    return list(zip(names, row, strict=False))


def _paper(head: Sequence[str], row: Sequence[str]) -> list[str]:
    """A row as a point: its title with its link, and below it who wrote it, why, and the other cells."""
    cells = [(name.strip("* "), cell) for name, cell in _named(head, row)]
    at = next(n for n, (name, _cell) in enumerate(cells) if _TITLES.match(name))
    title = cells[at][1]
    link = _LINK.search(title) or next(found for _name, cell in cells if (found := _LINK.search(cell)))
    url = link[2] or link[3]
    words = " ".join(_LINK.sub(lambda one: one[1] or "", title).strip(" *_").split()) or url
    lines = [f"- [{words}]({url})"]
    for n, (name, cell) in enumerate(cells):
        if n == at or not cell or (_NUMBER.fullmatch(name) and cell.strip(".").isdigit()):
            continue
        alone = _LINK.fullmatch(cell)
        if alone and (alone[2] or alone[3]) == url:
            continue
        if alone and not alone[1]:
            cell = f"[{name or 'Link'}]({alone[3]})"
        elif _AUTHORS.fullmatch(name):
            cell = f"By {cell}"
        elif _REASONS.fullmatch(name) and not any(line.startswith("  - Why:") for line in lines):
            cell = f"Why: {cell}"
        elif not (alone and LINK_LINE.match(alone[1] or "")):
            cell = f"{name}: {cell}" if name else cell
        lines.append(f"  - {cell}")
    return lines

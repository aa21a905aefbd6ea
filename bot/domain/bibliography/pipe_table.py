"""A table of Markdown as CSV: names of columns above a line of dashes, and a link in a cell as a column of its own."""

from __future__ import annotations

import csv
import io
import re

_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?)?[ \t]*")
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(\s*<?([^\s<>()]{1,500})>?\s*\)")
_PLACES = ("url", "link", "paper link", "paper url")


def pipe_table_as_csv(text: str) -> str:
    """The first table of a text as CSV; "" if it has none."""
    lines = text.split("\n")
    at = next((n for n in range(1, len(lines)) if _RULE.fullmatch(lines[n]) and "|" in lines[n - 1]), None)
    if at is None:
        return ""
    head = [name.strip("* ").lower() for name in _cells(lines[at - 1])]
    place = next((head.index(name) for name in _PLACES if name in head), None)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(head if place is not None else [*head, "url"])
    for line in lines[at + 1 :]:
        if "|" not in line:
            break
        row = _cells(line)[: len(head)]  # Markdown shows no cell beyond the last column
        row += [""] * (len(head) - len(row))
        url = _LINK.search(row[place]) if place is not None else next(filter(None, map(_LINK.search, row)), None)
        texts = [_LINK.sub(r"\1", cell) for cell in row]
        if place is None:
            texts.append(url[2] if url else "")
        else:
            texts[place] = url[2] if url else texts[place].strip("<> ")
        table.writerow(texts)
    return out.getvalue()


def _cells(line: str) -> list[str]:
    inside = re.sub(r"^\s*\||\|\s*$", "", line)
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inside)]

"""`python -m bot.cli.retention_reference`: write the table of docs/operations.md on what is kept; `--check` compares.

Run from the top of the source tree.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bot.domain.retention import RETENTION

PAGE = Path("docs/operations.md")
START, END = "<!-- retention: written by `make docs` from bot/domain/retention.py -->\n", "<!-- end of retention -->"


def table() -> str:
    """The rules as a Markdown table."""
    rows = ["| tables | kept | why |", "|---|---|---|"]
    for rule in RETENTION:
        names = ", ".join(f"`{mapped.__tablename__}`" for mapped in rule.tables)
        rows.append(f"| {names} | {rule.period} | {rule.why} |")
    return "\n".join(rows) + "\n"


def page(text: str) -> str:
    """The page with the table of today in its place. Raises ValueError if the page has no place for it."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"{PAGE} has no place for the table")
    return f"{before}{START}\n{table()}\n{END}{after}"


def main(argv: Sequence[str]) -> int:
    """Write the page, or with `--check` say whether it is out of date. Returns the exit code: 0 if all is well."""
    text = PAGE.read_text(encoding="utf-8")
    if "--check" not in argv:
        PAGE.write_text(page(text), encoding="utf-8")
        return 0
    if page(text) == text:
        return 0
    sys.stderr.write(f"{PAGE} no longer fits bot/domain/retention.py: run `make docs`.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

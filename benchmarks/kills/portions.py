"""Portions of the trials in a file, one a line, so that two thousand kills can be run an hour at a time."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields
from pathlib import Path

from benchmarks.kills.trials import Result


def append(path: Path, kind: str, result: Result) -> None:
    """Add what came of one portion of one kind."""
    values = {each.name: getattr(result, each.name) for each in fields(result)}
    with path.open("a") as file:
        file.write(json.dumps({"kind": kind, **values}) + "\n")


def sums(path: Path) -> dict[str, Result]:
    """All portions of a file, added up by kind; nothing if there is no such file."""
    found: dict[str, Result] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        values = json.loads(line)
        kind = values.pop("kind")
        portion = Result(**values | {"points": Counter(values["points"])})
        found[kind] = found[kind] + portion if kind in found else portion
    return found

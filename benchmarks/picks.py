"""Papers with summaries by human curators, from a folder of data that is not in the repository.

The summaries belong to their authors and may not be distributed; the abstracts are arXiv's (CC0). The folder is the
first argument of the programs that use it, or JOURNALCLUB_DATA.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EARLIER = ("stream_pre_partial", "hf_daily_dev")
"""File with the abstracts of papers up to April 2025, for fitting weights."""
LATER = ("stream_dev",)
"""File with the abstracts of papers from April 2025 to January 2026, for evaluation."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A paper and its summary by a curator."""

    arxiv_id: str
    title: str
    abstract: str
    summary: str


def folder() -> Path | None:
    """The folder of data given by the user, if it exists."""
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("JOURNALCLUB_DATA", "")
    path = Path(named)
    return path if named and (path / "picks_dev.jsonl.gz").is_file() else None


def later(data: Path) -> list[Pick]:
    """The 291 picks whose abstracts are in the stream: no weight was fitted to any of them."""
    return list(_joined(data, LATER))


def earlier(data: Path) -> list[Pick]:
    """The 311 picks of before, without any of the later ones."""
    measured = {pick.arxiv_id for pick in later(data)}
    return [pick for pick in _joined(data, EARLIER) if pick.arxiv_id not in measured]


def _joined(data: Path, sources: tuple[str, ...]) -> Iterator[Pick]:
    wanted = {row["arxiv_id"] for row in _rows(data / "picks_dev.jsonl.gz") if row["arxiv_id"]}
    papers: dict[str, tuple[str, str]] = {}
    for source in sources:
        for row in _rows(data / f"{source}.jsonl.gz"):
            arxiv_id = row.get("id") or row["arxiv_id"]
            if arxiv_id in wanted and row.get("abstract"):
                papers.setdefault(arxiv_id, (row["title"], row["abstract"]))
    for row in _rows(data / "picks_dev.jsonl.gz"):
        if row["arxiv_id"] in papers:
            title, abstract = papers[row["arxiv_id"]]
            yield Pick(row["arxiv_id"], title, abstract, row["summary"])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)

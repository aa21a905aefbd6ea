"""The recorded papers, as records like those that arXiv's own answers become."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from bot.domain.paper_record import PaperRecord
from bot.sources.arxiv.withdrawal import is_withdrawn


@cache
def recorded_papers() -> tuple[PaperRecord, ...]:
    """All recorded papers, oldest first; loaded from the package on first use."""
    packed = resources.files(__package__).joinpath("arxiv.jsonl.gz").read_bytes()
    return tuple(_record(json.loads(line)) for line in gzip.decompress(packed).decode().splitlines())


def _record(row: Mapping[str, Any]) -> PaperRecord:
    published = _moment(row["published"])
    title, abstract, comment = row["title"], row["abstract"], row.get("comment", "")
    return PaperRecord(
        key=f"arxiv:{row['id']}",
        version=row["v"],
        title=title,
        authors=tuple(row["authors"]),
        abstract=abstract,
        categories=tuple(row["categories"]),
        published=published,
        updated=_moment(row["updated"]) if "updated" in row else published,
        comment=comment,
        withdrawn=is_withdrawn(title=title, comment=comment, abstract=abstract),
    )


def _moment(text: str) -> datetime:
    """`2025-10-06` (its midnight) or `2017-06-12T17:57:34Z`, in UTC."""
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)

"""Real weeks for the shortlist's measurements: the stream, the curators' picks, and the crowd's votes.

Files are looked for by the beginning of their name (`stream_*.jsonl.gz`, `picks_*`, `hf_daily_*`): any folder will do.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from bot.recommender.values import StreamPaper

Row = dict[str, Any]


@dataclass(frozen=True)
class Pick:
    """A paper that curators chose in a week; `paper` has its abstract where that is known, else their own words."""

    week_end: date
    paper: StreamPaper
    in_stream: bool
    is_whole: bool
    """True if its abstract and authors are known."""


@dataclass(frozen=True)
class Data:
    """Everything of a folder: papers by the day of announcement, picks by week, votes by key with their day.

    `listed` are papers of Hugging Face's lists that the stream lacks, by the day of their listing: most are older.
    """

    stream: Sequence[StreamPaper]
    listed: Sequence[StreamPaper]
    picks: Sequence[Pick]
    votes: dict[str, tuple[date, float]]

    def weeks(self, first: date) -> list[date]:
        """The last days of the weeks with picks that begin on or after a day."""
        return sorted({pick.week_end for pick in self.picks if pick.week_end > first})


def read(folder: Path) -> Data:
    """The data of a folder."""
    stream = {row["id"]: _paper(row, row["listed"]) for row in rows(folder, "stream_")}
    papers = sorted(stream.values(), key=lambda paper: (paper.published, paper.key))
    listed = {row["arxiv_id"]: _listed(row) for row in rows(folder, "hf_daily_") if row.get("abstract")}
    older = sorted((listed[id] for id in listed if id not in stream), key=lambda paper: (paper.published, paper.key))
    return Data(papers, older, list(_picks(folder, stream, listed)), _votes(folder))


def moment(day: date) -> datetime:
    """Noon of a day."""
    return datetime.combine(day, time(12), UTC)


def _picks(folder: Path, stream: dict[str, StreamPaper], listed: dict[str, StreamPaper]) -> Iterator[Pick]:
    for row in rows(folder, "picks_"):
        end = date.fromisoformat(row["week_end"])
        id = row["arxiv_id"] or ""
        known = stream.get(id) or listed.get(id)
        yield Pick(end, known or _summarized(row, end), id in stream, known is not None)


def _summarized(row: Row, end: date) -> StreamPaper:
    key = f"arxiv:{row['arxiv_id']}" if row["arxiv_id"] else f"web:{row['title']}"
    return StreamPaper(key, row["title"], row["summary"] or "", (), (), moment(end))


def _votes(folder: Path) -> dict[str, tuple[date, float]]:
    """Votes on the day of listing; three years old counts of later days are taken where there are no others."""
    votes = {}
    for row in rows(folder, "hf_daily_"):
        count = row["upvotes_same_day"]
        votes[f"arxiv:{row['arxiv_id']}"] = (date.fromisoformat(row["hf_date"]), float(count or 0))
    return votes


def _listed(row: Row) -> StreamPaper:
    day = moment(date.fromisoformat(row["hf_date"]))
    return StreamPaper(f"arxiv:{row['arxiv_id']}", row["title"], row["abstract"], tuple(row["authors"] or ()), (), day)


def _paper(row: Row, day: str) -> StreamPaper:
    return StreamPaper(
        f"arxiv:{row['id']}",
        row["title"],
        row["abstract"],
        tuple(row["authors"]),
        tuple(row["categories"] or ()),
        moment(date.fromisoformat(day)),
    )


def rows(folder: Path, begins: str) -> Iterator[Row]:
    """The rows of the files whose names begin so."""
    for path in sorted(folder.glob(f"{begins}*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)

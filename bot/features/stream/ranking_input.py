"""Input of a club's shortlist: the new papers of its sources, and the club's taste."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.club_settings import ClubSettings
from bot.domain.models import ClubSource, StreamEntry, StreamVerdict
from bot.features.shared.stream.excluded_words import without_negative_words
from bot.features.shared.stream.stream_papers import ranked_paper, stream_paper
from bot.recommender.interests import phrases_of_interest
from bot.recommender.values import Choice, StreamPaper, Taste
from bot.store import UnitOfWork
from bot.store.stream.entries import ListedPaper, ListedWorks

MOST_PAPERS = 8_000
"""New papers that are ranked: a fortnight of the largest categories has half as many."""
MOST_BACKGROUND, MOST_POPULAR = 12_000, 4_000
"""Past papers, and past ones with votes elsewhere, that the ranker learns from."""
MOST_LISTED = 2_000
"""Papers of the club's list that are learned from, the latest."""
MOST_JUDGED = 500
"""Judged papers that are learned from, the latest."""


@dataclass(frozen=True, slots=True)
class RankingRows:
    """Stored rows about a club's new papers and its taste, as they were at one moment."""

    settings: ClubSettings
    sources: Sequence[ClubSource]
    works: ListedWorks
    new: Sequence[StreamEntry]
    """New entries that were not judged and that the club has not had."""
    named_by: Mapping[int, set[int]]
    """The club's sources by entry, if any of them has negative words."""
    judged: Sequence[tuple[StreamEntry, StreamVerdict]]
    listed: Sequence[ListedPaper]
    background: Sequence[StreamEntry]
    popular: Sequence[StreamEntry]
    topics: Sequence[str]


@dataclass(frozen=True, slots=True)
class RankingInput:
    """The new papers that may be proposed, by key, and the taste by which they are ranked."""

    entries: Mapping[str, StreamEntry]
    papers: tuple[StreamPaper, ...]
    taste: Taste
    works: ListedWorks


async def load_ranking_rows(db: UnitOfWork, now: datetime, *, with_past: bool) -> RankingRows:
    """Everything that a club's new papers are ranked by; past papers only on request, since they are many."""
    settings = ClubSettings.of((await db.club()).settings)
    since = now - timedelta(days=settings.shortlist_days)
    sources = await db.sources.all()
    works = await db.stream.listed_works()
    verdicts = await db.stream.verdicts()
    new = [
        entry
        for entry in await db.stream.new(since, limit=MOST_PAPERS)
        if entry.id not in verdicts and not works.have(entry)
    ]
    has_negative_words = any(source.negative_words for source in sources)
    return RankingRows(
        settings,
        sources,
        works,
        new,
        await db.stream.sources_of([entry.id for entry in new]) if has_negative_words else {},
        await db.stream.judged(limit=MOST_JUDGED),
        await db.stream.listed_papers(limit=MOST_LISTED),
        await db.stream.background(since, limit=MOST_BACKGROUND) if with_past else (),
        await db.stream.popular(since, limit=MOST_POPULAR) if with_past else (),
        [topic.name for topic in await db.topics.all()],
    )


def ranking_input(rows: RankingRows) -> RankingInput:
    """The rows as the ranker takes them. It takes a second for a fortnight's papers, so it runs in a thread."""
    entries = {entry.key: entry for entry in without_negative_words(rows.new, rows.sources, rows.named_by)}
    taste = Taste(
        picked=tuple(ranked_paper(paper.paper, paper.at) for paper in rows.listed if paper.chosen),
        voted={paper.paper.key: paper.points for paper in rows.listed if paper.points},
        more=tuple(stream_paper(entry) for entry, verdict in rows.judged if verdict == StreamVerdict.MORE),
        less=tuple(stream_paper(entry) for entry, verdict in rows.judged if verdict == StreamVerdict.LESS),
        words=(*phrases_of_interest(rows.settings.interests), *rows.topics),
        library=tuple(ranked_paper(paper.paper, paper.at) for paper in rows.listed if not paper.chosen),
        background=tuple(stream_paper(entry) for entry in rows.background if entry.key not in entries),
        popular=tuple(stream_paper(entry) for entry in rows.popular if entry.key not in entries),
        choices={paper.paper.key: choice for paper in rows.listed if (choice := _choice(paper))},
    )
    return RankingInput(entries, tuple(map(stream_paper, entries.values())), taste, rows.works)


def _choice(paper: ListedPaper) -> Choice | None:
    """The strongest thing that was done with a paper of the list; None if it was not chosen."""
    if paper.picked:
        return Choice.PICKED
    return Choice.READ if paper.read else Choice.ADDED if paper.added else None


def interest_words(typed: str) -> tuple[str, ...]:
    """Words and phrases that commas separate."""
    return tuple(word for part in typed.split(",") if (word := " ".join(part.split())))

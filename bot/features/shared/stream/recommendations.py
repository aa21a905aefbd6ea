"""The papers of a week that fit one member best: new in the club's sources, or on its list."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.app import App, Context
from bot.domain.club_settings import ClubSettings
from bot.domain.follow_rules import FollowKey
from bot.domain.models import Recommendation, StreamEntry, Submission
from bot.domain.preferences import Preferences
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.stream.excluded_words import suggestible
from bot.features.shared.stream.stream_papers import ranked_paper, reason_words, stream_paper, title_of_entry
from bot.recommender import similar
from bot.recommender.plain import rank_plainly
from bot.recommender.terms import Vector, unit
from bot.recommender.values import Choice, RankedPaper, ReasonKind, StreamPaper, Taste
from bot.store import UnitOfWork
from bot.store.members.recommendations import MemberPaper

LENGTH = 3
"""Papers that are chosen for a member."""
LISTED_FOR = timedelta(days=14)
"""Age up to which a paper of the club's list is recommended."""
MOST_CONSIDERED = 30
"""Papers, the best, of which the first that fit are chosen."""
MOST_LIKED = 40
"""Papers of a member's votes, reading list and submissions that are read, the latest of each."""
MOST_BY_WORD = 40
"""New papers with one word, or by one author, that are compared."""
MOST_OPEN = 150
MOST_NEWEST = 400
"""New papers that are compared whatever their words: all of a small club's sources."""
IMPORTED_WEIGHT = 0.2
NOT_OF_A_MEMBER = (ReasonKind.SIGNAL, ReasonKind.PRIOR)
"""Reasons that say what others like."""
LEAST_NEARNESS = 0.15
"""Cosine, in the ranker's sense, from which a paper fits that only shares words with what a member likes."""
CHOSEN_FOR = timedelta(hours=20)
"""Time for which a choice is shown on a member's home before it is made again."""


@dataclass(frozen=True, slots=True)
class RecommendationInput:
    """Papers that a member's recommendations are chosen from, and the taste that they are chosen by."""

    taste: Taste
    entries: Mapping[str, StreamEntry]
    listed: Mapping[str, Submission]
    numbers: Mapping[str, int]

    @property
    def says_something(self) -> bool:
        """True if there is anything by which papers can be chosen."""
        taste = self.taste
        return bool(taste.picked or taste.library or taste.followed_authors or taste.words)


async def recommend(app: App, club_id: int, member_id: int) -> bool:
    """Choose a member's papers again and store them. False if the member has said nothing to choose by."""
    now = app.now()
    async with app.store.read(club_id) as db:
        given = await load_input(db, member_id, now)
    rows = await asyncio.to_thread(recommendation_rows, given, now)
    async with app.store.begin(club_id) as db:
        await db.recommendations.replace(member_id, rows, now)
    return given.says_something


async def load_input(db: UnitOfWork, member_id: int, now: datetime) -> RecommendationInput:
    """Everything that a member's papers are chosen from, and by."""
    since = now - timedelta(days=ClubSettings.of((await db.club()).settings).shortlist_days)
    mine = await db.recommendations.taste(member_id, limit=MOST_LIKED)
    unwanted = await db.recommendations.unwanted(member_id)
    follows: list[FollowKey] = [(follow.kind, follow.value) for follow in await db.follows.by_member(member_id)]
    works = await db.stream.listed_works()
    had = {paper.paper.key for paper in mine} | {paper.key for paper in unwanted}
    entries = {
        entry.key: entry
        for entry in await suggestible(db, await _fitting_entries(db, mine, follows, since))
        if entry.key not in had and not works.have(entry)
    }
    listed = {
        submission.paper.key: submission
        for submission in await db.recommendations.open_papers(now - LISTED_FOR, limit=MOST_OPEN)
        if submission.paper.key not in had
    }
    choices = {paper.paper.key: Choice.IMPORTED for paper in mine if paper.imported}
    choices |= {paper.paper.key: Choice.LIKED for paper in mine if paper.liked and not paper.imported}
    taste = Taste(
        picked=_papers(paper for paper in mine if paper.liked and not paper.imported),
        library=_papers(paper for paper in mine if paper.imported),
        less=(
            *_papers(paper for paper in mine if not paper.liked),
            *(StreamPaper(paper.key, paper.title, "", (), (), paper.at) for paper in unwanted),
        ),
        followed_authors=tuple(value for kind, value in follows if kind == "author"),
        words=tuple(value for kind, value in follows if kind in ("keyword", "topic")),
        choices=choices,
    )
    return RecommendationInput(taste, entries, listed, works.numbers)


async def _fitting_entries(
    db: UnitOfWork, mine: Sequence[MemberPaper], follows: Iterable[FollowKey], since: datetime
) -> Sequence[StreamEntry]:
    """The newest entries, those with a rare word of what a member likes, and those that match what they follow."""
    found = {entry.id: entry for entry in await db.stream.new(since, limit=MOST_NEWEST)}
    asked = [(word, "") for word in similar.distinctive(_profile(mine))]
    asked += [(value, "") for kind, value in follows if kind == "keyword"]
    asked += [("", value) for kind, value in follows if kind == "author"]
    for words, author in asked:
        for entry in await db.stream_search.find(words, author=author, since=since, limit=MOST_BY_WORD):
            found[entry.id] = entry
    return list(found.values())


def _profile(mine: Iterable[MemberPaper]) -> Vector:
    """The words of what a member likes, the weightiest of all papers together."""
    total: Vector = {}
    for paper in mine:
        if paper.liked:
            weight = IMPORTED_WEIGHT if paper.imported else 1.0
            for word, amount in similar.profile(paper.paper.title, paper.paper.abstract).items():
                total[word] = total.get(word, 0.0) + weight * amount
    return unit(total)


def _papers(mine: Iterable[MemberPaper]) -> tuple[StreamPaper, ...]:
    return tuple({paper.paper.key: ranked_paper(paper.paper, paper.at) for paper in mine}.values())


def recommendation_rows(given: RecommendationInput, now: datetime) -> list[dict[str, Any]]:
    """The best papers as rows to store. Takes tenths of a second: call it in a thread."""
    if not given.says_something:
        return []
    papers = [stream_paper(entry) for entry in given.entries.values()]
    papers += [ranked_paper(found.paper, found.submitted_at) for found in given.listed.values()]
    titles = {paper.key: paper.title for paper in (*given.taste.picked, *given.taste.library)}
    rows = list[dict[str, Any]]()
    for one in rank_plainly(papers, given.taste, now=now, limit=MOST_CONSIDERED):
        if fits(one) and len(rows) < LENGTH:
            why = [words for reason in one.reasons if (words := reason_words(reason, given.numbers, titles))]
            rows.append({"key": one.paper.key, "reasons": why} | _shown(given, one.paper.key))
    return rows


def fits(one: RankedPaper) -> bool:
    """True if a paper is near to something that the member said, and not only popular."""
    return any(
        reason.amount >= LEAST_NEARNESS if reason.kind == ReasonKind.TERMS else reason.kind not in NOT_OF_A_MEMBER
        for reason in one.reasons
    )


def _shown(given: RecommendationInput, key: str) -> dict[str, Any]:
    if submission := given.listed.get(key):
        return {"title": title_of(submission), "url": submission.paper.url, "number": submission.number}
    entry = given.entries[key]
    return {"title": title_of_entry(entry), "url": entry.url, "number": 0}


async def fresh_recommendations(ctx: Context) -> Sequence[Recommendation]:
    """Today's recommendations for the member, chosen now if need be; empty for one who did not turn them on."""
    if not Preferences.of(ctx.member.prefs).papers:
        return ()
    async with ctx.read() as db:
        found = await db.recommendations.chosen(ctx.member.id)
    if not found or found[0].at < ctx.now - CHOSEN_FOR:
        await recommend(ctx.app, ctx.club.id, ctx.member.id)
        async with ctx.read() as db:
            found = await db.recommendations.chosen(ctx.member.id)
    return found

"""Writing down what there is to tell those who follow something: new papers that fit, and what became of a paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app import App
from bot.domain.following import About, Follow, followed
from bot.domain.models import Followed, Member, Submission
from bot.domain.news import QUICKEST, How, Standing, news, told_at
from bot.domain.prefs import Prefs
from bot.store import UnitOfWork

AT_A_TIME = 50
"""New papers whose followers are looked for in one transaction."""

PATIENCE = timedelta(days=1)
"""How long a paper waits for its details before its followers are looked for by what there is."""


def subjects(following: Sequence[Followed]) -> list[Follow]:
    """What new papers can fit; a paper is followed by itself."""
    return [(one.kind, one.value) for one in following if one.kind != "paper"]  # type: ignore[misc] # kept as they were read


def about_of(submission: Submission) -> About:
    """What can be followed of a submission; its bringer only where they are named."""
    paper = submission.paper
    return About(
        submission.title or paper.title,
        paper.abstract,
        paper.authors,
        submission.topic.name if submission.topic else "",
        "" if submission.anonymous else submission.member.name,
    )


async def standing_of(db: UnitOfWork, about: Submission) -> Standing:
    """How a paper stands, as far as its followers want to hear of it."""
    return (await _standings(db, [about]))[about.id]


async def _standings(db: UnitOfWork, about: Sequence[Submission]) -> dict[int, Standing]:
    """How papers stand; one that was merged, as what it was merged into."""
    goes_on = {submission.id: await _end_of(db, submission) for submission in about}
    editions = await db.alerts.editions({there.id for there in goes_on.values()})
    return {
        id: Standing(
            there.state == "picked",
            editions.get(there.id, 0),
            there.number if there.id != id else 0,
            there.paper.version,
            there.paper.withdrawn,
        )
        for id, there in goes_on.items()
    }


async def _end_of(db: UnitOfWork, submission: Submission) -> Submission:
    """What a submission was merged into in the end; mostly itself."""
    met = {submission.id}
    while submission.merged_into_id and submission.merged_into_id not in met:
        met.add(submission.merged_into_id)
        submission = await db.submissions.get(submission.merged_into_id) or submission
    return submission


async def gather(app: App, club_id: int) -> None:
    """Write down what is news, each piece once. What came while the program stood still is found all the same."""
    while await _new_papers(app, club_id):
        pass
    await _of_papers(app, club_id)


async def _new_papers(app: App, club_id: int) -> bool:
    """Look for the followers of some new papers; whether there may be more."""
    now = app.now()
    async with app.store.read(club_id) as db:
        first = min((one.at for one in await db.following.aloud() if one.kind != "paper"), default=None)
        if first is None or not await db.alerts.unlooked(first, now - PATIENCE, limit=1):
            return False
    async with app.store.begin(club_id) as db:
        aloud = [one for one in await db.following.aloud() if one.kind != "paper"]
        first = min((one.at for one in aloud), default=now)
        fresh = await db.alerts.unlooked(first, now - PATIENCE, limit=AT_A_TIME)
        people = await _People.of(db, aloud)
        for submission in fresh:
            for member_id, how in await _fitting(db, submission, aloud):
                await people.write(db, member_id, submission, "new", "", how, now)
        await db.alerts.looked([submission.id for submission in fresh], first, now)
    return len(fresh) == AT_A_TIME


async def _fitting(db: UnitOfWork, submission: Submission, aloud: Sequence[Followed]) -> list[tuple[int, How]]:
    """Who follows what a paper is about and did not bring it, and how soon they want to be told."""
    fits = {(kind, value.casefold()) for kind, value in followed(about_of(submission), dict.fromkeys(subjects(aloud)))}
    theirs: dict[int, list[str]] = {}
    for one in aloud:
        if (one.kind, one.key) in fits and one.at <= submission.submitted_at:
            theirs.setdefault(one.member_id, []).append(one.how)
    own = await bringers(db, submission) if theirs else set()
    return [(member, quickest(hows)) for member, hows in theirs.items() if member not in own]


async def _of_papers(app: App, club_id: int) -> None:
    """Compare how followed papers stand with how they stood when their followers last heard."""
    async with app.store.read(club_id) as db:
        if not await _changed(db):
            return
    now = app.now()
    async with app.store.begin(club_id) as db:
        changed = await _changed(db)
        people = await _People.of(db, [one for one, _, _ in changed])
        for one, submission, standing in changed:
            own = await bringers(db, submission)
            for what, mark in news(Standing.of(one.seen), standing) if one.member_id not in own else ():
                await people.write(db, one.member_id, submission, what, mark, quickest([one.how]), now)
            await db.following.saw(one, standing.to_json())


async def _changed(db: UnitOfWork) -> list[tuple[Followed, Submission, Standing]]:
    aloud = [one for one in await db.following.aloud() if one.kind == "paper"]
    papers = await db.submissions.many({one.submission_id for one in aloud if one.submission_id})
    standings = await _standings(db, list(papers.values()))
    return [
        (one, papers[id], standings[id])
        for one in aloud
        if (id := one.submission_id or 0) in papers and standings[id].to_json() != one.seen
    ]


async def bringers(db: UnitOfWork, submission: Submission) -> set[int]:
    """Who brought a paper, first or as well: they need not be told of it."""
    return {submission.member_id, *(second.member_id for second in await db.submissions.seconds(submission.id))}


def quickest(hows: Sequence[str]) -> How:
    """The soonest of several ways to be told."""
    return next(how for how in QUICKEST if how in hows)


class _People:
    """The members who are to be told: whether they want messages, and when their morning is."""

    def __init__(self, members: Mapping[int, Member], club_zone: str) -> None:
        self._prefs = {id: Prefs.of(member.prefs) for id, member in members.items()}
        self._club_zone = club_zone

    @classmethod
    async def of(cls, db: UnitOfWork, following: Sequence[Followed]) -> _People:
        """Those who follow these things."""
        return cls(await db.members.many({one.member_id for one in following}), (await db.club()).timezone)

    async def write(
        self, db: UnitOfWork, member_id: int, about: Submission, what: str, mark: str, how: How, now: datetime
    ) -> None:
        """Write a piece of news down for one of them, unless they want no messages."""
        prefs = self._prefs.get(member_id)
        if prefs is None or not prefs.dm:
            return
        due = told_at(how, ZoneInfo(prefs.timezone or self._club_zone), now)
        await db.alerts.add(member_id, about.id, what, mark, how=how, at=now, not_before=due)

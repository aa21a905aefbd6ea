"""Matches papers against follows; the state of a followed paper."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.follow_rules import FollowKey, PaperSubjects
from bot.domain.follow_updates import (
    FASTEST_FIRST,
    FollowState,
    Frequency,
)
from bot.domain.models import Follow, Submission, SubmissionState
from bot.store import UnitOfWork

AT_A_TIME = 50
"""New papers whose followers are looked for in one transaction."""


def load_subjects(following: Sequence[Follow]) -> list[FollowKey]:
    """What new papers can fit; a paper is followed by itself."""
    return [(one.kind, one.value) for one in following if one.kind != "paper"]


def subjects_of_paper(submission: Submission) -> PaperSubjects:
    """What can be followed of a submission; its bringer only where they are named."""
    paper = submission.paper
    return PaperSubjects(
        submission.title or paper.title,
        paper.abstract,
        paper.authors,
        submission.topic.name if submission.topic else "",
        "" if submission.anonymous else submission.member.name,
    )


async def follow_state_of(db: UnitOfWork, about: Submission) -> FollowState:
    """How a paper stands, as far as its followers want to hear of it."""
    return (await _standings(db, [about]))[about.id]


async def _standings(db: UnitOfWork, about: Sequence[Submission]) -> dict[int, FollowState]:
    """How papers stand; one that was merged, as what it was merged into."""
    goes_on = {submission.id: await _end_of(db, submission) for submission in about}
    editions = await db.notifications.editions({there.id for there in goes_on.values()})
    return {
        id: FollowState(
            there.state == SubmissionState.PICKED,
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


async def submitters(db: UnitOfWork, submission: Submission) -> set[int]:
    """Who brought a paper, first or as well: they need not be told of it."""
    return {submission.member_id, *(second.member_id for second in await db.submissions.co_submitters(submission.id))}


def fastest_frequency(hows: Sequence[Frequency]) -> Frequency:
    """The soonest of several ways to be told."""
    return next(how for how in FASTEST_FIRST if how in hows)

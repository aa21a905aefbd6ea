"""Matches papers against follows; the state of a followed paper."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.follow_rules import FollowKey, PaperSubjects
from bot.domain.follow_updates import (
    QUICKEST,
    FollowState,
    Frequency,
)
from bot.domain.models import Follow, Submission, SubmissionState
from bot.store import UnitOfWork

BATCH_SIZE = 50
"""New papers whose followers are looked for in one transaction."""


def load_subjects(following: Sequence[Follow]) -> list[FollowKey]:
    """What new papers can fit; a paper is followed by itself."""
    return [(follow.kind, follow.value) for follow in following if follow.kind != "paper"]


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
    return (await follow_states(db, [about]))[about.id]


async def follow_states(db: UnitOfWork, about: Sequence[Submission]) -> dict[int, FollowState]:
    """How papers stand; one that was merged, as what it was merged into."""
    targets = {submission.id: await _merge_target(db, submission) for submission in about}
    editions = await db.alerts.editions({target.id for target in targets.values()})
    return {
        id: FollowState(
            target.state == SubmissionState.PICKED,
            editions.get(target.id, 0),
            target.number if target.id != id else 0,
            target.paper.version,
            target.paper.withdrawn,
        )
        for id, target in targets.items()
    }


async def _merge_target(db: UnitOfWork, submission: Submission) -> Submission:
    """What a submission was merged into in the end; mostly itself."""
    seen = {submission.id}
    while submission.merged_into_id and submission.merged_into_id not in seen:
        seen.add(submission.merged_into_id)
        submission = await db.submissions.get(submission.merged_into_id) or submission
    return submission


async def submitters(db: UnitOfWork, submission: Submission) -> set[int]:
    """Who brought a paper, first or as well: they need not be told of it."""
    return {submission.member_id, *(second.member_id for second in await db.submissions.seconds(submission.id))}


def fastest_frequency(frequencies: Sequence[Frequency]) -> Frequency:
    """The soonest of several ways to be told."""
    return next(frequency for frequency in QUICKEST if frequency in frequencies)

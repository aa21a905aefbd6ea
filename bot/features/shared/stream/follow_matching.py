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

BATCH_SIZE = 50
"""Number of new papers that are matched in one transaction."""


def load_subjects(following: Sequence[Follow]) -> list[FollowKey]:
    """Follows that new papers can match: all but those of a single paper."""
    return [(follow.kind, follow.value) for follow in following if follow.kind != "paper"]


def subjects_of_paper(submission: Submission) -> PaperSubjects:
    """Subjects of a submission that can be followed; its submitter only if they are named."""
    paper = submission.paper
    return PaperSubjects(
        submission.title or paper.title,
        paper.abstract,
        paper.authors,
        submission.topic.name if submission.topic else "",
        "" if submission.anonymous else submission.member.name,
    )


async def follow_state_of(db: UnitOfWork, about: Submission) -> FollowState:
    """State of a paper, as far as its followers are notified of it."""
    return (await follow_states(db, [about]))[about.id]


async def follow_states(db: UnitOfWork, about: Sequence[Submission]) -> dict[int, FollowState]:
    """States of papers by submission; a merged one has the state of its merge target."""
    targets = {submission.id: await merge_target(db, submission) for submission in about}
    editions = await db.pending_notifications.editions({target.id for target in targets.values()})
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


async def merge_target(db: UnitOfWork, submission: Submission) -> Submission:
    """Submission that a submission was finally merged into; usually itself."""
    seen = {submission.id}
    while submission.merged_into_id and submission.merged_into_id not in seen:
        seen.add(submission.merged_into_id)
        submission = await db.submissions.get(submission.merged_into_id) or submission
    return submission


async def submitters(db: UnitOfWork, submission: Submission) -> set[int]:
    """Members who submitted a paper, first or as well; they get no notifications about it."""
    return {submission.member_id, *(second.member_id for second in await db.submissions.co_submitters(submission.id))}


def fastest_frequency(frequencies: Sequence[Frequency]) -> Frequency:
    """The most frequent of several frequencies."""
    return next(frequency for frequency in FASTEST_FIRST if frequency in frequencies)

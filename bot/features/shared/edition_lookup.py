"""Number of the edition that a paper is in, and URL of an edition's page."""

from __future__ import annotations

from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club, EditionState, Submission
from bot.store import UnitOfWork


async def edition_number(db: UnitOfWork, submission: Submission) -> int | None:
    """Number of the edition that a submission is in; None if it is in none."""
    item = await db.submissions.edition_item(submission.id)
    edition = await db.editions.get(item.edition_id) if item else None
    return edition.number if edition else None


async def published_edition_number(db: UnitOfWork, submission: Submission) -> int | None:
    """Number of the published edition that a submission is in; None if it is in none."""
    item = await db.submissions.edition_item(submission.id)
    edition = await db.editions.get(item.edition_id) if item else None
    return edition.number if edition and edition.state == EditionState.PUBLISHED else None


def edition_url(public_url: str, club: Club, number: int) -> str:
    """URL of an edition's page below `public_url`; empty if there is no archive, or if the club's is not public."""
    if not public_url or not ClubSettings.of(club.settings).public:
        return ""
    return f"{public_url}/clubs/{club.id}/editions/{number}"

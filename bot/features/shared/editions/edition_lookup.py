"""Number of an edition: as people write it, and of the edition that a paper is in; URL of an edition's page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.app import Context
from bot.chat.parameters import ParameterHint
from bot.chat.text import truncate
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club, EditionState, Submission
from bot.errors import UserError
from bot.locale.current import _
from bot.store import UnitOfWork

_LEADING_NUMBER = re.compile(
    r"\s*(?P<mark>(?:(?:edition|issue|ausgabe)\s+)?(?:(?:no|nr|number|nummer)\b\.?\s*|[#№]\s*)?)"
    r"(?P<number>\d{1,9})\.?[:,;]?(?:\s+(?:[-–—]\s+)?(?P<rest>\S.*))?\s*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class LeadingNumber:
    """Number at the start of a text, and the text behind it. `is_marked`: it is written as an edition's, "No. 3"."""

    number: int
    rest: str
    is_marked: bool


def leading_number(typed: str) -> LeadingNumber | None:
    """The number of an edition that a text may begin with: "3", "#3", "No. 3", "nr 3 the wrong draft"."""
    found = _LEADING_NUMBER.fullmatch(typed)
    return LeadingNumber(int(found["number"]), found["rest"] or "", bool(found["mark"].strip())) if found else None


def split_edition_number(typed: str) -> tuple[str, str]:
    """The edition's number at the start of a typed line, and the rest; two empty texts if there is none."""
    found = leading_number(typed)
    return (str(found.number), found.rest) if found else ("", "")


def read_edition_number(word: str) -> int:
    """The edition's number in a word. Raises UserError if there is none, or more."""
    found = leading_number(word)
    if found is None or found.rest:
        raise UserError(
            _("`edition` is the number of an edition, such as 3; not “{word}”.", word=truncate(word, 60)),
            field="edition",
        )
    return found.number


async def by_edition(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest published editions: (title, number)."""
    async with ctx.read() as db:
        found = await db.editions.latest(words=typed.strip()[:80] if not typed.strip().isdigit() else "", limit=25)
    return [(truncate(_("No. {number}: {title}", number=e.number, title=e.title), 100), str(e.number)) for e in found]


def edition_parameter(label: str) -> ParameterHint:
    """Parameter for a published edition: its number, also written as "No. 3", and also first in a typed line."""
    return ParameterHint(
        label,
        suggest=by_edition,
        strict=True,
        most=40,
        parse=read_edition_number,
        leading=split_edition_number,
    )


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

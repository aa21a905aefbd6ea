"""Remark on a decision about a paper that the edition in progress does not follow yet."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Part, text
from bot.domain.models import Edition, EditionState, Submission, SubmissionState
from bot.editions.model.document import from_json
from bot.locale.current import _
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES


async def draft_remark(db: UnitOfWork, *decided: Submission, unpicked: bool = False) -> tuple[Part, ...]:
    """A sentence, with a button, if the edition in progress was drafted before these papers were decided on.

    They are now picked, or on no list, or no longer picked (`unpicked`).
    """
    edition = await db.editions.current()
    return tuple(_remark(edition, decided, unpicked=unpicked)) if edition else ()


def _remark(edition: Edition, decided: tuple[Submission, ...], *, unpicked: bool) -> Iterator[Part]:
    drafted = {item.submission for item in from_json(edition.document).items}
    picked = [chosen for chosen in decided if chosen.state == SubmissionState.PICKED]
    if edition.state == EditionState.DRAFT:
        out = [chosen for chosen in decided if unpicked or chosen.state not in OPEN_STATES]
        if picked or any(chosen.id in drafted for chosen in out):
            yield text(
                _(
                    "The draft of No. {number} was made before. Draft it again to have this in it; manual changes "
                    "are kept.",
                    number=edition.number,
                )
            )
            yield Buttons((Button(_("Draft again"), Call.of("edition draft")),))
    elif any(chosen.id not in drafted for chosen in picked):
        yield text(_("No. {number} is already approved, so this is for the edition after it.", number=edition.number))

"""Model of reactions to papers' cards that count as votes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table


class CardReaction(Table):
    """A member's reaction to one posted card, in one skin tone, as last heard of: there, or taken away.

    It is compared with what a platform says next, so that events that come twice or in another order change nothing.
    """

    __tablename__ = "card_reaction"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    message: Mapped[str] = mapped_column(primary_key=True)
    """Channel and message of the card, as the platform names them, and the skin tone if there is one:
    `C024BE91L/1764547200.000100`, `C024BE91L/1764547200.000100/skin-tone-3`.
    """
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    present: Mapped[bool]
    changed_at: Mapped[datetime]
    """Time of the last event about it, by the platform's clock if it gives one; 1970 if no event has told of it."""
    voted_at: Mapped[datetime | None]
    """Time of the vote that this reaction cast; empty if it cast none, as where the member had voted by the button."""
    answered_at: Mapped[datetime | None]
    """Time at which the member was told that it does not count; empty if they were not."""

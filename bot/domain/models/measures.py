"""Model of what moderators do about a member."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.models.base import Table, stored_enum
from bot.domain.models.members import Member


@stored_enum
class MeasureKind(StrEnum):
    """Kind of a measure. The last one of a pair decides."""

    NOTE = "note"
    PAUSE = "pause"
    """The member may not submit until a time."""
    RESUME = "resume"
    EXCLUDE = "exclude"
    """The member's votes are left out of the count."""
    COUNT = "count"


class MemberMeasure(Table):
    """A note on a member, or a measure, by a moderator. Only moderators see it."""

    __tablename__ = "member_measure"
    __table_args__ = (Index("ix_member_measure_member", "member_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    kind: Mapped[MeasureKind]
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[datetime | None]
    at: Mapped[datetime]

    by: Mapped[Member] = relationship(lazy="joined", innerjoin=True, foreign_keys=[by_id])

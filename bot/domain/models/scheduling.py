"""Scheduled tasks: what is to be looked after in a club, and when; one row a club and kind."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table, stored_enum

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""The due time of a task that has just been woken: always past, whatever any clock says."""


@stored_enum
class TaskKind(StrEnum):
    """Kind of a scheduled task. Each kind has a loop of its own, which waits for no other."""

    PLAN = "plan"
    """Write down when the next edition is due."""
    EDITION = "edition"
    """Draft for a due time, or decide about a draft at its deadline."""
    PUBLISH = "publish"
    """Post the approved edition when its time has come, and call it published."""
    DETAILS = "details"
    """Fill in papers whose source could not be asked."""
    UPDATES = "updates"
    """Ask the sources for new versions and withdrawals."""
    BALLOT = "ballot"
    """Count the ballot on what is read next at its end."""
    NEWS = "news"
    """Write down what there is to tell those who follow something."""
    MEETINGS = "meetings"
    """Plan the next meetings of each series, announce what is due, and show events on platforms that have them."""


class ScheduledTask(Table):
    """Next time at which a club needs one kind of work.

    A club that needs nothing of the kind has no due time, so that it costs nothing. Whoever works on a task holds a
    lease that is renewed while the work goes on.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_due", "kind", "due_at"),
        # The few tasks that a process works on.
        Index(
            "ix_task_lease",
            "kind",
            "lease_until",
            sqlite_where=text("lease_until IS NOT NULL"),
            postgresql_where=text("lease_until IS NOT NULL"),
        ),
    )

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(primary_key=True)
    due_at: Mapped[datetime | None]
    """Time at which it is to be done next; None where nothing is to be done, or while a worker is at it. Set meanwhile,
    it is done once more."""
    owner: Mapped[str] = mapped_column(default="", server_default="")
    lease_until: Mapped[datetime | None]

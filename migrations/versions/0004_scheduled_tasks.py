"""Scheduled tasks: when each club is looked after next, so that idle clubs need not be looked at.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DUE = {
    "plan": "COALESCE((SELECT MAX(due_at) FROM slot WHERE slot.club_id = club.id AND state = 'due'), '{now}')",
    "edition": "(SELECT MIN('{now}') FROM slot WHERE slot.club_id = club.id AND state = 'due')",
    "publish": "(SELECT MIN('{now}') FROM edition WHERE edition.club_id = club.id AND state IN ('draft', 'approved'))",
    "details": "(SELECT MIN('{now}') FROM submission WHERE submission.club_id = club.id)",
    "updates": "(SELECT MIN('{now}') FROM submission WHERE submission.club_id = club.id)",
    "news": "(SELECT MIN('{now}') FROM followed WHERE followed.club_id = club.id)",
}
"""First due time of a club's task, by kind of work: at once where there may be something of it, else never."""


def upgrade() -> None:
    """Add a table that programs of the release before do not know; fill it for the clubs that there are."""
    op.create_table(
        "task",
        sa.Column("club_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(), nullable=False, server_default=""),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_task_club_id_club")),
        sa.PrimaryKeyConstraint("club_id", "kind", name=op.f("pk_task")),
    )
    op.create_index("ix_task_due", "task", ["kind", "due_at"])
    held = sa.text("lease_until IS NOT NULL")
    op.create_index("ix_task_lease", "task", ["kind", "lease_until"], sqlite_where=held, postgresql_where=held)
    op.create_index("ix_slot_lease", "slot", ["lease_until"], sqlite_where=held, postgresql_where=held)
    now = "1970-01-01 00:00:00.000000"
    if op.get_bind().dialect.name == "postgresql":
        now += "+00"
    for kind, due in DUE.items():
        asked = due.format(now=now)
        if op.get_bind().dialect.name == "postgresql":
            asked = f"CAST({asked} AS TIMESTAMP WITH TIME ZONE)"
        op.execute(
            sa.text(f"INSERT INTO task (club_id, kind, due_at, owner) SELECT id, '{kind}', {asked}, '' FROM club")  # noqa: S608  constants
        )

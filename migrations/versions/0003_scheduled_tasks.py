"""Scheduled tasks: when each club is looked after next, so that idle clubs need not be looked at.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = ("plan", "edition", "publish", "details", "updates", "news")


def upgrade() -> None:
    """Add a table that programs of the release before do not know; every club is looked after once, for each kind."""
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
    op.create_index("ix_task_lease", "task", ["lease_until"], sqlite_where=held, postgresql_where=held)
    op.create_index("ix_slot_lease", "slot", ["lease_until"], sqlite_where=held, postgresql_where=held)
    at_once = "1970-01-01 00:00:00.000000"
    if op.get_bind().dialect.name == "postgresql":
        at_once += "+00"
    for kind in KINDS:
        op.execute(
            sa.text(
                f"INSERT INTO task (club_id, kind, due_at, owner) SELECT id, '{kind}', '{at_once}', '' FROM club"  # noqa: S608  constants
            )
        )

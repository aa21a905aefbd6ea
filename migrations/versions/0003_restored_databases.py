"""Restored databases: which database planned a post, and clubs that post nothing until an admin says so.

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


def upgrade() -> None:
    """Add what a program of the release before does not know and need not fill."""
    op.add_column("delivery", sa.Column("key_prefix", sa.String(), nullable=False, server_default=""))
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "quarantine",
        sa.Column("club_id", integer, nullable=False),
        sa.Column("backed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act_id", integer, nullable=True),
        sa.Column("found", integer, nullable=False),
        sa.Column("unread", sa.JSON(), nullable=False),
        sa.Column("unknown", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_quarantine_club_id_club")),
        sa.PrimaryKeyConstraint("club_id", name=op.f("pk_quarantine")),
    )

"""Posts of unknown outcome: time of the question, time of the repost, and duplicates.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that a program of the release before does not know and need not fill."""
    op.add_column("delivery", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("reposted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("double", sa.String(), nullable=False, server_default=""))
    op.add_column("delivery", sa.Column("in_thread", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_delivery_doubtful",
        "delivery",
        ["room_id", "id"],
        sqlite_where=sa.text("had_unknown = 1"),
        postgresql_where=sa.text("had_unknown"),
    )

"""Votes of new members that wait, members whose votes do not count, and the owners of saved input.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a program of the release before does not know and need not fill."""
    op.add_column("member", sa.Column("votes_excluded", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("vote", sa.Column("counts_from", sa.DateTime(timezone=True), nullable=True))
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    owner = sa.ForeignKey("member.id", name=op.f("fk_kept_member_id_member"))
    op.add_column("kept", sa.Column("member_id", integer, owner, nullable=True), inline_references=True)
    waiting = sa.text("counts_from IS NOT NULL")
    op.create_index("ix_vote_waiting", "vote", ["counts_from"], sqlite_where=waiting, postgresql_where=waiting)

"""Figures of editions.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a program of the release before does not know and need not fill."""
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "figure",
        sa.Column("id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_figure_club_id_club")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_figure_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
        sa.UniqueConstraint("club_id", "name", name=op.f("uq_figure_club_id_name")),
    )


def downgrade() -> None:
    """Remove the figures; editions then show their descriptions."""
    op.drop_table("figure")

"""Papers that are chosen for single members, what they want less of, and their messages about new papers.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a program of the release before does not know and need not fill."""
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)

    def of_a_member(table: str) -> list[sa.SchemaItem]:
        return [
            sa.Column("member_id", integer, nullable=False),
            sa.Column("club_id", integer, nullable=False),
            sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f(f"fk_{table}_member_id_member")),
            sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f(f"fk_{table}_club_id_club")),
        ]

    op.create_table(
        "recommendation",
        *of_a_member("recommendation"),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("place", integer, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("number", integer, nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "key", name=op.f("pk_recommendation")),
    )
    op.create_table(
        "unwanted_paper",
        *of_a_member("unwanted_paper"),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "key", name=op.f("pk_unwanted_paper")),
    )
    op.create_table(
        "new_paper_message",
        *of_a_member("new_paper_message"),
        sa.Column("seen_until", moment, nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "club_id", name=op.f("pk_new_paper_message")),
    )
    for table in ("recommendation", "unwanted_paper", "new_paper_message"):
        op.create_index(op.f(f"ix_{table}_club_id"), table, ["club_id"])


def downgrade() -> None:
    """Drop them again."""
    for table in ("new_paper_message", "unwanted_paper", "recommendation"):
        op.drop_table(table)

"""Reactions to papers' cards, which a club may count as votes.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a program of the release before does not know and need not fill."""
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "card_reaction",
        sa.Column("member_id", integer, nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("submission_id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("voted_at", moment, nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        *(
            sa.ForeignKeyConstraint([f"{of}_id"], [f"{of}.id"], name=op.f(f"fk_card_reaction_{of}_id_{of}"))
            for of in ("submission", "member", "club")
        ),
        sa.PrimaryKeyConstraint("member_id", "message", name=op.f("pk_card_reaction")),
    )
    for column in ("submission_id", "club_id"):
        op.create_index(op.f(f"ix_card_reaction_{column}"), "card_reaction", [column])


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("card_reaction")

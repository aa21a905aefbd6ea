"""Words of the stream's entries are in an index of their own, by which similar papers are found.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. The program fills it after the start, ten thousand entries a minute."""
    op.create_table(
        "stream_word",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("segment", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("word", "segment", name=op.f("pk_stream_word")),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("stream_word")

"""Precision of a paper's date, other records of the same work, and earlier versions of papers.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a program of the release before does not know and need not fill."""
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("paper", sa.Column("published_precision", sa.String(), nullable=False, server_default="day"))
    op.create_table(
        "paper_relation",
        sa.Column("paper_id", integer, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_relation_paper_id_paper")),
        sa.PrimaryKeyConstraint("paper_id", "key", name=op.f("pk_paper_relation")),
    )
    op.create_index(op.f("ix_paper_relation_key"), "paper_relation", ["key"])
    op.create_index(op.f("ix_paper_relation_learned_at"), "paper_relation", ["learned_at"])
    known = sa.text(
        "INSERT INTO paper_relation (paper_id, key, learned_at) SELECT id, 'doi:' || lower(doi), :now FROM paper "
        "WHERE doi <> '' AND kind = 'paper' AND key <> 'doi:' || lower(doi)"
    )
    op.get_bind().execute(known.bindparams(sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True))))
    op.create_table(
        "paper_version",
        sa.Column("paper_id", integer, nullable=False),
        sa.Column("version", integer, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_version_paper_id_paper")),
        sa.PrimaryKeyConstraint("paper_id", "version", name=op.f("pk_paper_version")),
    )

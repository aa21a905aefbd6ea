"""Nominations and ballots on what the club reads next, questions to papers, and measures about members.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a program of the release before does not know and need not fill."""
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    is_open, is_waiting = sa.text("state = 'open'"), sa.text("ballot_id IS NULL")
    op.create_table(
        "ballot",
        sa.Column("id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("number", integer, nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("quorum", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("winner_id", integer, nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("meeting_id", integer, nullable=True),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_ballot_club_id_club")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ballot_member_id_member")),
        sa.ForeignKeyConstraint(["winner_id"], ["submission.id"], name=op.f("fk_ballot_winner_id_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot")),
        sa.UniqueConstraint("club_id", "number", name=op.f("uq_ballot_club_id_number")),
    )
    op.create_index(
        "uq_ballot_open", "ballot", ["club_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "nomination",
        sa.Column("id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("submission_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("ballot_id", integer, nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_nomination_club_id_club")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_nomination_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_nomination_member_id_member")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_nomination_ballot_id_ballot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("ballot_id", "submission_id", name=op.f("uq_nomination_ballot_id_submission_id")),
    )
    op.create_index(op.f("ix_nomination_member_id"), "nomination", ["member_id"], unique=False)
    op.create_index(
        "uq_nomination_waiting",
        "nomination",
        ["club_id", "submission_id"],
        unique=True,
        sqlite_where=is_waiting,
        postgresql_where=is_waiting,
    )
    op.create_table(
        "cast_ballot",
        sa.Column("ballot_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_cast_ballot_ballot_id_ballot")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_cast_ballot_member_id_member")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_cast_ballot_club_id_club")),
        sa.PrimaryKeyConstraint("ballot_id", "member_id", name=op.f("pk_cast_ballot")),
    )
    op.create_table(
        "paper_question",
        sa.Column("id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("submission_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_paper_question_club_id_club")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_paper_question_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_paper_question_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_question")),
    )
    op.create_index("ix_paper_question_member", "paper_question", ["member_id", "at"], unique=False)
    op.create_table(
        "member_measure",
        sa.Column("id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("by_id", integer, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_member_measure_club_id_club")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_measure_member_id_member")),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_member_measure_by_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_measure")),
    )
    op.create_index("ix_member_measure_member", "member_measure", ["member_id", "id"], unique=False)
    op.create_index(op.f("ix_member_measure_by_id"), "member_measure", ["by_id"], unique=False)

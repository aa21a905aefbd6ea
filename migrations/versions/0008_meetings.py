"""Meetings: series, answers, presenters, questions, notices, calendar feeds, events, threads.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables that a program of the release before does not know."""
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "meeting_series",
        sa.Column("id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("first_day", sa.String(), nullable=False),
        sa.Column("last_day", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("size", integer, nullable=False),
        sa.Column("minutes", integer, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_meeting_series_club_id_club")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_meeting_series_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
    )
    op.create_index(op.f("ix_meeting_series_club_id"), "meeting_series", ["club_id"])
    op.create_table(
        "meeting",
        sa.Column("id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("number", integer, nullable=False),
        sa.Column("series_id", integer, nullable=True),
        sa.Column("occurrence", sa.String(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("minutes", integer, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("size", integer, nullable=False),
        sa.Column("submission_id", integer, nullable=True),
        sa.Column("chosen_how", sa.Text(), nullable=False),
        sa.Column("presenter_id", integer, nullable=True),
        sa.Column("volunteers_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cancelled_why", sa.Text(), nullable=False),
        sa.Column("sequence", integer, nullable=False),
        sa.Column("announce_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("note_taker_id", integer, nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("slides", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_meeting_club_id_club")),
        sa.ForeignKeyConstraint(["note_taker_id"], ["member.id"], name=op.f("fk_meeting_note_taker_id_member")),
        sa.ForeignKeyConstraint(["presenter_id"], ["member.id"], name=op.f("fk_meeting_presenter_id_member")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_meeting_series_id_meeting_series")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_meeting_submission_id_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("club_id", "number", name=op.f("uq_meeting_club_id_number")),
        sa.UniqueConstraint("series_id", "occurrence", name=op.f("uq_meeting_series_id_occurrence")),
    )
    op.create_index(op.f("ix_meeting_submission_id"), "meeting", ["submission_id"])
    op.create_index("ix_meeting_time", "meeting", ["state", "starts_at"])
    op.create_table(
        "meeting_response",
        sa.Column("meeting_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_meeting_response_club_id_club")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_response_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_meeting_response_member_id_member")),
        sa.PrimaryKeyConstraint("meeting_id", "member_id", name=op.f("pk_meeting_response")),
    )
    op.create_index(op.f("ix_meeting_response_club_id"), "meeting_response", ["club_id"])
    op.create_table(
        "meeting_notice",
        sa.Column("meeting_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", integer, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_meeting_notice_club_id_club")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_notice_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_meeting_notice_member_id_member")),
        sa.PrimaryKeyConstraint("meeting_id", "member_id", "what", "mark", name=op.f("pk_meeting_notice")),
    )
    op.create_index(op.f("ix_meeting_notice_club_id"), "meeting_notice", ["club_id"])
    op.create_index("ix_meeting_notice_due", "meeting_notice", ["state", "not_before"])
    op.create_table(
        "presenter_offer",
        sa.Column("id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("meeting_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("to_id", integer, nullable=False),
        sa.Column("for_meeting_id", integer, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_presenter_offer_club_id_club")),
        sa.ForeignKeyConstraint(
            ["for_meeting_id"], ["meeting.id"], name=op.f("fk_presenter_offer_for_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_presenter_offer_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_presenter_offer_member_id_member")),
        sa.ForeignKeyConstraint(["to_id"], ["member.id"], name=op.f("fk_presenter_offer_to_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presenter_offer")),
    )
    op.create_index(op.f("ix_presenter_offer_club_id"), "presenter_offer", ["club_id"])
    op.create_index(op.f("ix_presenter_offer_meeting_id"), "presenter_offer", ["meeting_id"])
    op.create_table(
        "meeting_question",
        sa.Column("id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("meeting_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_meeting_question_club_id_club")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_question_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_meeting_question_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_question")),
    )
    op.create_index(op.f("ix_meeting_question_club_id"), "meeting_question", ["club_id"])
    op.create_index(op.f("ix_meeting_question_meeting_id"), "meeting_question", ["meeting_id"])
    op.create_table(
        "question_vote",
        sa.Column("question_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_question_vote_club_id_club")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_question_vote_member_id_member")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["meeting_question.id"], name=op.f("fk_question_vote_question_id_meeting_question")
        ),
        sa.PrimaryKeyConstraint("question_id", "member_id", name=op.f("pk_question_vote")),
    )
    op.create_index(op.f("ix_question_vote_club_id"), "question_vote", ["club_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("member_id", integer, nullable=True),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_calendar_feed_club_id_club")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_calendar_feed_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("hash", name=op.f("uq_calendar_feed_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_club_id"), "calendar_feed", ["club_id"])
    op.create_table(
        "meeting_event",
        sa.Column("meeting_id", integer, nullable=False),
        sa.Column("workspace_id", integer, nullable=False),
        sa.Column("club_id", integer, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", integer, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_meeting_event_club_id_club")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_event_meeting_id_meeting")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_meeting_event_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "workspace_id", name=op.f("pk_meeting_event")),
    )
    op.create_index(op.f("ix_meeting_event_club_id"), "meeting_event", ["club_id"])

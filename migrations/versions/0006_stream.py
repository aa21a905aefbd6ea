"""The stream: sources of new papers, what they announced, and clubs' shortlists of it.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OLD = (
    "INSERT INTO lookup_index_stream (lookup_index_stream, rowid, title, authors, abstract) "
    "VALUES ('delete', old.id, old.title, old.authors, old.abstract);"
)
NEW = (
    "INSERT INTO lookup_index_stream (rowid, title, authors, abstract) "
    "VALUES (new.id, new.title, new.authors, new.abstract);"
)
SQLITE = (
    "CREATE VIRTUAL TABLE lookup_index_stream USING fts5(title, authors, abstract, content='stream_entry', "
    "content_rowid='id', detail=column, columnsize=0, tokenize='porter unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER stream_entry_added AFTER INSERT ON stream_entry BEGIN {NEW} END",
    f"CREATE TRIGGER stream_entry_gone AFTER DELETE ON stream_entry BEGIN {OLD} END",
    "CREATE TRIGGER stream_entry_changed AFTER UPDATE OF title, authors, abstract ON stream_entry "
    f"BEGIN {OLD} {NEW} END",
)
POSTGRESQL = (
    "CREATE INDEX lookup_index_stream ON stream_entry USING gin "
    "(to_tsvector('english'::regconfig, title || ' ' || authors || ' ' || abstract || ' ' || folded))",
)


def upgrade() -> None:
    """Add tables that a program of the release before does not know."""
    op.create_table(
        "stream_source",
        _number("id"),
        _text("kind"),
        _text("address"),
        _text("position"),
        _time("started_at", nullable=True),
        _time("read_until", nullable=True),
        _time("next_at"),
        _number("failures"),
        _time("failing_since", nullable=True),
        _text("error", long=True),
        _number("last_count"),
        _time("last_new_at", nullable=True),
        _text("last_title", long=True),
        _time("added_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_source")),
        sa.UniqueConstraint("kind", "address", name=op.f("uq_stream_source_kind_address")),
    )
    op.create_index(op.f("ix_stream_source_next_at"), "stream_source", ["next_at"])
    op.create_table(
        "club_source",
        _number("club_id"),
        _number("source_id"),
        sa.Column("negative_words", sa.JSON(), nullable=False),
        _time("at"),
        _points_at("club_source", "club_id", "club"),
        _points_at("club_source", "source_id", "stream_source"),
        sa.PrimaryKeyConstraint("club_id", "source_id", name=op.f("pk_club_source")),
    )
    op.create_table(
        "stream_entry",
        _number("id"),
        _text("key"),
        _text("kind"),
        _text("url", long=True),
        _text("title", long=True),
        _text("authors", long=True),
        _text("abstract", long=True),
        sa.Column("categories", sa.JSON(), nullable=False),
        _text("doi"),
        _text("folded", long=True),
        _text("fingerprint"),
        _time("published_at"),
        _time("listed_at"),
        _number("hf_votes", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_stream_entry_key")),
    )
    op.create_index("ix_stream_entry_listed", "stream_entry", ["listed_at"])
    op.create_index("ix_stream_entry_fingerprint", "stream_entry", ["fingerprint"])
    op.create_index("ix_stream_entry_doi", "stream_entry", ["doi"])
    for statement in POSTGRESQL if op.get_context().dialect.name == "postgresql" else SQLITE:
        op.get_bind().exec_driver_sql(statement)
    op.create_table(
        "stream_appearance",
        _number("entry_id"),
        _number("source_id"),
        _time("at"),
        _points_at("stream_appearance", "entry_id", "stream_entry"),
        _points_at("stream_appearance", "source_id", "stream_source"),
        sa.PrimaryKeyConstraint("entry_id", "source_id", name=op.f("pk_stream_appearance")),
    )
    op.create_index("ix_stream_appearance_recent", "stream_appearance", ["source_id", "at"])
    op.create_table(
        "stream_verdict",
        _number("club_id"),
        _number("entry_id"),
        _text("verdict"),
        _time("at"),
        _points_at("stream_verdict", "club_id", "club"),
        _points_at("stream_verdict", "entry_id", "stream_entry"),
        sa.PrimaryKeyConstraint("club_id", "entry_id", name=op.f("pk_stream_verdict")),
    )
    op.create_table(
        "shortlist_run",
        _number("club_id"),
        _time("at"),
        _number("considered"),
        _text("ranker"),
        _text("notice", long=True),
        sa.Column("stale", sa.Boolean(), nullable=False),
        _points_at("shortlist_run", "club_id", "club"),
        sa.PrimaryKeyConstraint("club_id", name=op.f("pk_shortlist_run")),
    )
    op.create_table(
        "shortlist_entry",
        _number("club_id"),
        _number("entry_id"),
        _number("place"),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        _points_at("shortlist_entry", "club_id", "club"),
        _points_at("shortlist_entry", "entry_id", "stream_entry"),
        sa.PrimaryKeyConstraint("club_id", "entry_id", name=op.f("pk_shortlist_entry")),
    )
    op.create_index("ix_shortlist_entry_place", "shortlist_entry", ["club_id", "place"])
    op.create_table(
        "shortlist_post",
        _number("id"),
        _number("club_id"),
        _text("period"),
        _time("at"),
        _points_at("shortlist_post", "club_id", "club"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist_post")),
        sa.UniqueConstraint("club_id", "period", name=op.f("uq_shortlist_post_club_id_period")),
    )
    op.create_table(
        "posted_candidate",
        _number("club_id"),
        _number("entry_id"),
        _number("post_id"),
        _number("place"),
        sa.Column("reasons", sa.JSON(), nullable=False),
        _points_at("posted_candidate", "club_id", "club"),
        _points_at("posted_candidate", "entry_id", "stream_entry"),
        _points_at("posted_candidate", "post_id", "shortlist_post"),
        sa.PrimaryKeyConstraint("club_id", "entry_id", name=op.f("pk_posted_candidate")),
    )
    op.create_index("ix_posted_candidate_post", "posted_candidate", ["post_id", "place"])


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=nullable)


def _text(name: str, *, long: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text() if long else sa.String(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _points_at(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))

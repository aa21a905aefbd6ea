"""Search index of submissions: updated in the transaction that changes them, and queried on both databases.

SQLite has a full-text index (FTS5) over the entries, maintained by triggers; PostgreSQL has a GIN index over tsvectors.
Both get the entries of `bot.store.base.search_rules`, so that both find the same papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    cast,
    column,
    event,
    func,
    inspect,
    or_,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from bot.domain.models import Paper, SearchEntry, Submission
from bot.domain.models.search_index import quoted
from bot.store.base import search_rules
from bot.store.base.statements import upsert

SearchQuery = Sequence[Sequence[str]]
"""Alternatives that a row must match, one of each group; each is the prefix of an entry."""

_FTS_INDEX = table("lookup_index", column("rowid"), column("lookup_index"))
_INDEXED_FIELDS = select(
    Submission.id, Submission.club_id, Submission.title, Submission.why, Paper.title, Paper.abstract, Paper.authors
).join(Paper)


class IndexedSession(Session):
    """A session that updates the search entries of submissions when their indexed fields change."""


@event.listens_for(IndexedSession, "after_flush")
def _reindex_changed(session: Session, flushed: object) -> None:
    """Reindex changed rows. Bulk statements bypass this, so their callers call `reindex` themselves."""
    changed = [*session.new, *session.dirty]
    submissions = [
        it.id for it in changed if isinstance(it, Submission) and _has_changed(it, "title", "why", "paper_id")
    ]
    papers = [it.id for it in changed if isinstance(it, Paper) and _has_changed(it, "title", "abstract", "authors")]
    if submissions or papers:
        reindex(session.connection(), or_(Submission.id.in_(submissions), Submission.paper_id.in_(papers)))


def _has_changed(row: object, *names: str) -> bool:
    state: Any = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in names)


def reindex(connection: Connection, which: ColumnElement[bool]) -> None:
    """Write the search entries of the submissions that match a condition; unchanged entries are not written."""
    statement = upsert(
        connection.dialect.name,
        SearchEntry,
        ("submission_id", "club_id", "entries"),
        ("submission_id",),
        "entries",
    )
    for id, club_id, heading, why, title, abstract, authors in connection.execute(_INDEXED_FIELDS.where(which)).all():
        entries = [_club_entry(club_id), *search_rules.entries((heading, title), (why, abstract), authors)]
        connection.execute(statement, {"submission_id": id, "club_id": club_id, "entries": entries})


def reindex_batch(connection: Connection, after: int, limit: int) -> int:
    """Reindex up to `limit` submissions with an id above `after`. Returns the last id, or 0 at the end."""
    statement = select(Submission.id).where(Submission.id > after).order_by(Submission.id).limit(limit)
    ids = connection.execute(statement).scalars().all()
    reindex(connection, Submission.id.in_(ids))
    return ids[-1] if ids else 0


def parse_query(typed: str, *places: str) -> SearchQuery:
    """Search query for typed words in the given fields."""
    return [[place + word for place in places] for word in search_rules.query_terms(typed)]


def parse_author(typed: str) -> SearchQuery:
    """Search query for a typed author name."""
    name = search_rules.author_prefix(typed)
    return [[search_rules.AUTHOR + name]] if name else []


def matches_row(dialect: str, query: SearchQuery) -> ColumnElement[bool]:
    """Condition: the row's own entries match the query (no index is used)."""
    if dialect == "postgresql":
        return func.ts_match_vq(
            SearchEntry.entries, cast(_tsquery(query), TSQUERY)
        )  # as a function, since the operator would use the index
    return and_(*(or_(*(func.instr(SearchEntry.entries, f" {start}") > 0 for start in starts)) for starts in query))


def select_matching(dialect: str, club_id: int, query: SearchQuery, statement: Select[Any]) -> Select[Any]:
    """The statement, which selects `id` and `place`, limited to rows that match the query by the index."""
    return select_matching_expression(dialect, match_expression(dialect, club_id, query), statement)


def select_matching_expression(
    dialect: str, expression: str | BindParameter[str], statement: Select[Any]
) -> Select[Any]:
    """The same for what `match_expression` returns, or for a parameter that is to be given it."""
    hits = _hits(dialect, expression).cte("hits").prefix_with("MATERIALIZED")
    if dialect == "postgresql":  # else it reads the whole club for a thousand hits
        each = statement.where(Submission.id == hits.c.id).limit(1).lateral("each")
        return select(each.c.id, each.c.place).select_from(hits.join(each, true())).order_by(each.c.place.desc())
    return statement.join(hits, hits.c.id == Submission.id).order_by((statement.selected_columns.place + 0).desc())


def match_expression(dialect: str, club_id: int, query: SearchQuery) -> str:
    """A query in the words of a dialect's index, limited to the submissions of a club."""
    club = _club_entry(club_id)
    if dialect == "postgresql":
        return f"{quoted(club)} & {_tsquery(query)}"
    return " AND ".join(
        [
            _fts_phrase(club),
            *("(" + " OR ".join(_fts_phrase(s) + "*" for s in alternatives) + ")" for alternatives in query),
        ]
    )


def _hits(dialect: str, expression: str | BindParameter[str]) -> Select[Any]:
    if dialect == "postgresql":
        tsquery = cast(expression, TSQUERY)
        return select(SearchEntry.submission_id.label("id")).where(SearchEntry.entries.bool_op("@@")(tsquery))
    return select(_FTS_INDEX.c.rowid.label("id")).where(_FTS_INDEX.c.lookup_index.match(expression))


def _tsquery(query: SearchQuery) -> str:
    return " & ".join("(" + " | ".join(f"{quoted(start)}:*" for start in starts) + ")" for starts in query)


def _fts_phrase(entry: str) -> str:
    return '"' + entry.replace('"', '""') + '"'


def _club_entry(club_id: int) -> str:
    """Entry that all submissions of a club have and no other; no typed word starts like it."""
    return f"c{club_id}"

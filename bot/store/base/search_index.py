"""What papers are found by: written anew in the transaction that changes it, and asked for by both databases' indexes.

SQLite has an index of full text over it (FTS5), kept by triggers; PostgreSQL a GIN index over tsvectors. Both are given
the entries that `bot.store.base.search_rules` makes, so that both find the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, cast, column, event, func, or_, select, table, true
from sqlalchemy import inspect as look_at
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from bot.domain.models import Paper, SearchEntry, Submission
from bot.domain.models.search_index import quoted
from bot.store.base import search_rules
from bot.store.base.statements import upsert

SearchQuery = Sequence[Sequence[str]]
"""Of each of these there must be one: the beginnings of entries, any of which will do."""

_FTS_INDEX = table("lookup_index", column("rowid"), column("lookup_index"))
_INDEXED_FIELDS = select(
    Submission.id, Submission.club_id, Submission.title, Submission.why, Paper.title, Paper.abstract, Paper.authors
).join(Paper)


class IndexedSession(Session):
    """A session that writes anew what submissions are found by, whenever that changes."""


@event.listens_for(IndexedSession, "after_flush")
def _reindex_changed(session: Session, flushed: object) -> None:
    """See what was changed of rows. Statements that change many at once have `renew` called by whoever makes them."""
    changed = [*session.new, *session.dirty]
    brought = [it.id for it in changed if isinstance(it, Submission) and _has_changed(it, "title", "why", "paper_id")]
    papers = [it.id for it in changed if isinstance(it, Paper) and _has_changed(it, "title", "abstract", "authors")]
    if brought or papers:
        reindex(session.connection(), or_(Submission.id.in_(brought), Submission.paper_id.in_(papers)))


def _has_changed(row: object, *names: str) -> bool:
    state: Any = look_at(row)
    return any(state.attrs[name].history.has_changes() for name in names)


def reindex(connection: Connection, which: ColumnElement[bool]) -> None:
    """Write down what these submissions are found by; what has not changed is left."""
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


def reindex_batch(connection: Connection, after: int, most: int) -> int:
    """Do so for so many submissions beyond one of them, and say which was the last; 0 when there are no more."""
    question = select(Submission.id).where(Submission.id > after).order_by(Submission.id).limit(most)
    ids = connection.execute(question).scalars().all()
    reindex(connection, Submission.id.in_(ids))
    return ids[-1] if ids else 0


def parse_query(typed: str, *places: str) -> SearchQuery:
    """What is looked for, of words that were typed."""
    return [[place + word for place in places] for word in search_rules.query_terms(typed)]


def parse_author(typed: str) -> SearchQuery:
    """The same of an author."""
    name = search_rules.author_prefix(typed)
    return [[search_rules.AUTHOR + name]] if name else []


def matches_row(dialect: str, query: SearchQuery) -> ColumnElement[bool]:
    """Whether a row has it all, looked up in the row itself."""
    if dialect == "postgresql":
        return func.ts_match_vq(SearchEntry.entries, cast(_tsquery(query), TSQUERY))  # as a function: not by the index
    return and_(*(or_(*(func.instr(SearchEntry.entries, f" {start}") > 0 for start in starts)) for starts in query))


def select_matching(dialect: str, club_id: int, query: SearchQuery, question: Select[Any]) -> Select[Any]:
    """The question, which gives an `id` and a `place`, asked of none but what has it all by the index."""
    hits = _hits(dialect, club_id, query).cte("hits").prefix_with("MATERIALIZED")
    if dialect == "postgresql":  # which has to be told not to read the whole club for a thousand hits
        each = question.where(Submission.id == hits.c.id).limit(1).lateral("each")
        return select(each.c.id, each.c.place).select_from(hits.join(each, true())).order_by(each.c.place.desc())
    return question.join(hits, hits.c.id == Submission.id).order_by((question.selected_columns.place + 0).desc())


def _hits(dialect: str, club_id: int, query: SearchQuery) -> Select[Any]:
    club = _club_entry(club_id)
    if dialect == "postgresql":
        tsquery = cast(f"{quoted(club)} & {_tsquery(query)}", TSQUERY)
        return select(SearchEntry.submission_id.label("id")).where(SearchEntry.entries.bool_op("@@")(tsquery))
    said = " AND ".join([_fts_phrase(club), *("(" + " OR ".join(_fts_phrase(s) + "*" for s in alternatives) + ")" for alternatives in query)])
    return select(_FTS_INDEX.c.rowid.label("id")).where(_FTS_INDEX.c.lookup_index.match(said))


def _tsquery(query: SearchQuery) -> str:
    return " & ".join("(" + " | ".join(f"{quoted(start)}:*" for start in starts) + ")" for starts in query)


def _fts_phrase(entry: str) -> str:
    return '"' + entry.replace('"', '""') + '"'


def _club_entry(club_id: int) -> str:
    """An entry that all submissions of a club have, and none of another's; no typed word begins like it."""
    return f"c{club_id}"

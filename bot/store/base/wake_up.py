"""Waking scheduled tasks: what is changed of a club's rows says which of its tasks are to be done at once.

The marks are gathered while a transaction runs and written as its last statement, ordered by key, so that two
transactions never wait for each other. A statement that changes many rows passes the session by, so whoever makes it
calls `wake`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, event, func, insert, or_, select, tuple_, update
from sqlalchemy import inspect as look_at
from sqlalchemy.orm import Session

from bot.domain.models import (
    AT_ONCE,
    Ballot,
    Club,
    Edition,
    EditionState,
    Follow,
    Meeting,
    MeetingSeries,
    Quarantine,
    Room,
    ScheduledTask,
    Slot,
    SlotState,
    Submission,
    Suggestion,
    TaskKind,
    Workspace,
)
from bot.store.base.search_index import IndexedSession

CHANNEL = "journalclub_wake"
"""Channel of PostgreSQL's NOTIFY on which processes wake each other."""
DELIVERY = "delivery"
"""Word on that channel for: there is something to post. The others are kinds of tasks."""
ARCHIVE = "archive"
"""The same for: what the published archive shows has changed."""

_IN_ARCHIVE = (EditionState.PUBLISHED, EditionState.RECALLED)
_MARKS = "journalclub marks"
_TASKS: Any = ScheduledTask.__table__
_KEY = tuple_(_TASKS.c.club_id, _TASKS.c.kind)
_HELD = (
    select(_TASKS.c.club_id, _TASKS.c.kind)
    .where(_TASKS.c.club_id.in_(bindparam("clubs", expanding=True)))
    .where(_TASKS.c.kind.in_(bindparam("kinds", expanding=True)))
    .where(or_(_TASKS.c.due_at.is_(None), _TASKS.c.due_at > AT_ONCE))
    .order_by(_TASKS.c.club_id, _TASKS.c.kind)
    .with_for_update()
    .cte("held")
)
_WAKE = update(_TASKS).where(_KEY.in_(select(_HELD.c.club_id, _HELD.c.kind))).values(due_at=AT_ONCE)
_UNMATCHED = update(Submission.__table__).values(told_at=None)  # type: ignore[arg-type]  # a table
_CLUBS_OF_PAPERS = select(Submission.club_id).where(Submission.paper_id.in_(bindparam("papers", expanding=True)))
_NOTIFY = select(func.pg_notify(CHANNEL, bindparam("words")))
_WAKE_AND_NOTIFY = _NOTIFY.add_cte(_WAKE.cte("woken"))
"""Both in one round trip."""

OF_SLOT = frozenset({TaskKind.PLAN, TaskKind.EDITION, TaskKind.PUBLISH})
OF_CLUB = OF_SLOT | {TaskKind.MEETINGS}
_DONE_FOR = {
    EditionState.APPROVED: frozenset({TaskKind.EDITION}),
    EditionState.PUBLISHED: frozenset({TaskKind.EDITION, TaskKind.PUBLISH}),
}
OF_MEETING = frozenset({TaskKind.MEETINGS})
OF_EDITION = frozenset({TaskKind.EDITION, TaskKind.PUBLISH, TaskKind.NEWS})
OF_DOCUMENT = OF_EDITION | {TaskKind.UPDATES}
"""Its papers are looked at anew when the document changes, not when it is approved, posted or put off."""
OF_SUBMISSION = frozenset({TaskKind.EDITION, TaskKind.UPDATES, TaskKind.NEWS})
OF_ROOM = frozenset({TaskKind.PUBLISH, TaskKind.MEETINGS})
OF_BALLOT = frozenset({TaskKind.BALLOT, TaskKind.MEETINGS})
OF_SUGGESTION = frozenset({TaskKind.EDITION})
OF_FOLLOW = OF_PAPER = frozenset({TaskKind.UPDATES, TaskKind.NEWS})


@dataclass(slots=True)
class WakeUpMarks:
    """Marks that one transaction has gathered."""

    clubs: set[int] = field(default_factory=set)
    papers: set[int] = field(default_factory=set)
    kinds: set[TaskKind] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    """Names of the loops' wake-up events, which are sent when the transaction is committed."""


def marks_of(connection: Connection) -> WakeUpMarks:
    """The marks of the transaction that a connection is in."""
    marks: WakeUpMarks = connection.info.setdefault(_MARKS, WakeUpMarks())
    return marks


def forget_marks(connection: Connection) -> None:
    """Forget what an earlier transaction on this connection may have left."""
    connection.info.pop(_MARKS, None)


def wake(connection: Connection, club_id: int, kinds: Iterable[TaskKind]) -> None:
    """Have these tasks of a club done as soon as the transaction is committed."""
    marks = marks_of(connection)
    marks.clubs.add(club_id)
    marks.kinds.update(kinds)


def wake_for_paper(connection: Connection, paper_id: int) -> None:
    """Have every club that has a paper look what follows from what its source says of it now."""
    marks = marks_of(connection)
    marks.papers.add(paper_id)
    marks.kinds.update(OF_PAPER)


def match_again(connection: Connection, which: ColumnElement[bool]) -> None:
    """Have these submissions matched with what members follow once more: what they are about has changed.

    Who was notified of one already is not notified of it again.
    """
    connection.execute(_UNMATCHED.where(which))


def announce(connection: Connection, word: str) -> None:
    """Have the loop of a kind look when the transaction is committed, here and in other processes."""
    marks_of(connection).words.add(word)


def write_marks(connection: Connection) -> frozenset[str]:
    """Write the gathered marks and tell other processes at the commit; the words for the loops of this one."""
    marks: WakeUpMarks | None = connection.info.pop(_MARKS, None)
    if marks is None:
        return frozenset()
    clubs = set(marks.clubs)
    if marks.papers:
        match_again(connection, Submission.paper_id.in_(sorted(marks.papers)))
        clubs.update(connection.scalars(_CLUBS_OF_PAPERS, {"papers": sorted(marks.papers)}))
    given: dict[str, Any] = {"clubs": sorted(clubs), "kinds": sorted(marks.kinds)} if clubs else {}
    if clubs:
        marks.words.update(marks.kinds)
    if marks.words and connection.dialect.name == "postgresql":
        connection.execute(_WAKE_AND_NOTIFY if clubs else _NOTIFY, given | {"words": " ".join(sorted(marks.words))})
    elif clubs:
        connection.execute(_WAKE, given)
    return frozenset(marks.words)


@event.listens_for(IndexedSession, "after_flush")
def _follow(session: Session, flushed: object) -> None:
    """See whose tasks the flushed rows concern."""
    for row in session.deleted:
        if isinstance(row, Quarantine):
            wake(session.connection(), row.club_id, TaskKind)
    new = set(session.new)
    for row in (*session.new, *session.dirty):
        fresh = row in new
        if _is_archived(row):
            announce(session.connection(), ARCHIVE)
        if isinstance(row, Club):
            if fresh:
                _add_tasks(session.connection(), row.id)
            elif _differs(row, "paused_at"):
                wake(session.connection(), row.id, TaskKind)
            elif _differs(row, "settings", "timezone"):
                wake(session.connection(), row.id, OF_CLUB)
        elif isinstance(row, Slot) and (fresh or _differs(row, "due_at") or _leaves_a_gap(row)):
            wake(session.connection(), row.club_id, OF_SLOT)
        elif isinstance(row, Edition) and (kinds := _of_edition(row, fresh=fresh)):
            wake(session.connection(), row.club_id, kinds)
        elif isinstance(row, Submission):
            _follow_submission(session.connection(), row, fresh=fresh)
        elif isinstance(row, Room | Workspace) and _differs(row, "active", "purpose", "left_at"):
            wake(session.connection(), row.club_id, OF_ROOM)
        elif isinstance(row, Ballot) and (fresh or _differs(row, "state", "closes_at")):
            wake(session.connection(), row.club_id, OF_BALLOT)
        elif isinstance(row, Meeting | MeetingSeries):
            wake(session.connection(), row.club_id, OF_MEETING)
        elif isinstance(row, Suggestion):
            wake(session.connection(), row.club_id, OF_SUGGESTION)
        elif isinstance(row, Follow):
            wake(session.connection(), row.club_id, OF_FOLLOW)


def _leaves_a_gap(row: Slot) -> bool:
    """True if a slot's state changed in such a way that something follows for others.

    Nothing does where its edition is out; whoever sets that sees to the next slot, if this one was still to come.
    """
    return _differs(row, "state") and (row.state != SlotState.DONE or bool(row.why))


def _of_edition(row: Edition, *, fresh: bool) -> frozenset[TaskKind]:
    """Tasks that an edition's change concerns. Its due time asks for nothing more once it is approved, and the edition
    that comes after it is looked at by whoever has published it."""
    document = fresh or _differs(row, "document")
    if not document and not _differs(row, "state", "slot_id", "publish_at"):
        return frozenset()
    kinds = OF_DOCUMENT if document else OF_EDITION
    if fresh or _differs(row, "slot_id"):
        return kinds
    return kinds - _DONE_FOR.get(row.state, frozenset())


def _is_archived(row: object) -> bool:
    """True if the archive shows what a row has: not the texts of a draft."""
    if isinstance(row, Edition):
        return row.state in _IN_ARCHIVE and _differs(row, "state", "document")
    return isinstance(row, Meeting) or (isinstance(row, Club) and _differs(row, "name", "settings"))


def _follow_submission(connection: Connection, row: Submission, *, fresh: bool) -> None:
    about_changed = not fresh and _differs(row, "topic", "topic_id", "title")
    if about_changed:
        match_again(connection, Submission.id == row.id)
    if fresh or about_changed or _differs(row, "state", "merged_into_id", "paper_id"):
        wake(connection, row.club_id, OF_SUBMISSION)


def _add_tasks(connection: Connection, club_id: int) -> None:
    """Give a new club its tasks: at once it is planned for, all else is woken by what happens in it."""
    first = {TaskKind.PLAN: AT_ONCE}
    rows = [{"club_id": club_id, "kind": kind, "due_at": first.get(kind), "owner": ""} for kind in TaskKind]
    connection.execute(insert(_TASKS), rows)
    marks_of(connection).words.update(first)


def _differs(row: object, *names: str) -> bool:
    state: Any = look_at(row)
    return any(name in state.attrs and state.attrs[name].history.has_changes() for name in names)

"""Triggers of scheduled tasks: a change of a club's rows makes the tasks that it concerns due at once.

Marks are gathered while a transaction runs and written by its last statement, ordered by key, so that two transactions
never wait for each other. A statement that changes many rows bypasses the session, so its caller must call `wake`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, event, func, insert, inspect, or_, select, tuple_, update
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
"""Topic on that channel: there is something to post. The other topics are kinds of tasks."""
ARCHIVE = "archive"
"""Topic on that channel: something that the published archive shows has changed."""

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
_NOTIFY = select(func.pg_notify(CHANNEL, bindparam("topics")))
_WAKE_AND_NOTIFY = _NOTIFY.add_cte(_WAKE.cte("woken"))
"""Both in one round trip."""

OF_SLOT = frozenset({TaskKind.PLAN, TaskKind.EDITION, TaskKind.PUBLISH})
"""Tasks that a change of a slot wakes; below, those of other rows."""
OF_CLUB = OF_SLOT | {TaskKind.MEETINGS}
_DONE_FOR = {
    EditionState.APPROVED: frozenset({TaskKind.EDITION}),
    EditionState.PUBLISHED: frozenset({TaskKind.EDITION, TaskKind.PUBLISH}),
}
"""Tasks that have nothing more to do for an edition in a state."""
OF_MEETING = frozenset({TaskKind.MEETINGS})
OF_EDITION = frozenset({TaskKind.EDITION, TaskKind.PUBLISH, TaskKind.NEWS})
OF_DOCUMENT = OF_EDITION | {TaskKind.UPDATES}
"""An edition's papers are checked again when its document changes, not when it is approved, posted or postponed."""
OF_SUBMISSION = frozenset({TaskKind.EDITION, TaskKind.UPDATES, TaskKind.NEWS})
OF_ROOM = frozenset({TaskKind.PUBLISH, TaskKind.MEETINGS})
OF_BALLOT = frozenset({TaskKind.BALLOT, TaskKind.MEETINGS})
OF_SUGGESTION = frozenset({TaskKind.EDITION})
OF_FOLLOW = OF_PAPER = frozenset({TaskKind.UPDATES, TaskKind.NEWS})


@dataclass(slots=True)
class TaskTriggers:
    """Marks that one transaction has gathered."""

    clubs: set[int] = field(default_factory=set)
    papers: set[int] = field(default_factory=set)
    kinds: set[TaskKind] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    """Topics of which the loops are notified when the transaction is committed."""


def marks_of(connection: Connection) -> TaskTriggers:
    """The marks of the transaction that a connection is in."""
    marks: TaskTriggers = connection.info.setdefault(_MARKS, TaskTriggers())
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
    """Wake the tasks of every club that has a paper, since its record has changed."""
    marks = marks_of(connection)
    marks.papers.add(paper_id)
    marks.kinds.update(OF_PAPER)


def match_again(connection: Connection, which: ColumnElement[bool]) -> None:
    """Match these submissions with what members follow again, since their subjects have changed.

    Members who were notified of one are not notified of it again.
    """
    connection.execute(_UNMATCHED.where(which))


def announce(connection: Connection, topic: str) -> None:
    """Notify the subscribers of a topic, here and in other processes, when the transaction is committed."""
    marks_of(connection).topics.add(topic)


def write_marks(connection: Connection) -> frozenset[str]:
    """Make the marked tasks due, and notify other processes at the commit. Returns the topics for our own loops."""
    marks: TaskTriggers | None = connection.info.pop(_MARKS, None)
    if marks is None:
        return frozenset()
    clubs = set(marks.clubs)
    if marks.papers:
        match_again(connection, Submission.paper_id.in_(sorted(marks.papers)))
        clubs.update(connection.scalars(_CLUBS_OF_PAPERS, {"papers": sorted(marks.papers)}))
    given: dict[str, Any] = {"clubs": sorted(clubs), "kinds": sorted(marks.kinds)} if clubs else {}
    if clubs:
        marks.topics.update(marks.kinds)
    if marks.topics and connection.dialect.name == "postgresql":
        connection.execute(_WAKE_AND_NOTIFY if clubs else _NOTIFY, given | {"topics": " ".join(sorted(marks.topics))})
    elif clubs:
        connection.execute(_WAKE, given)
    return frozenset(marks.topics)


@event.listens_for(IndexedSession, "after_flush")
def _wake_concerned(session: Session, flushed: object) -> None:
    """Wake the tasks that the flushed rows concern."""
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
        elif isinstance(row, Slot) and (fresh or _differs(row, "due_at") or _concerns_others(row)):
            wake(session.connection(), row.club_id, OF_SLOT)
        elif isinstance(row, Edition) and (kinds := _of_edition(row, fresh=fresh)):
            wake(session.connection(), row.club_id, kinds)
        elif isinstance(row, Submission):
            _wake_for_submission(session.connection(), row, fresh=fresh)
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


def _concerns_others(row: Slot) -> bool:
    """True if a change of a slot's state concerns other tasks.

    It does not if its edition is published: who publishes it also takes care of the next slot.
    """
    return _differs(row, "state") and (row.state != SlotState.DONE or bool(row.why))


def _of_edition(row: Edition, *, fresh: bool) -> frozenset[TaskKind]:
    """Tasks that an edition's change concerns.

    Once it is approved, nothing is due at its deadline; who publishes it also takes care of the next edition.
    """
    document = fresh or _differs(row, "document")
    if not document and not _differs(row, "state", "slot_id", "publish_at"):
        return frozenset()
    kinds = OF_DOCUMENT if document else OF_EDITION
    if fresh or _differs(row, "slot_id"):
        return kinds
    return kinds - _DONE_FOR.get(row.state, frozenset())


def _is_archived(row: object) -> bool:
    """True if the archive shows a row's content; it does not show drafts."""
    if isinstance(row, Edition):
        return row.state in _IN_ARCHIVE and _differs(row, "state", "document")
    return isinstance(row, Meeting) or (isinstance(row, Club) and _differs(row, "name", "settings"))


def _wake_for_submission(connection: Connection, row: Submission, *, fresh: bool) -> None:
    about_changed = not fresh and _differs(row, "topic", "topic_id", "title")
    if about_changed:
        match_again(connection, Submission.id == row.id)
    if fresh or about_changed or _differs(row, "state", "merged_into_id", "paper_id"):
        wake(connection, row.club_id, OF_SUBMISSION)


def _add_tasks(connection: Connection, club_id: int) -> None:
    """Add a new club's tasks. Planning is due at once, the others when something happens."""
    first = {TaskKind.PLAN: AT_ONCE}
    rows = [{"club_id": club_id, "kind": kind, "due_at": first.get(kind), "owner": ""} for kind in TaskKind]
    connection.execute(insert(_TASKS), rows)
    marks_of(connection).topics.update(first)


def _differs(row: object, *names: str) -> bool:
    state: Any = inspect(row)
    return any(name in state.attrs and state.attrs[name].history.has_changes() for name in names)

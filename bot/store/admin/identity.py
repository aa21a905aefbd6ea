"""Identification of the requester: one statement on plain tables per request, whose rows become detached objects.

Loading them through a session takes more than twice as long, which was a fifth of the cost of a vote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, String, and_, bindparam, select
from sqlalchemy.orm import make_transient_to_detached

from bot.domain.models import Account, Club, Discussion, Member, MemberRole, RoleGrant, Table, Workspace

MappedRow = TypeVar("MappedRow", bound=Table)

CLUBS: Any = Club.__table__
WORKSPACES: Any = Workspace.__table__
MEMBERS: Any = Member.__table__
ACCOUNTS: Any = Account.__table__
GRANTS: Any = RoleGrant.__table__
THREADS: Any = Discussion.__table__

IDENTIFY_STATEMENT = (
    select(
        *CLUBS.c,
        *MEMBERS.c,
        WORKSPACES.c.id.label("workspace_id"),
        WORKSPACES.c.left_at,
        ACCOUNTS.c.name.label("known_as"),
        GRANTS.c.external_id.label("grantee"),
        GRANTS.c.role.label("granted"),
        select(THREADS.c.submission_id)
        .where(THREADS.c.workspace_id == WORKSPACES.c.id, THREADS.c.thread == bindparam("thread"))
        .scalar_subquery()
        .label("here"),
    )
    .select_from(CLUBS)
    .join(WORKSPACES, WORKSPACES.c.club_id == CLUBS.c.id)
    .outerjoin(
        ACCOUNTS,
        and_(
            ACCOUNTS.c.club_id == CLUBS.c.id,
            ACCOUNTS.c.platform == bindparam("platform"),
            ACCOUNTS.c.external_id == bindparam("person"),
        ),
    )
    .outerjoin(MEMBERS, MEMBERS.c.id == ACCOUNTS.c.member_id)
    .outerjoin(
        GRANTS,
        and_(
            GRANTS.c.club_id == CLUBS.c.id,
            GRANTS.c.platform == bindparam("platform"),
            bindparam("ids", type_=String).like("%," + GRANTS.c.external_id + ",%"),
        ),
    )
    .where(WORKSPACES.c.platform == bindparam("platform"), WORKSPACES.c.external_id == bindparam("workspace"))
)
"""Statement with one row per role that may be granted.

The ids are one text, so that the statement is always the same; LIKE matches too much if an id contains `_`, so each row
is compared again.
"""

CLUB_COLUMNS, MEMBER_COLUMNS = tuple(CLUBS.c.keys()), tuple(MEMBERS.c.keys())
"""Names of the first columns of the result."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The requester: their club, the workspace they came from, and their member if known."""

    club: Club
    workspace_id: int
    workspace_left: bool
    """True if the bot was removed from the workspace."""
    member: Member | None
    granted_roles: frozenset[MemberRole] = frozenset()
    """Roles that the club's list grants to any of the requester's ids."""
    thread_submission_id: int | None = None
    """The submission whose thread the request was written in."""
    account_name: str = ""
    """The last known name of the account."""


def identify(
    connection: Connection, platform: str, workspace: str, person: str, roles: Sequence[str] = (), thread: str = ""
) -> Identity | None:
    """Club of a platform's workspace, and the member of an account; None if the workspace has no club."""
    ids = (person, *roles)
    parameters = {"platform": platform, "workspace": workspace, "person": person, "thread": thread}
    rows: Sequence[Any] = connection.execute(IDENTIFY_STATEMENT, parameters | {"ids": f",{','.join(ids)},"}).all()
    if not rows:
        return None
    first, size = rows[0], len(CLUB_COLUMNS)
    member = None if first[size] is None else _detached(Member, MEMBER_COLUMNS, first[size:])
    return Identity(
        _detached(Club, CLUB_COLUMNS, first),
        first.workspace_id,
        first.left_at is not None,
        member,
        frozenset(row.granted for row in rows if row.grantee in ids),
        first.here if thread else None,
        first.known_as or "",
    )


def _detached(kind: type[MappedRow], names: Sequence[str], values: Sequence[Any]) -> MappedRow:
    """A mapped object that no session tracks: changes to it are not written."""
    found = kind(**dict(zip(names, values, strict=False)))
    make_transient_to_detached(found)
    return found

"""Models of clubs, workspaces, members, accounts, roles and rooms."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import (
    ForeignKey,
    Index,
    false,
    text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.club_settings import Purpose
from bot.domain.models.base import Table, stored_enum, stored_literal
from bot.domain.shown_names import shown_name
from bot.locale.current import _, mark_text

UNNAMED = mark_text("a member")
"""Name shown for a member who asked not to be named."""

DELETED_MEMBER = mark_text("a former member")
"""Stored name of a member who deleted their data."""


def at_start(credit: str) -> str:
    """A credit as the first word of a sentence: "A member". A member's own name stays as it is."""
    return credit[:1].upper() + credit[1:] if credit in (_(UNNAMED), _(DELETED_MEMBER)) else credit


RoomPurpose = Literal[Purpose, "visit"]
"""Purpose of a room; `visit` for a channel without a purpose in which a card was requested."""

stored_literal(RoomPurpose)


@stored_enum
class MemberRole(StrEnum):
    """Role of a member, lowest first: each includes the permissions of those before it."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Club(Table):
    """One community: the tenant. No query crosses clubs."""

    __tablename__ = "club"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(default="UTC")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    next_number: Mapped[int] = mapped_column(default=1)
    """Number of the next submission, as members type it."""


class Workspace(Table):
    """A Slack workspace, a Discord server or a terminal that belongs to a club."""

    __tablename__ = "workspace"
    __table_args__ = (Unique("platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    left_at: Mapped[datetime | None]
    """Time at which the bot was removed or its token revoked; the data stays until purged."""
    left_why: Mapped[str] = mapped_column(default="")


class Member(Table):
    """A person in a club. Linked accounts are one member with one vote."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    name: Mapped[str]
    role: Mapped[MemberRole] = mapped_column(default=MemberRole.MEMBER)
    prefs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    votes_excluded: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True while moderators leave this member's votes out of the count."""

    @property
    def shown_name(self) -> str:
        """Name on the platform where the text in the making is read; the club's name for them if there is no other."""
        return shown_name(self.id, _(self.name) if self.name == DELETED_MEMBER else self.name)


class Account(Table):
    """An account of a member on a platform."""

    __tablename__ = "account"
    __table_args__ = (
        Unique("club_id", "platform", "external_id"),
        Index(
            "ix_account_linked",
            "club_id",
            "platform",
            sqlite_where=text("linked = 1"),
            postgresql_where=text("linked"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    workspace: Mapped[str] = mapped_column(default="")
    """Workspace in which the person was last seen, needed for direct messages."""
    name: Mapped[str]
    linked: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True for every account of a member who has, or has had, several: only their names can differ from the club's."""


class RoleGrant(Table):
    """A role granted to a platform's role, a user group or an account."""

    __tablename__ = "role_grant"
    __table_args__ = (Unique("club_id", "platform", "external_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    platform: Mapped[str]
    external_id: Mapped[str]
    role: Mapped[MemberRole]
    label: Mapped[str] = mapped_column(default="")


class Room(Table):
    """A channel and one purpose of it: papers, digest or moderators."""

    __tablename__ = "room"
    __table_args__ = (Unique("workspace_id", "external_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    external_id: Mapped[str]
    purpose: Mapped[RoomPurpose]
    name: Mapped[str] = mapped_column(default="")
    trouble: Mapped[str] = mapped_column(default="")
    """Reason why nothing can be posted here; empty if there is no problem."""
    active: Mapped[bool] = mapped_column(default=True)
    """True while it has its purpose. The row stays, because deliveries refer to it."""

    workspace: Mapped[Workspace] = relationship(lazy="joined", innerjoin=True)

"""Clubs, where they live and who is in them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import (
    ForeignKey,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.club_settings import Purpose
from bot.domain.models.base import Table, stored_enum, stored_literal

UNNAMED = "a member"
"""What somebody is called who asked not to be named."""


RoomPurpose = Literal[Purpose, "visit"]
"""Purpose of a room: what the club uses a channel for; or a visit, where a card was asked for and no channel is set."""

stored_literal(RoomPurpose)


@stored_enum
class MemberRole(StrEnum):
    """Role of a member by the club's own list, lowest first: each may also do what those before it may."""

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
    """The number that the next submission gets: what people type."""


class Workspace(Table):
    """A Slack workspace, a Discord guild or a terminal that belongs to a club."""

    __tablename__ = "workspace"
    __table_args__ = (Unique("platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    left_at: Mapped[datetime | None]
    """When the bot was removed, or its token revoked; the data stays until purged."""
    left_why: Mapped[str] = mapped_column(default="")


class Member(Table):
    """A person in a club. Linked accounts are one member with one ballot."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    name: Mapped[str]
    role: Mapped[MemberRole] = mapped_column(default=MemberRole.MEMBER)
    prefs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Account(Table):
    """An identity of a member on a platform."""

    __tablename__ = "account"
    __table_args__ = (Unique("club_id", "platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    workspace: Mapped[str] = mapped_column(default="")
    """Where the person was last seen: a direct message needs a workspace to go through."""
    name: Mapped[str]


class RoleGrant(Table):
    """Who moderates or administers: a platform's role or user group, or one account."""

    __tablename__ = "role_grant"
    __table_args__ = (Unique("club_id", "platform", "external_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    platform: Mapped[str]
    external_id: Mapped[str]
    role: Mapped[MemberRole]
    label: Mapped[str] = mapped_column(default="")


class Room(Table):
    """A channel and what it is for: papers, digest or moderators."""

    __tablename__ = "room"
    __table_args__ = (Unique("workspace_id", "external_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    external_id: Mapped[str]
    purpose: Mapped[RoomPurpose]
    name: Mapped[str] = mapped_column(default="")
    trouble: Mapped[str] = mapped_column(default="")
    """Why nothing can be posted here at present; empty where all is well."""
    active: Mapped[bool] = mapped_column(default=True)
    """Whether it still serves its purpose. The row stays, since what was posted points at it."""

    workspace: Mapped[Workspace] = relationship(lazy="joined", innerjoin=True)

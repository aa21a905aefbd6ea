"""Workspaces' app installations, OAuth attempts, one-time codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.models.base import Table
from bot.domain.models.operations import CodePurpose


class OneTimeCode(Table):
    """A one-time code that binds an account or a workspace. Only its hash is kept."""

    __tablename__ = "code"

    hash: Mapped[str] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    purpose: Mapped[CodePurpose]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Installation(Table):
    """That a workspace has let the app in, where many may: its token, encrypted, and what the token may do."""

    __tablename__ = "installation"
    __table_args__ = (Unique("platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    token: Mapped[str] = mapped_column(Text)
    """Encrypted with the installation's key; empty once the app was removed."""
    bot_user: Mapped[str]
    bot_id: Mapped[str] = mapped_column(default="")
    scopes: Mapped[list[str]] = mapped_column(default=list)
    installed_by: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class InstallAttempt(Table):
    """Somebody is on their way through the platform's install page. They come back once, in the same browser."""

    __tablename__ = "install_visit"

    state: Mapped[str] = mapped_column(primary_key=True)
    """Hash of what the platform hands back with them."""
    cookie: Mapped[str]
    """Hash of what their browser keeps meanwhile."""
    expires_at: Mapped[datetime] = mapped_column(index=True)

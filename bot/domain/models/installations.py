"""Models of app installations, OAuth attempts and one-time codes."""

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
    """One-time code that links an account or a workspace. Only its hash is stored."""

    __tablename__ = "code"

    hash: Mapped[str] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    purpose: Mapped[CodePurpose]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Installation(Table):
    """Installation of the app in a workspace: encrypted token and its scopes."""

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
    """OAuth attempt in progress; it can be finished once, in the same browser."""

    __tablename__ = "install_visit"

    state: Mapped[str] = mapped_column(primary_key=True)
    """Hash of the OAuth state."""
    cookie: Mapped[str]
    """Hash of the browser's cookie."""
    expires_at: Mapped[datetime] = mapped_column(index=True)

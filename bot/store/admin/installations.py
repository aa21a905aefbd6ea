"""Installations of the app in workspaces: encrypted tokens, and OAuth attempts in progress."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.domain.models import Installation, InstallAttempt
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository


class Installations(BaseRepository):
    """Installed workspaces, and OAuth attempts in progress."""

    async def save(self, installation: Installation) -> None:
        """Store an installation, replacing an earlier one of the same workspace."""
        values = {c.key: getattr(installation, c.key) for c in Installation.__table__.columns if c.key != "id"}
        await insert_if_absent(self._session, Installation, values, keys=("platform", "external_id"))

    async def get(self, platform: str, external_id: str) -> Installation | None:
        """The installation in a workspace, if it has a token."""
        return await self._session.scalar(
            select(Installation).where(
                Installation.platform == platform, Installation.external_id == external_id, Installation.token != ""
            )
        )

    async def all(self, platform: str) -> Sequence[Installation]:
        """Installations of a platform that have a token, oldest first."""
        found = await self._session.scalars(
            select(Installation)
            .where(Installation.platform == platform, Installation.token != "")
            .order_by(Installation.id)
        )
        return found.all()

    async def replace_token(self, installation_id: int, old: str, new: str) -> None:
        """Replace a token by the same one encrypted with another key, unless it has changed since it was read."""
        await self._session.execute(
            update(Installation).where(Installation.id == installation_id, Installation.token == old).values(token=new)
        )

    async def delete_token(self, platform: str, external_id: str) -> None:
        """Delete the token of a workspace, because it is no longer valid."""
        await self._session.execute(
            update(Installation)
            .where(Installation.platform == platform, Installation.external_id == external_id)
            .values(token="")
        )

    async def start_attempt(self, state: str, cookie: str, now: datetime, expires_at: datetime) -> None:
        """Store the hashes of an OAuth attempt, and delete expired attempts."""
        await self._session.execute(delete(InstallAttempt).where(InstallAttempt.expires_at < now))
        self._session.add(InstallAttempt(state=state, cookie=cookie, expires_at=expires_at))
        await self._session.flush()

    async def finish_attempt(self, state: str, cookie: str, now: datetime) -> bool:
        """Use an attempt up. True if it exists with this state and cookie and has not expired."""
        matching = (InstallAttempt.state == state, InstallAttempt.cookie == cookie, InstallAttempt.expires_at > now)
        used = delete(InstallAttempt).where(*matching).returning(InstallAttempt.state)
        return (await self._session.execute(used)).first() is not None

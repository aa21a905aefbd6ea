"""Workspaces that have let the app in, where it serves many: tokens (always encrypted) and visits under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.domain.models import Installation, InstallAttempt
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository


class Installations(BaseRepository):
    """Who let the app in, and who is about to."""

    async def save(self, installation: Installation) -> None:
        """Keep an installation; a newer one of the same workspace takes its place."""
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
        """Every installation that has a token, in the order in which they came."""
        found = await self._session.scalars(
            select(Installation)
            .where(Installation.platform == platform, Installation.token != "")
            .order_by(Installation.id)
        )
        return found.all()

    async def replace_token(self, installation_id: int, old: str, new: str) -> None:
        """Put the same token, encrypted anew, in place of the old, unless it has changed meanwhile."""
        await self._session.execute(
            update(Installation).where(Installation.id == installation_id, Installation.token == old).values(token=new)
        )

    async def delete_token(self, platform: str, external_id: str) -> None:
        """Throw a token away that is good no longer."""
        await self._session.execute(
            update(Installation)
            .where(Installation.platform == platform, Installation.external_id == external_id)
            .values(token="")
        )

    async def start_attempt(self, state: str, cookie: str, now: datetime, expires_at: datetime) -> None:
        """Remember (by hashes) somebody who goes to the install page; those who never came back are forgotten."""
        await self._session.execute(delete(InstallAttempt).where(InstallAttempt.expires_at < now))
        self._session.add(InstallAttempt(state=state, cookie=cookie, expires_at=expires_at))
        await self._session.flush()

    async def finish_attempt(self, state: str, cookie: str, now: datetime) -> bool:
        """Whether somebody is back in time, with the state they were given, in the same browser. It counts once."""
        mine = (InstallAttempt.state == state, InstallAttempt.cookie == cookie, InstallAttempt.expires_at > now)
        gone = delete(InstallAttempt).where(*mine).returning(InstallAttempt.state)
        return (await self._session.execute(gone)).first() is not None

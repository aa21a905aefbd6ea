"""Members and their accounts, and role grants."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, select, true

from bot.domain.models import Account, Club, Member, MemberRole, RoleGrant
from bot.store.base.statements import contains_text, insert_if_absent
from bot.store.base.transaction import ClubRepository

_OTHER_NAMES = (
    select(Account.member_id, Account.name)
    .join(Member, Member.id == Account.member_id)
    .where(Account.club_id == bindparam("club"), Account.platform == bindparam("platform"), Account.linked)
    .where(Account.name != "", Account.name != Member.name)
    .order_by(Account.id.desc())
)
_NAMED = _OTHER_NAMES.add_columns(Account.id).order_by(None).subquery()
_READERS = (
    select(Club.settings, _NAMED.c.member_id, _NAMED.c.name)
    .outerjoin(_NAMED, true())
    .where(Club.id == bindparam("club"))
    .order_by(_NAMED.c.id.desc())
)


class Readers(NamedTuple):
    """Readers of a club's posts on one platform: its settings, and members' names where they differ from the club's."""

    settings: dict[str, Any]
    names: dict[int, str]


class Members(ClubRepository):
    """Members of the club."""

    async def by_account(self, platform: str, external_id: str) -> Member | None:
        """The member of a platform's account."""
        return await self._session.scalar(
            select(Member)
            .join(Account, Account.member_id == Member.id)
            .where(Account.club_id == self._club_id, Account.platform == platform, Account.external_id == external_id)
        )

    async def get_or_create(self, platform: str, external_id: str, name: str, workspace: str, now: datetime) -> Member:
        """The member of an account, created if new."""
        if member := await self.by_account(platform, external_id):
            return member
        member = Member(club_id=self._club_id, name=name or external_id, created_at=now)
        self._session.add(member)
        await self._session.flush()
        inserted = await insert_if_absent(
            self._session,
            Account,
            {
                "club_id": self._club_id,
                "member_id": member.id,
                "platform": platform,
                "external_id": external_id,
                "workspace": workspace,
                "name": name or external_id,
            },
        )
        if inserted:
            return member
        await self._session.delete(member)
        existing = await self.by_account(platform, external_id)
        assert existing is not None
        return existing

    async def rename(self, member: Member, platform: str, external_id: str, name: str) -> Member:
        """Store a person's current name. A member with several accounts is renamed by the one they were named after."""
        account = await self._session.scalar(
            select(Account).where(
                Account.club_id == self._club_id, Account.platform == platform, Account.external_id == external_id
            )
        )
        renamed = await self._session.get_one(Member, member.id)
        if account is None or account.name == renamed.name:
            renamed.name = name
        if account:
            account.name = name
        return renamed

    async def get(self, member_id: int) -> Member | None:
        """A member of this club by id."""
        return await self._session.scalar(select(Member).where(Member.club_id == self._club_id, Member.id == member_id))

    async def many(self, ids: Collection[int]) -> dict[int, Member]:
        """Members of this club by id."""
        if not ids:
            return {}
        found = await self._session.scalars(select(Member).where(Member.club_id == self._club_id, Member.id.in_(ids)))
        return {member.id: member for member in found}

    async def lock(self, member_id: int) -> None:
        """Lock a member's row until the transaction ends, so that their counted rows cannot grow."""
        row = select(Member.id).where(Member.club_id == self._club_id, Member.id == member_id)
        await self._session.execute(row.with_for_update(key_share=True))

    async def accounts(self, member_id: int) -> Sequence[Account]:
        """Accounts of a member."""
        found = await self._session.scalars(
            select(Account).where(Account.club_id == self._club_id, Account.member_id == member_id).order_by(Account.id)
        )
        return found.all()

    async def search(self, typed: str) -> Sequence[Member]:
        """Members whose name contains the typed text, at most 25."""
        found = await self._session.scalars(
            select(Member)
            .where(Member.club_id == self._club_id, contains_text(Member.name, typed))
            .order_by(Member.name)
            .limit(25)
        )
        return found.all()

    async def with_roles(self) -> Sequence[Member]:
        """Members who are moderator or admin by their own row, by name."""
        found = await self._session.scalars(
            select(Member)
            .where(Member.club_id == self._club_id, Member.role != MemberRole.MEMBER)
            .order_by(Member.name)
        )
        return found.all()

    async def set_member_role(self, member: Member, role: MemberRole) -> bool:
        """Set a member's role; False if they have it already."""
        appointed = await self._session.get_one(Member, member.id)
        if appointed.role == role:
            return False
        appointed.role = role
        return True

    async def get_locked(self, member_id: int) -> Member:
        """A member's current row, locked until the transaction ends."""
        found = await self._session.scalars(
            select(Member)
            .where(Member.id == member_id, Member.club_id == self._club_id)
            .with_for_update(of=Member)
            .execution_options(populate_existing=True)
        )
        return found.unique().one()

    async def other_names(self, platform: str) -> dict[int, str]:
        """Names of members on a platform where they differ from the club's, by member.

        A member with one account is named after it, so only linked accounts are looked at: asked at every request.
        """
        found = await self._session.execute(_OTHER_NAMES, {"club": self._club_id, "platform": platform})
        return {row.member_id: row.name for row in found}

    async def readers(self, platform: str) -> Readers:
        """Readers of a post of the club on a platform; asked for every post, so in one statement."""
        found = await self._transaction.run_sync(
            lambda connection: connection.execute(_READERS, {"club": self._club_id, "platform": platform}).all()
        )
        return Readers(found[0].settings, {row.member_id: row.name for row in found if row.member_id is not None})

    async def shown_names(self, platform: str) -> dict[str, str]:
        """Names of members on a platform where they differ from the club's, by the club's name.

        A name that several members have is left out, since it does not say whose it is.
        """
        others = await self.other_names(platform)
        if not others:
            return {}
        named = select(Member.id, Member.name).where(Member.club_id == self._club_id, Member.id.in_(others))
        by_id = {row.id: row.name for row in await self._session.execute(named)}
        namesakes = select(Member.name).where(Member.club_id == self._club_id, Member.name.in_(by_id.values()))
        ambiguous = namesakes.group_by(Member.name).having(func.count() > 1)
        several = set(await self._session.scalars(ambiguous))
        return {name: others[id] for id, name in by_id.items() if name not in several}

    async def set_prefs(self, member: Member, **prefs: object) -> Member:
        """Change some of a member's preferences."""
        merged = await self._session.get_one(Member, member.id)
        merged.prefs = merged.prefs | prefs
        return merged


class Roles(ClubRepository):
    """Role grants to accounts and platform roles, beyond the platforms' own permissions."""

    async def all(self) -> Sequence[RoleGrant]:
        """All grants, oldest first."""
        found = await self._session.scalars(
            select(RoleGrant).where(RoleGrant.club_id == self._club_id).order_by(RoleGrant.id)
        )
        return found.all()

    async def grant(self, platform: str, external_id: str, role: MemberRole, label: str) -> bool:
        """Grant a role; False if it was granted already."""
        return await insert_if_absent(
            self._session,
            RoleGrant,
            {
                "club_id": self._club_id,
                "platform": platform,
                "external_id": external_id,
                "role": role,
                "label": label,
            },
        )

    async def revoke(self, platform: str, external_id: str, role: MemberRole) -> bool:
        """Revoke a role; False if it was not granted."""
        result = await self._session.execute(
            delete(RoleGrant)
            .where(RoleGrant.club_id == self._club_id, RoleGrant.platform == platform)
            .where(RoleGrant.external_id == external_id, RoleGrant.role == role)
            .returning(RoleGrant.id)
        )
        return result.first() is not None

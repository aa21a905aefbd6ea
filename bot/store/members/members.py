"""Members, their accounts, who moderates, and the rooms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from bot.domain.models import Account, Member, MemberRole, RoleGrant
from bot.store.base.statements import contains_text, insert_if_absent
from bot.store.base.transaction import ClubRepository


class Members(ClubRepository):
    """The people of the club."""

    async def by_account(self, platform: str, external_id: str) -> Member | None:
        """The member behind a platform's account, if they have been here."""
        return await self._session.scalar(
            select(Member)
            .join(Account, Account.member_id == Member.id)
            .where(Account.club_id == self._club_id, Account.platform == platform, Account.external_id == external_id)
        )

    async def get_or_create(self, platform: str, external_id: str, name: str, workspace: str, now: datetime) -> Member:
        """The member behind an account, made at their first word."""
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
        met = await self.by_account(platform, external_id)
        assert met is not None
        return met

    async def rename(self, member: Member, platform: str, external_id: str, name: str) -> Member:
        """Remember what somebody calls themselves now; of several accounts the one they were named after counts."""
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
        found = await self._session.scalars(select(Member).where(Member.club_id == self._club_id, Member.id.in_(ids)))
        return {member.id: member for member in found}

    async def lock(self, member_id: int) -> None:
        """Hold a member's row until the block ends, so that what is counted of theirs does not grow meanwhile."""
        mine = select(Member.id).where(Member.club_id == self._club_id, Member.id == member_id)
        await self._session.execute(mine.with_for_update(key_share=True))

    async def accounts(self, member_id: int) -> Sequence[Account]:
        """Where a member is known."""
        found = await self._session.scalars(
            select(Account).where(Account.club_id == self._club_id, Account.member_id == member_id).order_by(Account.id)
        )
        return found.all()

    async def search(self, typed: str) -> Sequence[Member]:
        """Members whose name contains what was typed, at most 25."""
        found = await self._session.scalars(
            select(Member)
            .where(Member.club_id == self._club_id, contains_text(Member.name, typed))
            .order_by(Member.name)
            .limit(25)
        )
        return found.all()

    async def with_roles(self) -> Sequence[Member]:
        """Members who moderate or administer by their own row, by name."""
        found = await self._session.scalars(
            select(Member)
            .where(Member.club_id == self._club_id, Member.role != MemberRole.MEMBER)
            .order_by(Member.name)
        )
        return found.all()

    async def set_member_role(self, member: Member, role: MemberRole) -> bool:
        """Make somebody a moderator, an admin, or a plain member again; False if they are that already."""
        appointed = await self._session.get_one(Member, member.id)
        if appointed.role == role:
            return False
        appointed.role = role
        return True

    async def get_locked(self, member_id: int) -> Member:
        """A member of this club as they are now, held until the block ends."""
        found = await self._session.scalars(
            select(Member)
            .where(Member.id == member_id, Member.club_id == self._club_id)
            .with_for_update(of=Member)
            .execution_options(populate_existing=True)
        )
        return found.unique().one()

    async def set_prefs(self, member: Member, **prefs: object) -> Member:
        """Change some of a member's preferences."""
        merged = await self._session.get_one(Member, member.id)
        merged.prefs = merged.prefs | prefs
        return merged


class Roles(ClubRepository):
    """Who moderates and who administers, beyond what the platform itself says."""

    async def all(self) -> Sequence[RoleGrant]:
        """Every grant, in the order in which it was made."""
        found = await self._session.scalars(
            select(RoleGrant).where(RoleGrant.club_id == self._club_id).order_by(RoleGrant.id)
        )
        return found.all()

    async def granted_to(self, platform: str, ids: Sequence[str]) -> set[MemberRole]:
        """The roles granted to any of these ids: a person's account, their platform roles, their user groups."""
        found = await self._session.scalars(
            select(RoleGrant.role).where(
                RoleGrant.club_id == self._club_id, RoleGrant.platform == platform, RoleGrant.external_id.in_(ids)
            )
        )
        return set(found)

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
        """Take a role back; False if it was not granted."""
        result = await self._session.execute(
            delete(RoleGrant)
            .where(RoleGrant.club_id == self._club_id, RoleGrant.platform == platform)
            .where(RoleGrant.external_id == external_id, RoleGrant.role == role)
            .returning(RoleGrant.id)
        )
        return result.first() is not None

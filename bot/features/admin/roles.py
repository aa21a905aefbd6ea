"""Command `clubadmin roles`: moderators and admins beyond those that the platforms themselves name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Literal

from bot.app import App, Context
from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Points, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.mentions import NO_MENTION, Mention
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, Words, parse_backticks
from bot.chat.text import truncate
from bot.domain.models import Member, MemberRole, RoleGrant
from bot.errors import UserError
from bot.features.shared.audit.entries import record_action
from bot.features.shared.lookup import by_name, find_member
from bot.features.shared.platform_groups import group_names, named_group
from bot.features.shared.platform_texts import ADMINS_ANYWHERE, ADMINS_OF
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

ApprovalWithdrawal = Callable[[App, UnitOfWork, Member], Awaitable[int | None]]
"""Withdraws a member's approval of the draft. Returns the draft's number, or None if they had not approved it."""

MAX_REMOVE_BUTTONS = 5
"""Maximum number of people and groups with a button on the list: a row of buttons."""

Role = Literal["moderator", "admin"]
"""Roles that the club's list can grant."""


WHO = {
    "slack": mark_text("Who? Mention a person or a user group, or give a member’s name."),
    "discord": mark_text("Who? Mention a person or a role, or give a member’s name."),
}
"""Question for the person or group that gets a role, by platform."""
WHO_BY_NAME = mark_text("Who? Give a member’s name.")


def role_commands(withdraw_approval: ApprovalWithdrawal) -> Commands:
    """Command `clubadmin roles`. Removing a role calls `withdraw_approval` in the same transaction."""
    commands = Commands()

    @commands(
        "clubadmin roles",
        audience=Audience.ADMIN,
        examples=(
            "/clubadmin roles",
            "/clubadmin roles moderator @ada",
            "/clubadmin roles moderator @reading-leads",
            "/clubadmin roles admin @ada remove=yes",
        ),
    )
    async def roles(
        ctx: Context,
        role: Annotated[Role | None, ParameterHint("moderator or admin", fixed=True)] = None,
        who: Annotated[
            object,
            ParameterHint(
                "a person, role or user group", rest=True, most=120, parse=mentions.parse_mention, suggest=by_name
            ),
        ] = NO_MENTION,
        remove: Annotated[bool, ParameterHint("remove the role")] = False,
    ) -> Card:
        """Show or change who moderates and who administers the club.

        Workspace admins on Slack and people with Manage Server on Discord are always admins. A person is a moderator
        or admin on every platform they link. If you name a Discord role or a Slack user group, everyone in it has
        these rights for as long as they are in it.
        """
        assert isinstance(who, Mention)
        who = named_group(who, await group_names(ctx)) if role else who
        async with ctx.begin() as db:
            if role is None:
                return _list(await db.roles.all(), await db.members.with_roles(), ctx.where.platform)
            if not (who.id or who.name):
                raise UserError(_(WHO.get(ctx.where.platform, WHO_BY_NAME)), field="who")
            if who.name and not who.id:
                who = await _known_group(db, who, ctx.where.platform)
            member = None if who.group else await _member(ctx, db, who)
            if remove:
                return await _remove(ctx, db, MemberRole(role), who, member, withdraw_approval)
            return await _add(ctx, db, MemberRole(role), who, member)

    return commands


SHOWN_ON_DISCORD = {
    MemberRole.MODERATOR: mark_text(
        "Discord shows `/curate` and `/edition` only to people who may manage messages. Under Server Settings → "
        "Integrations you can show them to others."
    ),
    MemberRole.ADMIN: mark_text(
        "Discord shows `/clubadmin` only to people who may manage the server. Under Server Settings → Integrations you "
        "can show it to others."
    ),
}
"""Sentence about the people to whom Discord shows a role's commands, whatever the club's roles are."""


GROUP_FROM_LIST = {
    "slack": mark_text("If you mean a user group, choose it from the list that opens when you type @."),
    "discord": mark_text("If you mean a role, choose it from the list that opens when you type @."),
}


async def _known_group(db: UnitOfWork, who: Mention, platform: str) -> Mention:
    """The group with this name that has a role in the club already; `who` itself if there is none."""
    name = who.name.strip().removeprefix("@").casefold()
    granted = (grant for grant in await db.roles.all() if grant.platform == platform)
    found = next((grant for grant in granted if grant.label.removeprefix("@").casefold() == name), None)
    return Mention(id=found.external_id, name=found.label, group=True) if found else who


async def _member(ctx: Context, db: UnitOfWork, who: Mention) -> Member | None:
    """The mentioned member; None for an account that is no member yet. Raises UserError for an unknown name."""
    if who.id:
        return await db.members.by_account(ctx.where.platform, who.id)
    try:
        return await find_member(ctx, db, who.name)
    except UserError as error:
        hint = GROUP_FROM_LIST.get(ctx.where.platform)
        raise UserError(f"{error} {_(hint)}" if hint else str(error), field="who") from None


async def _add(ctx: Context, db: UnitOfWork, role: MemberRole, who: Mention, member: Member | None) -> Card:
    """Give a role: to a member directly; to a role, a user group or an unknown account by a grant for its ID."""
    name = member.name if member else unknown_person_name(who)
    if member and member.role == MemberRole.ADMIN and role == MemberRole.MODERATOR:
        return Card(_("Nothing to change"), (text(_("{name} is an admin, which includes moderating.", name=name)),))
    changed = (
        await db.members.set_member_role(member, role)
        if member
        else await db.roles.grant(ctx.where.platform, who.id, role, unknown_person_name(who))
    )
    if not changed:
        return Card(
            _("Nothing to change"),
            (text(_("{name} is already {with_article}.", name=name, with_article=_with_article(role))),),
        )
    await record_action(ctx, db, "roles", before={name: ""}, after={name: role})
    parts: list[Part] = [
        text(*phrase("{name} is now {with_article}.", name=Bold(name), with_article=_with_article(role)))
    ]
    if ctx.where.platform == "discord":
        parts.append(note(*parse_backticks(_(SHOWN_ON_DISCORD[role]))))
    return Card(_("Done"), tuple(parts), Tone.GOOD)


async def _remove(
    ctx: Context,
    db: UnitOfWork,
    role: MemberRole,
    who: Mention,
    member: Member | None,
    withdraw_approval: ApprovalWithdrawal,
) -> Card:
    name = member.name if member else unknown_person_name(who)
    removed = await db.roles.revoke(ctx.where.platform, who.id, role) if who.id else False
    if member and member.role == role:
        removed = await db.members.set_member_role(member, MemberRole.MEMBER) or removed
    if not removed:
        return Card(
            _("Nothing to change"),
            (text(_("Nobody gave {name} the {role} role here, so there is nothing to remove.", name=name, role=role)),),
        )
    if role == MemberRole.ADMIN and not ctx.who.manages and not await _admins(db):
        # The exception rolls back the transaction, and so the change of the list.
        raise UserError(
            _(
                "{name} is the club’s last admin. Appoint another admin first, or ask somebody with admin rights "
                "on the platform.",
                name=name,
            )
        )
    await record_action(ctx, db, "roles", before={name: role}, after={name: ""})
    parts: list[Part] = [
        text(*phrase("{name} is no longer {with_article}.", name=Bold(name), with_article=_with_article(role)))
    ]
    if member and (draft := await withdraw_approval(ctx.app, db, member)):
        parts.append(text(_("Their approval of No. {number} was withdrawn.", number=draft)))
    return Card(_("Done"), tuple(parts), Tone.GOOD)


async def _admins(db: UnitOfWork) -> bool:
    """True if the club's own list names any admin."""
    granted = any(grant.role == MemberRole.ADMIN for grant in await db.roles.all())
    return granted or any(member.role == MemberRole.ADMIN for member in await db.members.with_roles())


def _list(grants: Sequence[RoleGrant], members: Sequence[Member], platform: str) -> Card:
    lines: list[Words] = [
        phrase("{member} — {role}, on every platform they are on", member=Bold(member.shown_name), role=member.role)
        for member in members
    ]
    lines += [
        phrase(
            "{label} — {role}, on {platform}",
            label=Bold(grant.label or grant.external_id),
            role=grant.role,
            platform=grant.platform.title(),
        )
        for grant in grants
    ]
    parts: list[Part] = [Points(tuple(lines))] if lines else [text(_("Nobody has been given a role in this club yet."))]
    parts.append(note(_(ADMINS_OF.get(platform, ADMINS_ANYWHERE))))
    forms = {"moderator": _("Add a moderator"), "admin": _("Add an admin")}
    parts.append(
        Buttons(tuple(Button(label, Call.of("clubadmin roles", role).as_form()) for role, label in forms.items()))
    )
    here = [grant for grant in grants if grant.platform == platform][:MAX_REMOVE_BUTTONS]
    if here:
        parts.append(Buttons(tuple(map(_remove_button, here))))
    return Card(_("Who runs the club"), tuple(parts))


def _remove_button(grant: RoleGrant) -> Button:
    """Removes a role from a person or group, also one that is deleted on its platform and cannot be picked there."""
    name = truncate(grant.label or grant.external_id, 50)
    return Button(
        _("Remove {name}", name=name), Call.of("clubadmin roles", grant.role, grant.external_id, remove="yes")
    )


def unknown_person_name(who: Mention) -> str:
    """Name of a person or group that is not a member, as it was mentioned."""
    if who.name:
        return who.name
    return _("group {id}", id=who.id) if who.group else _("account {id}", id=who.id)


def _with_article(role: MemberRole) -> str:
    return _("an admin") if role == MemberRole.ADMIN else _("a moderator")

"""Permissions: the role that a requester has, and whether it suffices for a command; asked at every request."""

from __future__ import annotations

from bot.app import Context, Requester
from bot.chat.audience_texts import refusal
from bot.chat.command import Audience, Command
from bot.domain.models import Member, MemberRole
from bot.errors import NotAllowed


def highest_role(who: Requester, member: Member, granted: frozenset[MemberRole]) -> Audience:
    """Highest role that the platform, the club's list (`granted`) or the member's row gives."""
    roles = granted | {member.role}
    if who.manages or MemberRole.ADMIN in roles:
        return Audience.ADMIN
    if who.moderates or MemberRole.MODERATOR in roles:
        return Audience.MODERATOR
    return Audience.MEMBER


def check_audience(context: Context, command: Command) -> None:
    """Raises NotAllowed if the requester does not belong to the command's audience."""
    if not context.may(command.audience):
        raise NotAllowed(refusal(command.name, command.audience, context.where.platform))

"""Channels and workspaces that cannot be reached any more: what is recorded, and who is informed.

Each platform detects this in its own way; the rules are here. Trouble is reported to the reachable moderators'
channels, and by direct message to the club's own admins, the last one who set channels, and the workspace's owner.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.chat.platform_error_texts import reason_text
from bot.chat.rich_text import parse_backticks
from bot.domain.models import Account, MemberRole, Room
from bot.features.shared.channel_links import link_channels
from bot.features.shared.delivery.channel_recovery import post_missed
from bot.features.shared.delivery.member_messages import send_to_account
from bot.features.shared.delivery.moderator_posts import alert_moderators
from bot.features.shared.languages import club_language
from bot.features.shared.platform_texts import CHANNEL_DELETED, PURPOSE_LABELS, removed_card
from bot.locale.current import _

_COMMAND = re.compile(r"(?<![\w`/])/[a-z]+(?: [a-z]+)?(?= |$)")
"""A command in the advice of a reason, which is stored as plain text."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkspaceOwner:
    """Owner of a workspace, if the platform names one, and the way to message them."""

    id: str
    """ID of the account on the platform."""
    send: Callable[[Card], Awaitable[None]]
    """Sends a direct message; never raises."""


async def report_trouble(app: App, club_id: int, why: str, card: Card, *, owner: WorkspaceOwner | None = None) -> None:
    """Report trouble to everyone who can fix it, and record `why` in the club's audit log."""
    await alert_moderators(app, club_id, why, card)
    await tell_admins(app, club_id, card, except_account=owner.id if owner else "")
    if owner:
        await owner.send(card)


async def tell_admins(app: App, club_id: int, card: Card, *, except_account: str = "") -> bool:
    """Send a card to the club's own admins in direct messages, except to `except_account`. True if any was sent.

    These are the members with the role admin, and the last one who set channels; without any, the last one who changed
    settings. Must not be called inside a transaction.
    """
    async with app.store.read(club_id) as db:
        admins = {member.id for member in await db.members.with_roles() if member.role == MemberRole.ADMIN}
        for verb in ("channels", "settings"):
            if verb == "channels" or not admins:
                admins |= {act.member_id for act in await db.audit_log.latest(verbs=(verb,), limit=1) if act.member_id}
        accounts = [account for admin in sorted(admins) for account in await db.members.accounts(admin)]
    sent = [await _send(app, account, card) for account in accounts if account.external_id != except_account]
    return any(sent)


async def _send(app: App, account: Account, card: Card) -> bool:
    if account.platform not in app.gateways or not account.workspace:
        return False
    try:
        await send_to_account(app, account, card)
    except (NotSent, OutcomeUnknown, Refused) as error:
        log.info("an admin on %s could not be reached: %s", account.platform, error)
        return False
    return True


async def report_lost_channel(
    app: App, room: Room, why: str, *, name: str = "", owner: WorkspaceOwner | None = None
) -> None:
    """Record that a channel cannot be used, and report it if it could be used until now.

    Another reason for the same channel is recorded only: one problem has several names, and each check may see another.
    """
    async with app.store.begin(room.club_id) as db:
        is_news = await db.rooms.record_lost(room.id, why)
    if is_news:
        await announce_lost_channel(app, room, why, name=name, owner=owner)


async def announce_lost_channel(
    app: App, room: Room, why: str, *, name: str = "", owner: WorkspaceOwner | None = None
) -> None:
    """Report that a channel cannot be used any more, which is already recorded."""
    name = name or room.name or room.external_id
    log.warning("the channel %s cannot be used: %s", name, why)
    async with app.store.read(room.club_id) as db, club_language(db):
        row = Buttons((Button(_("Check everything"), Call.of("clubadmin doctor")),))
        said = parse_backticks(_lost(room, name, reason_text(why)))
        if why != CHANNEL_DELETED and name == room.name:
            said = link_channels(said, [room])
        card = Card(_("A channel cannot be used"), (text(*said), row), Tone.BAD)
    await report_trouble(app, room.club_id, f"#{name}: {why}", card, owner=owner)


def _lost(room: Room, name: str, why: str) -> str:
    label = PURPOSE_LABELS.get(room.purpose)
    purpose = _(" for “{purpose}”", purpose=_(label)) if label else ""
    reason, _unused, advice = why.partition(": ")
    say = _("I can no longer use #{name}{purpose}: {why}.", name=name, purpose=purpose, why=reason)
    next_step = _COMMAND.sub(r"`\g<0>`", advice[:1].upper() + advice[1:])
    return f"{say} {next_step}." if advice else say


async def report_removed_workspace(app: App, platform: str, external_id: str, place: str, why: str) -> None:
    """Note that a workspace removed the bot, and report it once in the club's other places. Its data is kept.

    `place` is the kind of workspace with its platform, such as "Slack workspace". The workspace's token is dropped.
    """
    async with app.store.admin_session() as admin:
        is_news = await admin.directory.leave(platform, external_id, why, app.now())
        await admin.installations.delete_token(platform, external_id)
        workspace = await admin.directory.workspace(platform, external_id)
    if not is_news or workspace is None:
        return
    name = workspace.name or external_id
    log.warning("removed from the %s %s: %s", place, name, why)
    async with app.store.read(workspace.club_id) as db, club_language(db):
        log_line, card = _("removed from the {place} {name}", place=place, name=name), removed_card(place, name, why)
    await report_trouble(app, workspace.club_id, log_line, card)


async def restore_channel(app: App, room: Room) -> None:
    """Record that a channel can be used again, and retry what could not be posted there."""
    async with app.store.begin(room.club_id) as db:
        if await db.rooms.set_trouble(room.id, ""):
            await post_missed(db, room.id, app.now())
    app.wake_up.set()


async def rename_channel(app: App, room: Room, name: str) -> None:
    """Record the current name of a channel."""
    if name and room.name != name:
        async with app.store.begin(room.club_id) as db:
            await db.rooms.rename(room.id, name)

"""Channels and workspaces that cannot be reached any more: what is written down, and which people get to know.

Platforms notice, each in its own way; the rules are here. Trouble goes to the moderators' rooms that can be reached,
and by direct message to the club's own admins, to whoever last chose channels, and to the workspace's owner.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.domain.models import Account, MemberRole, Room
from bot.features.shared.channel_healing import heal
from bot.features.shared.messaging import alert_admins, send_to_account

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkspaceOwner:
    """Owner of a workspace, where the platform names one, and the platform's way to write to them."""

    id: str
    """Account on the platform."""
    send: Callable[[Card], Awaitable[None]]
    """Never raises."""


async def report_trouble(app: App, club_id: int, why: str, card: Card, *, owner: WorkspaceOwner | None = None) -> None:
    """Show a card to everyone who can mend trouble of a club, and write `why` into its log."""
    await alert_admins(app, club_id, why, card)
    await tell_admins(app, club_id, card, besides=owner.id if owner else "")
    if owner:
        await owner.send(card)


async def tell_admins(app: App, club_id: int, card: Card, *, besides: str = "") -> None:
    """Show a card to the club's own admins in direct messages, but to the account `besides`.

    They are the members who are admins by their own row, and whoever last chose the club's channels; where nobody did,
    whoever last changed its settings. Never call it inside a transaction.
    """
    async with app.store.read(club_id) as db:
        admins = {member.id for member in await db.members.with_roles() if member.role == MemberRole.ADMIN}
        for verb in ("channels", "settings"):
            if verb == "channels" or not admins:
                admins |= {act.member_id for act in await db.acts.latest(verbs=(verb,), limit=1) if act.member_id}
        accounts = [account for admin in sorted(admins) for account in await db.members.accounts(admin)]
    for account in accounts:
        if account.external_id != besides:
            await _send(app, account, card)


async def _send(app: App, account: Account, card: Card) -> None:
    if account.platform not in app.gateways or not account.workspace:
        return
    try:
        await send_to_account(app, account, card)
    except (NotSent, OutcomeUnknown, Refused) as error:
        log.info("an admin on %s could not be reached: %s", account.platform, error)


async def report_lost_channel(
    app: App, room: Room, why: str, *, name: str = "", owner: WorkspaceOwner | None = None
) -> None:
    """Note that a channel cannot be used. The first time it is reported; the same trouble again is no news."""
    async with app.store.begin(room.club_id) as db:
        news = await db.rooms.set_trouble(room.id, why)
    if not news:
        return
    name = name or room.name or room.external_id
    log.warning("the channel %s cannot be used: %s", name, why)
    row = Buttons((Button("Check everything", Call.of("clubadmin doctor")),))
    card = Card("A channel is out of reach", (text(_lost(room, name, why)), row), Tone.BAD)
    await report_trouble(app, room.club_id, f"#{name}: {why}", card, owner=owner)


def _lost(room: Room, name: str, why: str) -> str:
    purpose = "" if room.purpose == "visit" else f" for {room.purpose}"
    return f"I can no longer use #{name}{purpose}: {why}."


async def restore_channel(app: App, room: Room) -> None:
    """Note that a channel can be used (again): what could not be posted there is tried once more."""
    async with app.store.begin(room.club_id) as db:
        if await db.rooms.set_trouble(room.id, ""):
            await heal(db, room.id, app.now())
    app.wake_up.set()


async def rename_channel(app: App, room: Room, name: str) -> None:
    """Note what a channel is called now."""
    if name and room.name != name:
        async with app.store.begin(room.club_id) as db:
            await db.rooms.use(room.workspace_id, room.external_id, room.purpose, name)

"""Trouble that nobody asked about: the moderators are told wherever they can still be reached."""

from __future__ import annotations

import logging

from bot.app import App
from bot.chat.cards import Card, to_json
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.features.notices import reach

log = logging.getLogger(__name__)

ALARM = "alarm"
"""The kind of such a notice; its subject is the log's row about it."""


async def alarm(app: App, club_id: int, why: str, card: Card) -> None:
    """Write trouble into the club's log and have a card posted in every moderators' room that can be reached."""
    now = app.now()
    async with app.store.begin(club_id) as db:
        act = await db.acts.note("alarm", None, now, why=why)
        for room in await db.rooms.for_("moderators"):
            if not room.trouble:
                await db.deliveries.plan(ALARM, act.id, room, now, card=to_json(card))
    app.bell.ring()


async def tell_admins(app: App, club_id: int, card: Card) -> int:
    """Say something to the club's own admins, each in direct messages; how many accounts that reached.

    They are the members who are admins by their own row, and whoever last chose the club's channels. Never call it
    inside a transaction.
    """
    async with app.store.read(club_id) as db:
        admins = {member.id for member in await db.members.with_roles() if member.role == "admin"}
        for verb in ("channels", "settings"):
            admins |= {act.member_id for act in await db.acts.latest(verbs=(verb,), limit=1) if act.member_id}
        accounts = [account for admin in admins for account in await db.members.accounts(admin)]
    reached = 0
    for account in accounts:
        try:
            await reach(app, account, card)
        except (NotSent, OutcomeUnknown, Refused) as error:
            log.info("an admin could not be told on %s: %s", account.platform, error)
        else:
            reached += 1
    return reached

"""Direct messages about new papers of the club's sources: what members follow, and what was chosen for them.

A member gets at most one a day: in the morning, or on Mondays if all that they follow is weekly. It is planned as a row
and claimed right before it is sent, so that it is sent once, and so that a stop or a failure costs nobody else theirs;
what a platform certainly did not take is tried again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, Part, note
from bot.chat.rich_text import parse_backticks
from bot.domain.follow_updates import Frequency, next_notification_at
from bot.domain.models import Account, Club, Member
from bot.domain.preferences import Preferences
from bot.features.shared.delivery.member_messages import send_to_member
from bot.features.shared.languages import member_language
from bot.features.shared.stream.followed_entries import followed_entries, followed_entry_row
from bot.features.shared.stream.recommendation_cards import recommendation_rows_of
from bot.features.shared.stream.recommendations import recommend
from bot.locale.current import _
from bot.store import UnitOfWork
from bot.store.database.outage import write_until_stored

MAX_LISTED = 6
"""New papers of what a member follows in one message."""
MAX_MEMBERS = 50
"""Members who are sent messages in one round."""
FIRST_LOOK_BACK = timedelta(days=1)
"""Age up to which a paper is news in a member's first message."""
GIVE_UP_AFTER = timedelta(hours=12)
"""Time after which a message that no platform took is left out."""


@dataclass(frozen=True, slots=True)
class DueMember:
    """A member whose message is due."""

    member: Member
    since: datetime
    due_at: datetime
    next_at: datetime
    """Time of the message after this one."""
    weekly: bool
    """True if the week's recommendations belong into it: a Monday morning has come since the last message."""


async def due_for_new_papers(app: App, club_id: int) -> Sequence[DueMember]:
    """Plan a message for everybody in a club who wants one. Returns the members whose message is due."""
    async with app.store.begin(club_id) as db:
        return await _plan(db, await db.club(), app.now())


async def _plan(db: UnitOfWork, club: Club, now: datetime) -> list[DueMember]:
    wishes, planned = await db.recommendations.message_wishes(), await db.recommendations.messages()
    members = await db.members.many(wishes)
    wanted = {id: member for id, member in members.items() if Preferences.of(member.prefs).dm}
    await db.recommendations.cancel_messages([id for id in planned if id not in wanted])
    due = list[DueMember]()
    for id, member in wanted.items():
        zone = ZoneInfo(Preferences.of(member.prefs).timezone or club.timezone)
        next_at = next_notification_at(_message_frequency(wishes[id]), zone, now)
        message = planned.get(id)
        if message is None:
            await db.recommendations.plan_message(id, now - FIRST_LOOK_BACK, next_at)
        elif message.next_at > next_at:
            await db.recommendations.plan_message(id, message.seen_until, next_at)
        elif message.next_at <= now and len(due) < MAX_MEMBERS:
            since = message.seen_until
            weekly = next_notification_at("weekly", zone, since) <= now
            due.append(DueMember(member, since, message.next_at, next_at, weekly=weekly))
    return due


def _message_frequency(frequencies: Iterable[Frequency]) -> Frequency:
    """Frequency of a member's messages: weekly if everything they follow is weekly, else daily."""
    return "weekly" if set(frequencies) <= {"weekly"} else "daily"


async def send_new_papers(app: App, club_id: int, due: DueMember) -> bool:
    """Send a member's message, if there is anything to say. False if it was not sent."""
    if due.weekly and Preferences.of(due.member.prefs).papers:
        await recommend(app, club_id, due.member.id)
    seen_until = app.now()
    async with app.store.read(club_id) as db:
        async with member_language(db, due.member.id):
            card = await _card(db, due)
        accounts: Sequence[Account] = await db.pending_notifications.reachable_accounts(
            due.member.id, list(app.gateways)
        )
    async with app.store.begin(club_id) as db:
        since = await db.recommendations.claim_message(due.member.id, seen_until, due.next_at)
    if card is None or since != due.since:
        return False
    outcome = await send_to_member(app, accounts, card)
    now = app.now()
    if outcome.retry_after and now - due.due_at < GIVE_UP_AFTER:
        again = now + timedelta(seconds=outcome.retry_after)

        async def plan_again() -> None:
            async with app.store.begin(club_id) as db:
                await db.recommendations.plan_message(due.member.id, due.since, again)

        await write_until_stored(f"that a message to member {due.member.id} is sent later", plan_again)
    return not outcome.error


async def _card(db: UnitOfWork, due: DueMember) -> Card | None:
    """The message; None if nothing is new."""
    follows = [follow for follow in await db.follows.by_member(due.member.id) if follow.how != "home"]
    found = await followed_entries(db, follows, due.since)
    parts: list[Part] = []
    if due.weekly and Preferences.of(due.member.prefs).papers:
        parts += recommendation_rows_of(await db.recommendations.chosen(due.member.id))
    if found and parts:
        parts.append(Heading(_("New papers that match what you follow")))
    parts += [followed_entry_row(entry, why) for entry, why in found[:MAX_LISTED]]
    if not parts:
        return None
    if (more := len(found) - MAX_LISTED) > 0:
        say = _("And {more} more: `/paper find WORDS scope=new` looks through all new papers.", more=more)
        parts.append(note(*parse_backticks(say)))
    parts.append(note(*parse_backticks(_("Change this with `/my papers` and `/my follows`."))))
    parts.append(Buttons((Button(_("What I follow"), Call.of("my follows")),)))
    return Card(_("New papers for you in {name}", name=(await db.club()).name), tuple(parts))

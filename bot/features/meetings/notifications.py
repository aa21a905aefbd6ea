"""Direct messages about meetings: written down when they are due, each sent once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, note, text
from bot.chat.phrases import phrase
from bot.chat.rich_text import parse_backticks
from bot.domain.attendance import LATEST, Attendance, due_reminders, is_reminded
from bot.domain.meeting_times import format_span
from bot.domain.models import Club, Meeting, MeetingNotificationKind, MeetingState, Member, NotificationState
from bot.domain.preferences import Preferences
from bot.features.shared.delivery.direct_messages import send_to_member
from bot.features.shared.languages import member_language
from bot.features.shared.local_times import meeting_time
from bot.features.shared.meetings.meeting_cards import load_meeting_view, meeting_lines, name_of, rsvp_buttons
from bot.locale.current import _
from bot.store import UnitOfWork
from bot.store.database.outage import write_until_stored
from bot.store.meetings.notifications import NotificationKey

LEASE = timedelta(minutes=15)
"""Lease of a notification that a process sends: longer than trying every account of a member takes."""
LONGEST_PAUSE = timedelta(minutes=5)
"""Longest time between two attempts, so that a reminder of the last hour comes soon after an outage."""
MAX_TRIES = 600
"""Attempts to send a message that was certainly not sent: an outage of two days. What is no longer true ends sooner."""
NAMED = "named"
"""First word of the mark of a notification to a member who was named; that to the one before begins with another."""
SOON = timedelta(hours=25)
"""Time ahead in which meetings are looked at for reminders."""


async def plan_reminders(app: App, club_id: int) -> int:
    """Write down the reminders that are due, for members who want them. Returns the number of new ones."""
    now = app.now()
    async with app.store.read(club_id) as db:
        wanted = await _wanted(db, now)
        known = await db.meeting_notifications.known({key.meeting_id for key in wanted})
    if not (new := [key for key in wanted if key not in known]):
        return 0
    async with app.store.begin(club_id) as db:
        return sum([await db.meeting_notifications.add(key, now) for key in new])


async def _wanted(db: UnitOfWork, now: datetime) -> list[NotificationKey]:
    """Reminders of all meetings that are due now; of the presenter too, if they did not say that they come."""
    due = [(m, kinds) for m in await db.meetings.upcoming(now, until=now + SOON, limit=1_000)
           if (kinds := due_reminders(m, now))]  # fmt: skip
    answers = await db.meeting_responses.many([meeting.id for meeting, _unused in due])
    wanted: list[NotificationKey] = []
    for meeting, kinds in due:
        responses = answers.get(meeting.id, [])
        waiting = {member.id for member in Attendance.of(responses, meeting.size, meeting.presenter_id).waiting}
        for kind in kinds:
            chosen = {
                response.member_id: response.member
                for response in responses
                if is_reminded(response, meeting, kind, response.member_id in waiting)
            }
            if meeting.presenter:
                chosen[meeting.presenter.id] = meeting.presenter
            wanted += [
                NotificationKey(meeting.id, member.id, kind, mark_of(meeting))
                for member in chosen.values()
                if _wants_reminders(member)
            ]
    return wanted


def mark_of(meeting: Meeting) -> str:
    """Mark of notifications about a meeting's start, so that a meeting that is moved is told again."""
    return meeting.starts_at.strftime("%Y-%m-%dT%H:%MZ")


def _wants_reminders(member: Member) -> bool:
    wishes = Preferences.of(member.prefs)
    return wishes.dm and wishes.reminders


async def tell_attendees(
    db: UnitOfWork, meeting: Meeting, what: MeetingNotificationKind, now: datetime, *, but: int = 0
) -> int:
    """Write down a notification for everybody who wants to come or presents, `but` not for one member.

    Returns the number of members.
    """
    responses = await db.meeting_responses.all(meeting.id)
    members = {response.member_id for response in responses if response.answer != "no"}
    if meeting.presenter_id:
        members.add(meeting.presenter_id)
    marks: dict[MeetingNotificationKind, str] = {
        "moved": mark_of(meeting),
        "restored": f"{mark_of(meeting)} {meeting.sequence}",
    }
    mark = marks.get(what, str(meeting.sequence))
    return await tell(db, meeting, sorted(members - {but}), what, mark, now)


async def tell(
    db: UnitOfWork, meeting: Meeting, members: Iterable[int], what: MeetingNotificationKind, mark: str, now: datetime
) -> int:
    """Write down a notification for members. Returns the number of new ones."""
    return sum(
        [await db.meeting_notifications.add(NotificationKey(meeting.id, member, what, mark), now) for member in members]
    )


async def send_meeting_notification(app: App, club_id: int, key: NotificationKey, owner: str) -> NotificationState:
    """Send one notification that is due, and return its new state.

    `owner` is the process, which holds the lease. A message that may have arrived is never sent again; one that is no
    longer true is dropped.
    """
    now = app.now()
    async with app.store.begin(club_id) as db:
        attempts = await db.meeting_notifications.claim(key, owner, now, LEASE)
        if not attempts:
            return NotificationState.DROPPED
        member = await db.members.get(key.member_id)
        async with member_language(db, key.member_id):
            card = await _card(db, key, member, now) if member and Preferences.of(member.prefs).dm else None
        if card is None:
            await db.meeting_notifications.settle(
                key, owner, state=NotificationState.DROPPED, error=_("it is too late for this message")
            )
            return NotificationState.DROPPED
        accounts = await db.notifications.reachable_accounts(key.member_id, list(app.gateways))
    outcome, now = await send_to_member(app, accounts, card), app.now()
    state, later = outcome.state, None
    if outcome.retry_after and attempts < MAX_TRIES:
        state, later = NotificationState.WAITING, now + pause_after(attempts, outcome.retry_after)

    async def settle() -> None:
        async with app.store.begin(club_id) as db:
            if later:
                await db.meeting_notifications.settle(key, owner, state=state, not_before=later, error=outcome.error)
            else:
                await db.meeting_notifications.settle(key, owner, state=state, told_at=now, error=outcome.error)

    await write_until_stored(f"what came of a message to member {key.member_id}", settle)
    return state


def pause_after(attempts: int, least: float) -> timedelta:
    """Time until the next attempt: it doubles, and is at least as long as the platform asks for, in seconds."""
    doubled = timedelta(seconds=least) * (1 << min(attempts - 1, 10))
    return max(timedelta(seconds=least), min(doubled, LONGEST_PAUSE))


async def _card(db: UnitOfWork, key: NotificationKey, member: Member, now: datetime) -> Card | None:
    """Message of a notification in the member's zone; None if it is not true any more."""
    meeting, club = await db.meetings.get(key.meeting_id), await db.club()
    if meeting is None or not await _is_true(db, meeting, key, now):
        return None
    view = await load_meeting_view(db, meeting)
    zone = ZoneInfo(Preferences.of(member.prefs).timezone or club.timezone)
    name = name_of(meeting, view.paper)
    open_it = Button(_("Open"), Call.of("club meet", meeting.number))
    stop = note(*parse_backticks(_("Turn reminders off with `/my prefs reminders=no`.")))
    details: list[Part] = meeting_lines(view, zone)
    match key.what:
        case "day" | "hour":
            soon = _("within a day") if key.what == "day" else _("within an hour")
            row = Buttons((Button(_("I can’t come"), Call.of("club rsvp", "no", meeting.number)), open_it))
            return Card(_("{name} starts {soon}", name=name, soon=soon), (*details, row, stop))
        case "moved":
            return Card(
                _("{name} was moved", name=name),
                (
                    text(*phrase("New time: {when}", when=meeting_time(meeting, zone))),
                    *details[1:],
                    Buttons(rsvp_buttons(meeting)),
                ),
            )
        case "restored":
            return Card(_("{name} will take place after all", name=name), (*details, Buttons(rsvp_buttons(meeting))))
        case "cancelled":
            parts: list[Part] = [text(*phrase("It was planned for {when}.", when=meeting_time(meeting, zone)))]
            parts += (
                [text(_("Reason: {cancelled_why}", cancelled_why=_(meeting.cancelled_why)))]
                if meeting.cancelled_why
                else []
            )
            return Card(_("{name} was canceled", name=name), tuple(parts))
        case "place":
            row = Buttons((Button(_("I can’t come"), Call.of("club rsvp", "no", meeting.number)), open_it))
            return Card(_("A seat is free: you now have a place at {name}", name=name), (*details, row))
        case "presenter":
            row = Buttons((Button(_("I’ll present"), Call.of("club present", meeting.number)), open_it))
            how = note(*parse_backticks(_("Or run `/club present {meeting_number}`.", meeting_number=meeting.number)))
            return Card(_("{name} needs a presenter", name=name), (*details, row, how))
        case "named" if key.mark.startswith(NAMED):
            row = Buttons(
                (
                    Button(_("I’m coming"), Call.of("club rsvp", "yes", meeting.number)),
                    Button(_("I can’t present"), Call.of("club present", meeting.number, what="release")),
                    open_it,
                )
            )
            return Card(_("A moderator named you to present at {name}", name=name), (*details, row))
        case "named":
            return Card(
                _("You no longer present at {name}: a moderator changed it", name=name),
                (*details, Buttons((open_it,))),
            )
        case "offer":
            return await _offer_card(db, key, name, details, club)
        case "answer":
            return await _offer_answer_card(db, key, name, details)
        case _:
            assert_never(key.what)


async def _offer_card(db: UnitOfWork, key: NotificationKey, name: str, details: list[Part], club: Club) -> Card | None:
    """Message of an offer to present; None if it is settled."""
    offer = await db.presenter_offers.get(int(key.mark))
    if offer is None or offer.settled_at is not None:
        return None
    giver = await db.members.get(offer.member_id)
    other = await db.meetings.get(offer.for_meeting_id) if offer.for_meeting_id else None
    who = giver.name if giver else _("A member")
    ask = _("{who} asks you to present", who=who)
    if other:
        ask += _(
            ", and would present at meeting {other_number} ({format_span}) for you",
            other_number=other.number,
            format_span=format_span(other, ZoneInfo(club.timezone)),
        )
    row = (
        Button(_("Accept"), Call.of("club offer", offer.id, "accept")),
        Button(_("Decline"), Call.of("club offer", offer.id, "decline")),
    )
    how = note(*parse_backticks(_("Or run `/club offer {id} accept`, or `decline`.", id=offer.id)))
    return Card(_("Can you present at {name}?", name=name), (text(f"{ask}."), *details, Buttons(row), how))


async def _offer_answer_card(db: UnitOfWork, key: NotificationKey, name: str, details: list[Part]) -> Card | None:
    """Message of the answer to an offer, to the other side of it."""
    offer = await db.presenter_offers.get(int(key.mark))
    if offer is None or offer.settled_at is None:
        return None
    to = await db.members.get(offer.to_id)
    who = to.name if to else _("The member")
    if key.member_id == offer.to_id:
        return Card(_("You do not have to present at {name}: the request was taken back", name=name), tuple(details))
    if offer.accepted:
        return Card(_("{member} will present at {name}", member=who, name=name), tuple(details))
    return Card(_("{member} cannot present at {name}", member=who, name=name), tuple(details))


async def _is_true(db: UnitOfWork, meeting: Meeting, key: NotificationKey, now: datetime) -> bool:
    """True if what a notification says is still true."""
    planned = meeting.state == MeetingState.PLANNED and meeting.starts_at > now
    answer = await db.meeting_responses.answer(meeting.id, key.member_id)
    comes = answer in ("yes", "maybe") or (meeting.presenter_id == key.member_id and answer is None)
    match key.what:
        case "day" | "hour":
            in_time = meeting.starts_at - now > LATEST[key.what]
            same = key.mark == mark_of(meeting)
            member = await db.members.get(key.member_id)
            presents = meeting.presenter_id == key.member_id
            return planned and in_time and same and (comes or presents) and bool(member and _wants_reminders(member))
        case "moved":
            return planned and key.mark == mark_of(meeting)
        case "restored":
            knew = await db.meeting_notifications.was_sent(meeting.id, key.member_id, "cancelled")
            return planned and key.mark.startswith(mark_of(meeting)) and knew
        case "cancelled":
            return meeting.state == MeetingState.CANCELLED and key.mark == str(meeting.sequence)
        case "place":
            attendance = Attendance.of(await db.meeting_responses.all(meeting.id), meeting.size, meeting.presenter_id)
            return planned and any(member.id == key.member_id for member in attendance.going)
        case "presenter":
            return planned and meeting.presenter_id is None
        case "named":
            return planned and (meeting.presenter_id == key.member_id) == key.mark.startswith(NAMED)
        case "offer" | "answer":
            return planned
        case _:
            assert_never(key.what)

"""Cards of direct messages about meetings, as long as what they say is true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, note, text
from bot.chat.phrases import phrase
from bot.chat.rich_text import parse_backticks
from bot.domain.attendance import LATEST, Attendance
from bot.domain.meeting_times import format_span
from bot.domain.models import Club, Meeting, MeetingState, Member
from bot.domain.preferences import Preferences
from bot.features.shared.local_times import meeting_time
from bot.features.shared.meetings.meeting_cards import load_meeting_view, meeting_lines, name_of, rsvp_buttons
from bot.locale.current import _
from bot.store import UnitOfWork
from bot.store.meetings.meeting_notifications import NotificationKey

NAMED = "named"
"""First word of the mark of a notification to a member who was named; that to the one before begins with another."""


async def notification_card(db: UnitOfWork, key: NotificationKey, member: Member, now: datetime) -> Card | None:
    """Message of a notification in the member's zone; None if it is not true any more."""
    meeting, club = await db.meetings.get(key.meeting_id), await db.club()
    if meeting is None or not await _is_true(db, meeting, key, now):
        return None
    view = await load_meeting_view(db, meeting)
    zone = ZoneInfo(Preferences.of(member.prefs).timezone or club.timezone)
    name = name_of(meeting, view.paper)
    details: list[Part] = meeting_lines(view, zone)
    what = key.what
    match what:
        case "day" | "hour" | "moved" | "restored" | "cancelled" | "place":
            return _schedule_card(what, meeting, name, details, zone)
        case "presenter" | "named":
            return _presenter_card(what, meeting, name, details, is_named=key.mark.startswith(NAMED))
        case "offer":
            return await _offer_card(db, key, name, details, club)
        case "answer":
            return await _offer_answer_card(db, key, name, details)
        case _:
            assert_never(what)


def _open_button(meeting: Meeting) -> Button:
    return Button(_("Open"), Call.of("club meet", meeting.number))


def _schedule_card(
    what: Literal["day", "hour", "moved", "restored", "cancelled", "place"],
    meeting: Meeting,
    name: str,
    details: Sequence[Part],
    zone: ZoneInfo,
) -> Card:
    """Message about when a meeting takes place, if it does, and a seat at it."""
    match what:
        case "day" | "hour":
            soon = _("within a day") if what == "day" else _("within an hour")
            stop = note(*parse_backticks(_("Turn reminders off with `/my prefs reminders=no`.")))
            row = Buttons(
                (Button(_("I can’t come"), Call.of("club rsvp", "no", meeting.number)), _open_button(meeting))
            )
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
            row = Buttons(
                (Button(_("I can’t come"), Call.of("club rsvp", "no", meeting.number)), _open_button(meeting))
            )
            return Card(_("A seat is free: you now have a place at {name}", name=name), (*details, row))
        case _:
            assert_never(what)


def _presenter_card(
    what: Literal["presenter", "named"], meeting: Meeting, name: str, details: Sequence[Part], *, is_named: bool
) -> Card:
    """Message about who presents at a meeting: volunteers are wanted, or the member is named, or is no longer."""
    match what:
        case "presenter":
            row = Buttons((Button(_("I’ll present"), Call.of("club present", meeting.number)), _open_button(meeting)))
            how = note(*parse_backticks(_("Or run `/club present {meeting_number}`.", meeting_number=meeting.number)))
            return Card(_("{name} needs a presenter", name=name), (*details, row, how))
        case "named" if is_named:
            row = Buttons(
                (
                    Button(_("I’m coming"), Call.of("club rsvp", "yes", meeting.number)),
                    Button(_("I can’t present"), Call.of("club present", meeting.number, what="release")),
                    _open_button(meeting),
                )
            )
            return Card(_("A moderator named you to present at {name}", name=name), (*details, row))
        case "named":
            return Card(
                _("You no longer present at {name}: a moderator changed it", name=name),
                (*details, Buttons((_open_button(meeting),))),
            )
        case _:
            assert_never(what)


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
            return planned and in_time and same and (comes or presents) and bool(member and wants_reminders(member))
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


def mark_of(meeting: Meeting) -> str:
    """Mark of notifications about a meeting's start, so that a meeting that is moved is told again."""
    return meeting.starts_at.strftime("%Y-%m-%dT%H:%MZ")


def wants_reminders(member: Member) -> bool:
    """True for a member who takes direct messages, and reminders among them."""
    wishes = Preferences.of(member.prefs)
    return wishes.dm and wishes.reminders

"""Direct messages about meetings: written down when they are due, each sent once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.attendance import Attendance, due_reminders, is_reminded
from bot.domain.models import Meeting, MeetingNotificationKind, NotificationState
from bot.domain.preferences import Preferences
from bot.features.meetings.notification_cards import mark_of, notification_card, wants_reminders
from bot.features.shared.delivery.member_messages import send_to_member
from bot.features.shared.languages import member_language
from bot.locale.current import _
from bot.store import UnitOfWork
from bot.store.database.outage import write_until_stored
from bot.store.meetings.meeting_notifications import NotificationKey

LEASE = timedelta(minutes=15)
"""Lease of a notification that a process sends: longer than trying every account of a member takes."""
LONGEST_PAUSE = timedelta(minutes=5)
"""Longest time between two attempts, so that a reminder of the last hour comes soon after an outage."""
MAX_TRIES = 600
"""Attempts to send a message that was certainly not sent: an outage of two days. What is no longer true ends sooner."""
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
                if wants_reminders(member)
            ]
    return wanted


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
            card = await notification_card(db, key, member, now) if member and Preferences.of(member.prefs).dm else None
        if card is None:
            await db.meeting_notifications.settle(
                key, owner, state=NotificationState.DROPPED, error=_("it is too late for this message")
            )
            return NotificationState.DROPPED
        accounts = await db.pending_notifications.reachable_accounts(key.member_id, list(app.gateways))
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

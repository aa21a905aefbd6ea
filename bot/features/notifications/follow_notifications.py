"""Messages about news on what a member follows: all that is pending in one direct message, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, note
from bot.chat.rich_text import Link, Words, parse_backticks
from bot.chat.text import truncate
from bot.domain.follow_rules import matches
from bot.domain.follow_updates import next_notification_at
from bot.domain.models import (
    Club,
    EditionState,
    Follow,
    Member,
    NotificationState,
    PendingNotification,
    Submission,
    SubmissionState,
)
from bot.domain.preferences import Preferences
from bot.domain.shown_names import shown_under
from bot.domain.withdrawals import paper_withdrawal
from bot.features.shared.delivery.decision_messages import send_decision_message
from bot.features.shared.delivery.member_messages import send_to_member
from bot.features.shared.editions.edition_lookup import edition_url
from bot.features.shared.languages import member_language
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.stream.follow_matching import fastest_frequency, load_subjects, subjects_of_paper, submitters
from bot.locale.current import _
from bot.store import UnitOfWork
from bot.store.database.outage import write_until_stored
from bot.store.papers.submissions import OPEN_STATES

LEASE = timedelta(minutes=15)
"""Lease of the notifications that a process sends: longer than trying every account of a member takes."""
MAX_LISTED = 8
"""Maximum number of notifications in one message: with long titles, as many as fit one of Discord's."""
REFUSAL_PAUSE = timedelta(days=1)
"""Pause after a member's accounts refused a message."""
MAX_TRIES = 8
"""Maximum number of attempts to send a message that was certainly not sent; they take some hours."""


async def send_notifications(app: App, club_id: int, member_id: int, owner: str) -> NotificationState:
    """Send a member's due notifications: decisions about their papers one by one, then the news in one message.

    Returns the state of the news, or FAILED if any message failed.
    """
    failed = False
    while state := await send_decision_message(app, club_id, member_id, owner):
        failed = failed or state == NotificationState.FAILED
    news = await _send_news(app, club_id, member_id, owner)
    return NotificationState.FAILED if failed else news


async def _send_news(app: App, club_id: int, member_id: int, owner: str) -> NotificationState:
    """Send a member's due news, and return their new state.

    `owner` is the process, which holds the lease of the member's notifications. A message that may have arrived is
    never sent again, since the member's home shows the same. A member who refused a message gets none for a day, since
    platforms count refusals.
    """
    async with app.store.begin(club_id) as db:
        member = await db.members.get_locked(member_id)
        await _postpone(db, await db.club(), member, app.now())
        pending = await db.pending_notifications.claim(member_id, app.now(), owner, LEASE)
        accounts = await db.pending_notifications.reachable_accounts(member_id, list(app.gateways))
        names = await db.members.other_names(accounts[0].platform) if accounts else {}
        async with member_language(db, member_id):
            with shown_under(names):
                card = await _card(app, db, member, pending) if pending and Preferences.of(member.prefs).dm else None
        if card is None:
            await db.pending_notifications.settle(
                member_id, owner, state=NotificationState.DROPPED, error=_("it is too late for this message")
            )
            return NotificationState.DROPPED
        if await db.pending_notifications.refused(member_id, app.now() - REFUSAL_PAUSE):
            await db.pending_notifications.settle(
                member_id, owner, state=NotificationState.FAILED, error=_("they could not be messaged recently")
            )
            return NotificationState.DROPPED
    outcome, now = await send_to_member(app, accounts, card), app.now()
    state, later = outcome.state, None
    if outcome.retry_after and max(notification.attempts for notification in pending) < MAX_TRIES:
        state, later = NotificationState.WAITING, now + timedelta(seconds=outcome.retry_after)

    async def settle() -> None:
        async with app.store.begin(club_id) as db:
            if later:
                await db.pending_notifications.settle(
                    member_id, owner, state=state, not_before=later, error=outcome.error
                )
            else:
                await db.pending_notifications.settle(member_id, owner, state=state, told_at=now, error=outcome.error)

    await write_until_stored(f"what came of a message to member {member_id}", settle)
    return state


async def _postpone(db: UnitOfWork, club: Club, member: Member, now: datetime) -> None:
    """Postpone notifications of a member who got the daily or weekly message already: one for each day or week."""
    zone = ZoneInfo(Preferences.of(member.prefs).timezone or club.timezone)
    for frequency, last in (await db.pending_notifications.last_sent(member.id)).items():
        if (
            frequency in ("daily", "weekly")
            and (until := next_notification_at(fastest_frequency([frequency]), zone, last)) > now
        ):
            await db.pending_notifications.postpone(member.id, frequency, until)


async def _card(app: App, db: UnitOfWork, member: Member, pending: Sequence[PendingNotification]) -> Card | None:
    """Card of the notifications that are still true; None if none is."""
    following = [follow for follow in await db.follows.by_member(member.id) if follow.how != "home"]
    about = await db.submissions.many({notification.submission_id for notification in pending})
    rows: list[ListEntry] = []
    for notification in pending:
        submission = about.get(notification.submission_id)
        if submission is None or member.id in await submitters(db, submission):
            continue
        small = _match_line(submission, following) if notification.what == "new" else None
        if notification.what != "new" and any(follow.submission_id == submission.id for follow in following):
            small = await _outcome_of(app, db, submission, notification)
        if small:
            rows.append(ListEntry(_heading(submission), small))
    if not rows:
        return None
    parts: list[Part] = list(rows[:MAX_LISTED])
    if (more := len(rows) - MAX_LISTED) > 0:
        parts.append(note(*parse_backticks(_("And {more} more: `/my follows` shows what is new.", more=more))))
    parts.append(note(*parse_backticks(_("You follow this. Change or stop it with `/my follows`."))))
    parts.append(Buttons((Button(_("What I follow"), Call.of("my follows")),)))
    return Card(_("News on what you follow in {name}", name=(await db.club()).name), tuple(parts))


def _heading(submission: Submission) -> Words:
    return (f"#{submission.number} ", Link(truncate(title_of(submission), 120), submission.paper.url))


def _match_line(submission: Submission, following: Sequence[Follow]) -> Words | None:
    """The follows that a new paper matches, as text; None if the paper is closed, or matches none any more."""
    if submission.merged_into_id or submission.state not in OPEN_STATES:
        return None
    found = matches(subjects_of_paper(submission), load_subjects(following))
    if not found:
        return None
    return (
        truncate(
            _("New, because you follow ")
            + ", ".join(_("the {kind} “{value}”", kind=kind, value=value) for kind, value in found),
            160,
        )
        + ".",
    )


async def _outcome_of(
    app: App, db: UnitOfWork, submission: Submission, notification: PendingNotification
) -> Words | None:
    """Change of a followed paper, as text; None if it was undone meanwhile."""
    match notification.what:
        case "picked":
            return (_("It is picked for the next edition."),) if submission.state == SubmissionState.PICKED else None
        case "published":
            edition = await db.editions.by_number(int(notification.mark))
            if edition is None or edition.state != EditionState.PUBLISHED:
                return None
            url = edition_url(app.installation.public_url, await db.club(), edition.number)
            name = _("No. {edition_number}", edition_number=edition.number)
            return (_("It is in the club’s edition "), Link(name, url) if url else name, ".")
        case "merged":
            into = await db.submissions.by_number(int(notification.mark))
            if into is None or submission.merged_into_id is None:
                return None
            return (
                _(
                    "It was merged into #{into_number} {into}, which you now follow.",
                    into_number=into.number,
                    into=truncate(title_of(into), 100),
                ),
            )
        case "version":
            return (_("It has a new version, v{mark}.", mark=notification.mark),)
        case "withdrawn":
            withdrawal = paper_withdrawal(submission.paper)
            return (withdrawal.line,) if withdrawal else None
        case "new" | "decision":
            return None  # handled by _match_line, and by send_decision_message
        case _:
            assert_never(notification.what)

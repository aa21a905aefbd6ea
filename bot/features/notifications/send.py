"""Telling a member what they asked for, in one direct message: all that there is by now, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, note
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.chat.rich_text import Link, Words, parse_backticks
from bot.chat.text import truncate
from bot.domain.follow_rules import matches
from bot.domain.follow_updates import next_notification_at
from bot.domain.models import (
    Account,
    AlertState,
    Club,
    EditionState,
    Follow,
    Member,
    PendingNotification,
    Submission,
    SubmissionState,
)
from bot.domain.preferences import Preferences
from bot.domain.withdrawals import paper_withdrawal
from bot.features.editions.draft.draft_state import edition_url
from bot.features.shared.follow_matching import fastest_frequency, load_subjects, subjects_of_paper, submitters
from bot.features.shared.messaging import send_to_account
from bot.features.shared.paper_cards import title_of
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES

LEASE = timedelta(minutes=15)
"""How long what is to be told is a process's own: longer than trying every account of a member takes."""
PATIENCE = 120.0
"""Seconds that one message may take: a platform that asks for pauses is given them, so that nothing is in doubt."""
LISTED = 8
"""Pieces of news of one message; with long titles and links they fill one of Discord's."""
AGAIN = timedelta(days=1)
"""How long somebody who took no message is not written to."""
TRIES = 8
"""How often a message that was certainly not sent is tried, over some hours."""
LONGEST_WAIT = 3600.0
"""Seconds between two tries at most."""


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """What came of telling a member: the state that their news is in now, and why."""

    state: AlertState
    error: str = ""
    retry_after: float = 0


async def send_notifications(app: App, club_id: int, member_id: int, owner: str) -> AlertState:
    """Tell a member what it is time to tell them, and say in what state that is now.

    `owner` is the process, which tells one thing of theirs at a time. What was perhaps told is never told again: their
    home has it all the same. Who took no message is not written to for a day: platforms count what they refuse.
    """
    async with app.store.begin(club_id) as db:
        member = await db.members.get_locked(member_id)
        await _postpone(db, await db.club(), member, app.now())
        alerts = await db.notifications.claim(member_id, app.now(), owner, LEASE)
        card = await _card(app, db, member, alerts) if alerts and Preferences.of(member.prefs).dm else None
        accounts = await db.notifications.reachable_accounts(member_id, list(app.gateways))
        if card is None:
            await db.notifications.settle(
                member_id, owner, state=AlertState.DROPPED, error="it is no news to them any more"
            )
            return AlertState.DROPPED
        if await db.notifications.refused(member_id, app.now() - AGAIN):
            await db.notifications.settle(
                member_id, owner, state=AlertState.FAILED, error="they took no message lately"
            )
            return AlertState.DROPPED
    outcome = await _send(app, accounts, card)
    async with app.store.begin(club_id) as db:
        if outcome.retry_after and max(alert.attempts for alert in alerts) < TRIES:
            later = app.now() + timedelta(seconds=outcome.retry_after)
            await db.notifications.settle(
                member_id, owner, state=AlertState.WAITING, not_before=later, error=outcome.error
            )
            return AlertState.WAITING
        await db.notifications.settle(member_id, owner, state=outcome.state, told_at=app.now(), error=outcome.error)
    return outcome.state


async def _postpone(db: UnitOfWork, club: Club, member: Member, now: datetime) -> None:
    """Who was told by the day or the week already is told the rest the next time: one message each, however late."""
    zone = ZoneInfo(Preferences.of(member.prefs).timezone or club.timezone)
    for how, last in (await db.notifications.last_sent(member.id)).items():
        if how in ("daily", "weekly") and (until := next_notification_at(fastest_frequency([how]), zone, last)) > now:
            await db.notifications.postpone(member.id, how, until)


async def _send(app: App, accounts: Sequence[Account], card: Card) -> SendOutcome:
    """To the first account that takes it. One that may have taken it is the last that is tried."""
    again, why = 0.0, "there is no way to reach them"
    for account in accounts:
        try:
            await send_to_account(app, account, card, PATIENCE)
        except NotSent as error:
            again, why = max(again, min(max(error.retry_after, 60.0), LONGEST_WAIT)), str(error)
        except OutcomeUnknown as error:
            return SendOutcome(AlertState.UNKNOWN, str(error))
        except Refused as error:
            why = str(error)
        else:
            return SendOutcome(AlertState.SENT)
    return SendOutcome(AlertState.FAILED, why, again)


async def _card(app: App, db: UnitOfWork, member: Member, alerts: Sequence[PendingNotification]) -> Card | None:
    """What stands of the news by now; None where nothing does."""
    following = [one for one in await db.follows.by_member(member.id) if one.how != "home"]
    about = await db.submissions.many({alert.submission_id for alert in alerts})
    rows: list[ListEntry] = []
    for alert in alerts:
        submission = about.get(alert.submission_id)
        if submission is None or member.id in await submitters(db, submission):
            continue
        small = _fits(submission, following) if alert.what == "new" else None
        if alert.what != "new" and any(one.submission_id == submission.id for one in following):
            small = await _outcome_of(app, db, submission, alert)
        if small:
            rows.append(ListEntry(_heading(submission), small))
    if not rows:
        return None
    parts: list[Part] = list(rows[:LISTED])
    if (more := len(rows) - LISTED) > 0:
        parts.append(note(*parse_backticks(f"And {more} more: `/my follows` shows what is new.")))
    parts.append(note(*parse_backticks("You asked for this: `/my follows` shows what you follow and ends it.")))
    parts.append(Buttons((Button("What I follow", Call.of("my follows")),)))
    return Card(f"News of what you follow in {(await db.club()).name}", tuple(parts))


def _heading(submission: Submission) -> Words:
    return (f"#{submission.number} ", Link(truncate(title_of(submission), 120), submission.paper.url))


def _fits(submission: Submission, following: Sequence[Follow]) -> Words | None:
    """For which of the things they follow a new paper fits; None where it is gone, or fits no more."""
    if submission.merged_into_id or submission.state not in OPEN_STATES:
        return None
    found = matches(subjects_of_paper(submission), load_subjects(following))
    if not found:
        return None
    return (truncate("New: you follow " + ", ".join(f"the {kind} {value}" for kind, value in found), 160) + ".",)


async def _outcome_of(app: App, db: UnitOfWork, submission: Submission, alert: PendingNotification) -> Words | None:
    """What has become of a followed paper; None where that was taken back meanwhile."""
    match alert.what:
        case "picked":
            return ("It is picked for the next edition.",) if submission.state == SubmissionState.PICKED else None
        case "published":
            edition = await db.editions.by_number(int(alert.mark))
            if edition is None or edition.state != EditionState.PUBLISHED:
                return None
            url = edition_url(app.installation.public_url, await db.club(), edition.number)
            name = f"No. {edition.number}"
            return ("It is in the club’s edition ", Link(name, url) if url else name, ".")
        case "merged":
            into = await db.submissions.by_number(int(alert.mark))
            if into is None or submission.merged_into_id is None:
                return None
            return (f"It is a duplicate of #{into.number} {truncate(title_of(into), 100)}, where you follow it now.",)
        case "version":
            return (f"It has a new version, v{alert.mark}.",)
        case "withdrawn":
            gone = paper_withdrawal(submission.paper)
            return (gone.line,) if gone else None
        case "new":
            return None  # told by what it fits, not by what became of it
        case _:
            assert_never(alert.what)

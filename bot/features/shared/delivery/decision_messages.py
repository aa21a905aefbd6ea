"""Direct messages about moderators' decisions on a paper, to the member who submitted it.

A message is a row of the decision's own transaction, so that none is lost where the program ends before it is sent: the
notification worker sends what is left. What may have arrived is not sent again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.app import App
from bot.chat.cards import Card, text
from bot.chat.phrases import phrase
from bot.domain.models import AuditEntry, NotificationState, Submission
from bot.domain.preferences import Preferences
from bot.features.shared.delivery.member_messages import send_to_member
from bot.features.shared.languages import member_language
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork
from bot.store.database.outage import write_until_stored

LEASE = timedelta(minutes=5)
"""Lease of a message that is being sent: longer than trying every account of a member takes."""
SEND_SECONDS = 20.0
"""Seconds that an account may take: the moderator who decided waits for the answer."""
MAX_TRIES = 8
"""Maximum number of attempts to send a message that was certainly not sent; they take some hours."""

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "hold": (
        mark_text("is held back"),
        mark_text("Members can still vote for it, and moderators can restore it at any time."),
    ),
    "drop": (
        mark_text("was removed from the list"),
        mark_text("If you think this is a mistake, ask a moderator to restore it."),
    ),
    "restore": (mark_text("is as it was before"), ""),
}
"""Outcome for the paper, and advice, by the verb of the decision in the log."""
BACK = mark_text("is back on the list")
"""Outcome for a paper that was removed and is restored."""


async def plan_decision_message(db: UnitOfWork, decided: Submission, act: AuditEntry, now: datetime) -> None:
    """Have the submitter told of a decision, which was logged in the same transaction."""
    await db.pending_notifications.add(
        [
            {
                "member_id": decided.member_id,
                "submission_id": decided.id,
                "what": "decision",
                "mark": str(act.id),
                "how": "instant",
                "at": now,
                "not_before": now,
            }
        ]
    )


async def send_decision_message(app: App, club_id: int, member_id: int, owner: str) -> NotificationState | None:
    """Send a member's oldest message about a decision that is due. Returns its new state; None if there is none.

    `owner` holds the message meanwhile. One whose decision was changed since is dropped.
    """
    async with app.store.begin(club_id) as db:
        member = await db.members.get_locked(member_id)
        pending = await db.pending_notifications.claim_decision(member_id, app.now(), owner, LEASE)
        if pending is None:
            return None
        accounts = await db.pending_notifications.reachable_accounts(member_id, list(app.gateways))
        async with member_language(db, member_id):
            is_wanted = Preferences.of(member.prefs).dm
            card = await _card(db, pending.submission_id, int(pending.mark)) if is_wanted else None
        if card is None:
            why = _("it is too late for this message")
            await db.pending_notifications.settle(member_id, owner, state=NotificationState.DROPPED, error=why)
            return NotificationState.DROPPED
    outcome = await send_to_member(app, accounts, card, SEND_SECONDS)
    waits = bool(outcome.retry_after) and pending.attempts < MAX_TRIES
    state = NotificationState.WAITING if waits else outcome.state

    async def settle() -> None:
        async with app.store.begin(club_id) as db:
            if waits:
                later = app.now() + timedelta(seconds=outcome.retry_after)
                await db.pending_notifications.settle(
                    member_id, owner, state=state, not_before=later, error=outcome.error
                )
            else:
                await db.pending_notifications.settle(
                    member_id, owner, state=state, told_at=app.now(), error=outcome.error
                )

    await write_until_stored(f"what came of a message to member {member_id}", settle)
    return state


async def _card(db: UnitOfWork, submission_id: int, act_id: int) -> Card | None:
    """Message about a decision; None if the paper's state is another one now."""
    decided = await db.submissions.get(submission_id)
    act = next(iter(await db.audit_log.many([act_id])), None)
    if decided is None or act is None or decided.state != act.after.get("state"):
        return None
    outcome, advice = OUTCOMES[act.verb]
    if act.verb == "restore" and act.before.get("state") == "dropped":
        outcome = BACK
    parts = [text(f"#{decided.number} {title_of(decided)}")]
    if act.why:
        club = (await db.club()).name
        parts.append(text(*phrase("The moderators of {club} say: {reason}", club=club, reason=act.why)))
    parts += [text(_(advice))] if advice else []
    return Card(_("A paper you submitted {outcome}", outcome=_(outcome)), tuple(parts))

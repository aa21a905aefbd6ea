"""Consequences of a withdrawal by a paper's source, and of its reinstatement."""

from __future__ import annotations

from datetime import timedelta

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.chat.rich_text import Link
from bot.chat.text import truncate
from bot.domain.models import Submission, SubmissionState, VoteStance
from bot.domain.withdrawals import paper_notice, paper_withdrawal
from bot.editions.model.document import from_json
from bot.features.shared.delivery.member_messages import tell_member
from bot.features.shared.delivery.moderator_posts import call_moderators
from bot.features.shared.languages import club_language, member_language
from bot.features.shared.papers import record_refresh
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.stream.follow_matching import submitters
from bot.locale.current import _
from bot.store import UnitOfWork
from bot.store.papers.submissions import CLOSED_STATES, NOTICED, REINSTATED, WITHDRAWN

KNOWN_AT_SUBMISSION = timedelta(hours=1)
"""Age of a submission up to which a notice was there when it was submitted."""


async def record_withdrawals(app: App, club_id: int) -> None:
    """Record withdrawals and reinstatements: cards are updated, moderators and submitters are informed.

    Repeats change nothing.
    """
    async with app.store.read(club_id) as db:
        changed = [submission.id for submission in await db.submissions.withdrawal_changed()]
    messages: list[tuple[int, Card]] = []
    for id in changed:
        async with app.store.begin(club_id) as db:
            submission = await db.submissions.get(id, lock=True)
            still_changed = {current.id for current in await db.submissions.withdrawal_changed()}
            if submission is None or id not in still_changed:
                continue  # another process has recorded it
            withdrawal = paper_withdrawal(submission.paper)
            verb, why = (
                (WITHDRAWN, withdrawal.line)
                if withdrawal
                else (REINSTATED, _("It now has a version that is not withdrawn."))
            )
            act = await db.audit_log.append(
                verb, None, app.now(), submission_id=id, why=why, after={"version": submission.paper.version}
            )
            await db.deliveries.mark_stale(id)
            if submission.state in CLOSED_STATES or submission.merged_into_id:
                continue
            async with club_language(db):
                await call_moderators(app, db, act, _card(submission, why, withdrawn=withdrawal is not None))
            for member_id in await _concerned(db, submission):
                async with member_language(db, member_id):
                    messages.append((member_id, _card(submission, why, withdrawn=withdrawal is not None)))
    messages += await _record_notices(app, club_id)
    if changed or messages:
        app.wake_up.set()
    for member_id, card in messages:
        await tell_member(app, club_id, member_id, card)


async def _record_notices(app: App, club_id: int) -> list[tuple[int, Card]]:
    """Record corrections and other notices of publishers; the messages about them, which are written once."""
    async with app.store.read(club_id) as db:
        noticed = [submission.id for submission in await db.submissions.with_notice() if await _is_news(db, submission)]
    messages: list[tuple[int, Card]] = []
    for id in noticed:
        async with app.store.begin(club_id) as db:
            submission = await db.submissions.get(id, lock=True)
            if submission is None or not await _is_news(db, submission):
                continue  # another process has recorded it
            notice = paper_notice(submission.paper)
            act = await db.audit_log.append(
                NOTICED, None, app.now(), submission_id=id, why=notice, after={"notice": notice}
            )
            await db.deliveries.mark_stale(id)
            if app.now() - submission.submitted_at < KNOWN_AT_SUBMISSION:
                continue  # its card had the notice from the start
            async with club_language(db):
                await call_moderators(app, db, act, _notice_card(submission, notice))
            for member_id in await _concerned(db, submission):
                async with member_language(db, member_id):
                    messages.append((member_id, _notice_card(submission, notice)))
    return messages


async def _is_news(db: UnitOfWork, submission: Submission) -> bool:
    """True if there is a notice that was not recorded yet."""
    notice = paper_notice(submission.paper)
    last = await db.audit_log.latest(submission_id=submission.id, verbs=(NOTICED,), limit=1)
    return bool(notice) and not (last and last[0].after.get("notice") == notice)


async def _concerned(db: UnitOfWork, submission: Submission) -> list[int]:
    """Members who submitted a paper or voted for it."""
    voters = {
        member.id for member, vote in await db.vote_queries.voters(submission.id) if vote.stance == VoteStance.VOTE
    }
    return sorted(voters | await submitters(db, submission))


async def refresh_current_edition(app: App, club_id: int) -> None:
    """Ask the sources of the current edition's papers once more, and record withdrawals."""
    async with app.store.read(club_id) as db:
        edition = await db.editions.current()
    if edition and await record_refresh.refresh_papers(
        app, club_id, record_refresh.keys_of(from_json(edition.document))
    ):
        await record_withdrawals(app, club_id)


def _notice_card(submission: Submission, notice: str) -> Card:
    rows = (
        text(Link(truncate(title_of(submission), 150), submission.paper.url)),
        text(_("Crossref says: “{comment}”", comment=notice)),
        text(_("Its card says so too.")),
        Buttons((Button(_("Open"), Call.of("paper show", submission.number)),)),
    )
    return Card(_("There is a notice about #{number}", number=submission.number), rows, Tone.QUIET)


def _card(submission: Submission, why: str, *, withdrawn: bool) -> Card:
    number = submission.number
    title = _("#{number} was withdrawn", number=number) if withdrawn else _("#{number} is back", number=number)
    rows = (
        text(Link(truncate(title_of(submission), 150), submission.paper.url)),
        text(why),
        text(_("The club has already read it. Its card now says that it was withdrawn."))
        if withdrawn and submission.state is SubmissionState.READ
        else text(_("It will not be in an edition. Its card says that it was withdrawn."))
        if withdrawn
        else text(_("It can be in an edition again.")),
        Buttons((Button(_("Open"), Call.of("paper show", number)),)),
    )
    return Card(title, rows, Tone.BAD if withdrawn else Tone.GOOD)

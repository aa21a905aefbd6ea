"""Consequences of a withdrawal by a paper's source, and of its reinstatement."""

from __future__ import annotations

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.chat.rich_text import Link
from bot.chat.text import truncate
from bot.domain.models import Submission
from bot.domain.withdrawals import paper_withdrawal
from bot.editions.model.document import from_json
from bot.features.shared import source_checks
from bot.features.shared.follow_matching import submitters
from bot.features.shared.languages import club_language, member_language
from bot.features.shared.messaging import call_moderators, tell_member
from bot.features.shared.paper_cards import title_of
from bot.locale.current import _
from bot.store.papers.submissions import CLOSED_STATES, REINSTATED, WITHDRAWN


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
                else (REINSTATED, _("It has a version again that is not withdrawn."))
            )
            act = await db.audit_log.append(
                verb, None, app.now(), submission_id=id, why=why, after={"version": submission.paper.version}
            )
            await db.deliveries.mark_stale(id)
            if submission.state in CLOSED_STATES or submission.merged_into_id:
                continue
            async with club_language(db):
                await call_moderators(app, db, act, _card(submission, why, withdrawn=withdrawal is not None))
            for member_id in sorted(await submitters(db, submission)):
                async with member_language(db, member_id):
                    messages.append((member_id, _card(submission, why, withdrawn=withdrawal is not None)))
    if changed:
        app.wake_up.set()
    for member_id, card in messages:
        await tell_member(app, club_id, member_id, card)


async def refresh_current_edition(app: App, club_id: int) -> None:
    """Ask the sources of the current edition's papers once more, and record withdrawals."""
    async with app.store.read(club_id) as db:
        edition = await db.editions.current()
    if edition and await source_checks.refresh_papers(app, club_id, source_checks.keys_of(from_json(edition.document))):
        await record_withdrawals(app, club_id)


def _card(submission: Submission, why: str, *, withdrawn: bool) -> Card:
    number = submission.number
    title = _("#{number} was withdrawn", number=number) if withdrawn else _("#{number} is back", number=number)
    rows = (
        text(Link(truncate(title_of(submission), 150), submission.paper.url)),
        text(why),
        text(_("It will not be in an edition, and its card says so."))
        if withdrawn
        else text(_("It can be in an edition again.")),
        Buttons((Button(_("Open"), Call.of("paper show", number)),)),
    )
    return Card(title, rows, Tone.BAD if withdrawn else Tone.GOOD)

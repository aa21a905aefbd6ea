"""Bursts of first votes: many people who never voted before vote for one paper within an hour.

The paper stays where its votes put it. Moderators are asked once, with buttons, and the number is kept up to date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, note, text, to_json
from bot.chat.rich_text import Bold
from bot.domain.club_settings import ClubSettings
from bot.domain.models import AuditEntry, Club, DeliveryKind, Submission
from bot.features.shared.delivery.moderator_posts import call_moderators
from bot.features.shared.languages import club_language
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _
from bot.store import UnitOfWork

BURST_WINDOW = timedelta(hours=1)
"""Time within which first votes for one paper are a burst."""

SETTLING_IN = timedelta(days=7)
"""Time after its creation in which a club has no bursts: everybody votes for the first time."""

CALM = timedelta(days=7)
"""Time after a decision to count them in which first votes for the same paper are not flagged again."""

MOST_DECISIONS = 50
"""Latest decisions about a paper's votes that are searched for one about a burst; others name one member."""

VERBS = ("burst", "exclude-votes", "count-votes")
"""Verbs of the audit log for a burst and for the decision about it."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A burst of first votes that moderators were asked about, or have decided about."""

    act: AuditEntry
    """The entry of the audit log: the burst, or the last decision."""

    @property
    def is_open(self) -> bool:
        """True while moderators have not decided."""
        return self.act.verb == "burst"

    @property
    def since(self) -> datetime:
        """Start of the time in which the votes were cast."""
        return datetime.fromisoformat(self.act.after["since"])


async def last_burst(db: UnitOfWork, submission_id: int) -> Burst | None:
    """The last burst of a submission, or the decision about it."""
    acts = await db.audit_log.latest(submission_id=submission_id, verbs=VERBS, limit=MOST_DECISIONS)
    return next((Burst(act) for act in acts if "since" in act.after), None)


async def flag_burst(app: App, db: UnitOfWork, club: Club, submission_id: int, votes: int) -> None:
    """Ask the moderators about a burst of first votes, or update the number in the question that waits for them.

    `votes` is the submission's number of votes; below the club's threshold nothing is looked up.
    """
    threshold, now = ClubSettings.of(club.settings).burst_votes, app.now()
    if not threshold or votes < threshold or now < club.created_at + SETTLING_IN:
        return
    last = await last_burst(db, submission_id)
    if last and last.act.verb == "count-votes" and now < last.act.at + CALM:
        return
    since = last.since if last and last.is_open else now - BURST_WINDOW
    voters = await db.vote_review.first_time_voters(submission_id, since)
    found = (await db.submissions.many([submission_id])).get(submission_id)
    if found is None or (len(voters) < threshold and not (last and last.is_open)):
        return
    async with club_language(db):
        card = burst_card(found, len(voters))
    if last and last.is_open:
        await db.deliveries.replace_card(DeliveryKind.ATTENTION, last.act.id, to_json(card))
        return
    after = {"votes": len(voters), "since": since.isoformat()}
    act = await db.audit_log.append("burst", None, now, submission_id=submission_id, after=after)
    await call_moderators(app, db, act, card)


def burst_card(submission: Submission, voters: int, decision: str = "") -> Card:
    """Question to moderators about a burst; with `decision`, how it was answered."""
    number = submission.number
    parts = [
        text(Bold(f"#{number} "), title_of(submission)),
        text(
            _("{voters} people who had never voted before have voted for it, all within a short time.", voters=voters)
        ),
    ]
    title = _("Many first-time voters for #{number}", number=number)
    if decision:
        return Card(title, (*parts, text(Bold(decision))), Tone.QUIET)
    row = (
        Button(_("Count them"), Call.of("curate votes", number, "count"), Style.MAIN),
        Button(_("Exclude them"), Call.of("curate votes", number, "exclude"), Style.DANGER),
        Button(_("Open the paper"), Call.of("curate show", number)),
    )
    advice = note(
        _("That may be a class that joined, or somebody with many accounts. The votes count until you decide.")
    )
    return Card(title, (*parts, advice, Buttons(row)), Tone.BAD)

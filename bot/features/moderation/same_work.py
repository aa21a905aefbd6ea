"""Joining of papers on the list that turn out to be one work, such as a preprint and its published paper."""

from __future__ import annotations

from datetime import timedelta

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Tone, text
from bot.chat.rich_text import Link, parse_backticks
from bot.chat.text import truncate
from bot.domain.models import Submission, SubmissionState
from bot.editions.model.document import from_json
from bot.features.moderation.curation_snapshot import take_snapshot
from bot.features.moderation.merging import merge_submissions
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence
from bot.features.shared.delivery.member_messages import tell_member
from bot.features.shared.delivery.moderator_posts import call_moderators
from bot.features.shared.languages import club_language, member_language
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.papers.thread_titles import retitle_threads
from bot.features.shared.stream.follow_matching import submitters
from bot.locale.current import _
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES

RECENT = timedelta(days=60)
"""Time for which a relation between two papers is new: after it they are left as they are."""
SAME_WORK = "same-work"
"""Audit verb: moderators were asked about two papers that are one work."""


async def join_same_works(app: App, club_id: int) -> None:
    """Join the papers of a club that their sources have called one work; ask the moderators where one is in an edition.

    Each pair is joined or asked about once: what moderators undo stays undone. Repeats change nothing.
    """
    async with app.store.read(club_id) as db:
        pairs = await db.merging.same_works(app.now() - RECENT)
    messages: list[tuple[int, Card]] = []
    for ids in pairs:
        async with app.store.begin(club_id) as db:
            messages += await _join(app, db, ids)
    if messages:
        app.wake_up.set()
    for member_id, card in messages:
        await tell_member(app, club_id, member_id, card)
    if messages:
        await retitle_threads(app, club_id, sorted({id for pair in pairs for id in pair}))


async def _join(app: App, db: UnitOfWork, ids: tuple[int, int]) -> list[tuple[int, Card]]:
    """Join two submissions, or ask about them. Returns the messages to those who submitted the one that goes."""
    pair = [found for id in ids if (found := await db.submissions.get(id, lock=True))]
    if ids not in await db.merging.same_works(app.now() - RECENT) or len(pair) < 2 or await _was_decided(db, pair):
        return []
    in_edition = [bool(await db.submissions.edition_item(one.id)) for one in pair]
    if all(in_edition):
        return []
    duplicate, remaining = sorted(pair, key=lambda one: _precedence(one, in_edition=in_edition[pair.index(one)]))
    if any(in_edition) or await _in_progress(db, pair) or not _joinable(duplicate, remaining):
        async with club_language(db):
            await _ask(app, db, duplicate, remaining)
        return []
    before, more = await merge_submissions(db, duplicate, remaining, by=remaining.member_id, now=app.now())
    after = await take_snapshot(db, duplicate) | more
    async with club_language(db):
        after |= log_sentence(LogSentence.SAME_WORK)
        act = await db.audit_log.append(
            "merge", None, app.now(), submission_id=duplicate.id, before=before, after=after
        )
        await call_moderators(app, db, act, _merged_card(duplicate, remaining))
    for one in pair:
        await db.deliveries.mark_stale(one.id)
    messages = []
    for member_id in sorted(await submitters(db, duplicate)):
        async with member_language(db, member_id):
            messages.append((member_id, _joined_card(duplicate, remaining)))
    return messages


def _precedence(submission: Submission, *, in_edition: bool) -> tuple[bool, bool, int]:
    """Order in which one of two papers stays, the highest: of an edition, of arXiv (it has a full text), the older."""
    return in_edition, submission.paper.key.startswith("arxiv:"), -submission.number


def _joinable(duplicate: Submission, remaining: Submission) -> bool:
    """True if both are open, or both were read before; what was read is not joined to what is voted on."""
    held = (*OPEN_STATES, SubmissionState.HELD)
    read = {one.state is SubmissionState.READ for one in (duplicate, remaining)}
    return read == {True} or (duplicate.state in held and remaining.state in held)


async def _in_progress(db: UnitOfWork, pair: list[Submission]) -> bool:
    """True if one of them is in the draft of the current edition."""
    current = await db.editions.current()
    if current is None:
        return False
    return bool({item.submission for item in from_json(current.document).items} & {one.id for one in pair})


async def _was_decided(db: UnitOfWork, pair: list[Submission]) -> bool:
    """True if these two were merged once, or moderators were asked about them."""
    numbers = {one.number for one in pair}
    for one in pair:
        for act in await db.audit_log.latest(submission_id=one.id, verbs=("merge", SAME_WORK), limit=20):
            if {act.after.get("merged into"), act.after.get("same work as")} & (numbers - {one.number}):
                return True
    return False


async def _ask(app: App, db: UnitOfWork, duplicate: Submission, remaining: Submission) -> None:
    """Ask the moderators about two papers."""
    act = await db.audit_log.append(
        SAME_WORK, None, app.now(), submission_id=duplicate.id, after={"same work as": remaining.number}
    )
    rows = [
        ListEntry((f"#{one.number} ", Link(truncate(title_of(one), 150), one.paper.url)))
        for one in (remaining, duplicate)
    ]
    say = _(
        "Their sources say that they are the same work. One of them was read or is in an edition, so "
        "nothing was changed."
    )
    row = Buttons((Button(_("Merge them"), Call.of("curate merge", duplicate.number, remaining.number)),))
    await call_moderators(app, db, act, Card(_("The same work is on the list twice"), (text(say), *rows, row)))


def _merged_card(duplicate: Submission, remaining: Submission) -> Card:
    """Card for moderators about two papers that were joined."""
    title = _(
        "#{duplicate_number} was merged into #{remaining_number}",
        duplicate_number=duplicate.number,
        remaining_number=remaining.number,
    )
    say = _("Their sources say that they are the same work. Votes, discussion and links are now together.")
    row = (
        Button(_("Open"), Call.of("curate show", remaining.number)),
        Button(_("Undo"), Call.of("curate restore", duplicate.number)),
    )
    return Card(title, (text(title_of(remaining)), text(say), Buttons(row)), Tone.QUIET)


def _joined_card(duplicate: Submission, remaining: Submission) -> Card:
    """Message to who submitted the paper that was joined to another."""
    say = _(
        "You submitted #{duplicate_number}. Its source says that it is the same work as "
        "#{remaining_number}, so the two are now one paper. Its votes and its discussion are with "
        "#{remaining_number}, and you are credited there.",
        duplicate_number=duplicate.number,
        remaining_number=remaining.number,
    )
    link = text(f"#{remaining.number} ", Link(truncate(title_of(remaining), 150), remaining.paper.url))
    row = Buttons((Button(_("Open"), Call.of("paper show", remaining.number)),))
    return Card(_("Two papers are the same work"), (text(*parse_backticks(say)), link, row), Tone.PLAIN)

"""What became of the papers of an edition since it was written, and what follows for one that is in the making."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.chat.text import plural, truncate
from bot.domain.models import Edition, EditionState, Paper
from bot.domain.withdrawals import paper_withdrawal
from bot.editions.edit.changes import CorrectionChange, Drop, PutItem, RewriteItem
from bot.editions.model.document import Document, Item, from_json
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import DraftInProgress
from bot.features.editions.draft.draft_pipeline import NothingToPublish, draft, item_of
from bot.features.editions.draft.draft_state import announce, call_moderators
from bot.features.editions.draft.empty_period import Reason
from bot.features.editions.publishing.takedown import take_out
from bot.features.editions.review import skipping
from bot.features.editions.review.approval import APPROVE
from bot.features.shared import source_checks
from bot.store import UnitOfWork

log = logging.getLogger(__name__)

_VERSION = re.compile(r"v(\d+)$")


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of a paper since an item was written from it; `out` is when its edition came out, if it has."""

    item: Item
    paper: Paper
    out: datetime | None = None

    @property
    def say(self) -> str:
        """In a sentence, for the readers."""
        title = truncate(self.item.title, 120)
        if gone := paper_withdrawal(self.paper):
            after = ", after this edition came out" if self.out and gone.at and gone.at > self.out else ""
            said = f" {gone.source} says: “{gone.note}”" if gone.note else ""
            return f"“{title}” was {gone.phrase}{after}.{said}"
        day = f" of {self.paper.updated_at:%-d %b %Y}" if self.paper.updated_at else ""
        new = f"“{title}” has a new version, v{self.paper.version}{day}"
        return f"{new}; this was written from v{written_from(self.item)}."


def written_from(item: Item) -> int:
    """The version that an item was written from, else that its details are of; 0 where it does not say."""
    found = _VERSION.search(item.provenance.source) if item.provenance else None
    return int(found[1]) if found else item.version


async def changed(db: UnitOfWork, edition: Edition) -> list[Change]:
    """What of an edition is no longer as it was written about, and was not told yet; items added by hand too."""
    document = from_json(edition.document)
    papers = {paper.key: paper for paper in await db.papers.by_keys(source_checks.keys_of(document))}
    found = [Change(item, papers[item.key], edition.published_at) for item in document.items if item.key in papers]
    return [
        one
        for one in found
        if (one.paper.withdrawn or 0 < written_from(one.item) < one.paper.version) and not _told(document, one)
    ]


def _told(document: Document, change: Change) -> bool:
    """Whether the readers know already: the last that was said of a version, or a withdrawal, says this."""
    mark = " was withdrawn " if change.paper.withdrawn else f" has a new version, v{change.paper.version}"
    marks = (" was withdrawn ", " has a new version, v")
    said = [fix.say for fix in document.fixes(change.item) if any(one in fix.say for one in marks)]
    return bool(said) and re.search(rf"{re.escape(mark)}(?!\d)", said[-1]) is not None


async def follow(app: App, club_id: int, edition: Edition, changed: Sequence[Change]) -> None:
    """Do with the edition in the making what follows from changed papers.

    A draft is made anew. An approved edition loses what was withdrawn and stays approved; that a paper has a new
    version is noted after it is out. Where nothing is left, the period is empty, at once and with the reason.
    """
    gone = [one for one in changed if one.paper.withdrawn]
    if edition.state == EditionState.DRAFT:
        await _draft_anew(app, club_id, edition, changed)
        return
    if not gone:
        return
    removals = [Drop(one.item.key) for one in gone]
    async with app.store.begin(club_id) as db:
        current = await db.editions.get(edition.id, lock=True)
        if current is None or current.state != EditionState.APPROVED:
            return
        if len(from_json(current.document).items) > len(removals):
            fixes = [CorrectionChange(app.now(), one.say, one.item.key) for one in gone]
            await take_out(app, db, current, removals, fixes)
            say = f"It stays approved without that: {'; '.join(one.say for one in gone[:6])}"
            act = await db.audit_log.append("revise", None, app.now(), edition_id=current.id, why=gone[0].say)
            rows = (Button("Preview", Call.of("edition preview")), UNAPPROVE)
            lead = f"No. {current.number} lost {plural(len(gone), 'paper')}"
            await call_moderators(app, db, act, Card(lead, (text(say), Buttons(rows)), Tone.BAD))
            app.wake_up.set()
            return
    await _give_up(app, club_id, await _reason(app, club_id, gone))


UNAPPROVE = Button("Take approval back", Call.of("edition unapprove"))


async def _reason(app: App, club_id: int, gone: Sequence[Change]) -> Reason:
    """Why an edition of which all was withdrawn does not come out."""
    say = " ".join(one.say for one in gone[:3])
    return Reason("No edition this time", f"All that was in it was withdrawn. {say}", "its papers were withdrawn")


async def _give_up(app: App, club_id: int, reason: Reason) -> None:
    """Close the period: there is nothing left of its edition."""
    try:
        await skipping.skip(app, club_id, reason.say, by=None, notice=reason.card)
    except UserError as error:
        log.info("the edition of club %s is not given up: %s", club_id, error)


async def _draft_anew(app: App, club_id: int, edition: Edition, changed: Sequence[Change]) -> None:
    """Make the draft anew; where somebody had approved the old one, or a paper was lost, moderators are asked again."""
    async with app.store.read(club_id) as db:
        approved = await db.editions.approvals(edition.id)
    await _renew(app, club_id, edition.id, changed)
    try:
        async for _ in draft(app, club_id):
            pass
    except NothingToPublish as nothing:
        await _give_up(app, club_id, nothing.reason)
        return
    said = [one.say for one in changed[:6]]
    async with app.store.begin(club_id) as db:
        current = await db.editions.current(lock=True)
        if current is None:
            return
        await announce(app, db, current, say=f"Drafted anew. {' '.join(said)}")
        if approved or any(one.paper.withdrawn for one in changed):
            lost = " Its approvals were taken back: it must be approved again." if approved else ""
            act = await db.audit_log.append("revise", None, app.now(), edition_id=current.id, why=said[0])
            row = Buttons((Button("Preview", Call.of("edition preview")), Button("Approve", APPROVE)))
            say = text(f"{' '.join(said)}{lost}")
            await call_moderators(app, db, act, Card(f"No. {current.number} was drafted anew", (say, row), Tone.BAD))
    app.wake_up.set()


async def _renew(app: App, club_id: int, edition_id: int, changed: Sequence[Change]) -> None:
    """Let no change by hand bring an old version back: what was written anew or put there is made from the new one."""
    keys = {one.item.key: one.paper for one in changed}
    async with app.store.read(club_id) as db:
        edition = await db.editions.get(edition_id)
        making = DraftInProgress.of(edition) if edition else None
    if making is None or not making.changes:
        return
    kept = []
    for change in making.changes:
        if isinstance(change, RewriteItem) and change.item in keys:
            continue
        if isinstance(change, PutItem) and change.item.key in keys:
            if keys[change.item.key].withdrawn or not change.item.submission:
                continue
            item, work = await item_of(app, club_id, change.item.submission)
            change = PutItem(item, change.section, change.place, change.instead_of, work)
        kept.append(change)
    async with app.store.begin(club_id) as db:
        if edition := await db.editions.get(edition_id, lock=True):
            edition.making = DraftInProgress(making.composed, tuple(kept)).changes_of()

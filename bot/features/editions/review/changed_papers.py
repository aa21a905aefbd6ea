"""Changes of papers since an edition was written, and their consequences for an edition in progress."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.chat.text import truncate
from bot.domain.models import Edition, EditionState, Paper
from bot.domain.withdrawals import paper_notice, paper_withdrawal
from bot.editions.edit.changes import CorrectionChange, Drop, InsertOrReplaceItem, RewriteItem
from bot.editions.model.document import Document, Item, from_json
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import DraftInProgress
from bot.features.editions.draft.draft_pipeline import NothingToPublish, build_item, draft
from bot.features.editions.draft.draft_state import show_draft
from bot.features.editions.draft.empty_period import Reason
from bot.features.editions.publishing.takedown import take_down
from bot.features.editions.review import skipping
from bot.features.editions.review.approval import APPROVE
from bot.features.shared.delivery.moderator_posts import call_moderators
from bot.features.shared.languages import club_language
from bot.features.shared.papers import record_refresh
from bot.locale.current import _, _n, formatted, mark_text
from bot.store import UnitOfWork

log = logging.getLogger(__name__)

_VERSION = re.compile(r"v(\d+)$")

NEW_VERSION = mark_text(" has a new version, v")
_NOTE_MARKS = (mark_text(" was withdrawn "), mark_text(" was retracted "), NEW_VERSION)
"""Parts of the sentences about a version or a withdrawal, by which an edition's notes are recognized."""


@dataclass(frozen=True, slots=True)
class PaperChange:
    """Change of a paper since an item was written from it; `published_at` is when its edition was published, if so."""

    item: Item
    paper: Paper
    out: datetime | None = None

    @property
    def say(self) -> str:
        """The change in a sentence for readers."""
        title = truncate(self.item.title, 120)
        if notice := paper_notice(self.paper):
            return _("Crossref has a notice about “{title}”: {notice}.", title=title, notice=notice)
        if withdrawal := paper_withdrawal(self.paper):
            after = (
                _(", after this edition came out") if self.out and withdrawal.at and withdrawal.at > self.out else ""
            )
            source_words = (
                _(" {source} says: “{note}”", source=withdrawal.source, note=withdrawal.note) if withdrawal.note else ""
            )
            return _(
                "“{title}” was {withdrawal_phrase}{after}.{source_words}",
                title=title,
                withdrawal_phrase=withdrawal.phrase,
                after=after,
                source_words=source_words,
            )
        day = (
            _(" of {updated_at}", updated_at=formatted(self.paper.updated_at, "%-d %b %Y"))
            if self.paper.updated_at
            else ""
        )
        new = _("“{title}” has a new version, v{version}{day}", title=title, version=self.paper.version, day=day)
        return _("{new}; this was written from v{written_from}.", new=new, written_from=written_from(self.item))


def written_from(item: Item) -> int:
    """Version that an item was written from, else the version of its details; 0 if unknown."""
    found = _VERSION.search(item.provenance.source) if item.provenance else None
    return int(found[1]) if found else item.version


async def paper_changes(db: UnitOfWork, edition: Edition) -> list[PaperChange]:
    """Changes of an edition's papers that it does not mention yet, manually added items included.

    Corrections and other notices count once it is published: until then its texts can take them up.
    """
    is_out = edition.state == EditionState.PUBLISHED
    document = from_json(edition.document)
    papers = {paper.key: paper for paper in await db.papers.by_keys(record_refresh.keys_of(document))}
    found = [PaperChange(item, papers[item.key], edition.published_at) for item in document.items if item.key in papers]
    return [
        change
        for change in found
        if (
            change.paper.withdrawn
            or 0 < written_from(change.item) < change.paper.version
            or (is_out and paper_notice(change.paper))
        )
        and not _already_noted(document, change)
    ]


def _already_noted(document: Document, change: PaperChange) -> bool:
    """True if the edition's latest note about a version or withdrawal of the item says the same."""
    withdrawal = paper_withdrawal(change.paper)
    if notice := paper_notice(change.paper):
        return any(notice in fix.say for fix in document.fixes(change.item))
    marks = (*_NOTE_MARKS, *(_(mark) for mark in _NOTE_MARKS))
    notes = [fix.say for fix in document.fixes(change.item) if any(text in fix.say for text in marks)]
    if not notes or withdrawal:
        return bool(notes) and withdrawal is not None and withdrawal.is_stated_in(notes[-1])
    versions = "|".join(re.escape(mark) for mark in (NEW_VERSION, _(NEW_VERSION)))
    return re.search(rf"(?:{versions}){change.paper.version}(?!\d)", notes[-1]) is not None


async def react_to_changes(app: App, club_id: int, edition: Edition, changes: Sequence[PaperChange]) -> None:
    """Apply the consequences of changed papers to an edition in progress.

    A draft is made again. An approved edition loses withdrawn papers and stays approved; a new version is noted after
    publication. If nothing is left, the period is skipped at once, with the reason.
    """
    withdrawn = [change for change in changes if change.paper.withdrawn]
    if edition.state == EditionState.DRAFT:
        await _redraft(app, club_id, edition, changes)
        return
    if not withdrawn:
        return
    removals = [Drop(change.item.key) for change in withdrawn]
    async with app.store.begin(club_id) as db, club_language(db):
        current = await db.editions.get(edition.id, lock=True)
        if current is None or current.state != EditionState.APPROVED:
            return
        if len(from_json(current.document).items) > len(removals):
            fixes = [CorrectionChange(app.now(), change.say, change.item.key) for change in withdrawn]
            await take_down(app, db, current, removals, fixes)
            say = _(
                "It stays approved, but something is missing: {say}",
                say="; ".join(change.say for change in withdrawn[:6]),
            )
            act = await db.audit_log.append("revise", None, app.now(), edition_id=current.id, why=withdrawn[0].say)
            rows = (
                Button(_("Preview"), Call.of("edition preview")),
                Button(_(UNAPPROVE), Call.of("edition unapprove")),
            )
            lead = _(
                "{papers} removed from No. {current_number}",
                current_number=current.number,
                papers=_n("{n} paper", "{n} papers", len(withdrawn)),
            )
            await call_moderators(app, db, act, Card(lead, (text(say), Buttons(rows)), Tone.BAD))
            app.wake_up.set()
            return
    await _skip_period(app, club_id, _all_withdrawn(withdrawn))


UNAPPROVE = mark_text("Withdraw approval")


def _all_withdrawn(withdrawn: Sequence[PaperChange]) -> Reason:
    """Reason for skipping an edition whose papers were all withdrawn."""
    say = " ".join(change.say for change in withdrawn[:3])
    return Reason(
        _("No edition this time"), _("All its papers were withdrawn. {say}", say=say), _("its papers were withdrawn")
    )


async def _skip_period(app: App, club_id: int, reason: Reason) -> None:
    """Skip the period, since nothing is left of its edition."""
    try:
        await skipping.skip(app, club_id, reason.say, by=None, notice=reason.card)
    except UserError as error:
        log.info("the edition of club %s could not be skipped: %s", club_id, error)


async def _redraft(app: App, club_id: int, edition: Edition, changes: Sequence[PaperChange]) -> None:
    """Replace the draft; moderators are asked to approve again if it was approved, or if a paper was withdrawn."""
    async with app.store.read(club_id) as db:
        approved = await db.editions.approvals(edition.id)
    await _refresh_manual_changes(app, club_id, edition.id, changes)
    try:
        async for _unused in draft(app, club_id):
            pass
    except NothingToPublish as nothing:
        await _skip_period(app, club_id, nothing.reason)
        return
    async with app.store.begin(club_id) as db, club_language(db):
        sentences = [change.say for change in changes[:6]]
        current = await db.editions.current(lock=True)
        if current is None:
            return
        await show_draft(app, db, current, say=_("Drafted again. {sentences}", sentences=" ".join(sentences)))
        if approved or any(change.paper.withdrawn for change in changes):
            lost_approvals = _(" Its approvals were removed. Please approve it again.") if approved else ""
            act = await db.audit_log.append("revise", None, app.now(), edition_id=current.id, why=sentences[0])
            row = Buttons((Button(_("Preview"), Call.of("edition preview")), Button(_("Approve"), APPROVE)))
            say = text(f"{' '.join(sentences)}{lost_approvals}")
            await call_moderators(
                app,
                db,
                act,
                Card(_("No. {current_number} was drafted again", current_number=current.number), (say, row), Tone.BAD),
            )
    app.wake_up.set()


async def _refresh_manual_changes(app: App, club_id: int, edition_id: int, changed: Sequence[PaperChange]) -> None:
    """Remove or rebuild manual changes that contain an old version of a changed paper."""
    keys = {found.item.key: found.paper for found in changed}
    async with app.store.read(club_id) as db:
        edition = await db.editions.get(edition_id)
        making = DraftInProgress.of(edition) if edition else None
    if making is None or not making.changes:
        return
    remaining = []
    for change in making.changes:
        if isinstance(change, RewriteItem) and change.item in keys:
            continue
        if isinstance(change, InsertOrReplaceItem) and change.item.key in keys:
            if keys[change.item.key].withdrawn or not change.item.submission:
                continue
            item, work = await build_item(app, club_id, change.item.submission)
            change = InsertOrReplaceItem(item, change.section, change.place, change.instead_of, work)
        remaining.append(change)
    async with app.store.begin(club_id) as db:
        if edition := await db.editions.get(edition_id, lock=True):
            edition.making = DraftInProgress(making.composed, tuple(remaining)).to_json()

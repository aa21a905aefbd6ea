"""A paper changes after it was written about: a draft is made anew from it, a published edition gains a note.

arXiv is asked now and then about the papers of the edition in the making, of those that came out lately, and about
those that somebody wants to be told of. What an item was written from says its version, so it makes no difference which
club learned of a new one first.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.chat.latex import readable
from bot.chat.text import cut, plural
from bot.domain.models import Edition, Paper
from bot.domain.withdrawals import of_paper
from bot.editions.changes import Drop, Fix, Put, Recite, Retell
from bot.editions.document import Document, Item, Work, from_json
from bot.errors import UserError
from bot.features import skipping, source_checks
from bot.features.amending import amend, published_edition
from bot.features.approving import APPROVE
from bot.features.completing import complete
from bot.features.drafting import NothingToPublish, draft, item_of
from bot.features.drafts import announce, call_moderators
from bot.features.empty_period import Reason
from bot.features.revising import Making
from bot.features.takedown import take_out
from bot.features.withdrawals import as_of_now, take_notice
from bot.store import UnitOfWork

log = logging.getLogger(__name__)

DRAFTED, OUT = timedelta(hours=1), timedelta(days=1)
"""How long after arXiv was asked about a paper it is asked again: of a draft, and of an edition that is out."""
LATELY = timedelta(days=60)
"""How long an edition is looked after every day once it is out: most second versions come within two months."""
SHARES = 168
"""Hours in a week: older editions are looked after in as many shares, each in its hour."""
BATCH = 100
"""Papers asked for in one request; arXiv answers as many well."""

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
        title = cut(self.item.title, 120)
        if gone := of_paper(self.paper):
            after = ", after this edition came out" if self.out and gone.at and gone.at > self.out else ""
            said = f" {gone.where} says: “{gone.note}”" if gone.note else ""
            return f"“{title}” was {gone.told}{after}.{said}"
        day = f" of {self.paper.updated_at:%-d %b %Y}" if self.paper.updated_at else ""
        new = f"“{title}” has a new version, v{self.paper.version}{day}"
        return f"{new}; this was written from v{written_from(self.item)}."


def written_from(item: Item) -> int:
    """The version that an item was written from, else that its details are of; 0 where it does not say."""
    found = _VERSION.search(item.provenance.source) if item.provenance else None
    return int(found[1]) if found else item.version


async def look_again(app: App, club_id: int) -> None:
    """Ask about the papers that it is time to ask about, and do what follows from what has changed."""
    await _ask(app, club_id)
    await take_notice(app, club_id)
    await complete(app, club_id)
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        changed = await _changed(db, current) if current else []
        news = {edition.number: await _changed(db, edition) for edition in await _out(app, db)}
    if current and changed:
        await follow(app, club_id, current, changed)
    for number, found in news.items():
        if found:
            await _note(app, club_id, number)


async def settle(app: App, club_id: int) -> None:
    """Ask about the papers of the edition in the making once more, and take out of it what was withdrawn."""
    await as_of_now(app, club_id)
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        gone = [one for one in await _changed(db, current) if one.paper.withdrawn] if current else []
    if current and gone:
        await follow(app, club_id, current, gone)


async def _out(app: App, db: UnitOfWork) -> Sequence[Edition]:
    """The editions that it is time to look after: all late ones, and of the older ones this hour's share."""
    now = app.now()
    hour = int(now.timestamp() // 3600) % SHARES
    return [*await db.editions.out_since(now - LATELY), *await db.editions.out_before(now - LATELY, hour, SHARES)]


async def _ask(app: App, club_id: int) -> None:
    """Learn what arXiv says now of the papers it was not asked about for a while."""
    now = app.now()
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        due = await _due(db, [current] if current else [], now - DRAFTED)
        due += await _due(db, await _out(app, db), now - OUT)
        due += _of_age(await db.following.papers(), now - OUT)
        due += _of_age(await db.papers.on_the_list(now - OUT, now - LATELY, limit=BATCH), now - OUT)
    keys = list(dict.fromkeys(paper.key for paper in due))[:BATCH]
    if keys:
        await source_checks.ask(app, club_id, keys)


async def _due(db: UnitOfWork, editions: Sequence[Edition], before: datetime) -> list[Paper]:
    keys = {key for edition in editions for key in source_checks.keys_of(from_json(edition.document))}
    return _of_age(await db.papers.by_keys(keys), before)


def _of_age(papers: Sequence[Paper], before: datetime) -> list[Paper]:
    """Those of these papers that arXiv was not asked about since then. A withdrawn one may have come back."""
    ours = [paper for paper in papers if paper.key.startswith("arxiv:")]
    return [paper for paper in ours if paper.asked_at is None or paper.asked_at < before]


async def _changed(db: UnitOfWork, edition: Edition) -> list[Change]:
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
    if edition.state == "draft":
        await _draft_anew(app, club_id, edition, changed)
        return
    if not gone:
        return
    removals = [Drop(one.item.key) for one in gone]
    async with app.store.begin(club_id) as db:
        current = await db.editions.get(edition.id, lock=True)
        if current is None or current.state != "approved":
            return
        if len(from_json(current.document).items) > len(removals):
            fixes = [Fix(app.now(), one.say, one.item.key) for one in gone]
            await take_out(app, db, current, removals, fixes)
            say = f"It stays approved without that: {'; '.join(one.say for one in gone[:6])}"
            act = await db.acts.note("revise", None, app.now(), edition_id=current.id, why=gone[0].say)
            rows = (Button("Preview", Call.of("edition preview")), UNAPPROVE)
            lead = f"No. {current.number} lost {plural(len(gone), 'paper')}"
            await call_moderators(app, db, act, Card(lead, (text(say), Buttons(rows)), Tone.BAD))
            app.bell.ring()
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
            act = await db.acts.note("revise", None, app.now(), edition_id=current.id, why=said[0])
            row = Buttons((Button("Preview", Call.of("edition preview")), Button("Approve", APPROVE)))
            say = text(f"{' '.join(said)}{lost}")
            await call_moderators(app, db, act, Card(f"No. {current.number} was drafted anew", (say, row), Tone.BAD))
    app.bell.ring()


async def _renew(app: App, club_id: int, edition_id: int, changed: Sequence[Change]) -> None:
    """Let no change by hand bring an old version back: what was written anew or put there is made from the new one."""
    keys = {one.item.key: one.paper for one in changed}
    async with app.store.read(club_id) as db:
        edition = await db.editions.get(edition_id)
        making = Making.of(edition) if edition else None
    if making is None or not making.changes:
        return
    kept = []
    for change in making.changes:
        if isinstance(change, Retell) and change.item in keys:
            continue
        if isinstance(change, Put) and change.item.key in keys:
            if keys[change.item.key].withdrawn or not change.item.submission:
                continue
            item, work = await item_of(app, club_id, change.item.submission)
            change = Put(item, change.section, change.place, change.instead_of, work)
        kept.append(change)
    async with app.store.begin(club_id) as db:
        if edition := await db.editions.get(edition_id, lock=True):
            edition.making = Making(making.composed, tuple(kept)).kept()


async def _note(app: App, club_id: int, number: int) -> None:
    """Add a note on what has changed to a published edition, wherever it was posted."""
    async with app.store.begin(club_id) as db:
        edition = await published_edition(db, number)
        found = await _changed(db, edition)
        works = [Recite(Work.of(one.paper, readable)) for one in found]
        fixes = [Fix(app.now(), one.say, one.item.key) for one in found]
        if fixes:
            await amend(app, db, edition, [*works, *fixes], by=None, why=fixes[0].say)
    app.bell.ring()

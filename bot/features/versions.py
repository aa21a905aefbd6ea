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
from bot.chat.text import cut
from bot.domain.models import Edition, EditionState, Paper
from bot.editions.changes import Fix, Put, Retell
from bot.editions.document import Document, Item, from_json
from bot.errors import Unavailable
from bot.features import approving
from bot.features.amending import amend, published_edition
from bot.features.drafting import NothingToPublish, draft, item_of
from bot.features.drafts import announce
from bot.features.revising import Making
from bot.store import UnitOfWork

log = logging.getLogger(__name__)

DRAFTED, OUT = timedelta(hours=1), timedelta(days=1)
"""How long after arXiv was asked about a paper it is asked again: of a draft, and of an edition that is out."""
LATELY = timedelta(days=60)
"""How long an edition is looked after once it is out: most second versions come within two months."""
BATCH = 100
"""Papers asked for in one request; arXiv answers as many well."""

_VERSION = re.compile(r"v(\d+)$")


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of a paper since an item was written from it."""

    item: Item
    paper: Paper

    @property
    def say(self) -> str:
        """In a sentence, for the readers."""
        title = cut(self.item.title, 120)
        if self.paper.withdrawn:
            return f"“{title}” was withdrawn by its authors after this edition came out."
        day = f" of {self.paper.updated_at:%-d %b %Y}" if self.paper.updated_at else ""
        new = f"“{title}” has a new version, v{self.paper.version}{day}"
        return f"{new}; this was written from v{written_from(self.item)}."


def written_from(item: Item) -> int:
    """The version that an item was written from; 0 where it does not say."""
    found = _VERSION.search(item.provenance.source) if item.provenance else None
    return int(found[1]) if found else 0


async def look_again(app: App, club_id: int) -> None:
    """Ask about the papers that it is time to ask about, and do what follows from what has changed."""
    await _ask(app, club_id)
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        changed = await _changed(db, current) if current else []
        out = await db.editions.out_since(app.now() - LATELY)
        news = {edition.number: await _changed(db, edition) for edition in out}
    if current and changed:
        await _draft_anew(app, club_id, current, changed)
    for number, found in news.items():
        if found:
            await _note(app, club_id, number)


async def _ask(app: App, club_id: int) -> None:
    """Learn what arXiv says now of the papers it was not asked about for a while. The rows are stamped first."""
    now = app.now()
    async with app.store.begin(club_id) as db:
        current = await db.editions.current()
        due = await _due(db, [current] if current else [], now - DRAFTED)
        due += await _due(db, await db.editions.out_since(now - LATELY), now - OUT)
        due += _of_age(await db.following.papers(), now - OUT)
        known = {paper.key.removeprefix("arxiv:"): paper.version for paper in due[:BATCH]}
        for paper in due[:BATCH]:
            paper.asked_at = now
    if not known:
        return
    try:
        records = await app.paper_source.records(list(known))
    except Unavailable as error:
        log.info("papers are looked at again later: %s", error)
        return
    fresh = [record for id, record in records.items() if record.version > known[id] or record.withdrawn]
    if fresh:
        async with app.store.begin(club_id) as db:
            for record in fresh:
                await db.papers.learn(record, now=now)


async def _due(db: UnitOfWork, editions: Sequence[Edition], before: datetime) -> list[Paper]:
    keys = {item.key for edition in editions for item in from_json(edition.document).items if item.kind == "paper"}
    return _of_age(await db.papers.by_keys(keys), before)


def _of_age(papers: Sequence[Paper], before: datetime) -> list[Paper]:
    """Those of these papers that arXiv was not asked about since then."""
    ours = [paper for paper in papers if paper.key.startswith("arxiv:") and not paper.withdrawn]
    return [paper for paper in ours if paper.asked_at is None or paper.asked_at < before]


async def _changed(db: UnitOfWork, edition: Edition) -> list[Change]:
    """What of an edition is no longer as it was written about, and was not told yet."""
    document = from_json(edition.document)
    papers = {paper.key: paper for paper in await db.papers.by_keys(item.key for item in document.items)}
    found = [Change(item, papers[item.key]) for item in document.items if item.key in papers and item.provenance]
    return [
        one
        for one in found
        if (one.paper.withdrawn or 0 < written_from(one.item) < one.paper.version) and not _told(document, one)
    ]


def _told(document: Document, change: Change) -> bool:
    return any(fix.item == change.item.key and fix.say == change.say for fix in document.corrections)


async def _draft_anew(app: App, club_id: int, edition: Edition, changed: Sequence[Change]) -> None:
    """Make the draft anew. What is approved stays as it is but for a withdrawal: its papers change after it is out."""
    gone = [one for one in changed if one.paper.withdrawn]
    why = "a paper of it was withdrawn"
    if edition.state == EditionState.APPROVED and not (gone and await approving.reopen(app, club_id, edition.id, why)):
        return
    await _renew(app, club_id, edition.id, changed)
    try:
        async for _ in draft(app, club_id):
            pass
    except NothingToPublish:
        log.info("nothing is left of the draft of club %s", club_id)
        return
    titles = "; ".join(
        f"“{cut(one.item.title, 80)}” {'was withdrawn' if one.paper.withdrawn else f'has a v{one.paper.version}'}"
        for one in changed[:6]
    )
    async with app.store.begin(club_id) as db:
        if current := await db.editions.current(lock=True):
            await announce(app, db, current, say=f"Drafted anew, since {titles}.")
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
        fixes = [Fix(app.now(), one.say, one.item.key) for one in await _changed(db, edition)]
        if fixes:
            await amend(app, db, edition, fixes, by=None, why=fixes[0].say)
    app.bell.ring()

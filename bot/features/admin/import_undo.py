"""An import in the log, and taking it back: its papers are removed that nobody has used since."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Tone, note, text
from bot.domain.models import AuditEntry
from bot.editions.model.document import from_json
from bot.errors import UserError
from bot.features.shared.audit.entries import record_action
from bot.locale.current import _, _n, formatted
from bot.store import UnitOfWork

IMPORT, UNDO = "import-papers", "undo-import"
"""Verbs of the log."""
BATCH = 500
"""Papers that are removed by one transaction."""
MAX_LOOKED_AT = 100
"""Latest imports among which the last one that can be undone is looked for."""


@dataclass(frozen=True, slots=True)
class LoggedImport:
    """Result of an import so far: the number of its papers, and the id of its entry in the log, 0 without papers."""

    papers: int = 0
    act_id: int = 0


async def log_added(ctx: Context, db: UnitOfWork, logged: LoggedImport, added: range) -> LoggedImport:
    """Write papers that an import has just added into its entry of the log, which begins with the first of them."""
    numbers = [added.start, added.stop - 1]
    if not logged.act_id:
        after = {"papers": len(added), "numbers": [numbers]}
        return LoggedImport(len(added), (await record_action(ctx, db, IMPORT, after=after)).id)
    (act,) = await db.audit_log.many([logged.act_id])
    *others, last = act.after["numbers"]
    joined = [*others, [last[0], numbers[1]]] if last[1] + 1 == numbers[0] else [*others, last, numbers]
    papers = logged.papers + len(added)
    act.after = {**act.after, "papers": papers, "numbers": joined}
    return LoggedImport(papers, logged.act_id)


def undo_button(act_id: int) -> Button:
    """The button below the answer of an import."""
    return Button(_("Undo the import"), Call.of("clubadmin import", undo=str(act_id)))


async def undo_import(ctx: Context, which: str, *, sure: bool) -> AsyncIterator[Card]:
    """Ask before an import is undone, or undo it. Raises UserError if there is none, or nothing of it is left."""
    async with ctx.read() as db:
        act = await _import(db, which)
        removable, others = await _count(db, act)
    kept: list[Part] = []
    if others:
        say = _(
            "Papers that stay: {n}. Somebody has saved, discussed or changed them, or they are in an edition or a "
            "meeting.",
            n=formatted(others, ","),
        )
        kept = [note(say)]
    papers = _n("{n} paper", "{n} papers", removable)
    if not removable:
        raise UserError(_("There is nothing to undo: the papers of that import are removed already, or in use."))
    if not sure:
        say = _("They are removed from the list, as if they had never been imported.")
        call = Call.of("clubadmin import", undo=str(act.id), sure="yes")
        button = Button(_("Remove {papers}", papers=papers), call)
        yield Card(_("Undo the import of {papers}?", papers=papers), (text(say), *kept, Buttons((button,))))
        return
    removed = 0
    for numbers in _chunks(act):
        async with ctx.begin() as db:
            found = await db.reading_history.removable(numbers, keep=await _in_editions(db))
            await db.reading_history.remove(found)
        removed += len(found)
    async with ctx.begin() as db:
        await record_action(ctx, db, UNDO, after={"papers": removed})
    say = _("Importing the list again adds them again.")
    papers = _n("{n} paper", "{n} papers", removed)
    yield Card(_("Undone: the import of {papers}", papers=papers), (*kept, note(say)), Tone.GOOD)


async def _import(db: UnitOfWork, which: str) -> AuditEntry:
    """The entry of an import by its number, or of the last one of which something can be removed."""
    typed = which.strip().casefold()
    if re.fullmatch(r"#?\d{1,12}", typed):
        found = [act for act in await db.audit_log.many([int(typed.lstrip("#"))]) if act.verb == IMPORT]
        if found and found[0].after.get("numbers"):
            return found[0]
    elif typed in ("last", "letzter", "letzten", "yes"):
        for act in await db.audit_log.latest(verbs=[IMPORT], limit=MAX_LOOKED_AT):
            if act.after.get("numbers") and (await _count(db, act))[0]:
                return act
    raise UserError(_("There is no import to undo."), field="undo")


async def _count(db: UnitOfWork, act: AuditEntry) -> tuple[int, int]:
    """Number of an import's papers that can be removed, and of the others that are still there."""
    keep = await _in_editions(db)
    removable = present = 0
    for numbers in _chunks(act):
        removable += len(await db.reading_history.removable(numbers, keep=keep))
        present += await db.reading_history.count_of(numbers)
    return removable, present - removable


def _chunks(act: AuditEntry) -> list[range]:
    """The numbers of an import's papers, some at a time."""
    spans = [range(first, last + 1) for first, last in act.after["numbers"]]
    return [span[start : start + BATCH] for span in spans for start in range(0, len(span), BATCH)]


async def _in_editions(db: UnitOfWork) -> set[int]:
    """Ids of the submissions in the edition that is in preparation, whose items are no rows yet."""
    edition = await db.editions.current()
    return {item.submission for item in from_json(edition.document).items if item.submission} if edition else set()

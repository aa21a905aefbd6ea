"""What the club keeps of a member: shown to them, given to them, and deleted when they say so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, File, Part, Points, Style, Tone, note, text, to_json
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import InlineCode
from bot.domain.models import AuditEntry, DeliveryKind
from bot.features.editions.publishing.unnaming import correction_card, naming
from bot.features.editions.publishing.unquoting import forget_words, taken_out
from bot.features.shared.audit import line
from bot.features.shared.messaging import to_moderators
from bot.features.shared.paged_lists import pager
from bot.features.shared.report_card import report_card
from bot.store import UnitOfWork
from bot.store.members.personal_data import DELETED_MEMBER

commands = Commands()

DataAction = Literal["show", "export", "delete"]

TABLE_LABELS = {
    "member": "your name, role and preferences",
    "account": "accounts on the platforms",
    "submission": "papers you brought",
    "seconding": "papers you brought as well",
    "vote": "votes, and papers you passed over",
    "vote_event": "changes of a vote",
    "voice": "discussions you came to",
    "saved": "papers on your reading list, with your notes",
    "followed": "what you follow",
    "alert": "news that you asked for",
    "saying": "quotes you agreed to",
    "suggestion": "suggestions for editions",
    "report": "reports",
    "paper_link": "links you added",
    "act": "acts as a moderator or an admin",
    "pick": "picks for an edition",
    "ledger_quote": "quotes you chose for editions",
    "source_text": "texts you gave quotes from",
    "approval": "approvals of editions",
    "edition": "editions you drafted",
    "code": "one-time codes",
}
"""What the rows of each table are to a member."""

ROOM = 2_500
"""Characters of an export on one card: what a message of either platform holds, with its buttons."""
MOST_PAGES = 1_000
"""Pages of an export that make one file: of 10 MB, what Discord takes, if every letter were of four bytes."""
LOOKED_AT = 1_000
"""A former moderator's acts and reports whose posted lines are drawn anew: the latest of each."""


@commands("my data", examples=("/my data", "/my data export", "/my data delete"))
async def data(
    ctx: Context,
    what: Annotated[DataAction, ParameterHint("show what there is, export all of it, or delete it")] = "show",
    sure: Annotated[bool, ParameterHint("yes to delete")] = False,
    page: Annotated[int, ParameterHint("which page of the export; a file with all of it if left out")] = 0,
) -> Card:
    """What the club keeps about you: see it, take it with you, or have it deleted.

    Deleting takes your name, accounts, reasons, quotes and lists away. Your votes and papers stay, as those of a former
    member, so that no tally changes. It cannot be undone.
    """
    if what == "delete":
        return await _delete(ctx) if sure else _ask(ctx)
    async with ctx.read() as db:
        if what == "show":
            return _show(await db.personal_data.count_rows(ctx.member.id))
        told = await db.personal_data.export(ctx.member.id)
    return await asyncio.to_thread(_export, told, page)


def _show(counted: Mapping[str, int]) -> Card:
    lines = tuple((f"{TABLE_LABELS.get(name, name)}: {count:,}",) for name, count in counted.items())
    row = (
        Button("Show all of it", Call.of("my data", "export", page=1)),
        Button("As a file", Call.of("my data", "export")),
        Button("Delete it…", Call.of("my data", "delete"), Style.DANGER),
    )
    return Card("What the club keeps about you", (Points(lines), Buttons(row)))


def _export(told: Mapping[str, Sequence[dict[str, Any]]], page: int) -> Card:
    """One page of all rows, a JSON object a line; where none was asked for, the first, and all of them as a file."""
    pages = list(_pages(told))
    asked, page = page, min(max(page, 1), len(pages))
    parts: list[Part] = [
        text(InlineCode(pages[page - 1] + "\n")),
        note(f"Page {page} of {len(pages)}, one row a line (JSON)."),
    ]
    if page_buttons := pager(Call.of("my data", "export"), page, more=page < len(pages)):
        parts.append(page_buttons)
    if asked < 1 and len(pages) < MOST_PAGES:
        parts.append(File("journal-club-data.jsonl", "".join(f"{row}\n" for row in _rows(told))))
    return Card("All that the club keeps about you", tuple(parts))


def _pages(told: Mapping[str, Sequence[dict[str, Any]]]) -> Iterator[str]:
    held: list[str] = []
    for row in _rows(told):
        for start in range(0, len(row), ROOM):
            piece = row[start : start + ROOM]
            if held and sum(map(len, held)) + len(held) + len(piece) > ROOM:
                yield "\n".join(held)
                held = []
            held.append(piece)
    yield "\n".join(held)


def _rows(told: Mapping[str, Sequence[dict[str, Any]]]) -> list[str]:
    return [json.dumps({"table": name} | row, ensure_ascii=False) for name, all_ in told.items() for row in all_]


def _ask(ctx: Context) -> Card:
    """What will go and what will stay, before anything is done."""
    points = (
        ("Deleted: your name, your accounts, your reasons, quotes, reading list, preferences and roles.",),
        (f"Kept without your name: your votes, and the papers you brought, as those of “{DELETED_MEMBER}”.",),
        ("Your quotes are taken out of every edition, wherever it was posted.",),
        ("Where an edition names you, the moderators get a correction that is ready to be made.",),
        ("What you wrote in channels and threads is the platform's, and yours to delete there.",),
        ("If you come back you are a new member.",),
    )
    row = Buttons((Button("Delete all of it", Call.of("my data", "delete", sure="yes"), Style.DANGER),))
    return Card(
        f"Delete what “{ctx.club.name}” keeps about you?",
        (Points(points), note("This cannot be undone."), row),
        Tone.BAD,
    )


async def _delete(ctx: Context) -> Card:
    async with ctx.begin() as db:
        names = await naming(db, ctx.member.id, ctx.member.name)
        sayings = await db.member_quotes.with_text(ctx.member.id)
        quoted = [where for said in sayings async for where in taken_out(ctx.app, db, said)]
        for said in sayings:
            await forget_words(db, said)
        for submission_id in await db.personal_data.delete(ctx.member.id, ctx.now):
            await db.deliveries.mark_stale(submission_id)
        await _redraw_posts(ctx, db)
        if names or quoted or await db.editions.current():
            await to_moderators(ctx, db, DeliveryKind.MEMBER_FORGOTTEN, ctx.member.id, correction_card(ctx.app, names))
    ctx.app.wake_up.set()
    say = "Your name, accounts, words and lists are gone, and your quotes are taken out of every edition. "
    say += "The papers you submitted and your votes stay, without a name."
    return Card("Deleted", (text(say),), Tone.GOOD)


async def _redraw_posts(ctx: Context, db: UnitOfWork) -> None:
    """What stands in the moderators' rooms about somebody is shown without their name and words."""
    for report in await db.reports.by_member(ctx.member.id, limit=LOOKED_AT):
        await db.deliveries.replace_card(DeliveryKind.REPORT, report.id, to_json(report_card(report)))
    acts = [
        *await db.audit_log.latest(member_id=ctx.member.id, limit=LOOKED_AT),
        *[
            act
            for act in await db.audit_log.latest(verbs=("roles",), limit=LOOKED_AT)
            if _anonymize(act, ctx.member.name)
        ],
    ]
    about = await db.submissions.many({act.submission_id for act in acts if act.submission_id})
    for act in acts:
        who = act.member.name if act.member else "The club"
        await db.deliveries.replace_card(
            DeliveryKind.AUDIT, act.id, to_json(line(who, act, about.get(act.submission_id or 0)))
        )


def _anonymize(act: AuditEntry, name: str) -> bool:
    """Take a name out of what the log says about who runs the club; whether it stood there."""
    if name not in act.before | act.after:
        return False
    act.before, act.after = (
        {DELETED_MEMBER if k == name else k: v for k, v in side.items()} for side in (act.before, act.after)
    )
    return True

"""Command `my data`: shows, exports and deletes the personal data of a member."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from bot.app import App, Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, File, Part, Points, Style, Tone, note, text, to_json
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import InlineCode
from bot.domain.models import AuditEntry, DeliveryKind, Meeting, Member
from bot.domain.models.members import DELETED_MEMBER
from bot.features.shared.audit.entries import redraw_act
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence
from bot.features.shared.delivery.moderator_posts import call_moderators, post_to_moderators
from bot.features.shared.languages import club_language
from bot.features.shared.meetings.meeting_cards import no_presenter_card
from bot.features.shared.paged_lists import pager
from bot.features.shared.papers.report_card import report_card
from bot.locale.current import _, formatted, mark_text
from bot.store import UnitOfWork

EditionRemoval = Callable[[App, UnitOfWork, Member], Awaitable[Card | None]]
"""Removes a member from the club's editions before their rows are deleted. Returns a card for moderators, if any."""
BallotUpdate = Callable[[UnitOfWork, ZoneInfo], Awaitable[None]]
"""Updates the posts of the open ballot, if there is one."""

DataAction = Literal["show", "export", "delete"]

TABLE_LABELS = {
    "member": mark_text("your name, role and preferences"),
    "account": mark_text("accounts on the platforms"),
    "submission": mark_text("papers you submitted"),
    "seconding": mark_text("papers you submitted that somebody else had submitted first"),
    "vote": mark_text("votes, and papers you marked as “Not for us”"),
    "vote_event": mark_text("changes to your votes"),
    "card_reaction": mark_text("your reactions to papers’ cards; some count as votes"),
    "voice": mark_text("discussions you joined"),
    "saved": mark_text("papers on your reading list, with your notes"),
    "followed": mark_text("what you follow"),
    "alert": mark_text("messages about what you follow"),
    "recommendation": mark_text("papers that were last chosen for you"),
    "unwanted_paper": mark_text("papers you marked “Less like this”"),
    "new_paper_message": mark_text("the time of your next message about new papers"),
    "saying": mark_text("quotes you agreed to"),
    "paper_question": mark_text("questions you asked about papers"),
    "nomination": mark_text("papers you nominated to be read next"),
    "cast_ballot": mark_text("your ballot on what is read next, until it is counted"),
    "member_measure": mark_text("notes by moderators about you, or by you as a moderator"),
    "ballot": mark_text("ballots you opened as a moderator"),
    "suggestion": mark_text("suggestions for editions"),
    "report": mark_text("reports"),
    "paper_link": mark_text("links you added"),
    "act": mark_text("actions as a moderator or an admin"),
    "pick": mark_text("picks for an edition"),
    "ledger_quote": mark_text("quotes you chose for editions"),
    "source_text": mark_text("texts you added to take quotes from"),
    "figure": mark_text("figures you added to editions"),
    "approval": mark_text("approvals of editions"),
    "edition": mark_text("editions you drafted"),
    "meeting": mark_text("meetings at which you present or take notes"),
    "meeting_series": mark_text("series of meetings you planned"),
    "meeting_response": mark_text("your answers to meeting invitations"),
    "meeting_notice": mark_text("messages about meetings"),
    "presenter_offer": mark_text("requests to present at a meeting"),
    "meeting_question": mark_text("questions you left for meetings"),
    "question_vote": mark_text("votes for questions"),
    "calendar_feed": mark_text("calendar addresses"),
    "code": mark_text("one-time codes"),
    "kept": mark_text("what you typed in forms that failed (kept for 90 days)"),
}
"""Descriptions of the rows of each table, for the member."""

PAGE_LENGTH = 2_500
"""Characters of an export on one card: with its buttons, as many as fit a message of either platform."""
MAX_PAGES = 1_000
"""Maximum number of pages in one file: 10 MB, Discord's limit, at four bytes a character."""
MAX_REDRAWN = 1_000
"""Maximum number of a moderator's audit entries and reports whose posts are updated, latest first."""


def data_commands(remove_from_editions: EditionRemoval, update_ballot: BallotUpdate) -> Commands:
    """Command `my data`. Deletion calls `remove_from_editions` first and `update_ballot` last, in the same
    transaction.
    """
    commands = Commands()

    @commands("my data", examples=("/my data", "/my data export", "/my data delete"))
    async def data(
        ctx: Context,
        what: Annotated[DataAction, ParameterHint("show what there is, export all of it, or delete it")] = "show",
        sure: Annotated[bool, ParameterHint("delete it all")] = False,
        page: Annotated[int, ParameterHint("which page of the export; empty for one file")] = 0,
    ) -> Card:
        """See, export or delete what the club stores about you.

        Deleting removes your name, accounts, quotes, lists, and the reasons you gave for papers. Your papers, and your
        votes for papers of past editions, stay as those of a former member. Other votes are taken back. It cannot be
        undone.
        """
        if what == "delete":
            return await (_delete_data(ctx, remove_from_editions, update_ballot) if sure else _confirmation_card(ctx))
        async with ctx.read() as db:
            if what == "show":
                return _overview_card(await db.personal_data.count_rows(ctx.member.id))
            tables = await db.personal_data.export(ctx.member.id)
        return await asyncio.to_thread(_export_card, tables, page)

    return commands


def _overview_card(counted: Mapping[str, int]) -> Card:
    lines = tuple(
        (
            _(TABLE_LABELS.get(name, name))
            if name == "member"
            else f"{_(TABLE_LABELS.get(name, name))}: {formatted(count, ',')}",
        )
        for name, count in counted.items()
    )
    row = (
        Button(_("Show all of it"), Call.of("my data", "export", page=1)),
        Button(_("As a file"), Call.of("my data", "export")),
        Button(_("Delete it…"), Call.of("my data", "delete"), Style.DANGER),
    )
    return Card(_("What the club stores about you"), (Points(lines), Buttons(row)))


def _export_card(tables: Mapping[str, Sequence[dict[str, Any]]], page: int) -> Card:
    """One page of all rows, one JSON object a line; with page 0 the first one, and a file of all rows."""
    pages = list(_export_pages(tables))
    requested, page = page, min(max(page, 1), len(pages))
    parts: list[Part] = [
        text(InlineCode(pages[page - 1] + "\n")),
        note(_("Page {page} of {pages_count}, one entry per line (JSON).", page=page, pages_count=len(pages))),
    ]
    if page_buttons := pager(Call.of("my data", "export"), page, more=page < len(pages)):
        parts.append(page_buttons)
    if requested < 1 and len(pages) < MAX_PAGES:
        parts.append(File("journal-club-data.jsonl", "".join(f"{row}\n" for row in _json_lines(tables))))
    return Card(_("Everything the club stores about you"), tuple(parts))


def _export_pages(tables: Mapping[str, Sequence[dict[str, Any]]]) -> Iterator[str]:
    lines: list[str] = []
    for row in _json_lines(tables):
        for start in range(0, len(row), PAGE_LENGTH):
            piece = row[start : start + PAGE_LENGTH]
            if lines and sum(map(len, lines)) + len(lines) + len(piece) > PAGE_LENGTH:
                yield "\n".join(lines)
                lines = []
            lines.append(piece)
    yield "\n".join(lines)


def _json_lines(tables: Mapping[str, Sequence[dict[str, Any]]]) -> list[str]:
    return [json.dumps({"table": name} | row, ensure_ascii=False) for name, rows in tables.items() for row in rows]


async def _confirmation_card(ctx: Context) -> Card:
    """Card that lists what will be deleted and what remains, before anything is done."""
    async with ctx.read() as db:
        restricted = await db.restricted_accounts.is_restricted(ctx.member.id, ctx.now)
    returning = (
        _(
            "Moderators have paused your submissions or excluded your votes. Your account’s number is therefore kept: "
            "their decision still applies if you return."
        )
        if restricted
        else _("If you return, you start as a new member.")
    )
    points = (
        (
            _(
                "Deleted: your name, accounts, quotes, reading list, links you added, preferences and roles, and the "
                "reasons you gave for papers."
            ),
        ),
        (
            _(
                "Kept under the name “{deleted_member}”: your submitted papers, and your votes for papers of past "
                "editions. Your other votes are taken back.",
                deleted_member=_(DELETED_MEMBER),
            ),
        ),
        (_("Your quotes are removed from every edition, in every copy."),),
        (
            _(
                "Published editions keep your name and the reasons you gave until a moderator confirms a prepared "
                "correction."
            ),
        ),
        (_("Your own messages in channels and threads stay; delete them there."),),
        (returning,),
    )
    row = Buttons((Button(_("Delete all of it"), Call.of("my data", "delete", sure="yes"), Style.DANGER),))
    return Card(
        _("Delete what “{club}” stores about you?", club=ctx.club.name),
        (Points(points), note(_("This cannot be undone.")), row),
        Tone.BAD,
    )


async def _delete_data(ctx: Context, remove_from_editions: EditionRemoval, update_ballot: BallotUpdate) -> Card:
    async with ctx.begin() as db:
        presented = await db.meetings.presented_by(ctx.member.id, ctx.now)
        async with club_language(db):
            corrections = await remove_from_editions(ctx.app, db, ctx.member)
        for submission_id in await db.personal_data.delete(ctx.member.id, ctx.now):
            await db.deliveries.mark_stale(submission_id)
            await db.deliveries.redraw_openings(submission_id)
        await _redraw_posts(ctx, db)
        await update_ballot(db, ctx.zone)
        await _call_for_presenters(ctx, db, presented)
        if corrections:
            await post_to_moderators(ctx, db, DeliveryKind.MEMBER_FORGOTTEN, ctx.member.id, corrections)
    await ctx.app.store.erase_deleted()
    ctx.app.languages.forget()
    ctx.app.wake_up.set()
    say = _("Your name, accounts, texts, links and lists are deleted, and your quotes are removed from every edition. ")
    say += _("The papers you submitted stay, and so do your votes for papers of past editions, without your name.")
    parts: list[Part] = [text(say)]
    if corrections:
        still = _("Where a published edition still names you or prints your reason, the moderators have a ")
        parts.append(text(still + _("correction ready: one press removes both from every copy.")))
    return Card(_("Deleted"), tuple(parts), Tone.GOOD)


async def _call_for_presenters(ctx: Context, db: UnitOfWork, meetings: Sequence[Meeting]) -> None:
    """Tell moderators which meetings have lost their presenter, without a name."""
    for meeting in meetings:
        act = await db.audit_log.append(
            "presenter-left", None, ctx.now, after=log_sentence(LogSentence.MEETING, number=meeting.number)
        )
        async with club_language(db):
            card = no_presenter_card(meeting, ctx.zone)
        await call_moderators(ctx.app, db, act, card)


async def _redraw_posts(ctx: Context, db: UnitOfWork) -> None:
    """Update the moderators' posts about a deleted member, so that they have no name and no words of theirs."""
    for report in await db.reports.by_member(ctx.member.id, limit=MAX_REDRAWN):
        async with club_language(db):
            await db.deliveries.replace_card(DeliveryKind.REPORT, report.id, to_json(report_card(report)))
    acts = [
        *await db.audit_log.latest(member_id=ctx.member.id, limit=MAX_REDRAWN),
        *[
            act
            for act in await db.audit_log.latest(verbs=("roles",), limit=MAX_REDRAWN)
            if _anonymize(act, ctx.member.name)
        ],
    ]
    for act in acts:
        await redraw_act(db, act)


def _anonymize(act: AuditEntry, name: str) -> bool:
    """Replace a name in an audit entry about roles. True if the entry had it."""
    if name not in act.before | act.after:
        return False
    act.before, act.after = (
        {DELETED_MEMBER if k == name else k: v for k, v in side.items()} for side in (act.before, act.after)
    )
    return True

"""Command `curate log`: the audit log, for moderators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Card, Part, Points, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, Words
from bot.chat.text import truncate
from bot.domain.models import AuditEntry, Member, Submission
from bot.domain.past_day_input import TypedDays
from bot.features.shared.audit.wording import action_text, changes, reason_text
from bot.features.shared.field_checks import check_member, check_paper
from bot.features.shared.lookup import PAPER, by_name, by_title, find_member, find_submission
from bot.features.shared.paged_lists import LAST_PAGE, ROWS_PER_PAGE, pager
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _, formatted

commands = Commands()


@commands(
    "curate log",
    audience=Audience.MODERATOR,
    examples=("/curate log", "/curate log 12", "/curate log who=Ada since=2026-01-31"),
)
async def log(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, suggest=by_title, check=check_paper)] = "",
    who: Annotated[
        str,
        ParameterHint(
            "a member’s name, to see only what they did",
            suggest=by_name,
            check=check_member,
            strict=True,
            people=True,
            most=80,
        ),
    ] = "",
    since: Annotated[
        date | TypedDays | None, ParameterHint("only from this day on, such as 2026-01-31", parse=TypedDays.read)
    ] = None,
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """Show what moderators and admins did, latest first."""
    page = max(page, 1)
    day = since.first(ctx.now.astimezone(ctx.zone).date()) if isinstance(since, TypedDays) else since
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper, follow=False) if paper else None
        member = await find_member(ctx, db, who) if who else None
        acts = await db.audit_log.latest(
            submission_id=chosen.id if chosen else None,
            member_id=member.id if member else None,
            since=datetime.combine(day, time(), ctx.zone) if day else None,
            skip=(page - 1) * ROWS_PER_PAGE,
            limit=ROWS_PER_PAGE + 1,
        )
        about = await db.submissions.many({act.submission_id for act in acts if act.submission_id})
        editions = await db.editions.numbers({act.edition_id for act in acts if act.edition_id})
        concerned = await db.members.many({id for act in acts for id in act.after.get("members", ())})
    title = _("The log of #{chosen_number}", chosen_number=chosen.number) if chosen else _("The log")
    lines = [
        (
            *entry_line(
                ctx,
                act,
                about.get(act.submission_id or 0),
                "; ".join(changes(act, ctx.zone)),
                edition=editions.get(act.edition_id or 0),
            ),
            *_concerned(act, concerned),
        )
        for act in acts[:ROWS_PER_PAGE]
    ]
    nothing = text(_("No entries yet.") if page == 1 else _(LAST_PAGE))
    parts: list[Part] = [Points(tuple(lines)) if lines else nothing]
    turn = Call.of("curate log", *([chosen.number] if chosen else []), who=who or None, since=day)
    if page_buttons := pager(turn, page, more=len(acts) > ROWS_PER_PAGE, empty=not acts):
        parts.append(page_buttons)
    return Card(title, tuple(parts))


def _concerned(act: AuditEntry, members: Mapping[int, Member]) -> Words:
    """Names of the members that an action is about; the log has their ids, so that a name can be deleted."""
    names = [members[id].name for id in act.after.get("members", ()) if id in members]
    return (f" [{', '.join(names)}]",) if names else ()


def entry_line(
    ctx: Context, act: AuditEntry, about: Submission | None, details: str, *, edition: int | None = None
) -> Words:
    """An audit entry in one line; `details` are the values that changed, `edition` is the number of its edition."""
    who = act.member.shown_name if act.member else _("The club")
    what = f": {truncate(title_of(about), 60)}" if about else ""
    reason = reason_text(act, ctx.zone)
    why = f" — {truncate(reason, 120)}" if reason else ""
    changed = f" ({truncate(details, 160)})" if details else ""
    at = formatted(act.at.astimezone(ctx.zone), "%-d %b %Y, %H:%M")
    return (Bold(f"{at} "), action_text(who, act, about, edition=edition), what, why, changed)

"""Command `curate member`: notes on a member, a pause of their submissions, and whether their votes count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal, assert_never

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Points, Style, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold
from bot.chat.text import one_line
from bot.domain.models import MeasureKind, Member, MemberMeasure, MemberRole
from bot.errors import UserError
from bot.features.moderation.excluded_votes_message import votes_message
from bot.features.shared.audit.entries import record_action
from bot.features.shared.delivery.member_messages import notify_member
from bot.features.shared.field_checks import check_member
from bot.features.shared.languages import member_language
from bot.features.shared.lookup import by_name, find_member
from bot.locale.current import _, _n, formatted
from bot.store import UnitOfWork

commands = Commands()

MAX_DAYS = 365


def _require_days(days: int) -> None:
    if not 1 <= days <= MAX_DAYS:
        raise UserError(_("A pause lasts 1 to {max_days} days.", max_days=MAX_DAYS), field="days")


async def _check_days(ctx: Context, word: str, given: Mapping[str, str]) -> None:
    _require_days(int(word))


@commands(
    "curate member",
    audience=Audience.MODERATOR,
    examples=(
        "/curate member Ada",
        "/curate member Ada note asked twice for the same paper",
        "/curate member Ada pause days=7 reason=twenty papers that are off topic",
        "/curate member Ada resume",
        "/curate member Ada exclude voted from three accounts",
    ),
)
async def manage_member(
    ctx: Context,
    who: Annotated[
        str, ParameterHint("the member’s name", suggest=by_name, check=check_member, strict=True, people=True, most=80)
    ],
    action: Annotated[
        Literal["show", "note", "unnote", "pause", "resume", "exclude", "count"],
        ParameterHint("add or remove a note, pause or resume submissions, exclude votes or count them"),
    ] = "show",
    reason: Annotated[
        str,
        ParameterHint(
            "the note (only moderators see it), or the reason (the member is told)",
            rest=True,
            most=500,
            needed_with=("action", ("note", "pause", "exclude")),
        ),
    ] = "",
    days: Annotated[int, ParameterHint("how many days a pause lasts", check=_check_days)] = 7,
) -> Card:
    """Keep notes on a member, pause their submissions, or exclude their votes.

    Only moderators see notes. A member whose submissions are paused, or whose votes are not counted, gets a message
    with the reason. They can still read and discuss. `resume` and `count` undo this; `unnote` removes the last note.
    """
    reason = one_line(reason)
    message: Card | None = None
    async with ctx.begin() as db:
        member = await find_member(ctx, db, who)
        paused = await db.member_measures.pause(member.id, ctx.now)
        match action:
            case "show":
                lead = ""
            case "note":
                lead = await _note(ctx, db, member, reason)
            case "unnote":
                lead = await _remove_note(ctx, db, member)
            case "pause":
                lead, message = await _pause(ctx, db, member, paused, reason, days)
            case "resume":
                lead, message = await _resume(ctx, db, member, paused, reason)
            case "exclude" | "count":
                lead, message = await _exclude(ctx, db, member, reason, excluded=action == "exclude")
            case _:
                assert_never(action)
        card = await _member_card(ctx, db, member, lead)
    if message is None:
        return card
    sent = await notify_member(ctx, member.id, message)
    say = (
        _("{member} was told.", member=member.shown_name)
        if sent
        else _("{member} could not be told by direct message.", member=member.shown_name)
    )
    return Card(card.title, (*card.parts, note(say)), Tone.GOOD)


async def _note(ctx: Context, db: UnitOfWork, member: Member, reason: str) -> str:
    if not reason:
        raise UserError(_("What should the note say?"), field="reason")
    last = next(iter(await db.member_measures.of(member.id, limit=1)), None)
    if last and (last.kind, last.by_id, last.reason) == (MeasureKind.NOTE, ctx.member.id, reason):
        return _("Nothing to change: your last note already says this.")
    await _store(ctx, db, member, MeasureKind.NOTE, reason)
    await record_action(ctx, db, "member-note", after={"members": [member.id]})
    return _("The note is saved. Only moderators see it.")


async def _remove_note(ctx: Context, db: UnitOfWork, member: Member) -> str:
    """Remove the last note: the moderator's own, or any as an admin. Raises UserError if it is another's."""
    notes = [one for one in await db.member_measures.of(member.id) if one.kind == MeasureKind.NOTE]
    if not notes:
        return _("Nothing to change: there is no note on {member}.", member=member.shown_name)
    if notes[0].by_id != ctx.member.id and not ctx.may(Audience.ADMIN):
        raise UserError(_("{moderator} wrote the last note. Only they or an admin can remove it.",
                          moderator=notes[0].by.name))  # fmt: skip
    await db.member_measures.remove_note(member.id)
    await record_action(ctx, db, "member-unnote", after={"members": [member.id]})
    return _("The note was removed.")


async def _pause(
    ctx: Context, db: UnitOfWork, member: Member, paused: MemberMeasure | None, reason: str, days: int
) -> tuple[str, Card | None]:
    if not reason:
        raise UserError(_("Why? The member is told the reason."), field="reason")
    _require_days(days)
    if member.id == ctx.member.id or (member.role != MemberRole.MEMBER and not ctx.may(Audience.ADMIN)):
        raise UserError(_("You cannot pause your own submissions or those of other moderators. Ask an admin."))
    until = ctx.now + timedelta(days=days)
    if paused and paused.until == until and paused.reason == reason:
        return _("Nothing to change: that pause is already in effect."), None
    await _store(ctx, db, member, MeasureKind.PAUSE, reason, until)
    after = {"members": [member.id], "until": until.isoformat()}
    await record_action(ctx, db, "member-pause", why=reason, after=after)
    async with member_language(db, member.id):
        message = Card(
            _("Moderators paused your submissions"),
            (
                text(
                    _(
                        "You cannot submit papers to {club} until {end}. You can still read, vote and discuss.",
                        club=ctx.club.name,
                        end=_time(ctx, until),
                    )
                ),
                text(*phrase("Reason: {reason}", reason=reason)),
            ),
        )
    return _("{member} cannot submit papers until {end}.", member=member.shown_name, end=_time(ctx, until)), message


async def _resume(
    ctx: Context, db: UnitOfWork, member: Member, paused: MemberMeasure | None, reason: str
) -> tuple[str, Card | None]:
    if paused is None:
        return _("Nothing to change: the submissions of {member} are not paused.", member=member.shown_name), None
    await _store(ctx, db, member, MeasureKind.RESUME, reason)
    await record_action(ctx, db, "member-resume", why=reason, after={"members": [member.id]})
    async with member_language(db, member.id):
        why = [text(*phrase("Reason: {reason}", reason=reason))] if reason else []
        ended = text(_("Moderators of {club} ended the pause.", club=ctx.club.name))
        message = Card(_("You can submit papers again"), (ended, *why))
    return _("{member} can submit papers again.", member=member.shown_name), message


async def _exclude(
    ctx: Context, db: UnitOfWork, member: Member, reason: str, *, excluded: bool
) -> tuple[str, Card | None]:
    if excluded and not reason:
        raise UserError(_("Why? The member is told the reason."), field="reason")
    if excluded and member.id == ctx.member.id:
        raise UserError(_("You cannot exclude your own votes. Take them back with `/my votes`."))
    if member.votes_excluded == excluded:
        if excluded:
            return _("Nothing to change: the votes of {member} are already excluded.", member=member.shown_name), None
        return _("Nothing to change: the votes of {member} already count.", member=member.shown_name), None
    for changed in await db.vote_review.set_excluded([member.id], excluded=excluded):
        await db.deliveries.mark_stale(changed.id)
    await _store(ctx, db, member, MeasureKind.EXCLUDE if excluded else MeasureKind.COUNT, reason)
    verb = "member-exclude" if excluded else "member-count"
    await record_action(ctx, db, verb, why=reason, after={"members": [member.id]})
    message = await votes_message(db, member.id, ctx.club.name, reason, excluded=excluded)
    if excluded:
        return _("The votes of {member} are no longer counted.", member=member.shown_name), message
    return _("The votes of {member} are counted again.", member=member.shown_name), message


async def _store(
    ctx: Context, db: UnitOfWork, member: Member, kind: MeasureKind, reason: str, until: datetime | None = None
) -> None:
    await db.member_measures.add(
        MemberMeasure(member_id=member.id, by_id=ctx.member.id, kind=kind, reason=reason, until=until, at=ctx.now)
    )


async def _member_card(ctx: Context, db: UnitOfWork, member: Member, lead: str) -> Card:
    submitted = await db.submissions.by_member(member.id, limit=100)
    reports = await db.reports.by_member(member.id, limit=100)
    parts: list[Part] = [text(Bold(lead))] if lead else []
    since = formatted(member.created_at.astimezone(ctx.zone), "%-d %b %Y")
    counts = _(
        "{papers} submitted, {reports}",
        papers=_n("{n} paper", "{n} papers", len(submitted)),
        reports=_n("{n} report", "{n} reports", len(reports)),
    )
    parts.append(text(_("In the club since {since}: {counts}.", since=since, counts=counts)))
    if paused := await db.member_measures.pause(member.id, ctx.now):
        assert paused.until is not None
        end = _time(ctx, paused.until)
        parts.append(text(Bold(_("Submissions are paused until {end}: ", end=end)), paused.reason))
        row: tuple[Button, ...] = (
            Button(_("End the pause"), Call.of("curate member", member.name, "resume"), Style.MAIN),
        )
    else:
        row = (Button(_("Pause submissions…"), Call.of("curate member", member.name, "pause"), Style.DANGER),)
    if (await db.members.many([member.id]))[member.id].votes_excluded:
        parts.append(text(Bold(_("Their votes are not counted."))))
        row = (*row, Button(_("Count their votes"), Call.of("curate member", member.name, "count")))
    else:
        call = Call.of("curate member", member.name, "exclude")
        row = (*row, Button(_("Exclude their votes…"), call, Style.DANGER))
    if measures := await db.member_measures.of(member.id):
        if any(one.kind == MeasureKind.NOTE for one in measures):
            row = (*row, Button(_("Remove the last note"), Call.of("curate member", member.name, "unnote")))
        parts.append(Points(tuple((_line(ctx, one),) for one in measures)))
    return Card(_("{member}: notes for moderators", member=member.shown_name), (*parts, Buttons(row)))


def _line(ctx: Context, measure: MemberMeasure) -> str:
    what = {
        MeasureKind.NOTE: _("note"),
        MeasureKind.PAUSE: _("paused submissions"),
        MeasureKind.RESUME: _("ended the pause"),
        MeasureKind.EXCLUDE: _("excluded their votes"),
        MeasureKind.COUNT: _("let their votes count again"),
    }[measure.kind]
    reason = f": {measure.reason}" if measure.reason else ""
    return f"{formatted(measure.at.astimezone(ctx.zone), '%-d %b %Y')}, {measure.by.name}, {what}{reason}"


def _time(ctx: Context, at: datetime) -> str:
    return formatted(at.astimezone(ctx.zone), "%-d %b %Y, %H:%M")

"""Command `curate votes`: the votes for a paper, and which of them count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, Part, Points, Style, Tone, note, text, to_json
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.chat.text import one_line
from bot.domain.models import DeliveryKind, Submission
from bot.errors import UserError
from bot.features.moderation.excluded_votes_message import votes_message
from bot.features.shared.audit.entries import record_action
from bot.features.shared.delivery.member_messages import notify_member
from bot.features.shared.field_checks import check_member, check_paper
from bot.features.shared.languages import club_language
from bot.features.shared.lookup import PAPER, by_name, by_title, find_member, find_submission
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.votes.vote_bursts import Burst, burst_card, last_burst
from bot.locale.current import _, _n, formatted
from bot.store import UnitOfWork

commands = Commands()

MOST_NAMED = 25
"""Voters listed on the card."""

VoteDecision = Literal["show", "exclude", "count"]


@commands(
    "curate votes",
    audience=Audience.MODERATOR,
    examples=("/curate votes 12", "/curate votes 12 exclude", "/curate votes 12 exclude who=Ada"),
)
async def review_votes(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title, check=check_paper)] = "",
    what: Annotated[VoteDecision, ParameterHint("show them, exclude them, or count them")] = "show",
    who: Annotated[
        str,
        ParameterHint(
            "a member’s name, to see only their votes", suggest=by_name, check=check_member, strict=True, people=True
        ),
    ] = "",
    reason: Annotated[str, ParameterHint("the reason; a member whom you name gets it in a message", most=300)] = "",
) -> Card:
    """Show a paper’s votes, and exclude votes or count them again.

    If you name nobody, the command applies to the first-time voters that I told you about. All votes of these
    members are affected, for other papers too. A member who is named gets a message with the reason.
    """
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        last = await last_burst(db, chosen.id)
        if what == "show":
            return await _votes_card(ctx, db, chosen, last)
        members = [(await find_member(ctx, db, who)).id] if who else await _concerned(db, chosen, last, what)
        excluded = what == "exclude"
        if who and (await db.members.many(members))[members[0]].votes_excluded == excluded:
            card = await _votes_card(ctx, db, chosen, last)
            say = (
                _("The votes of this member are already excluded.")
                if excluded
                else _("The votes of this member are already counted.")
            )
            return replace(card, parts=(text(Bold(f"{_('Nothing to change.')} {say}")), *card.parts))
        for changed in await db.vote_review.set_excluded(members, excluded=excluded):
            await db.deliveries.mark_stale(changed.id)
        after: dict[str, object] = {"voters": len(members), "members": members}
        if last and not who:
            after["since"] = last.since.isoformat()
            async with club_language(db):
                say = _("not counted") if excluded else _("counted")
                decision = _("{member} decided: these votes are {say}.", member=ctx.member.name, say=say)
                decided = burst_card(chosen, len(members), decision)
            shown = await _question_of(db, chosen, last)
            await db.deliveries.replace_card(DeliveryKind.ATTENTION, shown, to_json(decided))
        await record_action(ctx, db, f"{what}-votes", submission=chosen, why=one_line(reason), after=after)
        chosen = await db.submissions.get(chosen.id, lock=True) or chosen
        card = await _votes_card(ctx, db, chosen, await last_burst(db, chosen.id), len(members), what)
        message = await votes_message(db, members[0], ctx.club.name, one_line(reason), excluded=excluded)
    if who:
        await notify_member(ctx, members[0], message)
    return card


async def _concerned(db: UnitOfWork, chosen: Submission, last: Burst | None, what: VoteDecision) -> Sequence[int]:
    """Members of the last burst. Raises UserError if there was none, or if it is decided so already."""
    if last is None:
        raise UserError(
            _(
                "I have seen no sudden rush of first-time voters for #{chosen_number}. Name a member with `who=…`.",
                chosen_number=chosen.number,
            ),
            field="who",
        )
    if last.is_open:
        return await db.vote_review.first_time_voters(chosen.id, last.since)
    if last.act.verb == f"{what}-votes":
        raise UserError(_("That was already decided for #{chosen_number}.", chosen_number=chosen.number))
    return [int(id) for id in last.act.after["members"]]


async def _question_of(db: UnitOfWork, chosen: Submission, last: Burst) -> int:
    """Id of the audit entry whose question to moderators shows this burst."""
    if last.is_open:
        return last.act.id
    acts = await db.audit_log.latest(submission_id=chosen.id, verbs=("burst",), limit=1)
    return acts[0].id if acts else 0


async def _votes_card(
    ctx: Context, db: UnitOfWork, chosen: Submission, last: Burst | None, changed: int = 0, what: str = ""
) -> Card:
    """The votes of a paper in numbers, with their names where the club shows them to moderators."""
    waiting, excluded = await db.vote_review.uncounted(chosen)
    said = _("not counted") if what == "exclude" else _("counted")
    parts: list[Part] = (
        [
            text(
                Bold(
                    _("The votes of {members} are {said}.", members=_n("{n} member", "{n} members", changed), said=said)
                )
            )
        ]
        if what
        else []
    )
    pairs = [(_("Counted"), str(chosen.votes))]
    pairs += [(_("From new members, not counted yet"), str(waiting))] if waiting else []
    pairs += [(_("Not counted"), str(excluded))] if excluded else []
    parts += [text(Bold(f"#{chosen.number} "), title_of(chosen)), Facts(tuple(pairs))]
    first = await _first_timers(db, chosen, last)
    if last and last.is_open:
        parts.append(
            text(_("{first_count} people voted for the first time, all within a short time.", first_count=len(first)))
        )
    parts += await _names(ctx, db, chosen, first)
    row = [Button(_("Open the paper"), Call.of("curate show", chosen.number))]
    if last and last.act.verb != "count-votes":
        row.insert(0, Button(_("Count them"), Call.of("curate votes", chosen.number, "count"), Style.MAIN))
    if last and last.act.verb != "exclude-votes":
        exclude = Call.of("curate votes", chosen.number, "exclude")
        row.insert(0, Button(_("Exclude them"), exclude, Style.DANGER))
    parts.append(Buttons(tuple(row)))
    return Card(
        _("Votes for #{chosen_number}", chosen_number=chosen.number), tuple(parts), Tone.GOOD if what else Tone.PLAIN
    )


async def _first_timers(db: UnitOfWork, chosen: Submission, last: Burst | None) -> Collection[int]:
    return set(await db.vote_review.first_time_voters(chosen.id, last.since)) if last and last.is_open else ()


async def _names(ctx: Context, db: UnitOfWork, chosen: Submission, first: Collection[int]) -> list[Part]:
    if not ctx.settings.show_voters:
        return [
            note(_("Names are not shown in this club. An admin can change that: /clubadmin settings show_voters yes"))
        ]
    voters = await db.vote_queries.voters(chosen.id)
    lines = [
        f"{member.shown_name}, {formatted(vote.at.astimezone(ctx.zone), '%-d %b, %H:%M')}"
        + (_(" (first vote)") if member.id in first else "")
        + (_(" (not counted)") if not vote.ranks else "")
        for member, vote in voters[:MOST_NAMED]
    ]
    more = (
        [note(_("and {voters_count} more", voters_count=len(voters) - MOST_NAMED))] if len(voters) > MOST_NAMED else []
    )
    return [Points(tuple((line,) for line in lines)), *more] if lines else []

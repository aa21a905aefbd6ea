"""Commands that decide on papers: shortlist, pick, hold, drop, unpick."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated
from uuid import uuid4

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, QuotePart, Style, Tone, text
from bot.chat.command import Audience, Reply, names_a_paper
from bot.chat.commands import Commands
from bot.chat.error_cards import RefusedWithCard
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.chat.text import one_line, truncate
from bot.domain.models import NotificationState, Pick, Submission, SubmissionState
from bot.errors import UserError
from bot.features.moderation.case_card import case_card
from bot.features.moderation.curation_snapshot import load_for_decision, record_decision, take_snapshot
from bot.features.moderation.draft_in_progress import draft_remark
from bot.features.shared.delivery.decision_messages import plan_decision_message, send_decision_message
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title
from bot.locale.current import _, _n, mark_text
from bot.store import UnitOfWork

commands = Commands()

MAX_PLACES = 60
"""Largest place number: the number of items in the largest edition."""

_PLACE = re.compile(r"#?([0-9]{1,6})(?:st|nd|rd|th|\.)?", re.IGNORECASE)
"""A place as people write it: "2", "#2", "2nd", "2."."""

_ORDINALS = {"first": 1, "second": 2, "third": 3}

RETURN_STATES = (SubmissionState.NEW, SubmissionState.SHORTLISTED, SubmissionState.HELD, SubmissionState.READ)
"""States that a withdrawn pick can return to."""

MOVED_TEXT = {
    SubmissionState.SHORTLISTED: mark_text("on the shortlist"),
    SubmissionState.HELD: mark_text("held back"),
    SubmissionState.DROPPED: mark_text("removed from the list"),
}
"""New position of a moved paper, in words."""

PaperParameter = Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title, check=check_paper, most=2000)]
PapersParameter = Annotated[
    str, ParameterHint(PAPER, here=True, suggest=by_title, check=check_paper, most=2000, several=True)
]
ReasonParameter = Annotated[str, ParameterHint("the reason, shown in the log", rest=True, most=300)]
TellParameter = Annotated[bool, ParameterHint("send them a message with the reason")]


def place_number(word: str) -> int:
    """Typed place in an edition. Raises UserError if it is not a number from 1 to MAX_PLACES."""
    number = _PLACE.fullmatch(str(_ORDINALS.get(word.lower(), word)))
    if number and 1 <= int(number[1]) <= MAX_PLACES:
        return int(number[1])
    raise UserError(
        _("The place is a number from 1 to {max_places}, not “{word}”.", max_places=MAX_PLACES, word=word[:20])
    )


async def by_theme(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest the themes of the current picks, then the club's topics."""
    async with ctx.read() as db:
        themes = [pick.theme for pick in (await db.picks.all()).values() if pick.theme]
        known = dict.fromkeys([*themes, *(topic.name for topic in await db.topics.all())])
    return [(name, name) for name in known if typed.strip().lower() in name.lower()][:25]


async def by_reason(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest common reasons for dropping a paper."""
    usual = (
        _("off topic"),
        "spam",
        _("a duplicate"),
        _("withdrawn by its authors"),
        _("we already had it"),
        _("not a paper"),
    )
    return [(reason, reason) for reason in usual if typed.strip().lower() in reason]


@commands("curate shortlist", reply=Reply.IN_PLACE, audience=Audience.MODERATOR, examples=("/curate shortlist 12",))
async def shortlist(ctx: Context, paper: PaperParameter = "", reason: ReasonParameter = "") -> Card:
    """Put a paper on the shortlist for the next edition."""
    async with ctx.begin() as db:
        chosen = await load_for_decision(ctx, db, paper)
        if chosen.state == SubmissionState.PICKED:
            raise UserError(
                _(
                    "#{chosen_number} is already picked. Run `/curate unpick {chosen_number}` first.",
                    chosen_number=chosen.number,
                )
            )
        return await _move(ctx, db, chosen, "shortlist", SubmissionState.SHORTLISTED, reason)


@commands("curate hold", reply=Reply.IN_PLACE, audience=Audience.MODERATOR, examples=("/curate hold 12 wait for v2",))
async def hold(
    ctx: Context, paper: PaperParameter = "", reason: ReasonParameter = "", tell_submitter: TellParameter = False
) -> Card:
    """Hold a paper back from editions. Members can still vote for it."""
    async with ctx.begin() as db:
        chosen = await load_for_decision(ctx, db, paper)
        changed = not _unchanged(chosen, SubmissionState.HELD, reason)
        tells = tell_submitter and changed
        card = await _move(ctx, db, chosen, "hold", SubmissionState.HELD, reason, tells=tells)
    return await tell_submitter_of_decision(ctx, card, chosen) if tells else card


@commands(
    "curate drop",
    reply=Reply.IN_PLACE,
    audience=Audience.MODERATOR,
    examples=("/curate drop 12 off topic", "/curate drop 12 spam tell_submitter=yes"),
)
async def drop(
    ctx: Context,
    paper: PaperParameter = "",
    *,
    reason: Annotated[
        str, ParameterHint("the reason; the submitter may be told", rest=True, most=300, suggest=by_reason, free=True)
    ],
    tell_submitter: TellParameter = False,
) -> Card:
    """Remove a paper from the list, with a reason."""
    async with ctx.begin() as db:
        chosen = await load_for_decision(ctx, db, paper)
        changed = not _unchanged(chosen, SubmissionState.DROPPED, reason)
        tells = tell_submitter and changed
        card = await _move(ctx, db, chosen, "drop", SubmissionState.DROPPED, reason, tells=tells)
    return await tell_submitter_of_decision(ctx, card, chosen) if tells else card


async def tell_submitter_of_decision(ctx: Context, card: Card, decided: Submission) -> Card:
    """Send the message that the decision has planned. Returns the moderators' card, headed by its result."""
    state = await send_decision_message(ctx.app, ctx.club.id, decided.member_id, uuid4().hex)
    if state == NotificationState.SENT:
        done = _("The submitter was told.")
    elif state == NotificationState.WAITING:
        done = _("The submitter will be told as soon as possible.")
    else:
        done = _("The submitter could not be reached by direct message.")
    return Card(card.title, (text(done), *card.parts), card.tone, card.url)


async def _move(
    ctx: Context,
    db: UnitOfWork,
    chosen: Submission,
    verb: str,
    state: SubmissionState,
    reason: str,
    *,
    tells: bool = False,
) -> Card:
    """Set a submission's state; its pick, if any, is removed. With `tells` its submitter gets a message."""
    done = _(MOVED_TEXT[state])
    if _unchanged(chosen, state, reason):
        return await case_card(ctx, db, chosen, _("It is already {done}.", done=done))
    if chosen.state == SubmissionState.DROPPED != state:
        raise UserError(_restore_hint(chosen))
    before = await take_snapshot(db, chosen)
    chosen.state, chosen.state_why = state, one_line(reason)
    await db.picks.remove(chosen.id)
    act = await record_decision(ctx, db, verb, chosen, before, why=one_line(reason))
    if tells:
        await plan_decision_message(db, chosen, act, ctx.now)
    say = _("It is now {done}.", done=done)
    if before["state"] == state:
        say = _("It was already {done}. The reason is new.", done=done)
    return await case_card(ctx, db, chosen, say, tone=Tone.GOOD, remark=await draft_remark(db, chosen))


def _unchanged(chosen: Submission, state: SubmissionState, reason: str) -> bool:
    """True if the submission has this state already, and the reason is the same or empty."""
    return chosen.state == state and one_line(reason) in ("", chosen.state_why)


def _restore_hint(chosen: Submission) -> str:
    why = f" ({chosen.state_why})" if chosen.state_why else ""
    return _(
        "#{chosen_number} was removed from the list{why}. Run `/curate restore {chosen_number}` first.",
        chosen_number=chosen.number,
        why=why,
    )


@commands(
    "curate pick",
    reply=Reply.IN_PLACE,
    audience=Audience.MODERATOR,
    examples=(
        "/curate pick 12",
        "/curate pick 12,9,15",
        '/curate pick 12 2 theme="Reasoning" why="settles the debate of last month"',
    ),
)
async def pick(
    ctx: Context,
    paper: PapersParameter = "",
    place: Annotated[
        int, ParameterHint("its place in the edition, starting at 1", parse=place_number, otherwise="why")
    ] = 0,
    theme: Annotated[str, ParameterHint("the theme it appears under", most=80, suggest=by_theme, otherwise="why")] = "",
    why: Annotated[str, ParameterHint("why it matters, for the edition", long=True, most=1000)] = "",
    note: Annotated[str, ParameterHint("a note shown after it in the edition", long=True, most=1000)] = "",
) -> Card:
    """Pick a paper for the next edition, or change its pick.

    If the place is taken, the papers from there on move down. Without a place, the paper comes after those that have
    one. To pick several papers in order, separate their numbers or links with commas. Words after the number are the
    reason.
    """
    several = [word for word in re.split(r"[\s,;]+", paper) if word]
    if len(several) > 1 and all(names_a_paper(word) for word in several):
        if why or note:
            raise RefusedWithCard(_one_reason_card(paper, place, theme, why or note))
        return await _pick_many(ctx, several, place, theme)
    return (await _pick_one(ctx, paper, place, theme, why, note))[0]


def _one_reason_card(papers: str, place: int, theme: str, typed: str) -> Card:
    """Refusal of a reason or a note for several papers at once, with what was typed."""
    say = _(
        "A reason or a note belongs to one paper. Pick them first, then add it: `/curate pick {number} your words`.",
        number=next(iter(re.findall(r"\d+", papers)), "12"),
    )
    call = Call.of("curate pick", papers, place=place or None, theme=theme or None)
    row = Buttons((Button(_("Pick them without it"), call, Style.MAIN),))
    parts = (text(*parse_backticks(say)), QuotePart(typed), row)
    return Card(_("Not picked yet"), parts, Tone.BAD)


async def _pick_many(ctx: Context, papers: Sequence[str], place: int, theme: str) -> Card:
    """Pick several papers; one answer with the outcome of each. From a place on, they take one place after another."""
    rows, failed = list[str](), 0
    remark: tuple[Part, ...] = ()
    for word in papers:
        at = place + len(rows) - failed if place else 0
        try:
            card, remarked = await _pick_one(ctx, word, at, theme, "", "")
            remark = remarked or remark
        except UserError as error:
            failed += 1
            rows.append(_("{word}: not picked. {error}", word=truncate(word, 80), error=error))
        else:
            rows.append(
                _("{word}: picked. {card_title}", word=truncate(word, 80), card_title=truncate(card.title, 120))
            )
    title = _("{papers} picked", papers=_n("{n} paper", "{n} papers", len(papers) - failed)) + (
        _(", {failed} not", failed=failed) if failed else ""
    )
    return Card(title, (*(text(row) for row in rows), *remark), Tone.BAD if failed else Tone.GOOD)


async def _pick_one(
    ctx: Context, paper: str, place: int, theme: str, why: str, note: str
) -> tuple[Card, tuple[Part, ...]]:
    """The card of a picked paper, and the remark about the edition in progress that it has."""
    async with ctx.begin() as db:
        chosen = await load_for_decision(ctx, db, paper)
        if chosen.state == SubmissionState.DROPPED:
            raise UserError(_restore_hint(chosen))
        before = await take_snapshot(db, chosen)
        values = {
            "place": place,
            "theme": await canonical_theme(db, one_line(theme)),
            "why": why.strip(),
            "note": note.strip(),
        }
        wanted = {name: value for name, value in values.items() if value}
        if before["pick"] and all(before["pick"][name] == value for name, value in wanted.items()):
            return await case_card(ctx, db, chosen, _("It is already picked.")), ()
        pushed = await shift_places(db, chosen.id, place)
        empty = {} if before["pick"] else {"place": None, "theme": "", "why": "", "note": ""}
        await db.picks.set(chosen.id, ctx.member.id, ctx.now, **(empty | wanted))
        chosen.state, chosen.state_why = SubmissionState.PICKED, ""
        await record_decision(ctx, db, "pick", chosen, before)
        lead = [_("The pick was changed.") if before["pick"] else _("Picked for the next edition.")]
        if pushed:
            lead.append(
                _("{other_picks} moved down a place.", other_picks=_n("{n} other pick", "{n} other picks", pushed))
            )
        remark = await draft_remark(db, chosen)
        return await case_card(ctx, db, chosen, *lead, tone=Tone.GOOD, remark=remark), remark


async def canonical_theme(db: UnitOfWork, theme: str) -> str:
    """A theme in the spelling of the other picks, so that one theme does not become two."""
    themes = [pick.theme for pick in (await db.picks.all()).values()]
    return next((known for known in themes if known.casefold() == theme.casefold()), theme)


async def shift_places(db: UnitOfWork, submission_id: int, place: int | None) -> int:
    """Free a place: its pick, and those right behind, move down by one. Returns the number of moved picks."""
    picks_by_place = {
        pick.place: pick for pick in (await db.picks.all()).values() if pick.submission_id != submission_id
    }
    moved: list[Pick] = []
    while place and (pick := picks_by_place.get(place + len(moved))):
        moved.append(pick)
    for pick in moved:
        pick.place = (pick.place or 0) + 1
    return len(moved)


@commands("curate unpick", reply=Reply.IN_PLACE, audience=Audience.MODERATOR, examples=("/curate unpick 12",))
async def unpick(ctx: Context, paper: PaperParameter = "", reason: ReasonParameter = "") -> Card:
    """Remove a paper from the picks."""
    async with ctx.begin() as db:
        chosen = await load_for_decision(ctx, db, paper)
        if chosen.state != SubmissionState.PICKED:
            return await case_card(ctx, db, chosen, _("Nothing to change: it is not picked."))
        before = await take_snapshot(db, chosen)
        picks = await db.audit_log.latest(submission_id=chosen.id, verbs=("pick",))
        earlier = (act.before.get("state") for act in picks)
        chosen.state = next(
            (SubmissionState(state) for state in earlier if state in RETURN_STATES), SubmissionState.NEW
        )
        await db.picks.remove(chosen.id)
        await record_decision(ctx, db, "unpick", chosen, before, why=one_line(reason))
        remark = await draft_remark(db, chosen, unpicked=True)
        return await case_card(ctx, db, chosen, _("It is no longer picked."), tone=Tone.GOOD, remark=remark)

"""Commands `club ask`, `club questions` and `club upvote`: questions left for a meeting."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, QuotePart, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.errors import NotAllowed, UserError
from bot.features.shared.field_checks import check_meeting
from bot.features.shared.lookup import TAKE_BACK
from bot.features.shared.meetings.meeting_lookup import MEETING, by_meeting, find_meeting, open_meeting
from bot.features.shared.meetings.meeting_thread import QUESTIONS_PART, plan_questions, questions_card
from bot.locale.current import _, _n, mark_text

commands = Commands()

NO_QUESTION = mark_text(
    "There is no question {number}. It may already have been removed. `/club questions` lists them."
)

MAX_QUESTION = 500
MAX_PER_MEMBER = 10
"""Questions that a member may leave for one meeting."""
MAX_LISTED = 25
"""Questions on the full list: with their buttons, as many as fit a message of either platform."""


@commands("club ask", examples=("/club ask Does lemma 3 need the bound?", "/club ask anonymous=yes Is it known?"))
async def ask(
    ctx: Context,
    question: Annotated[str, ParameterHint("your question for the meeting", long=True, most=MAX_QUESTION)],
    meeting: Annotated[str, ParameterHint(MEETING, suggest=by_meeting, check=check_meeting, strict=True)] = "",
    anonymous: Annotated[bool, ParameterHint("ask anonymously")] = False,
) -> Card:
    """Leave a question for a meeting.

    Others can vote for it. It is listed in the meeting’s thread.
    """
    if anonymous and not ctx.settings.anonymous_questions:
        raise UserError(_("This club does not allow anonymous questions. Ask with your name."), field="anonymous")
    words = question.strip()
    async with ctx.begin() as db:
        chosen = await open_meeting(ctx, db, meeting)
        if known := await db.meeting_questions.same(chosen.id, words):
            voted = known.member_id != ctx.member.id and await db.meeting_questions.vote(known.id, ctx.member.id)
            await db.meetings.redraw(chosen.id, QUESTIONS_PART)
            say = _("It was already asked, so your vote is added to it.") if voted else _("It was already asked.")
            return Card(_("Nothing to add"), (QuotePart(known.text), text(say)))
        if await db.meeting_questions.count_by(chosen.id, ctx.member.id) >= MAX_PER_MEMBER:
            raise UserError(
                _(
                    "You have already left {max_per_member} questions for meeting {chosen_number}.",
                    max_per_member=MAX_PER_MEMBER,
                    chosen_number=chosen.number,
                )
            )
        added = await db.meeting_questions.add(chosen.id, ctx.member.id, words, ctx.now, anonymous=anonymous)
        await plan_questions(db, chosen, ctx.now)
        await db.meetings.redraw(chosen.id, QUESTIONS_PART)
    by = _("It shows no name.") if anonymous else _("It shows your name.")
    row = Buttons(
        (
            Button(_("All questions"), Call.of("club questions", chosen.number)),
            Button(_("Remove it"), Call.of("club questions", chosen.number, remove=added.id)),
        )
    )
    return Card(
        _("Your question for meeting {chosen_number} is listed", chosen_number=chosen.number),
        (QuotePart(words), text(by), row),
        Tone.GOOD,
    )


@commands("club questions", examples=("/club questions", "/club questions 3", "/club questions remove=12"))
async def questions(
    ctx: Context,
    meeting: Annotated[str, ParameterHint(MEETING, suggest=by_meeting, check=check_meeting, strict=True)] = "",
    remove: Annotated[int | None, ParameterHint("the number of a question to remove: one of yours")] = None,
) -> Card:
    """List the questions for a meeting, or remove one of yours. Moderators may remove any."""
    async with ctx.begin() as db:
        if remove is not None:
            question = await db.meeting_questions.get(remove)
            if question is None:
                raise UserError(_(NO_QUESTION, number=remove), field="remove")
            if question.member_id != ctx.member.id and not ctx.may(Audience.MODERATOR):
                raise NotAllowed(_("Only the person who asked a question or a moderator can remove it."))
            question.removed_at = ctx.now
            await db.meetings.redraw(question.meeting_id, QUESTIONS_PART)
            return Card(_("The question was removed"), (QuotePart(question.text),), Tone.GOOD)
        chosen = await find_meeting(ctx, db, meeting)
        return await questions_card(db, chosen, limit=MAX_LISTED)


@commands("club upvote", examples=("/club upvote 12", "/club upvote 12 back=yes"))
async def upvote(
    ctx: Context,
    question: Annotated[int, ParameterHint("the number of a question, as on the list")],
    back: Annotated[bool, ParameterHint("take your vote back", means=TAKE_BACK)] = False,
) -> Card:
    """Vote for a question that others left for a meeting."""
    async with ctx.begin() as db:
        found = await db.meeting_questions.get(question)
        if found is None:
            raise UserError(_(NO_QUESTION, number=question), field="question")
        if found.member_id == ctx.member.id and not back:
            raise UserError(_("It is your own question."))
        if back:
            changed = await db.meeting_questions.take_back(found.id, ctx.member.id)
        else:
            changed = await db.meeting_questions.vote(found.id, ctx.member.id)
        await db.meetings.redraw(found.meeting_id, QUESTIONS_PART)
        votes = next(n for q, n in await db.meeting_questions.ranked(found.meeting_id) if q.id == found.id)
    count = text(
        _("The question now has {votes}.", votes=_n("{n} vote", "{n} votes", votes))
        if votes
        else _("The question now has no votes.")
    )
    undo = Buttons((Button(_("Take my vote back"), Call.of("club upvote", question, back="yes")),))
    if back:
        title = _("Your vote was taken back") if changed else _("Nothing to change: you had no vote for it")
        return Card(title, (QuotePart(found.text), count), Tone.GOOD if changed else Tone.PLAIN)
    title = _("Your vote is counted") if changed else _("Nothing to change: you have already voted for it")
    return Card(title, (QuotePart(found.text), count, undo), Tone.GOOD if changed else Tone.PLAIN)

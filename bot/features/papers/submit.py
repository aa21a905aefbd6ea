"""Bringing papers by whatever link or words, and taking one's own back."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import Annotated

from sqlalchemy.exc import IntegrityError

from bot.app import Context
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Link
from bot.chat.text import join_names, truncate
from bot.domain.links import identify as links
from bot.domain.models import SubmissionState
from bot.domain.paper_record import PaperRecord
from bot.domain.withdrawals import Withdrawal, paper_withdrawal, record_withdrawal
from bot.errors import Unavailable, UserError
from bot.features.papers.add_submission import SubmissionInput, add_submission, already_submitted_card
from bot.features.shared.lookup import PAPER, by_title, by_topic, find_submission, topic_named
from bot.features.shared.paper_cards import title_of
from bot.features.shared.source_checks import keep
from bot.features.shared.withdrawals import take_notice
from bot.latex.reader import latex_to_text

log = logging.getLogger(__name__)
commands = Commands(about={"paper": "Bring papers, find them, vote and discuss."})

CATEGORY = re.compile(r"^\s*\[[a-z-]{2,9}(?:\.[A-Z]{2})?\]\s*")
"""The category behind an id that was copied whole, as in "arXiv:2510.06557v1 [cs.LG]": no part of the reason."""


@commands(
    "paper submit",
    examples=(
        "/paper submit https://arxiv.org/abs/1706.03762 no recurrence needed",
        "/paper submit 2012.12877",
    ),
)
async def submit(
    ctx: Context,
    link: Annotated[
        object, ParameterHint("a link to the paper, or its arXiv id or DOI", most=2000, parse=links.identify)
    ],
    why: Annotated[str, ParameterHint("why the others should read it", long=True, most=500)] = "",
    topic: Annotated[str, ParameterHint("one of the club's topics", suggest=by_topic, most=80)] = "",
    anonymous: Annotated[bool, ParameterHint("yes to bring it without your name")] = False,
) -> Card:
    """Put a paper on the club's list.

    Any link to it will do. A paper that is already there gains your reason, and you are shown where it is discussed.
    Links to news, code, blog posts and videos are taken too, for those sections of the edition.
    """
    if anonymous and not ctx.settings.anonymous:
        raise UserError("This club asks for names. Submit again without `anonymous`.", field="anonymous")
    if isinstance(link, links.SearchPhrase):
        return await _search_sources(ctx, link.text, SubmissionInput(why, topic, anonymous))
    assert isinstance(link, links.PaperRef | links.LinkedItem)
    said = SubmissionInput(CATEGORY.sub("", why), topic, anonymous)
    record = await _details(ctx, link) if isinstance(link, links.PaperRef) else None
    try:
        return await add_submission(ctx, link, record, said)
    except IntegrityError:
        # Somebody brought the same paper between our look and our write: now it is there to be found.
        return await add_submission(ctx, link, record, said)


async def _details(ctx: Context, ref: links.PaperRef) -> PaperRecord | None:
    """What the source says about a paper now; None where it cannot be asked. Asked outside any transaction.

    A paper that is known is asked about too, as it may have changed. Where its source does not answer, what was last
    heard of it stands. Raises UserError for one that is withdrawn, or that its source does not know.
    """
    async with ctx.read() as db:
        known = await db.papers.by_key(ref.key)
    heard = known and not known.pending
    try:
        if ref.source == "arxiv":
            record = (await ctx.app.paper_source.records([ref.id])).get(ref.id)
        elif ctx.app.doi_registry:
            record = await ctx.app.doi_registry.record(ref.id)
        elif heard:
            record = None
        else:
            raise UserError(
                "This club looks papers up on arXiv only, and this DOI leads elsewhere. Is there an arXiv version? "
                "(An admin of the installation can turn Crossref on: JOURNALCLUB_CROSSREF__ENABLED.)",
                field="link",
            )
    except Unavailable as error:
        log.info("%s is asked about later: %s", ref.key, error)
        if known and (gone := paper_withdrawal(known)):
            raise UserError(_withdrawn(known.title, gone), field="link") from None
        return None
    if record is None and heard:
        return None
    if record is None:
        where = "arXiv" if ref.source == "arxiv" else "Crossref"
        raise UserError(f"{where} knows no paper `{ref.id}`. Is there a typing mistake in it?", field="link")
    if gone := record_withdrawal(record):
        if heard:
            await keep(ctx.app, ctx.club.id, [record])
            await take_notice(ctx.app, ctx.club.id)
        raise UserError(_withdrawn(record.title, gone), field="link")
    return record


def _withdrawn(title: str, gone: Withdrawal) -> str:
    said = f" {gone.source} says: “{gone.note}”" if gone.note else ""
    return f"“{truncate(latex_to_text(title), 120)}” was {gone.phrase}, so it was not added.{said}"


async def _search_sources(ctx: Context, words: str, said: SubmissionInput) -> Card:
    """Words instead of a link: a paper that is here, or a choice of what arXiv finds.

    Without quotation marks the rest of a title looks like the reason, so all words are tried as a title first.
    """
    readings = [(words, said)]
    if said.why:
        readings.insert(0, (f"{words} {said.why}", replace(said, why="")))
    for title, rest in readings:
        async with ctx.begin() as db:
            topic = await topic_named(db, said.topic) if said.topic else None
            here = await db.search.by_title(title, limit=2)
            there = await db.submissions.get(here[0].id, lock=True) if len(here) == 1 else None
            if there is not None:
                return await already_submitted_card(ctx, db, there, rest, topic)
    for title, rest in readings:
        if found := await _searched(ctx, title):
            return choose_result(found, rest)
    raise UserError(f"“{truncate(words, 80)}” is no link I know, and arXiv finds no such paper.", field="link")


async def _searched(ctx: Context, title: str) -> list[PaperRecord]:
    try:
        return await ctx.app.paper_source.search(title, limit=5)
    except Unavailable as error:
        say = str(error)
        raise UserError(f"“{truncate(title, 80)}” is no link, and {say[:1].lower()}{say[1:]}", field="link") from error


def choose_result(found: list[PaperRecord], said: SubmissionInput) -> Card:
    """What arXiv found, to choose from."""
    rows: list[Part] = [text("Which of these do you mean?")]
    for record in found:
        call = said.call(record.key.removeprefix("arxiv:"))
        line = (Link(truncate(latex_to_text(record.title), 150), record.url), f" · {join_names(record.authors)}")
        rows.append(ListEntry(line, button=Button("Submit this", call)))
    return Card("arXiv knows these", tuple(rows))


@commands("paper withdraw", examples=("/paper withdraw 12",))
async def withdraw(
    ctx: Context, paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title)] = ""
) -> Card:
    """Take back a paper that you brought, as long as it is not picked."""
    async with ctx.begin() as db:
        mine = await find_submission(ctx, db, paper, lock=True)
        if mine.member_id != ctx.member.id:
            raise UserError(f"#{mine.number} was brought by {mine.credit}. A moderator can take it off the list.")
        if mine.state == SubmissionState.WITHDRAWN:
            return Card("It is off the list", (text(f"#{mine.number} had been taken back already."),))
        if await db.submissions.edition_item(mine.id):
            raise UserError(f"#{mine.number} is in an edition already, so it stays.")
        if mine.state == SubmissionState.PICKED:
            raise UserError(f"#{mine.number} is picked for an edition. Ask a moderator to take it out.")
        mine.state, mine.state_why = SubmissionState.WITHDRAWN, ""
        await db.deliveries.mark_stale(mine.id)
        again = SubmissionInput.about(mine).call(mine.link or mine.paper.url)
    row = Buttons((Button("Put it back", again),))
    return Card("Taken back", (text(f"#{mine.number} {title_of(mine)} is off the list."), row))

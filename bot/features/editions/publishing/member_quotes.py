"""Being quoted: what a member said stands in an edition only if they let it, and until they take it back."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, QuotePart, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, parse_backticks
from bot.chat.text import one_line, truncate
from bot.domain.models import DeliveryKind, MemberQuote
from bot.errors import UserError
from bot.features.editions.publishing.unquoting import taken_out
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.message_shortcuts import LONGEST_QUOTE
from bot.features.shared.messaging import to_moderators
from bot.features.shared.paged_lists import PAGE, pager
from bot.features.shared.paper_cards import title_of
from bot.store import UnitOfWork

commands = Commands()


ANONYMOUS = "none"
"""The word for a quote without a name."""


@commands("my quote", examples=('/my quote 12 words="The ablation is the best part"', "/my quote 12"))
async def quote(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title)] = "",
    *,
    words: Annotated[str, ParameterHint("what you said, word for word", long=True, most=LONGEST_QUOTE)],
    credit: Annotated[str, ParameterHint("the name you want to stand under, or none; yours if empty", most=60)] = "",
    url: Annotated[str, ParameterHint("a link to where you said it", most=500)] = "",
) -> Card:
    """Let the club quote you on a paper in its next edition.

    You choose the name under it, and can take it back at any time with `/my quotes`. Nobody is quoted without this.
    """
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        said = await db.member_quotes.add(
            MemberQuote(
                member_id=ctx.member.id,
                submission_id=chosen.id,
                text=words.strip(),
                credit=_credit(ctx, credit),
                url=url if url.startswith("https://") else "",
                at=ctx.now,
            )
        )
        parts: list[Part] = [text(Bold(f"#{chosen.number}"), f" {title_of(chosen)}"), _shown(said)]
        if await db.submissions.edition_item(chosen.id):
            parts.append(note("That paper was in an edition already, so this is only quoted where it is shown again."))
    row = (
        Button(
            "Without my name", Call.of("my quote", chosen.number, words=said.text, credit=ANONYMOUS, url=url or None)
        ),
        Button("Take it back", Call.of("my unquote", said.id)),
    )
    return Card("You may be quoted", (*parts, Buttons(row if said.credit else row[1:])), Tone.GOOD)


def _credit(ctx: Context, chosen: str) -> str:
    name = one_line(chosen) or ctx.member.name
    return "" if name.lower() == ANONYMOUS else name


def _shown(said: MemberQuote) -> QuotePart:
    return QuotePart(said.text, said.credit or "a member")


@commands("my quotes", examples=("/my quotes",))
async def quotes(ctx: Context, page: Annotated[int, ParameterHint("which page")] = 1) -> Card:
    """What you let the club quote, with a button to take each back."""
    page = max(page, 1)
    async with ctx.read() as db:
        found = await db.member_quotes.by_member(ctx.member.id, skip=(page - 1) * PAGE, limit=PAGE + 1)
    if not found:
        return Card(
            "You are quoted nowhere", (text(*parse_backticks("`/my quote` lets the club quote you on a paper.")),)
        )
    rows: list[Part] = [
        ListEntry(
            (Bold(f"#{said.submission.number} "), f"“{truncate(one_line(said.text), 200)}”"),
            (f"under the name {said.credit}" if said.credit else "without a name",),
            Button("Take it back", Call.of("my unquote", said.id)),
        )
        for said in found[:PAGE]
    ]
    if page_buttons := pager(Call.of("my quotes"), page, more=len(found) > PAGE):
        rows.append(page_buttons)
    return Card("What you let the club quote", tuple(rows))


@commands("my unquote", examples=("/my unquote 3",))
async def unquote(
    ctx: Context, quote: Annotated[int, ParameterHint("the number of the quote, from /my quotes")]
) -> Card:
    """Take a quote back: it is used no more, and goes out of the edition it stands in."""
    async with ctx.begin() as db:
        said = await db.member_quotes.get(quote)
        if said is None or said.member_id != ctx.member.id:
            raise UserError("That is no quote of yours. `/my quotes` lists them.", field="quote")
        if said.revoked_at is None:
            await db.member_quotes.revoke(said, ctx.now)
            await _remove_from_editions(ctx, db, said)
    ctx.app.wake_up.set()
    return Card("Taken back", (text("It is quoted no more."), _shown(said)), Tone.GOOD)


async def _remove_from_editions(ctx: Context, db: UnitOfWork, said: MemberQuote) -> None:
    """What is taken back goes out of the editions it is in, posted copies and all; the moderators hear of it."""
    number = said.submission.number
    came = [where async for where in taken_out(ctx.app, db, said)]
    if not came:
        return
    say = f"A member took back what is quoted of them about #{number}. {' '.join(came)}"
    await to_moderators(
        ctx,
        db,
        DeliveryKind.QUOTE_REVOKED,
        said.id,
        Card("A quote was taken back", (text(*parse_backticks(say)), _shown(said))),
    )

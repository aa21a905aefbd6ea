"""Being quoted: what a member said stands in an edition only if they let it, and until they take it back."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Entry, Part, Quote, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.params import Ask
from bot.chat.rich import Bold, spoken
from bot.chat.text import cut, one_line
from bot.domain.models import DeliveryKind, Saying
from bot.errors import UserError
from bot.features.cards import title_of
from bot.features.finding import PAPER, by_title, submission
from bot.features.lists import PAGE, pager
from bot.features.notices import to_moderators
from bot.features.unquoting import taken_out
from bot.store import UnitOfWork

commands = Commands()

NOBODY = "none"
"""The word for a quote without a name."""
MOST = 1000
"""Characters of a quote: a long paragraph."""


@commands("my quote", examples=('/my quote 12 words="The ablation is the best part"', "/my quote 12"))
async def quote(
    ctx: Context,
    paper: Annotated[str, Ask(PAPER, here=True, suggest=by_title)] = "",
    *,
    words: Annotated[str, Ask("what you said, word for word", long=True, most=MOST)],
    credit: Annotated[str, Ask("the name you want to stand under, or none; yours if empty", most=60)] = "",
    url: Annotated[str, Ask("a link to where you said it", most=500)] = "",
) -> Card:
    """Let the club quote you on a paper in its next edition.

    You choose the name under it, and can take it back at any time with `/my quotes`. Nobody is quoted without this.
    """
    async with ctx.begin() as db:
        chosen = await submission(ctx, db, paper)
        said = await db.sayings.agree(
            Saying(
                member_id=ctx.member.id,
                submission_id=chosen.id,
                text=words.strip(),
                credit=_credit(ctx, credit),
                url=url if url.startswith("https://") else "",
                at=ctx.now,
            )
        )
        parts: list[Part] = [text(Bold(f"#{chosen.number}"), f" {title_of(chosen)}"), _shown(said)]
        if await db.submissions.published(chosen.id):
            parts.append(note("That paper was in an edition already, so this is only quoted where it is shown again."))
    row = (
        Button("Without my name", Call.of("my quote", chosen.number, words=said.text, credit=NOBODY, url=url or None)),
        Button("Take it back", Call.of("my unquote", said.id)),
    )
    return Card("You may be quoted", (*parts, Buttons(row if said.credit else row[1:])), Tone.GOOD)


def _credit(ctx: Context, chosen: str) -> str:
    name = one_line(chosen) or ctx.member.name
    return "" if name.lower() == NOBODY else name


def _shown(said: Saying) -> Quote:
    return Quote(said.text, said.credit or "a member")


@commands("my quotes", examples=("/my quotes",))
async def quotes(ctx: Context, page: Annotated[int, Ask("which page")] = 1) -> Card:
    """What you let the club quote, with a button to take each back."""
    page = max(page, 1)
    async with ctx.read() as db:
        found = await db.sayings.by_member(ctx.member.id, skip=(page - 1) * PAGE, limit=PAGE + 1)
    if not found:
        return Card("You are quoted nowhere", (text(*spoken("`/my quote` lets the club quote you on a paper.")),))
    rows: list[Part] = [
        Entry(
            (Bold(f"#{said.submission.number} "), f"“{cut(one_line(said.text), 200)}”"),
            (f"under the name {said.credit}" if said.credit else "without a name",),
            Button("Take it back", Call.of("my unquote", said.id)),
        )
        for said in found[:PAGE]
    ]
    if turns := pager(Call.of("my quotes"), page, more=len(found) > PAGE):
        rows.append(turns)
    return Card("What you let the club quote", tuple(rows))


@commands("my unquote", examples=("/my unquote 3",))
async def unquote(ctx: Context, quote: Annotated[int, Ask("the number of the quote, from /my quotes")]) -> Card:
    """Take a quote back: it is used no more, and goes out of the edition it stands in."""
    async with ctx.begin() as db:
        said = await db.sayings.get(quote)
        if said is None or said.member_id != ctx.member.id:
            raise UserError("That is no quote of yours. `/my quotes` lists them.", field="quote")
        if said.revoked_at is None:
            await db.sayings.revoke(said, ctx.now)
            await _take_out(ctx, db, said)
    ctx.app.bell.ring()
    return Card("Taken back", (text("It is quoted no more."), _shown(said)), Tone.GOOD)


async def _take_out(ctx: Context, db: UnitOfWork, said: Saying) -> None:
    """What is taken back goes out of the editions it is in, posted copies and all; the moderators hear of it."""
    number = said.submission.number
    came = [where async for where in taken_out(ctx.app, db, said)]
    if not came:
        return
    say = f"A member took back what is quoted of them about #{number}. {' '.join(came)}"
    await to_moderators(
        ctx, db, DeliveryKind.QUOTE_REVOKED, said.id, Card("A quote was taken back", (text(*spoken(say)), _shown(said)))
    )

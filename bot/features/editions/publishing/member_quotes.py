"""Commands for member quotes, which editions contain only with the member's permission, until it is withdrawn."""

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
from bot.features.editions.publishing.quote_arrival import Arrival, add_to_draft, may_credit
from bot.features.editions.publishing.quote_removal import remove_quote
from bot.features.shared.delivery.moderator_posts import post_to_moderators
from bot.features.shared.field_checks import check_paper
from bot.features.shared.languages import club_language
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.message_shortcuts import LONGEST_QUOTE
from bot.features.shared.paged_lists import LAST_PAGE, ROWS_PER_PAGE, pager
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.quotas import check_quota
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()


ANONYMOUS = "none"
"""Word for a quote without a name."""


@commands("my quote", examples=('/my quote 12 words="The ablation is the best part"', "/my quote 12"))
async def quote(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title, check=check_paper)] = "",
    *,
    words: Annotated[str, ParameterHint("your words, exactly", long=True, most=LONGEST_QUOTE)],
    credit: Annotated[
        str, ParameterHint("your name, a part of it, or `none`; all of it if empty", clears=True, most=60)
    ] = "",
    url: Annotated[str, ParameterHint("a link to where you said it", most=500)] = "",
) -> Card:
    """Allow the club to quote you on a paper.

    The quote shows your name, a part of it, or none. You can withdraw a quote at any time with `/my quotes`. Nobody is
    quoted without agreeing.
    """
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        await check_quota(ctx, db, "quote")
        credited = await _credit(ctx, db, credit)
        known = await db.member_quotes.by_text(ctx.member.id, chosen.id, words.strip())
        is_repeat = known is not None and known.credit == credited and url in ("", known.url)
        member_quote = await db.member_quotes.add(
            MemberQuote(
                member_id=ctx.member.id,
                submission_id=chosen.id,
                text=words.strip(),
                credit=credited,
                url=url if url.startswith("https://") else "",
                at=ctx.now,
            )
        )
        parts: list[Part] = [text(Bold(f"#{chosen.number}"), f" {title_of(chosen)}"), _quote_part(member_quote)]
        arrival = await add_to_draft(ctx.app, db, member_quote)
        if arrival is Arrival.ADDED:
            parts.append(note(_("It is now in the draft of the next edition.")))
        elif arrival is Arrival.TOO_LATE:
            parts.append(note(_("The next edition is already approved, so the quote will not be in it.")))
        elif await db.submissions.edition_item(chosen.id):
            parts.append(
                note(_("That paper was already in an edition. The quote appears if the paper is shown again."))
            )
    row = (
        Button(
            _("Anonymously"),
            Call.of("my quote", chosen.number, words=member_quote.text, credit=ANONYMOUS, url=url or None),
        ),
        Button(_("Withdraw"), Call.of("my unquote", member_quote.id)),
    )
    buttons = Buttons(row if member_quote.credit else row[1:])
    ctx.app.wake_up.set()
    if is_repeat:
        return Card(_("Nothing to change: you already allowed this quote"), (*parts, buttons))
    return Card(_("The club may quote you now"), (*parts, buttons), Tone.GOOD)


async def _credit(ctx: Context, db: UnitOfWork, chosen: str) -> str:
    """Name to show with a quote; "" for none. Raises UserError for a name that is not the member's."""
    name = one_line(chosen)
    if name.lower() == ANONYMOUS:
        return ""
    if not name or name == ctx.member.name:
        return ctx.member.name
    names = [ctx.member.name, *(account.name for account in await db.members.accounts(ctx.member.id))]
    if not may_credit(name, names):
        raise UserError(
            _(
                "Your name here is “{own}”, not “{name}”. A quote shows your name, a part of it, or none.",
                name=name,
                own=ctx.member.name,
            ),
            field="credit",
        )
    return name


def _quote_part(member_quote: MemberQuote) -> QuotePart:
    return QuotePart(member_quote.text, member_quote.credit or _("a member"))


@commands("my quotes", examples=("/my quotes",))
async def quotes(ctx: Context, page: Annotated[int, ParameterHint("which page")] = 1) -> Card:
    """List your quotes, with a button to withdraw each."""
    page = max(page, 1)
    async with ctx.read() as db:
        found = await db.member_quotes.by_member(
            ctx.member.id, skip=(page - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE + 1
        )
    if not found and page == 1:
        return Card(
            _("You have no quotes"),
            (text(*parse_backticks(_("`/my quote` allows the club to quote you on a paper."))),),
        )
    rows: list[Part] = [
        ListEntry(
            (
                Bold(f"#{member_quote.submission.number} "),
                _("“{text}”", text=truncate(one_line(member_quote.text), 200)),
            ),
            (_("under the name {credit}", credit=member_quote.credit) if member_quote.credit else _("anonymously"),),
            Button(_("Withdraw"), Call.of("my unquote", member_quote.id)),
        )
        for member_quote in found[:ROWS_PER_PAGE]
    ] or [text(_(LAST_PAGE))]
    if page_buttons := pager(Call.of("my quotes"), page, more=len(found) > ROWS_PER_PAGE, empty=not found):
        rows.append(page_buttons)
    return Card(_("Your quotes"), tuple(rows))


@commands("my unquote", examples=("/my unquote 3",))
async def unquote(
    ctx: Context, quote: Annotated[int, ParameterHint("the number of the quote, from /my quotes")]
) -> Card:
    """Withdraw a quote. It is also removed from editions."""
    async with ctx.begin() as db:
        member_quote = await db.member_quotes.get(quote)
        if member_quote is None or member_quote.member_id != ctx.member.id:
            raise UserError(_("You have no quote with that number. `/my quotes` lists them."), field="quote")
        is_repeat = member_quote.revoked_at is not None
        if not is_repeat:
            await db.member_quotes.revoke(member_quote, ctx.now)
            await _remove_from_editions(ctx, db, member_quote)
    ctx.app.wake_up.set()
    if is_repeat:
        say = text(_("The quote will not be used any more."))
        return Card(_("Nothing to change: you already withdrew this quote"), (say,))
    return Card(_("Withdrawn"), (text(_("The quote will not be used any more.")), _quote_part(member_quote)), Tone.GOOD)


async def _remove_from_editions(ctx: Context, db: UnitOfWork, member_quote: MemberQuote) -> None:
    """Remove a withdrawn quote from all editions and their posts, and inform the moderators."""
    async with club_language(db):
        await _tell_moderators(ctx, db, member_quote)


async def _tell_moderators(ctx: Context, db: UnitOfWork, member_quote: MemberQuote) -> None:
    number = member_quote.submission.number
    outcomes = [outcome async for outcome in remove_quote(ctx.app, db, member_quote)]
    if not outcomes:
        return
    say = _("A member withdrew their quote about #{number}. {outcomes}", number=number, outcomes=" ".join(outcomes))
    await post_to_moderators(
        ctx,
        db,
        DeliveryKind.QUOTE_REVOKED,
        member_quote.id,
        Card(_("A quote was withdrawn"), (text(*parse_backticks(say)), _quote_part(member_quote))),
    )

"""Commands made from chat messages, for the platforms' message menus."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Style, Tone, note, text
from bot.chat.text import truncate
from bot.domain.links import identify
from bot.errors import UserError
from bot.locale.current import _, _n, formatted

SUBMIT, CURATE = "paper submit", "curate show"
"""Commands of two entries of the message menu."""


MAX_LINKS = 10
"""Maximum number of links of one message that are offered."""


def submit_from_message(message: str) -> Call | Card:
    """Call that submits the paper linked in a message; a card to choose from if there are several links.

    Raises UserError if there is no link.
    """
    found = identify.find_all(message)
    if not found:
        raise UserError(_("There is no link to a paper in that message."))
    if len(found) == 1:
        return Call.of(SUBMIT, found[0].url)
    say = text(_("That message has {found_count} links.", found_count=len(found)))
    return Card(_("Which of these?"), (say, *_choice(found)))


def _choice(links: Sequence[identify.IdentifiedLink]) -> list[Part]:
    """Rows with a button for each link, and a button for all of them."""
    shown = links[:MAX_LINKS]
    rows: list[Part] = [
        ListEntry((truncate(link.url, 150),), button=Button(_("Submit this"), Call.of(SUBMIT, link.url)))
        for link in shown
    ]
    if len(shown) < len(links):
        rows.append(note(_("Only the first {shown} are shown.", shown=len(shown))))
    everything = Call.of(SUBMIT, link=" ".join(link.url for link in shown))
    rows.append(Buttons((Button(_("Submit all {links}", links=len(shown)), everything, Style.MAIN),)))
    return rows


async def offer_to_submit(ctx: Context, urls: Sequence[str]) -> Card | None:
    """Card that offers to submit the papers of somebody's links that the club does not have; None without any."""
    found = identify.find_all(" ".join(urls))
    async with ctx.read() as db:
        new = [paper for paper in found if not await db.submissions.by_key(paper.key)]
    if not new:
        return None
    if len(new) > 1:
        several = text(
            _(
                "You posted links to {papers} that the club does not have yet.",
                papers=_n("{n} paper", "{n} papers", len(new)),
            ),
            " ",
            _("Only you see this."),
        )
        return Card(_("Submit these papers?"), (several, *_choice(new)), Tone.QUIET)
    submit = Button(_("Submit it"), Call.of(SUBMIT, new[0].url).as_form(), Style.MAIN)
    say = _("You posted a link to a paper that the club does not have yet. Only you see this.")
    return Card(_("Submit this paper?"), (text(say), text(new[0].url), Buttons((submit,))), Tone.QUIET)


def quote_from(message: str, *, own: bool, url: str = "") -> Call:
    """Call that lets the club quote a message. Raises UserError if it is not the requester's own, or has no text."""
    if not own:
        raise UserError(_("Only the author of a message can allow quoting it. Ask them to do this."))
    if not message.strip():
        raise UserError(_("That message has no text to quote."))
    if len(message) > LONGEST_QUOTE:
        raise UserError(
            _(
                "A quote has {longest_quote} characters at most. Use `/my quote` with the best part.",
                longest_quote=formatted(LONGEST_QUOTE, ","),
            )
        )
    return Call.of("my quote", words=message.strip(), url=url or None)


async def curate_from(ctx: Context, message: str) -> Call:
    """Call that opens the moderators' card of a message's paper, by its card, its thread, or its only link.

    `ctx.where.message` is the message. Raises UserError if it refers to no paper, or to several.
    """
    async with ctx.read() as db:
        posted = await db.deliveries.by_message(ctx.workspace_id, ctx.where.room, ctx.where.message)
        submission_id = posted.submission_id if posted else ctx.here
        if submission_id and (chosen := await db.submissions.get(submission_id)):
            return Call.of(CURATE, chosen.number)
    found = identify.find_all(message)
    if len(found) == 1:
        return Call.of(CURATE, found[0].url)
    raise UserError(
        _("I cannot tell which paper this message is about. Use this on a paper’s card, or run `/curate queue`.")
    )


LONGEST_QUOTE = 1000
"""Maximum length of a quote in characters: a long paragraph."""

"""Turns a chat message into a command (message menus)."""

from __future__ import annotations

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Card, ListEntry, text
from bot.chat.text import truncate
from bot.domain.links import identify
from bot.errors import UserError

SUBMIT, CURATE = "paper submit", "curate show"
"""Commands behind two entries of a message's menu."""


MAX_LINKS = 10
"""Links of one message that are offered."""


def submit_from_message(message: str) -> Call | Card:
    """The call that submits the paper linked in a message; where there are several links, a card to choose from.

    Raises UserError where there is none.
    """
    found = identify.find_all(message)
    if not found:
        raise UserError("There is no link in that message that I could bring to the club.")
    if len(found) == 1:
        return Call.of(SUBMIT, found[0].url)
    rows = [
        ListEntry((truncate(link.url, 150),), button=Button("Submit this", Call.of(SUBMIT, link.url)))
        for link in found[:MAX_LINKS]
    ]
    return Card("Which of these?", (text(f"That message has {len(found)} links."), *rows))


def quote_from(message: str, *, own: bool, url: str = "") -> Call:
    """The call that lets the club quote a message. Raises UserError where it is somebody else's, or is no text."""
    if not own:
        raise UserError("Only who wrote a message can let it be quoted. Ask them to use this on it.")
    if not message.strip():
        raise UserError("There is no text in that message that could be quoted.")
    if len(message) > LONGEST_QUOTE:
        raise UserError(f"A quote has {LONGEST_QUOTE:,} characters at most. Say `/my quote` with the best of it.")
    return Call.of("my quote", words=message.strip(), url=url or None)


async def curate_from(ctx: Context, message: str) -> Call:
    """The call that puts the paper of a message on the moderator's desk: its card, its thread, or its one link.

    `ctx.where.message` is the message. Raises UserError where it is about no paper, or about several.
    """
    async with ctx.read() as db:
        posted = await db.deliveries.by_message(ctx.workspace_id, ctx.where.room, ctx.where.message)
        meant = posted.submission_id if posted else ctx.here
        if meant and (chosen := await db.submissions.get(meant)):
            return Call.of(CURATE, chosen.number)
    found = identify.find_all(message)
    if len(found) == 1:
        return Call.of(CURATE, found[0].url)
    raise UserError("I cannot tell which paper that message is about. Use this on a paper's card, or `/curate queue`.")


LONGEST_QUOTE = 1000
"""Characters of a quote: a long paragraph."""

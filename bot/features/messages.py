"""From a message in the chat to a command: what the entries of a message's menu begin with."""

from __future__ import annotations

from bot.chat.calls import Call
from bot.chat.cards import Button, Card, Entry, text
from bot.chat.text import cut
from bot.domain import links
from bot.errors import UserError

MOST = 10
"""Links of one message that are offered."""


def submit_from(message: str) -> Call | Card:
    """The call that submits the paper linked in a message; where there are several links, a card to choose from.

    Raises UserError where there is none.
    """
    found = links.find_all(message)
    if not found:
        raise UserError("There is no link in that message that I could bring to the club.")
    if len(found) == 1:
        return Call.of("paper submit", found[0].url)
    rows = [
        Entry((cut(link.url, 150),), button=Button("Submit this", Call.of("paper submit", link.url)))
        for link in found[:MOST]
    ]
    return Card("Which of these?", (text(f"That message has {len(found)} links."), *rows))

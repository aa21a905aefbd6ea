"""Parser for links to Slack and Discord messages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import UserError
from bot.locale.current import _

_SLACK = re.compile(r"https://[a-z0-9.-]{1,200}/archives/([A-Z0-9]{1,40})/p([0-9]{10})([0-9]{6})(?:\?[^\s<>|]{0,200})?")
_DISCORD = re.compile(
    r"https://(?:[a-z]{1,10}\.)?discord(?:app)?\.com/channels/[0-9]{15,20}/([0-9]{15,20})(?:/([0-9]{15,20}))?"
)
_BRACKETED = re.compile(r"<([^<>|]{1,500})(?:\|[^<>]{0,500})?>")
"""A link as Slack sends it: in angle brackets, perhaps with a label."""


@dataclass(frozen=True, slots=True)
class MessageLink:
    """Message behind a link: platform, channel (or thread) and message id."""

    platform: str
    channel: str
    message: str


def parse_message_link(typed: str) -> MessageLink:
    """The message behind a pasted link. Raises UserError if it is no link to a message."""
    bare = typed.strip()
    if bracketed := _BRACKETED.fullmatch(bare):
        bare = bracketed[1]
    if found := _SLACK.fullmatch(bare):
        return MessageLink("slack", found[1], f"{found[2]}.{found[3]}")
    if found := _DISCORD.fullmatch(bare):
        return MessageLink("discord", found[1], found[2] or found[1])
    raise UserError(_("That is not a link to a message. Open the message’s menu and choose “Copy link”."))

"""Sentences about who may run a command: what a person without the right reads, and what the help says."""

from __future__ import annotations

from bot.chat.command import Audience
from bot.locale.current import _, mark_text

ONLY_FOR = {
    Audience.MODERATOR: mark_text("`/{name}` is for this club’s moderators."),
    Audience.ADMIN: mark_text("`/{name}` is for this club’s admins."),
}
"""The refusal of a command, by who may run it."""

FOR = {
    Audience.MEMBER: "",
    Audience.MODERATOR: mark_text("For moderators."),
    Audience.ADMIN: mark_text("For admins."),
}
"""The same in the help of the command."""


def refusal(name: str, audience: Audience, platform: str) -> str:
    """Message for somebody who may not run a command, or any command of a root: who may, and how to become one."""
    only = _(ONLY_FOR[audience], name=name)
    how = _("An admin can make you one with `/clubadmin roles`.")
    if platform == "console":
        how += " " + _(
            "At this terminal, `journalclub console --{role}` starts a session with these rights.", role=audience.value
        )
    return f"{only} {how}"

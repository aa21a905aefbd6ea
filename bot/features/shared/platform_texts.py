"""Sentences of the club that every platform's adapter shows: greeting, removal, outdated buttons, unreachable
channels.
"""

from __future__ import annotations

from bot.chat.cards import Card, Points, Tone, note, text
from bot.chat.rich_text import InlineCode

CHANNEL_DELETED = "the channel was deleted: choose another with /clubadmin channels"

PERMISSION_MISSING = "a permission is missing there: /clubadmin doctor shows which"

CHANNEL_ARCHIVED = "the channel is archived: choose another with /clubadmin channels"

OUTDATED_BUTTON = "This button is from an older version. Run the command again; `/help` lists all commands."


def place_name(platform: str) -> str:
    """The platform's word for a workspace: "server" on Discord, "workspace" elsewhere."""
    return "server" if platform == "discord" else "workspace"


def greeting_card(place: str) -> Card:
    """The first message to the person who installed the bot. `place` is the platform's word: workspace or server."""
    setup = (InlineCode("/clubadmin setup"), f" in your {place} chooses the channels and when editions are due.")
    doctor = (InlineCode("/clubadmin doctor"), " shows which permissions I still need and how to grant them.")
    submit = (InlineCode("/paper submit"), " submits the first paper; ", InlineCode("/help"), " lists all commands.")
    return Card(
        "Thank you for installing me",
        (
            text("I help people read papers together: submit papers, vote, discuss, and get an edition every week."),
            Points((setup, doctor, submit)),
            note("Only you can see this message."),
        ),
    )


def removed_card(place: str, name: str, why: str) -> Card:
    """News that a workspace removed the bot. `place` is the kind of workspace with its platform: "Slack workspace"."""
    words = f"I am no longer in the {place} {name}: {why}. Nothing is deleted; install me again to continue."
    return Card(f"Removed from a {place}", (text(words),), Tone.BAD)

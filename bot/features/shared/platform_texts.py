"""Sentences of the club that every platform's adapter shows: greeting, removal, outdated buttons, unreachable
channels.
"""

from __future__ import annotations

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Points, Style, Tone, note, text
from bot.chat.phrases import phrase
from bot.chat.rich_text import InlineCode
from bot.locale.current import _, mark_text

CHANNEL_DELETED = mark_text("the channel was deleted: choose another with /clubadmin channels")

PERMISSION_MISSING = mark_text("a permission is missing there: /clubadmin doctor shows which")

CHANNEL_ARCHIVED = mark_text("the channel is archived: choose another with /clubadmin channels")

PURPOSE_LABELS: dict[str, str] = {
    "papers": mark_text("Papers"),
    "digest": mark_text("Editions"),
    "moderators": mark_text("Moderators"),
}
"""Labels of the purposes of channels."""

OUTDATED_BUTTON = mark_text("This button is from an older version. Run the command again; `/help` lists all commands.")


def place_name(platform: str) -> str:
    """The platform's word for a workspace: "server" on Discord, "workspace" elsewhere."""
    return _("server") if platform == "discord" else _("workspace")


ADMINS_OF = {
    "slack": mark_text("Owners and admins of the workspace are always admins of the club."),
    "discord": mark_text(
        "Members with the permission Manage Server are always admins of the club; those with Manage Messages moderate "
        "it."
    ),
}
"""Sentence about the people who are admins of a club by rights that the platform gives them, by platform."""

ADMINS_ANYWHERE = mark_text("Slack workspace admins and people with Manage Server on Discord are always admins.")
"""The same, on a platform that gives no rights."""


def greeting_card(place: str, *, private: bool = True) -> Card:
    """The first message to whoever installed the bot, with its first steps. `place` is "workspace" or "server"."""
    setup = phrase(
        "{command} in your {place} chooses the channels and when editions are due.",
        command=InlineCode("/clubadmin setup"),
        place=_(place),
    )
    doctor = phrase(
        "{command} shows which permissions I still need and how to grant them.", command=InlineCode("/clubadmin doctor")
    )
    submit = phrase(
        "{command} submits the first paper; {command_2} lists all commands.",
        command=InlineCode("/paper submit"),
        command_2=InlineCode("/help"),
    )
    return Card(
        _("Thank you for installing me"),
        (
            text(_("I help people read papers together: submit papers, vote, discuss, and get an edition every week.")),
            Points((setup, doctor, submit), numbered=True),
            Buttons(
                (
                    Button(_("Set up the club"), Call.of("clubadmin setup"), Style.MAIN),
                    Button(_("Check everything"), Call.of("clubadmin doctor")),
                    Button(_("Submit a paper"), Call.of("paper submit")),
                )
            ),
            *(() if private else (note(_("For those who run this server.")),)),
        ),
    )


def returned_card(place: str, name: str) -> Card:
    """News that a workspace that had removed the bot has it again. `place` is "workspace" or "server"."""
    say = _(
        "I am in your {place} {name} again. Papers, votes and settings are as they were.", place=_(place), name=name
    )
    row = (
        Button(_("Check everything"), Call.of("clubadmin doctor"), Style.MAIN),
        Button(_("Set up the club"), Call.of("clubadmin setup")),
    )
    return Card(_("I am back"), (text(say), Buttons(row)), Tone.GOOD)


def removed_card(place: str, name: str, why: str) -> Card:
    """News that a workspace removed the bot. `place` is the kind of workspace with its platform: "Slack workspace"."""
    words = _(
        "I am no longer in the {place} {name}: {why}. Nothing is deleted; install me again to continue.",
        place=place,
        name=name,
        why=why,
    )
    return Card(_("Removed from a {place}", place=place), (text(words),), Tone.BAD)

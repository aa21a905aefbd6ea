"""The app manifest from the declared commands, and the shortcuts in menus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from adapters.slack.transport.http_endpoint import COMMANDS, EVENTS, INTERACTIONS
from bot.chat.commands import Commands
from bot.locale.current import mark_text
from bot.settings import Settings

NAME = "Journal Club"


DESCRIPTION = "Read papers together: submit, vote, discuss, and get a weekly edition."


REDIRECT = "/slack/oauth_redirect"
"""The path that Slack returns people to after an installation."""


SCOPES = {
    "commands": mark_text("offer slash commands and shortcuts"),
    "chat:write": mark_text("post papers and editions where the app is invited"),
    "files:write": mark_text("show an edition’s charts and figures in its posts, and send files in direct messages"),
    "files:read": mark_text("read the draft that a moderator imports as a file"),
    "app_mentions:read": mark_text("answer in threads, where slash commands do not work"),
    "im:write": mark_text("send important news in direct messages"),
    "users:read": mark_text("know members’ names, and who administers the workspace"),
    "usergroups:read": mark_text("let a user group be the club’s moderators"),
    "channels:read": mark_text("check that the club’s channels are in order, and notice when one is archived"),
    "channels:join": mark_text("join the public channels that an admin chooses for the club"),
    "groups:read": mark_text("check that the club’s private channels are in order"),
}
"""Required scopes, with their use: what follows "It is needed to"."""


HISTORY = {
    "channels:history": mark_text("count replies, and check whether uncertain posts arrived"),
    "groups:history": "the same in private channels",
    "im:history": "answer what people write to it in direct messages",
}
"""Optional scopes: without them a moderator is asked about each post of unknown outcome."""


LINKS = {"links:read": "ask people who post a link to arXiv whether to submit it"}
"""Optional scope: Slack then tells the app of such links, and of nothing else in the messages."""

LINK_DOMAINS = ("arxiv.org",)
"""Domains whose links Slack tells the app of, with their subdomains; Slack allows five."""

REACTIONS = {"reactions:read": "count a reaction to a paper's card as a vote"}
"""Optional scope: Slack then tells the app of reactions in channels that it is in, and of no message."""

REACTION_EVENTS = ("reaction_added", "reaction_removed")

BOT_EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "tokens_revoked",
)


HISTORY_EVENTS = ("message.channels", "message.groups", "message.im")


def scopes(*, history: bool, links: bool = False, reactions: bool = False) -> list[str]:
    """The scopes that the app requests."""
    optional = ((HISTORY, history), (LINKS, links), (REACTIONS, reactions))
    return [*SCOPES, *(scope for group, wanted in optional if wanted for scope in group)]


def manifest(
    commands: Commands,
    settings: Settings,
    *,
    history: bool = False,
    http: bool = False,
    links: bool = False,
    reactions: bool = False,
) -> dict[str, Any]:
    """The manifest as JSON values. `http`: signed requests to `web.public_url` instead of Socket Mode."""
    base = settings.web.public_url or "https://your-address.example.org"
    history, links = history or settings.slack.history, links or settings.slack.links
    reactions = reactions or settings.slack.reactions
    more_events = (
        *(HISTORY_EVENTS if history else ()),
        *(("link_shared",) if links else ()),
        *(REACTION_EVENTS if reactions else ()),
    )
    url = {"url": f"{base}{COMMANDS}"} if http else {}
    interactions = f"{base}{INTERACTIONS}"
    return {
        "display_information": {"name": NAME, "description": DESCRIPTION, "background_color": "#26323a"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                # Without the history scopes the bot does not receive direct messages, so Slack hides their input field.
                "messages_tab_read_only_enabled": not history,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [
                {"name": s.name, "type": s.kind, "callback_id": s.id, "description": s.description} for s in SHORTCUTS
            ],
            "slash_commands": [root | url for root in slash_commands(commands, settings.slack.command_prefix)],
            **({"unfurl_domains": list(LINK_DOMAINS)} if links else {}),
        },
        "oauth_config": {
            "scopes": {"bot": scopes(history=history, links=links, reactions=reactions)},
            **({"redirect_urls": [f"{base}{REDIRECT}"]} if http else {}),
        },
        "settings": {
            "event_subscriptions": {
                "bot_events": sorted([*BOT_EVENTS, *more_events]),
                **({"request_url": f"{base}{EVENTS}"} if http else {}),
            },
            "interactivity": {
                "is_enabled": True,
                **({"request_url": interactions, "message_menu_options_url": interactions} if http else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }


def slash_commands(commands: Commands, prefix: str) -> list[dict[str, Any]]:
    """The root commands as the manifest declares them, without URLs. `adapters.slack.inbound.command_limits` measures
    them.
    """
    return [
        {
            "command": f"/{prefix}{root}",
            "description": commands.about.get(root, commands.under(root)[0].summary),
            "usage_hint": _hint(commands, root),
            # Slack then sends ids for the people and channels that people name.
            "should_escape": True,
        }
        for root in commands.roots
    ]


def _hint(commands: Commands, root: str) -> str:
    """The verbs of a root, which Slack shows while somebody types."""
    verbs = dict.fromkeys(c.name.removeprefix(root).strip().partition(" ")[0] for c in commands.under(root))
    hint = "[" + "|".join(verb for verb in verbs if verb) + "]"
    return hint if len(hint) > 2 else "[topic]"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of a menu. Slack allows ten, with names of 24 characters (docs.slack.dev/reference/app-manifest)."""

    id: str
    name: str
    kind: Literal["message", "global"]
    description: str


SUBMIT_MESSAGE = Shortcut("jc-submit-message", "Submit this paper", "message", "Submit the papers linked in a message")


QUOTE = Shortcut("jc-quote", "Quote me in the digest", "message", "Let the club quote what you wrote about a paper")


CURATE = Shortcut("jc-curate", "Curate this", "message", "For moderators: pick, hold back or remove the paper")


SUBMIT = Shortcut("jc-submit", "Submit a paper", "global", "Submit a paper to the club")


SHORTCUTS = (SUBMIT_MESSAGE, QUOTE, CURATE, SUBMIT)

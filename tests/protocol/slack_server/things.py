"""What a Slack workspace is made of: teams, users, channels, messages, views and the app installed there."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.protocol.slack_server.blocks import Control, controls, visible_text

Json = dict[str, Any]


@dataclass(slots=True)
class Team:
    """One workspace."""

    id: str
    name: str
    domain: str


@dataclass(slots=True, eq=False)
class User:
    """Somebody with an account in a workspace, a person or a bot."""

    id: str
    team: str
    name: str
    real_name: str
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    deleted: bool = False
    tz: str = "Europe/London"
    tz_offset: int = 0

    def json(self) -> Json:
        """The user as users.info shows it, to an app without users:read.email."""
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": self.tz_offset,
            "profile": {
                "real_name": self.real_name,
                "display_name": self.name,
                "real_name_normalized": self.real_name,
                "display_name_normalized": self.name,
                "team": self.team,
                **({"bot_id": f"B{self.id[1:]}"} if self.is_bot else {}),
            },
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1700000000,
        }


@dataclass(slots=True, eq=False)
class Channel:
    """A public or private channel, or the direct messages of one person and the app."""

    id: str
    team: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    is_im: bool = False
    user: str = ""
    for_all: bool = False  # whoever comes to the workspace joins by itself
    created: int = 1700000000
    members: set[str] = field(default_factory=set)
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The word that scopes and `types` use: channels, groups or im."""
        return "im" if self.is_im else "groups" if self.is_private else "channels"

    @property
    def live(self) -> list[Message]:
        """The messages everybody in the channel can see now, oldest first."""
        return [m for m in self.messages.values() if not m.deleted and not m.ephemeral_to]

    def json(self, member: str) -> Json:
        """The channel as conversations.info shows it to `member`."""
        if self.is_im:
            return {
                "id": self.id,
                "created": self.created,
                "is_im": True,
                "is_org_shared": False,
                "user": self.user,
                "is_archived": self.is_archived,
                "context_team_id": self.team,
            }
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_general": False,
            "is_shared": False,
            "is_org_shared": False,
            "is_ext_shared": False,
            "is_member": member in self.members,
            "created": self.created,
            "creator": "U0CREATOR",
            "context_team_id": self.team,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass(frozen=True, slots=True)
class Revision:
    """What a message or view was at one time."""

    at: float
    by: str
    body: Json


@dataclass(slots=True, eq=False)
class Message:
    """A message, as everybody (or, when ephemeral, one person) sees it now; `history` keeps what it was."""

    team: str
    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    metadata: Json | None = None
    ephemeral_to: str | None = None
    deleted: bool = False
    edited: bool = False
    history: list[Revision] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Everything a person can read in the message, a line per piece."""
        return "\n".join(visible_text(self.blocks)) if self.blocks else self.text

    @property
    def controls(self) -> list[Control]:
        """The buttons, menus and menu items that can be used."""
        return list(controls(self.blocks))

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons and in the overflow menus."""
        return [c.label for c in self.controls]

    def body(self) -> Json:
        """The part of a message that an edit replaces."""
        return copy.deepcopy(
            {"text": self.text, "blocks": self.blocks, "attachments": self.attachments, "metadata": self.metadata}
        )

    def json(self, *, metadata: bool = False) -> Json:
        """The message as the Web API and payloads show it."""
        out: Json = {"type": "message", "user": self.user, "ts": self.ts, "team": self.team, "text": self.text}
        if self.bot_id:
            out |= {"bot_id": self.bot_id, "app_id": self.app_id}
        if self.blocks:
            out["blocks"] = copy.deepcopy(self.blocks)
        if self.attachments:
            out["attachments"] = copy.deepcopy(self.attachments)
        if self.thread_ts:
            out["thread_ts"] = self.thread_ts
        if self.edited:
            out["edited"] = {"user": self.user, "ts": self.ts}
        if metadata and self.metadata:
            out["metadata"] = copy.deepcopy(self.metadata)
        return out


@dataclass(slots=True, eq=False)
class View:
    """A modal on somebody's screen, or somebody's home tab."""

    id: str
    team: str
    user: str
    app_id: str
    bot_id: str
    body: Json
    hash: str
    root: str
    previous: str | None = None
    open: bool = True
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    response_url: str | None = None
    history: list[Revision] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """modal or home."""
        return str(self.body["type"])

    @property
    def blocks(self) -> list[Json]:
        """The blocks as they stand now."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def title(self) -> str:
        """What stands at the top of a modal."""
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def words(self) -> str:
        """Everything a person can read in it, a line per piece."""
        parts = [self.title, *visible_text(self.blocks)]
        parts += [str(self.body[k]["text"]) for k in ("submit", "close") if self.body.get(k)]
        return "\n".join(p for p in parts if p)

    @property
    def controls(self) -> list[Control]:
        """The buttons, menus and fields that can be used."""
        return list(controls(self.blocks))

    @property
    def labels(self) -> list[str]:
        """What stands on buttons and before fields."""
        return [c.label for c in self.controls]

    def json(self) -> Json:
        """The view as the Web API and payloads show it."""
        body = copy.deepcopy(self.body)
        return {
            "id": self.id,
            "team_id": self.team,
            "type": body["type"],
            "blocks": body["blocks"],
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "state": {"values": copy.deepcopy(self.state)},
            "hash": self.hash,
            "title": body.get("title"),
            "clear_on_close": body.get("clear_on_close", False),
            "notify_on_close": body.get("notify_on_close", False),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "previous_view_id": self.previous,
            "root_view_id": self.root,
            "app_id": self.app_id,
            "external_id": body.get("external_id", ""),
            "app_installed_team_id": self.team,
            "bot_id": self.bot_id,
        }


@dataclass(slots=True, eq=False)
class Group:
    """A user group, such as @moderators."""

    id: str
    team: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)
    enabled: bool = True

    def json(self, *, users: bool = False) -> Json:
        """The group as usergroups.list shows it."""
        return {
            "id": self.id,
            "team_id": self.team,
            "is_usergroup": True,
            "name": self.name,
            "description": "",
            "handle": self.handle,
            "is_external": False,
            "date_create": 1700000000,
            "date_delete": 0 if self.enabled else 1700000001,
            "user_count": len(self.users),
            **({"users": list(self.users)} if users else {}),
        }


@dataclass(slots=True, eq=False)
class Installation:
    """The app in one workspace: its token, its bot user and what it was allowed."""

    team: str
    token: str
    bot_user: str
    bot_id: str
    scopes: list[str]
    trouble: str = ""  # "", or the error its token now answers: token_revoked, account_inactive

    def allows(self, any_of: Iterable[str]) -> bool:
        """Whether one of these scopes was given."""
        return any(scope in self.scopes for scope in any_of)


@dataclass(slots=True)
class App:
    """The app as its owner sees it on Slack's configuration pages."""

    id: str = "A0CLUB"
    name: str = "Journal Club"
    client_id: str = "1700000000.1700000001"
    client_secret: str = "client-secret-of-the-test-app"
    signing_secret: str = "signing-secret-of-the-test-app"
    app_token: str = ""
    verification_token: str = "verification-token"
    app_token_scopes: list[str] = field(default_factory=lambda: ["connections:write"])
    redirect_urls: list[str] = field(default_factory=list)
    events: set[str] | None = None  # None: every event is subscribed

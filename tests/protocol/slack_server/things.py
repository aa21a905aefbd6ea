"""What a Slack workspace is made of: teams, users, groups, channels, and the app installed there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.protocol.slack_server.posts import Message

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
    is_primary_owner: bool = False
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
            "is_primary_owner": self.is_primary_owner,
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
    home_tab: bool = True

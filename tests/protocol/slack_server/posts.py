"""What stands on people's screens: messages and views, with all they ever were."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from tests.protocol.slack_server.blocks import Control, controls, visible_text

Json = dict[str, Any]


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
    reactions: dict[str, list[str]] = field(default_factory=dict)
    """User ids by the reaction's name."""
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

"""One question to the Web API, and the list of methods that can answer it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from tests.protocol.slack_server.checks import Findings
from tests.protocol.slack_server.handles import Handles
from tests.protocol.slack_server.things import Channel, Installation
from tests.protocol.slack_server.world import Refusal, ServerState

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(slots=True)
class ApiRequest:
    """A request, its token already looked up and its arguments decoded."""

    world: ServerState
    handles: Handles
    method: str
    args: Json
    installation: Installation | None

    @property
    def here(self) -> Installation:
        """The app in the workspace whose token was used."""
        if self.installation is None:
            raise Refusal("not_allowed_token_type")
        return self.installation

    def word(self, name: str) -> str:
        return str(self.args.get(name) or "")

    def flag(self, name: str) -> bool:
        """A yes-or-no argument, which may come as JSON or as a word."""
        return self.args.get(name) in (True, "true", "True", "1", 1)

    def number(self, name: str, default: int, most: int) -> int:
        """A count between 1 and `most`; else invalid_limit."""
        try:
            number = int(self.args.get(name, default))
        except (TypeError, ValueError):
            raise Refusal("invalid_limit") from None
        if not 0 < number <= most:
            raise Refusal("invalid_limit")
        return number

    def channel(self) -> Channel:
        """The conversation meant by `channel`; one that the app cannot see is not found."""
        channel = self.world.find_channel(self.here.team, self.word("channel"))
        if channel.is_private and self.here.bot_user not in channel.members:
            raise Refusal("channel_not_found")
        return channel

    def need(self, *any_of: str) -> None:
        """Refuse with missing_scope, as Slack words it, unless one of these scopes was given."""
        if not self.here.allows(any_of):
            raise Refusal("missing_scope", needed=any_of[0], provided=",".join(self.here.scopes))

    def judge(self, found: Findings) -> None:
        """Write down what was wrong with a payload and refuse it if Slack would."""
        for problem in (*found.harms, *found.faults):
            self.world.breach(self.method, problem)
        if found.error:
            raise Refusal(found.error, **found.extra)

    def page(self, items: Sequence[T], default: int, most: int) -> tuple[list[T], Json]:
        """One page of `items`, and the response_metadata that leads to the next."""
        limit = self.number("limit", default, most)
        start = _read_cursor(self.word("cursor"))
        after = start + limit
        cursor = base64.b64encode(f"next:{after}".encode()).decode() if after < len(items) else ""
        return list(items[start:after]), {"next_cursor": cursor}


def _read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError):
        raise Refusal("invalid_cursor") from None


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the Web API: its arguments, the scopes of which it needs one, and the token it takes."""

    name: str
    args: frozenset[str]
    required: tuple[str, ...]
    scopes: tuple[str, ...]
    takes: Literal["bot", "app", "none"]
    answer: Callable[[ApiRequest], Json]


METHODS: dict[str, Method] = {}


def method(
    name: str, args: str = "", *, scopes: str = "", takes: Literal["bot", "app", "none"] = "bot"
) -> Callable[[Callable[[ApiRequest], Json]], Callable[[ApiRequest], Json]]:
    """Register the answer to a method; a star marks an argument that must be given, `takes` the token."""

    def register(answer: Callable[[ApiRequest], Json]) -> Callable[[ApiRequest], Json]:
        words = args.split()
        METHODS[name] = Method(
            name,
            frozenset(w.rstrip("*") for w in words) | {"token", "team_id"},
            tuple(w.rstrip("*") for w in words if w.endswith("*")),
            tuple(scopes.split()),
            takes,
            answer,
        )
        return answer

    return register

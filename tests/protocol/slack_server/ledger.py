"""What Slack was asked, what it sent out, and what came of it: the truth the tests compare with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.protocol.slack_server.posts import Message, View

Json = dict[str, Any]
EffectKind = Literal["posted", "ephemeral", "updated", "deleted", "opened", "pushed", "view_updated", "closed", "home"]


@dataclass(slots=True)
class ApiCall:
    """One request to the Web API or to a response_url."""

    number: int
    method: str
    verb: str
    args: Json
    team: str
    at: float
    answer: Json | None = None
    fault: str = ""

    @property
    def ok(self) -> bool:
        """Whether Slack did what was asked, even if the answer was lost."""
        return bool(self.answer and self.answer.get("ok"))

    @property
    def error(self) -> str:
        return str((self.answer or {}).get("error", ""))


@dataclass(frozen=True, slots=True)
class Violation:
    """Something the app did that Slack forbids or that would harm people."""

    method: str
    problem: str

    def __str__(self) -> str:
        return f"{self.method}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that changed on people's screens."""

    kind: EffectKind
    at: float
    thing: Message | View
    words: str


@dataclass(frozen=True, slots=True)
class Ack:
    """How the app answered one envelope or signed request.

    `failure` is empty, or Slack's word for what went wrong: operation_timeout, http_error, connection_failed,
    not_connected. `seconds` is real time.
    """

    seconds: float
    failure: str = ""
    status: int | None = None
    payload: Json | None = None
    text: str = ""
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        return not self.failure


@dataclass(slots=True)
class Sent:
    """One thing sent to the app (a command, an interaction, an event), with every attempt's ack."""

    kind: Literal["slash_commands", "interactive", "events_api"]
    payload: Json
    at: float
    acks: list[Ack] = field(default_factory=list)
    settled: bool = False

    @property
    def name(self) -> str:
        """What it is: the command, the interaction's type or the event's type."""
        if self.kind == "slash_commands":
            return str(self.payload["command"])
        if self.kind == "events_api":
            return str(self.payload.get("event", {}).get("type", self.payload["type"]))
        return str(self.payload["type"])


@dataclass(slots=True)
class RequestLog:
    """Everything that happened at this Slack, in order."""

    asked: list[ApiCall] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    late_acks: list[str] = field(default_factory=list)

    def calls(self, method: str) -> list[ApiCall]:
        """The requests for one method, in order."""
        return [a for a in self.asked if a.method == method]

    def ack_times(self) -> list[float]:
        """How long each acknowledged envelope took, in seconds."""
        return [ack.seconds for sent in self.sent for ack in sent.acks if ack.ok]

"""Short-lived handles that Slack gives out with an interaction: trigger_id and response_url."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from tests.protocol.slack_server.posts import Message, View
from tests.protocol.slack_server.world import Refusal, ServerState

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS, RESPONSE_USES = 30 * 60.0, 5


@dataclass(slots=True)
class Trigger:
    """The right to open one view on somebody's screen within three seconds."""

    team: str
    user: str
    born: float
    view: View | None = None  # the view in which the person acted: views.push stacks upon it
    response_url: str | None = None
    used: bool = False


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """The right to answer one interaction five times within thirty minutes."""

    id: str
    team: str
    channel: str
    user: str
    born: float
    original: Message | None = None  # the message that was clicked
    thread_ts: str | None = None
    last: Message | None = None  # what was last said through it
    uses: int = 0


class Handles:
    """The triggers and response URLs in circulation."""

    def __init__(self, world: ServerState) -> None:
        self._world = world
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(self, team: str, user: str, view: View | None = None) -> str:
        """A new trigger_id."""
        id = f"{self._world.number()}.{int(self._world.clock.now())}.{secrets.token_hex(16)}"
        self._triggers[id] = Trigger(team, user, self._world.clock.for_limits(), view)
        return id

    def exchange(self, id: str, team: str) -> Trigger:
        """Use a trigger up.

        Refuses with invalid_trigger_id, exchanged_trigger_id or (after 3 s) expired_trigger_id.
        """
        trigger = self._triggers.get(id)
        if trigger is None or trigger.team != team:
            raise Refusal("invalid_trigger_id", response_metadata={"messages": ["invalid `trigger_id`"]})
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self._world.clock.for_limits() - trigger.born >= TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(
        self, team: str, channel: str, user: str, original: Message | None = None, thread_ts: str | None = None
    ) -> str:
        """A new response_url."""
        id = f"{team}/{self._world.number()}/{secrets.token_urlsafe(12)}"
        born = self._world.clock.now()
        self._urls[id] = ResponseUrl(id, team, channel, user, born, original, thread_ts)
        return f"{self._world.base_url}/response/{id}"

    def answer_through(self, id: str) -> ResponseUrl:
        """Use a response_url once more; refuses with expired_url or, the sixth time, used_url."""
        url = self._urls.get(id)
        if url is None:
            raise Refusal("no_such_url")
        if self._world.clock.now() - url.born >= RESPONSE_SECONDS:
            raise Refusal("expired_url")
        if url.uses >= RESPONSE_USES:
            raise Refusal("used_url")
        url.uses += 1
        return url

"""What the app hears of without being asked: messages (with a history scope) and changes in the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.protocol.slack_server.delivery import PayloadDispatcher
from tests.protocol.slack_server.ledger import Effect
from tests.protocol.slack_server.payloads import Payloads
from tests.protocol.slack_server.posts import Message
from tests.protocol.slack_server.things import Channel
from tests.protocol.slack_server.world import ServerState

if TYPE_CHECKING:
    from tests.protocol.slack_server.people import Person

Json = dict[str, Any]
CHANNEL_TYPES = {"channels": "channel", "groups": "group", "im": "im"}


class Events:
    """Tells the app what happens, in the background, as Slack does."""

    def __init__(self, world: ServerState, payloads: Payloads, postman: PayloadDispatcher) -> None:
        self._world, self._payloads, self._postman = world, payloads, postman
        world.watchers.append(self._watch)

    def _watch(self, effect: Effect) -> None:
        """Messages posted, edited and deleted become message events where the app is a member."""
        if effect.kind not in ("posted", "updated", "deleted") or not isinstance(effect.thing, Message):
            return
        message = effect.thing
        channel = self._world.channels[message.channel]
        installation = self._world.installations.get(message.team)
        if message.ephemeral_to or installation is None or installation.bot_user not in channel.members:
            return
        kind = {"channel_type": CHANNEL_TYPES[channel.kind]}
        if effect.kind == "posted":
            event = self._payloads.message_event(message, **kind)
        else:
            event = {"type": "message", "channel": channel.id, "hidden": True, **kind}
            event |= {"ts": self._world.next_ts(), "subtype": "message_changed", "message": message.json()}
            event["event_ts"] = event["ts"]
            if effect.kind == "deleted":
                event |= {"subtype": "message_deleted", "deleted_ts": message.ts}
                event["previous_message"] = event.pop("message")
            elif len(message.history) > 1:
                event["previous_message"] = message.json() | message.history[-2].body
        self.tell(message.team, event)

    def tell(self, team: str, event: Json) -> None:
        """Send any event."""
        self._postman.go(self._postman.report(team, event))

    # -- changes in the workspace --------------------------------------------------------------------------
    def archive(self, channel: str) -> None:
        """Somebody archives a channel."""
        place = self._world.channels[channel]
        place.is_archived = True
        kind = "group_archive" if place.is_private else "channel_archive"
        self._about(place, kind, user="U0CREATOR")

    def unarchive(self, channel: str) -> None:
        """Somebody brings an archived channel back."""
        place = self._world.channels[channel]
        place.is_archived = False
        self._about(place, "group_unarchive" if place.is_private else "channel_unarchive", user="U0CREATOR")

    def remove_bot(self, channel: str) -> None:
        """Somebody removes the app from a channel."""
        place = self._world.channels[channel]
        place.members.discard(self._world.installations[place.team].bot_user)
        self._about(place, "group_left" if place.is_private else "channel_left", actor_id="U0CREATOR")

    def invite_bot(self, channel: str) -> None:
        """Somebody invites the app to a channel."""
        place = self._world.channels[channel]
        bot = self._world.installations[place.team].bot_user
        place.members.add(bot)
        self._membership(place, bot, "member_joined_channel")

    def join(self, person: Person, channel: str) -> None:
        """A person joins a channel."""
        place = self._world.channels[channel]
        place.members.add(person.id)
        self._membership(place, person.id, "member_joined_channel")

    def leave(self, person: Person, channel: str) -> None:
        """A person leaves a channel."""
        place = self._world.channels[channel]
        place.members.discard(person.id)
        self._membership(place, person.id, "member_left_channel")

    def uninstall(self, team: str) -> None:
        """The workspace removes the app: its token is dead, and its owner is told, in this order or the other."""
        installation = self._world.installations[team]
        self.tell(team, {"type": "app_uninstalled"})
        self.tell(team, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [installation.bot_user]}})
        installation.trouble = "account_inactive"

    def revoke(self, team: str) -> None:
        """The token is revoked; the app stays installed."""
        installation = self._world.installations[team]
        self.tell(team, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [installation.bot_user]}})
        installation.trouble = "token_revoked"

    def _about(self, place: Channel, kind: str, **more: Any) -> None:
        self.tell(place.team, {"type": kind, "channel": place.id, "event_ts": self._world.next_ts(), **more})

    def _membership(self, place: Channel, user: str, kind: str) -> None:
        letter = "G" if place.is_private else "C"
        event: Json = {"type": kind, "user": user, "channel": place.id, "channel_type": letter}
        self.tell(place.team, event | {"team": place.team, "event_ts": self._world.next_ts()})

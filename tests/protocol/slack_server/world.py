"""The state of this Slack: who is there, what was said, what is on whose screen."""

from __future__ import annotations

import copy
import itertools
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.protocol.change_notifier import ChangeNotifier
from tests.protocol.slack_server.clock import Clock
from tests.protocol.slack_server.forms import initial_state
from tests.protocol.slack_server.ledger import Effect, EffectKind, RequestLog, Violation
from tests.protocol.slack_server.posts import Message, Revision, View
from tests.protocol.slack_server.things import App, Channel, Group, Installation, Team, User

if TYPE_CHECKING:
    from tests.protocol.slack_server.oauth import Code
    from tests.protocol.slack_server.uploads import File

Json = dict[str, Any]

# The scopes of a club that reads no channel: the app's manifest without the optional history scopes.
DEFAULT_SCOPES = (
    "app_mentions:read", "channels:join", "channels:read", "chat:write", "commands", "files:write", "groups:read",
    "im:write", "usergroups:read", "users:read",
)  # fmt: skip
HISTORY_SCOPES = ("channels:history", "groups:history", "im:history")


class Refusal(Exception):
    """A refusal in Slack's words, such as channel_not_found."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error, self.extra = error, extra

    def json(self) -> Json:
        return {"ok": False, "error": self.error, **self.extra}


class ServerState:
    """Everything there is, and the few ways in which it changes."""

    def __init__(self, start: float | None = None, clock: Clock | None = None) -> None:
        self.clock = clock or Clock(start)
        self.changes = ChangeNotifier()
        self.ledger = RequestLog()
        self.app = App(app_token=f"xapp-1-A0CLUB-{secrets.token_hex(8)}")
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}
        self.installations: dict[str, Installation] = {}
        self.tokens: dict[str, Installation] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[tuple[str, str], View] = {}
        self.breaches: list[Violation] = []
        self.mentionable: set[str] = set()
        self.tickets: set[str] = set()
        self.codes: dict[str, Code] = {}
        self.files: dict[str, File] = {}
        self.looks_at_files = 0
        """How many blocks with an uploaded file are refused before it may be shown."""
        self.watchers: list[Callable[[Effect], None]] = []
        self.base_url = ""
        self.busy = 0
        self._numbers = itertools.count(1)
        self._last_ts = (0, 0)

    # -- names and numbers ---------------------------------------------------------------------------------
    def number(self) -> int:
        """The next of the natural numbers: ids are made of it."""
        return next(self._numbers)

    def next_ts(self) -> str:
        """A timestamp as Slack names messages with: unique, and later than all before."""
        second, micro = int(self.clock.now()), 100
        if second <= self._last_ts[0]:
            second, micro = self._last_ts[0], self._last_ts[1] + 100
        if micro > 999_900:
            second, micro = second + 1, 100
        self._last_ts = (second, micro)
        return f"{second}.{micro:06d}"

    # -- people and places ---------------------------------------------------------------------------------
    def add_team(self, id: str, name: str, domain: str = "") -> Team:
        team = self.teams[id] = Team(id, name, domain or name.lower().replace(" ", "-"))
        return team

    def add_user(self, team: str, real_name: str, **facts: Any) -> User:
        """A new account, which is in every channel that was made for everybody."""
        id = facts.pop("id", None) or f"U{self.number():03d}{team}"
        name = facts.pop("name", None) or real_name.lower().replace(" ", ".")
        user = self.users[id] = User(id, team, name, real_name, **facts)
        for channel in self.channels.values():
            if channel.team == team and channel.for_all:
                channel.members.add(id)
        return user

    def install(self, team: str, scopes: list[str]) -> Installation:
        """Put the app into a workspace; a second time, widen its scopes and keep its token unless that is dead."""
        old = self.installations.get(team)
        bot_user = f"U0BOT{team}"
        if bot_user not in self.users:
            self.add_user(team, self.app.name, id=bot_user, name="journalclub", is_bot=True)
        if old and not old.trouble:
            old.scopes = [*old.scopes, *(s for s in scopes if s not in old.scopes)]
            return old
        token = f"xoxb-{team}-{self.number()}-{secrets.token_hex(8)}"
        new = Installation(team, token, bot_user, f"B0BOT{team}", list(scopes))
        self.installations[team] = self.tokens[token] = new
        return new

    def direct(self, team: str, user: str) -> Channel:
        """The direct messages between a person and the app."""
        id = f"D{user[1:]}"
        if id not in self.channels:
            bot = self.installations[team].bot_user
            self.channels[id] = Channel(id, team, "directmessage", is_im=True, user=user, members={user, bot})
        return self.channels[id]

    def find_channel(self, team: str, name: str) -> Channel:
        """The channel with this id, #name, or the direct messages of a user id; else channel_not_found."""
        channel = self.channels.get(name)
        if channel is None and name.startswith("#"):
            channel = next((c for c in self.channels.values() if c.team == team and c.name == name[1:]), None)
        if channel is None and name in self.users and self.users[name].team == team:
            channel = self.direct(team, name)
        if channel is None or channel.team != team:
            raise Refusal("channel_not_found")
        return channel

    # -- what happens --------------------------------------------------------------------------------------
    def breach(self, method: str, problem: str) -> None:
        """Write down what the app should not have done."""
        self.breaches.append(Violation(method, problem))
        self.changes.notify()

    def happened(self, kind: EffectKind, thing: Message | View) -> None:
        """Remember a change on somebody's screen and wake up whoever waits for one."""
        effect = Effect(kind, self.clock.now(), thing, thing.words)
        self.ledger.effects.append(effect)
        for watch in self.watchers:
            watch(effect)
        self.changes.notify()

    def name_blocks(self, blocks: list[Json]) -> list[Json]:
        """A copy of the blocks in which every block and control has the id Slack would give it."""
        named = copy.deepcopy(blocks)
        for block in named:
            block.setdefault("block_id", f"b{self.number():04x}")
            self._name_elements(block)
            for child in block.get("child_blocks", ()):
                child.setdefault("block_id", f"b{self.number():04x}")
                self._name_elements(child)
        return named

    def _name_elements(self, block: Json) -> None:
        one = (block.get(key) for key in ("accessory", "element"))
        many = block.get("elements", []) if block["type"] in ("actions", "context_actions") else []
        for element in (*one, *many):
            if isinstance(element, dict) and element.get("type") not in (None, "image"):
                element.setdefault("action_id", f"a{self.number():04x}")

    def post(self, message: Message, by: str) -> Message:
        """Put a message into its channel (or before one person's eyes, when it is ephemeral)."""
        message.blocks = self.name_blocks(message.blocks)
        self.channels[message.channel].messages[message.ts] = message
        message.history.append(Revision(self.clock.now(), by, message.body()))
        self.happened("ephemeral" if message.ephemeral_to else "posted", message)
        return message

    def replace(self, message: Message, by: str, **body: Any) -> None:
        """Edit a message in place; without blocks, Slack marks it as edited."""
        message.text = body["text"]
        message.blocks = self.name_blocks(body["blocks"])
        message.attachments = body["attachments"]
        message.metadata = body["metadata"]
        message.edited = message.edited or not message.blocks
        message.history.append(Revision(self.clock.now(), by, message.body()))
        self.happened("updated", message)

    def delete(self, message: Message) -> None:
        """Take a message away from everybody's eyes; the ledger keeps it."""
        message.deleted = True
        self.happened("deleted", message)

    def new_view(self, team: str, user: str, body: Json, *, previous: View | None = None, by: str) -> View:
        """A view that nobody sees yet."""
        install = self.installations[team]
        id = f"V{self.number():06d}"
        view = View(
            id, team, user, self.app.id, install.bot_id, {}, "", previous.root if previous else id,
            previous.id if previous else None,
        )  # fmt: skip
        self.views[id] = view
        self.set_view(view, body, by)
        return view

    def set_view(self, view: View, body: Json, by: str) -> None:
        """Give a view its content; what was typed stays where block_id and action_id are the same."""
        view.body = {**copy.deepcopy(body), "blocks": self.name_blocks(body["blocks"])}
        fresh = initial_state(view.blocks)
        view.state = {
            block: {action: view.state.get(block, {}).get(action, value) for action, value in actions.items()}
            for block, actions in fresh.items()
        }
        view.errors = {}
        view.hash = f"{int(self.clock.now())}.{secrets.token_hex(4)}"
        view.history.append(Revision(self.clock.now(), by, copy.deepcopy(view.body)))

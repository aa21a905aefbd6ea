"""People at their keyboards: what they type, press, fill in and open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.protocol.slack_server import reactions
from tests.protocol.slack_server.blocks import Control
from tests.protocol.slack_server.checks import suggestions_faults
from tests.protocol.slack_server.forms import KEYS, ActionUnavailable, complaints, fill
from tests.protocol.slack_server.ledger import Ack
from tests.protocol.slack_server.modals import after_submission
from tests.protocol.slack_server.payloads import action_of
from tests.protocol.slack_server.posts import Message, View
from tests.protocol.slack_server.seen import InteractionResult
from tests.protocol.slack_server.things import Channel, User
from tests.protocol.slack_server.typing_text import as_blocks, as_markup
from tests.protocol.slack_server.uploads import File

if TYPE_CHECKING:
    from tests.protocol.slack_server.server import SlackServer

Json = dict[str, Any]


class Person:
    """One person in one workspace."""

    def __init__(self, slack: SlackServer, user: User) -> None:
        self._slack, self.user = slack, user

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def direct(self) -> str:
        """The channel id of this person's direct messages with the app."""
        return self._slack.world.direct(self.user.team, self.id).id

    # -- typing --------------------------------------------------------------------------------------------
    async def command(
        self, command: str, text: str = "", *, channel: str = "C1", thread_ts: str | None = None
    ) -> InteractionResult:
        """Type a slash command; in a thread Slack refuses it by itself."""
        place = self._here(channel)
        seen = self._look()
        if thread_ts:
            seen.failure = f"{command} is not supported in threads. Sorry!"
            return seen
        declared = self._slack.declared
        if declared is not None and command not in declared.commands:
            seen.failure = f"{command} is not a valid command."
            return seen
        payload = self._slack.payloads.command(self.user, place, command, text)
        ack = await self._slack.dispatcher.hand_over("slash_commands", payload)
        self._failed(seen, ack, command)
        if ack.payload:
            self._slack.answer_in_ack(self.user, place, ack.payload)
        return await self._slack.shown(seen)

    async def post(self, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a plain message; the app hears of it only with a history scope."""
        return self._write(channel, text, thread_ts)

    async def mention(self, channel: str, text: str = "", thread_ts: str | None = None) -> InteractionResult:
        """Write "@Journal Club text": the app gets app_mention where it is a member."""
        bot = self._slack.world.installations[self.user.team].bot_user
        seen = self._look()
        message = self._write(channel, f"<@{bot}> {text}".strip(), thread_ts)
        place = self._slack.world.channels[channel]
        if bot in place.members and not place.is_im:
            event = self._slack.payloads.message_event(message, "app_mention")
            seen.ack = await self._slack.dispatcher.report(self.user.team, event)
        return await self._slack.shown(seen, expects=bot in place.members)

    def _write(self, channel: str, text: str, thread_ts: str | None) -> Message:
        place = self._here(channel)
        if place.is_archived:
            raise ActionUnavailable(f"#{place.name} is archived")
        if thread_ts:
            if thread_ts not in place.messages:
                raise ActionUnavailable("There is no such message to reply to")
            parent = place.messages[thread_ts]
            thread_ts = parent.thread_ts = parent.thread_ts or parent.ts
        message = Message(
            self.user.team,
            place.id,
            self._slack.world.next_ts(),
            self.id,
            as_markup(text),
            as_blocks(text),
            thread_ts=thread_ts,
        )
        return self._slack.world.post(message, f"{self.user.real_name} writes")

    # -- pressing ------------------------------------------------------------------------------------------
    async def click(
        self, where: Message | View, label: str, *, block_id: str | None = None, value: str | None = None
    ) -> InteractionResult:
        """Press a button, or an item of an overflow menu, by what is written on it (or by its action_id).

        `value` forges what the button carries, as an attacker would.
        """
        self._can_see(where)
        control = self._find(where, label, block_id)
        action = action_of(control)
        if value is not None:
            (action.get("selected_option") or action)["value"] = value
        return await self._interact(where, action)

    async def react(self, message: Message, name: str = "+1", *, added: bool = True) -> Ack | None:
        """Add a reaction to a message, or take it away."""
        self._can_see(message)
        return await reactions.react(self._slack.world, self._slack.dispatcher, self.id, message, name, added=added)

    async def select(
        self, where: Message | View, label: str, wanted: Any, *, block_id: str | None = None
    ) -> InteractionResult:
        """Choose from a menu by its placeholder, label or action_id; menus that ask the app are asked first."""
        self._can_see(where)
        control = self._find(where, label, block_id)
        state = await self._fill(where, control, wanted)
        if isinstance(where, View):
            where.state.setdefault(control.block_id, {})[control.action_id] = state
            if not control.dispatches:
                return self._look()
        return await self._interact(where, action_of(control, state))

    async def suggest(self, where: Message | View, label: str, typed: str) -> InteractionResult:
        """Type into a menu that asks the app, and see what it offers."""
        self._can_see(where)
        return await self._ask_for_options(where, self._find(where, label, None), typed)

    async def message_shortcut(self, callback_id: str, message: Message) -> InteractionResult:
        """Use a shortcut from a message's menu."""
        self._can_see(message)
        self._offered(callback_id, "message")
        payload = self._slack.payloads.message_shortcut(self.user, callback_id, message)
        return await self._send(payload, callback_id)

    async def global_shortcut(self, callback_id: str) -> InteractionResult:
        """Use a shortcut from the lightning menu."""
        self._offered(callback_id, "global")
        return await self._send(self._slack.payloads.global_shortcut(self.user, callback_id), callback_id)

    def _offered(self, callback_id: str, kind: str) -> None:
        declared = self._slack.declared
        if declared is not None and declared.shortcuts.get(callback_id) != kind:
            raise ActionUnavailable(f"Slack's menu has no {kind} shortcut {callback_id!r}")

    # -- forms ---------------------------------------------------------------------------------------------
    async def submit_view(
        self, view: View, values: dict[str, Any] | None = None, *, force: bool = False
    ) -> InteractionResult:
        """Fill in fields (by block_id, label or action_id) and send the form off.

        Slack's own screen holds back a form with a missing or wrong field (CannotDo), unless `force`.
        """
        self._can_see(view)
        for name, wanted in (values or {}).items():
            control = self._find(view, name, None)
            state = await self._fill(view, control, wanted)
            view.state.setdefault(control.block_id, {})[control.action_id] = state
        if not force and (found := complaints(view.blocks, view.state)):
            raise ActionUnavailable(f"Slack does not send the form: {found}")
        payload = self._slack.payloads.submission(self.user, view)
        seen = self._look()
        ack = await self._slack.dispatcher.hand_over("interactive", payload)
        self._failed(seen, ack, "")
        if ack.ok:
            after_submission(self._slack.world, view, ack.payload or {}, seen)
        return await self._slack.shown(seen, expects=False)

    def upload(self, name: str, content: bytes) -> list[Json]:
        """Choose a file of this computer for a form's field. Returns what the field then holds."""
        world = self._slack.world
        file = File(f"F{world.number():09d}", self.user.team, name, len(content), content, is_complete=True)
        world.files[file.id] = file
        return [{"id": file.id, "name": name}]

    async def close_view(self, view: View, *, everything: bool = False) -> InteractionResult:
        """Close a modal (and, with `everything`, those below it); the app hears of it if it asked to."""
        self._can_see(view)
        cleared = everything or bool(view.body.get("clear_on_close"))
        world, seen = self._slack.world, self._look()
        stack = [v for v in world.views.values() if v.open and v.root == view.root]
        for one in reversed(stack) if cleared else [view]:
            one.open = False
            world.happened("closed", one)
            if one.body.get("notify_on_close"):
                payload = self._slack.payloads.closed(self.user, one, cleared)
                seen.ack = await self._slack.dispatcher.hand_over("interactive", payload)
        return await self._slack.shown(seen, expects=False)

    async def open_home(self) -> InteractionResult:
        """Open the app's home tab."""
        world = self._slack.world
        event: Json = {"type": "app_home_opened", "user": self.id, "tab": "home"}
        event |= {"channel": self.direct, "event_ts": world.next_ts()}
        if home := self.home:
            event["view"] = home.json()
        seen = self._look()
        seen.ack = await self._slack.dispatcher.report(self.user.team, event)
        return await self._slack.shown(seen)

    @property
    def home(self) -> View | None:
        """The home tab as it stands now."""
        return self._slack.world.homes.get((self.user.team, self.id))

    # -- the ways of it ------------------------------------------------------------------------------------
    def _look(self) -> InteractionResult:
        return InteractionResult(self._slack.world, self.user)

    def _here(self, channel: str) -> Channel:
        place = self._slack.world.find_channel(self.user.team, channel)
        if self.id not in place.members:
            raise ActionUnavailable(f"{self.user.real_name} is not in #{place.name}")
        return place

    def _can_see(self, where: Message | View) -> None:
        name = self.user.real_name
        if isinstance(where, View):
            if where.user != self.id or not where.open:
                raise ActionUnavailable(f"{name} does not have this view on the screen")
            return
        if where.deleted or where.ephemeral_to not in (None, self.id):
            raise ActionUnavailable(f"{name} does not see this message")
        self._here(where.channel)

    def _find(self, where: Message | View, name: str, block_id: str | None) -> Control:
        """The one control called `name`: by label, else by block_id or action_id."""
        controls = [c for c in where.controls if block_id in (None, c.block_id)]
        for fits in (
            [c for c in controls if c.label == name],
            [c for c in controls if name in (c.block_id, c.action_id)],
        ):
            if len(fits) == 1:
                return fits[0]
            if fits:
                raise ActionUnavailable(f"There are {len(fits)} of {name!r}: give block_id")
        raise ActionUnavailable(f"There is no {name!r}; there are {[c.label for c in controls]}")

    async def _fill(self, where: Message | View, control: Control, wanted: Any) -> Json:
        if control.type not in KEYS:
            raise ActionUnavailable(f"{control.label!r} is a {control.type}: nothing can be chosen there")
        if control.type not in ("external_select", "multi_external_select") or wanted is None:
            return fill(control.element, wanted)
        offered: list[Json] = []
        for one in wanted if isinstance(wanted, list) else [wanted]:
            if isinstance(one, dict):
                offered.append(one)
            else:
                offered += (await self._ask_for_options(where, control, str(one))).options
        return fill(control.element, wanted, offered)

    async def _ask_for_options(self, where: Message | View, control: Control, typed: str) -> InteractionResult:
        seen = self._look()
        if len(typed) < control.element.get("min_query_length", 3):
            return seen
        payload = self._slack.payloads.suggestion(self.user, where, control, typed)
        ack = await self._slack.dispatcher.hand_over("interactive", payload)
        self._failed(seen, ack, "")
        if ack.ok:
            answer = ack.payload or {}
            if wrong := suggestions_faults(answer):
                for fault in wrong:
                    self._slack.world.breach("block_suggestion", fault)
                return seen
            groups = [g["options"] for g in answer.get("option_groups", ())]
            seen.options = [o for options in (answer.get("options", []), *groups) for o in options]
        return seen

    async def _interact(self, where: Message | View, action: Json) -> InteractionResult:
        return await self._send(self._slack.payloads.block_actions(self.user, where, action), "")

    async def _send(self, payload: Json, name: str) -> InteractionResult:
        seen = self._look()
        ack = await self._slack.dispatcher.hand_over("interactive", payload)
        self._failed(seen, ack, name)
        if ack.payload:
            self._slack.world.breach(payload["type"], "the acknowledgement has a body, which Slack ignores")
        return await self._slack.shown(seen)

    def _failed(self, seen: InteractionResult, ack: Ack, name: str) -> None:
        """What Slack tells the person when the app did not answer in time."""
        seen.ack = ack
        if ack.ok:
            return
        if name.startswith("/"):
            word = "operation_timeout" if ack.failure == "operation_timeout" else "dispatch_failed"
            seen.failure = f'{name} failed with the error "{word}"'
        else:
            seen.failure = "We had some trouble connecting. Try again?"

"""What a person sees after doing something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.protocol.slack_server.ledger import Ack, Effect
from tests.protocol.slack_server.posts import Message, View
from tests.protocol.slack_server.things import User
from tests.protocol.slack_server.world import ServerState

Json = dict[str, Any]


class InteractionResult:
    """The screen of one person since the moment they acted; it goes on filling while the app works."""

    def __init__(self, world: ServerState, user: User) -> None:
        self._world, self.user = world, user
        self._mark = len(world.ledger.effects)
        self.ack: Ack | None = None
        self.failure = ""  # what Slack itself says when the app did not answer
        self.options: list[Json] = []  # what a menu that asks the app offers
        self.errors: dict[str, str] = {}  # what a form says about its fields: block_id to complaint
        self.action = ""  # response_action of a form: "", errors, update, push or clear

    def _visible(self, effect: Effect) -> bool:
        thing = effect.thing
        if isinstance(thing, View):
            return thing.user == self.user.id
        if thing.ephemeral_to:
            return thing.ephemeral_to == self.user.id
        return bool(thing.bot_id) and self.user.id in self._world.channels[thing.channel].members

    @property
    def effects(self) -> list[Effect]:
        """Everything the app changed before this person's eyes, in order."""
        return [e for e in self._world.ledger.effects[self._mark :] if self._visible(e)]

    def _messages(self, *kinds: str) -> list[Message]:
        things = (e.thing for e in self.effects if e.kind in kinds)
        return list(dict.fromkeys(t for t in things if isinstance(t, Message)))

    def _views(self, *kinds: str) -> list[View]:
        things = (e.thing for e in self.effects if e.kind in kinds)
        return list(dict.fromkeys(t for t in things if isinstance(t, View)))

    @property
    def posted(self) -> list[Message]:
        """The app's new messages, in any channel this person is in."""
        return self._messages("posted")

    @property
    def ephemerals(self) -> list[Message]:
        """The app's messages to this person alone."""
        return self._messages("ephemeral")

    @property
    def updated(self) -> list[Message]:
        return self._messages("updated")

    @property
    def deleted(self) -> list[Message]:
        return self._messages("deleted")

    @property
    def views(self) -> list[View]:
        """The modals that opened, were stacked or changed."""
        return self._views("opened", "pushed", "view_updated")

    @property
    def home(self) -> View | None:
        """The home tab, if it changed."""
        homes = self._views("home")
        return homes[-1] if homes else None

    @property
    def choices(self) -> list[str]:
        """The labels of what a menu offers."""
        return [str(o["text"]["text"]) for o in self.options]

    @property
    def anything(self) -> bool:
        """Whether there is anything to see yet."""
        return bool(self.effects or self.failure or self.options or self.errors)

    @property
    def view(self) -> View:
        """The modal on top of the screen now."""
        views = [v for v in self.views if v.open]
        assert views, f"{self.user.real_name} sees no modal, but: {self.words or 'nothing'}"
        return views[-1]

    def message(self, containing: str = "") -> Message:
        """The newest message that appeared or changed and has these words."""
        found = [m for m in self._messages("posted", "ephemeral", "updated") if containing in m.words and not m.deleted]
        assert found, f"{self.user.real_name} sees no message with {containing!r}, but: {self.words or 'nothing'}"
        return found[-1]

    @property
    def words(self) -> str:
        """All that can be read in what appeared or changed, as it stands now, and what went wrong."""
        things = dict.fromkeys(e.thing for e in self.effects if e.kind != "deleted")
        parts = [t.words for t in things if not (isinstance(t, View) and not t.open)]
        return "\n".join([p for p in (*parts, *self.errors.values(), *self.choices, self.failure) if p])

    async def until(self, predicate: Callable[[InteractionResult], Any], seconds: float = 10.0) -> InteractionResult:
        """Wait for slow work: until `predicate` holds of this screen (TimeoutError after `seconds`).

        A predicate may also fail for now, as `lambda s: s.message("done")` does while there is no such message.
        """

        def holds() -> bool:
            try:
                return bool(predicate(self))
            except AssertionError:
                return False

        try:
            await self._world.changes.wait_for(holds, seconds)
        except TimeoutError:
            raise TimeoutError(f"after {seconds:g} s {self.user.real_name} sees: {self.words}") from None
        return self

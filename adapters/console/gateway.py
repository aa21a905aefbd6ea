"""The terminal as a platform that can be posted to: its rooms are lines on the screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from adapters.console.render import TerminalStyle, render
from bot.chat.cards import Button, Card, Facts
from bot.chat.gateway import Finding, Location, OwnPosts, PayloadPreview, Posted
from bot.chat.text import truncate

Show = Callable[[str], None]


class ButtonRow:
    """Buttons that are on a screen, numbered from 1: those of answers and those of posts."""

    def __init__(self) -> None:
        self.shown: tuple[Button, ...] = ()

    def add(self, card: Card) -> int:
        """Number the buttons of a card, after those that are there already. The first number."""
        first = len(self.shown) + 1
        self.shown += card.buttons()
        return first

    def clear(self) -> None:
        """Forget them all: the next is number 1."""
        self.shown = ()


class ConsoleGateway:
    """Posts appear on the screen with the name of their room. A message's id is its delivery's."""

    name = "console"

    def __init__(self, show: Show, paint: TerminalStyle | None = None) -> None:
        self.show = show
        self.paint = paint or TerminalStyle()
        self.buttons = ButtonRow()
        """Buttons of the screen that posts appear on; who sits before it presses them by their numbers."""

    async def serve(self) -> None:
        """Nothing to connect to: people come by `journalclub console`."""

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        """Show a card in a room."""
        drawn = render(card, self.paint, numbered_from=self.buttons.add(card))
        self.show(f"{self.paint.ink('35', f'#{where.room}')}\n{drawn}")
        return Posted(message=key, thread=key)

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        """Say in a line that a card has changed; the screen cannot be rewound."""
        facts = next((part for part in card.parts if isinstance(part, Facts)), None)
        now = ", ".join(f"{name.lower()} {value}" for name, value in facts.pairs[:2]) if facts else "updated"
        self.show(self.paint.ink("2", f"#{where.room} · {truncate(card.title, 70)}: {now}"))

    async def discuss(self, where: Location, title: str, card: Card) -> Posted:
        """Open a thread: here that is a line and the first words."""
        self.show(f"{self.paint.ink('35', f'#{where.room}, a new thread')}\n{render(card, self.paint)}")
        return Posted(message=where.message, thread=where.message)

    async def locate(self, where: Location) -> Posted:
        """A message has no address but its id."""
        return Posted(where.message, where.message)

    async def remove(self, where: Location) -> None:
        """Say in a line that a post was removed; the screen cannot be rewound."""
        self.show(self.paint.ink("2", f"#{where.room} · a post was removed"))

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        """What was shown before the program stopped was seen or not; showing it again does no harm."""
        return None

    async def own_posts(self, where: Location, *, keys: Collection[str], since: float) -> OwnPosts:
        """None: a screen keeps nothing."""
        return OwnPosts({})

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        """Say something to one person."""
        self.show(f"{self.paint.ink('35', f'(to {person} alone)')}\n{render(card, self.paint)}")

    def sketch(self, workspace: str, card: Card) -> PayloadPreview:
        """The lines on the screen."""
        return PayloadPreview({"text": render(card, self.paint)})

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[Finding]:
        """A terminal has nothing that could be wrong."""
        return [Finding("terminal", True, "Cards are shown on this screen.")]

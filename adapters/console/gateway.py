"""The terminal as a platform that can be posted to: its rooms are lines on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adapters.console.render import Paint, render
from bot.chat.cards import Card, Facts
from bot.chat.gateway import Finding, Posted, Sketch, Where
from bot.chat.text import cut

Show = Callable[[str], None]


class ConsoleGateway:
    """Posts appear on the screen with the name of their room. A message's id is its delivery's."""

    name = "console"
    redraws = False

    def __init__(self, show: Show, paint: Paint, *, numbered: Callable[[Card], int] | None = None) -> None:
        self._show = show
        self._paint = paint
        self._numbered = numbered or (lambda _: 1)

    async def serve(self) -> None:
        """Nothing to connect to: people come by `journalclub console`."""

    async def post(self, where: Where, card: Card, *, key: str) -> Posted:
        """Show a card in a room."""
        drawn = render(card, self._paint, numbered_from=self._numbered(card))
        self._show(f"{self._paint.ink('35', f'#{where.room}')}\n{drawn}")
        return Posted(message=key, thread=key)

    async def edit(self, where: Where, card: Card, *, key: str) -> None:
        """Say in a line that a card has changed; the screen cannot be rewound."""
        facts = next((part for part in card.parts if isinstance(part, Facts)), None)
        now = ", ".join(f"{name.lower()} {value}" for name, value in facts.pairs[:2]) if facts else "updated"
        self._show(self._paint.ink("2", f"#{where.room} · {cut(card.title, 70)}: {now}"))

    async def discuss(self, where: Where, title: str, card: Card) -> Posted:
        """Open a thread: here that is a line and the first words."""
        self._show(f"{self._paint.ink('35', f'#{where.room}, a new thread')}\n{render(card, self._paint)}")
        return Posted(message=where.message, thread=where.message)

    async def locate(self, where: Where) -> Posted:
        """A message has no address but its id."""
        return Posted(where.message, where.message)

    async def remove(self, where: Where) -> None:
        """Say in a line that a post was removed; the screen cannot be rewound."""
        self._show(self._paint.ink("2", f"#{where.room} · a post was removed"))

    async def find(self, where: Where, *, key: str, since: float) -> Posted | None:
        """What was shown before the program stopped was seen or not; showing it again does no harm."""
        return None

    async def tell(self, where: Where, person: str, card: Card) -> None:
        """Say something to one person."""
        self._show(f"{self._paint.ink('35', f'(to {person} alone)')}\n{render(card, self._paint)}")

    def sketch(self, workspace: str, card: Card) -> Sketch:
        """The lines on the screen."""
        return Sketch({"text": render(card, self._paint)})

    async def doctor(self, workspace: str, rooms: Sequence[Where]) -> list[Finding]:
        """A terminal has nothing that could be wrong."""
        return [Finding("terminal", True, "Cards are shown on this screen.")]

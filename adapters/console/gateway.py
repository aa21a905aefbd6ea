"""Gateway of the terminal: posts are printed on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from adapters.console.render import TerminalStyle, render
from bot.chat.cards import Button, Card, Facts
from bot.chat.gateway import DoctorFinding, Location, OwnPosts, PayloadPreview, Posted
from bot.chat.text import truncate
from bot.errors import UserError
from bot.locale.current import _

Show = Callable[[str], None]


def _read(reference: str, limit: int) -> bytes:
    path = Path(reference).expanduser()
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise UserError(_("{path} is larger than {limit} MB.", path=path.name, limit=limit // 2**20), field="file")
    return content


class ButtonRow:
    """Buttons on the screen, numbered from 1: those of answers and of posts."""

    def __init__(self) -> None:
        self.shown: tuple[Button, ...] = ()
        self.earlier: Card | None = None
        """The last card with buttons, while the newest answer has none: its numbers press nothing."""
        self._last: Card | None = None

    def add(self, card: Card) -> int:
        """Number the buttons of a card after those on the screen. Returns the first number."""
        first = len(self.shown) + 1
        self.shown += card.buttons()
        if card.buttons():
            self._last, self.earlier = card, None
        return first

    def clear(self) -> None:
        """Remove all buttons; the next one is number 1."""
        self.shown, self.earlier = (), self._last


class ConsoleGateway:
    """Prints posts with the name of their room. A message's id is its delivery key."""

    name = "console"

    def __init__(self, show: Show, paint: TerminalStyle | None = None) -> None:
        self.show = show
        self.paint = paint or TerminalStyle()
        self.buttons = ButtonRow()
        """Buttons of the screen that posts appear on; people press them by typing their numbers."""

    async def serve(self) -> None:
        """Wait until cancelled: people connect by `journalclub console`."""

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        """Print a card with the name of its room."""
        rendered = render(card, self.paint, numbered_from=self.buttons.add(card))
        place = _("#{room}, in a thread", room=where.room) if where.thread else f"#{where.room}"
        self.show(f"{self.paint.ink('35', place)}\n{rendered}")
        return Posted(message=key, thread=key)

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        """Print a line that says that a card has changed; printed text cannot be edited."""
        facts = next((part for part in card.parts if isinstance(part, Facts)), None)
        now = ", ".join(f"{name.lower()} {value}" for name, value in facts.pairs[:2]) if facts else _("updated")
        self.show(self.paint.ink("2", f"#{where.room} · {truncate(card.title, 70)}: {now}"))

    async def discuss(self, where: Location, title: str) -> Posted:
        """The thread of a post; what is posted in it is printed with a name of its own."""
        return Posted(message=where.message, thread=where.message)

    async def locate(self, where: Location) -> Posted:
        """The message's id; a printed message has no URL."""
        return Posted(where.message, where.message)

    async def remove(self, where: Location) -> None:
        """Print a line that says that a post was removed; printed text cannot be deleted."""
        self.show(self.paint.ink("2", _("#{room} · a post was removed", room=where.room)))

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        """None: printed text cannot be searched. Printing it again does no harm."""
        return None

    async def own_posts(self, where: Location, *, keys: Collection[str], since: float) -> OwnPosts:
        """None: a screen keeps nothing."""
        return OwnPosts({})

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        """Print a card for one person."""
        self.show(f"{self.paint.ink('35', _('(only {person} sees this)', person=person))}\n{render(card, self.paint)}")

    async def read_file(self, where: Location, reference: str, limit: int) -> bytes:
        """Content of a file on this computer. Raises UserError if it cannot be read, or is larger than `limit`."""
        try:
            return await asyncio.to_thread(_read, reference, limit)
        except OSError as error:
            raise UserError(
                _("{reference} cannot be read: {strerror}.", reference=reference, strerror=error.strerror), field="file"
            ) from None

    def sketch(self, workspace: str, card: Card) -> PayloadPreview:
        """The lines that would be printed."""
        return PayloadPreview({"text": render(card, self.paint)})

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[DoctorFinding]:
        """No findings: nothing can be misconfigured."""
        return [DoctorFinding("terminal", True, _("Cards are shown on this screen."))]

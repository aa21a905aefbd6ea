"""Stand-ins with real signatures: a clock, a shelf of recorded papers, a wall to post on."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from bot.app import App, InstallationInfo, Requester, RequestKind
from bot.chat.cards import Card, to_json
from bot.chat.gateway import Finding, Gateway, Location, OwnPosts, PayloadPreview, Posted, Refused
from bot.dispatch import AnswerCard, answer
from bot.domain.paper_record import PaperRecord
from bot.domain.summary_values import SourceQuote, SummarySource, WrittenSummary
from bot.features.registry import all_commands
from bot.ports import Writer
from bot.runtime.delivery_worker import DeliveryWorker
from bot.sources.recorded_arxiv import recorded_papers
from bot.store import Store
from bot.store.database.engine import open_engines
from bot.store.database.migrate import migrate
from tests.recorder import Memory, remembering

Made = TypeVar("Made", bound=Gateway)

MONDAY = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """The time, moved by hand."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def on(self, **stretch: float) -> None:
        """Let time pass: `clock.on(days=7)`."""
        self.at += timedelta(**stretch)


class Shelf:
    """A library of the recorded papers. `down` is what asking it raises."""

    def __init__(self) -> None:
        self._by_id = {record.arxiv_id: record for record in recorded_papers()}
        self.down: Exception | None = None
        self.asked: list[str] = []

    def put(self, *more: PaperRecord) -> None:
        """Add papers, or newer versions of them."""
        self._by_id |= {record.arxiv_id: record for record in more}

    def holds(self) -> int:
        """How many papers stand on it."""
        return len(self._by_id)

    async def records(self, ids: Sequence[str]) -> dict[str, PaperRecord]:
        self.asked += ids
        if self.down:
            raise self.down
        return {id: self._by_id[id] for id in ids if id in self._by_id}

    async def search(
        self, words: str, *, author: str = "", since: datetime | None = None, limit: int = 10
    ) -> list[PaperRecord]:
        if self.down:
            raise self.down
        wanted = words.lower().split()
        found = [r for r in self._by_id.values() if all(word in r.title.lower() for word in wanted)]
        found = [r for r in found if author.lower() in " ".join(r.authors).lower()]
        return [r for r in found if not since or (r.published and r.published >= since)][:limit]


@dataclass(slots=True)
class FirstSentence:
    """A writer that says the abstract's first sentence, and counts how often it was asked."""

    now: Clock
    asked: list[SummarySource] = field(default_factory=list)
    name = prompt = ""

    def for_club(self, club_id: int) -> Writer:
        return self

    def cost(self, tokens_in: int, tokens_out: int) -> float | None:
        return None

    async def write(self, source: SummarySource) -> WrittenSummary:
        self.asked.append(source)
        first = source.passages[0].text.partition(". ")[0] if source.passages else source.title
        return WrittenSummary(
            why=first,
            insights=(first,),
            quotes=(SourceQuote(first, source.passages[0].name, 0, len(first)),) if source.passages else (),
            links=(),
            theme="",
            confidence=None,
            writer="first-sentence",
            prompt="1",
            source=source.label,
            at=self.now(),
        )


@dataclass(slots=True)
class RecordingGateway:
    """A platform that keeps what is posted in a list. `fails` are raised by the next posts, in order."""

    name: str = "wall"
    posts: list[tuple[Location, Card]] = field(default_factory=list)
    edits: list[tuple[Location, Card]] = field(default_factory=list)
    direct_messages: list[tuple[str, Card]] = field(default_factory=list)
    keys: dict[str, Posted] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    async def serve(self) -> None: ...

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        if self.fails:
            raise self.fails.pop(0)
        self.posts.append((where, card))
        posted = Posted(f"m{len(self.posts)}", "", f"https://{self.name}.test/{where.room}/m{len(self.posts)}")
        self.keys[key] = posted
        return posted

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        self.edits.append((where, card))

    async def discuss(self, where: Location, title: str, card: Card) -> Posted:
        return Posted(where.message, f"t-{where.message}", f"https://{self.name}.test/t-{where.message}")

    async def locate(self, where: Location) -> Posted:
        if not 0 < int(where.message.removeprefix("m")) <= len(self.posts):
            raise Refused("there is no such message")
        return Posted(where.message, "", f"https://{self.name}.test/{where.room}/{where.message}")

    async def remove(self, where: Location) -> None:
        self.removed.append(where.message)

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        return self.keys.get(key)

    async def own_posts(self, where: Location, *, keys: Collection[str], since: float) -> OwnPosts:
        here = {key: posted for key, posted in self.keys.items() if f"/{where.room}/" in posted.url}
        wanted = {key: posted for key, posted in here.items() if key in keys}
        return OwnPosts(wanted, tuple(posted for key, posted in here.items() if key not in keys))

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        self.direct_messages.append((person, card))

    def sketch(self, workspace: str, card: Card) -> PayloadPreview:
        return PayloadPreview({"card": to_json(card)})

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[Finding]:
        return [Finding(room.room, True, "may post") for room in rooms]

    def cards(self, room: str) -> list[Card]:
        """What was posted to a room, in order."""
        return [card for where, card in self.posts if where.room == room]


@dataclass(slots=True)
class House:
    """A club under test: the real commands and store, the world replaced at its edge."""

    app: App
    clock: Clock
    shelf: Shelf
    wall: RecordingGateway
    delivery_worker: DeliveryWorker
    memory: Memory | None = None
    """Where nothing in it is particular."""

    def change(self, **parts: Any) -> None:
        """Go on with a program that was built with other parts; the delivery worker is new with it."""
        self.app = replace(self.app, **parts)
        self.delivery_worker = DeliveryWorker(self.app)

    def add(self, gateway: Gateway) -> None:
        """Go on with a program that has one more platform, or another in place of the one of that name."""
        self.host(lambda _: gateway)

    def host(self, make: Callable[[App], Made]) -> Made:
        """The same for a gateway that is made for the App it belongs to. Gives that gateway."""
        self.change(platforms=(*self.app.platforms, make))
        made = list(self.app.gateways.values())[-1]
        return cast("Made", made)

    async def say(
        self,
        name: str,
        line: str,
        *,
        admin: bool = False,
        moderator: bool = False,
        workspace: str = "W1",
        room: str = "general",
        thread: str = "",
        message: str = "",
        via: RequestKind = RequestKind.TYPED,
        platform: str = "wall",
    ) -> AnswerCard:
        """Somebody says a line; the last answer they see. Posts are carried out before it returns."""
        who = Requester(name.lower(), name, manages=admin, moderates=moderator)
        where = Location(platform, workspace, room, thread, message)
        _, call = self.app.commands.find(line)
        said = [given async for given in answer(self.app, call, who, where, via)]
        await self.delivery_worker.drain()
        return said[-1]


def words(value: Any) -> str:
    """All text of a card or an answer, to look for sentences in."""
    return repr(value.card if isinstance(value, AnswerCard) else value)


@cache
def _template() -> bytes:
    """An empty database of today's schema, made once: each test starts from a copy."""
    with tempfile.TemporaryDirectory() as folder:
        migrate(f"sqlite:///{folder}/template.db")
        with closing(sqlite3.connect(f"{folder}/template.db")) as made:
            made.execute("PRAGMA journal_mode=WAL")  # as the program has it: else each test would write that down
        return Path(folder, "template.db").read_bytes()


def fresh_sqlite(path: Path) -> str:
    """The URL of a new, empty SQLite database of today's schema."""
    path.write_bytes(_template())
    return f"sqlite:///{path}"


class Spelled(dict[tuple[Any, ...], Any]):
    """Every statement as SQL, spelled once for all the stores that a run of tests opens.

    SQLAlchemy would do it anew for each: its keys begin with the dialect of one engine, of which only the kind matters.
    """

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(_alike(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(_alike(key), compiled)


def _alike(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (type(dialect), *rest)


SPELLED = Spelled()


def open_store(url: str) -> Store:
    """A store on the database behind a URL, which need not spell again what an earlier test's has spelled."""
    engines = open_engines(url)
    for engine in (engines.writer, engines.reader, engines.glance):
        engine.sync_engine.update_execution_options(compiled_cache=SPELLED)
    return Store(engines)


def _memory(of: House, path: Path, written: list[SummarySource]) -> Memory:
    """What playing fills, and what else a test may have changed (see `tests.remembering`)."""
    shelf, wall = of.shelf, of.wall

    def others() -> object:
        app = of.app
        world = [*app.gateways.items()], shelf.down, shelf.holds(), [*wall.fails]
        ports = app.paper_source, app.writer, app.full_text_source, app.paper_counter, app.link_checker
        return world, ports, repr(app.installation)

    lists = (wall.posts, wall.edits, wall.direct_messages, wall.keys, wall.removed, shelf.asked, written)
    return remembering(path, of.clock, lists, others)


@asynccontextmanager
async def house(folder: Path, *, writer: Any = None, url: str = "", **home: Any) -> AsyncIterator[House]:
    """Open a club on a fresh database in a folder (or at `url`), with a wall for its platform."""
    plain = not (url or writer or home)
    url = url or fresh_sqlite(folder / "club.db")
    clock, shelf, wall = Clock(), Shelf(), RecordingGateway()
    first = FirstSentence(clock)
    store = open_store(url)
    app = App(
        commands=all_commands,
        store=store,
        paper_source=shelf,
        writer=writer or first,
        installation=InstallationInfo(secret=b"s" * 32, **home),
        now=clock,
        platforms=(lambda _: wall,),
    )
    opened = House(app, clock, shelf, wall, DeliveryWorker(app))
    if plain:
        opened.memory = _memory(opened, folder / "club.db", first.asked)
    try:
        yield opened
    finally:
        if opened.memory:
            opened.memory.database.close()
        await store.close()

"""Test doubles with real signatures: a clock, recorded papers, a writer, a gateway, and a club that uses them."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from bot.app import App, InstallationInfo, Requester, RequestKind
from bot.chat.cards import Card, to_json
from bot.chat.gateway import DoctorFinding, Gateway, Location, OwnPosts, PayloadPreview, Posted, Refused
from bot.chat.rich_text import Bold, ChannelName
from bot.dispatch import AnswerCard, answer
from bot.domain.paper_record import PaperRecord
from bot.domain.summary_values import SourceQuote, SummarySource, WrittenSummary
from bot.errors import UserError
from bot.features.registry import all_commands
from bot.ports import Writer
from bot.recommender.plain import rank_plainly
from bot.recommender.ranking import Ranking
from bot.recommender.values import StreamPaper, Taste
from bot.runtime.delivery_worker import DeliveryWorker
from bot.sources.recorded_arxiv import recorded_papers
from bot.store import Store
from bot.store.database.engine import open_engines
from bot.store.database.migrate import migrate
from tests.recorder import SetupRecorder, start_recorder

GatewayType = TypeVar("GatewayType", bound=Gateway)

MONDAY = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """Time that tests set. With a `step` it also goes on each time that it is asked for, as a real clock does."""

    at: datetime = MONDAY
    step: timedelta = timedelta()

    def __call__(self) -> datetime:
        self.at += self.step
        return self.at

    def advance(self, **duration: float) -> None:
        """Advance the time: `clock.advance(days=7)`."""
        self.at += timedelta(**duration)


class RecordedPaperSource:
    """Paper source with the recorded papers. `error`, if set, is raised by each request."""

    def __init__(self) -> None:
        self._by_id = {record.arxiv_id: record for record in recorded_papers()}
        self.error: Exception | None = None
        self.asked: list[str] = []
        self.versions: dict[str, PaperRecord] = {}
        """Earlier versions, by their id: `1706.03762v1`."""

    def put(self, *more: PaperRecord) -> None:
        """Add papers, or newer versions of them."""
        self._by_id |= {record.arxiv_id: record for record in more}

    def count(self) -> int:
        """Number of papers."""
        return len(self._by_id)

    async def records(self, ids: Sequence[str]) -> dict[str, PaperRecord]:
        self.asked += ids
        if self.error:
            raise self.error
        found = {re.sub(r"v\d+$", "", id): self._by_id.get(id) or self.versions.get(id) for id in ids}
        return {id: record for id, record in found.items() if record}

    async def search(
        self, words: str, *, author: str = "", since: datetime | None = None, limit: int = 10
    ) -> list[PaperRecord]:
        if self.error:
            raise self.error
        wanted = words.lower().split()
        found = [r for r in self._by_id.values() if all(word in r.title.lower() for word in wanted)]
        found = [r for r in found if author.lower() in " ".join(r.authors).lower()]
        return [r for r in found if not since or (r.published and r.published >= since)][:limit]


@dataclass(slots=True)
class FirstSentenceWriter:
    """Writer that uses the abstract's first sentence, and records its sources."""

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


class PlainRanker:
    """Ranker that learns nothing, whatever is installed, so that lists are the same everywhere."""

    async def rank(
        self, papers: Sequence[StreamPaper], taste: Taste, *, now: datetime, limit: int, club_id: int
    ) -> Ranking:
        return Ranking(rank_plainly(papers, taste, now=now, limit=limit), "plain")

    def learns_anew(self, club_id: int, now: datetime) -> bool:
        return True


@dataclass(slots=True)
class RecordingGateway:
    """Gateway that records posts in lists. `fails` are raised by the next posts, in order."""

    name: str = "wall"
    posts: list[tuple[Location, Card]] = field(default_factory=list)
    edits: list[tuple[Location, Card]] = field(default_factory=list)
    direct_messages: list[tuple[str, Card]] = field(default_factory=list)
    keys: dict[str, Posted] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    async def serve(self) -> None: ...

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        if self.fails:
            raise self.fails.pop(0)
        self.posts.append((where, card))
        posted = Posted(
            f"m{len(self.posts)}", where.thread, f"https://{self.name}.test/{where.room}/m{len(self.posts)}"
        )
        self.keys[key] = posted
        return posted

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        self.edits.append((where, card))

    async def discuss(self, where: Location, title: str) -> Posted:
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

    async def read_file(self, where: Location, reference: str, limit: int) -> bytes:
        if reference not in self.files:
            raise UserError("That file is no longer there.", field="file")
        return self.files[reference]

    def sketch(self, workspace: str, card: Card) -> PayloadPreview:
        return PayloadPreview({"card": to_json(card)})

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[DoctorFinding]:
        return [DoctorFinding(room.room, True, "may post") for room in rooms]

    def cards(self, room: str) -> list[Card]:
        """Cards posted in a room, in order."""
        return [card for where, card in self.posts if where.room == room]


@dataclass(slots=True)
class Harness:
    """A club under test: real commands and store, test doubles for the outside world."""

    app: App
    clock: Clock
    paper_source: RecordedPaperSource
    gateway: RecordingGateway
    delivery_worker: DeliveryWorker
    recorder: SetupRecorder | None = None
    """Recorder of setup steps, for a club without special parts."""

    def change(self, **parts: Any) -> None:
        """Replace parts of the App, and create a delivery worker for it."""
        self.app = replace(self.app, **parts)
        self.delivery_worker = DeliveryWorker(self.app)

    def add(self, gateway: Gateway) -> None:
        """Add a gateway, replacing one of the same name."""
        self.add_built(lambda _: gateway)

    def add_built(self, make: Callable[[App], GatewayType]) -> GatewayType:
        """Add a gateway that is built for the App. Returns it."""
        self.change(platforms=(*self.app.platforms, make))
        made = list(self.app.gateways.values())[-1]
        return cast("GatewayType", made)

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
        """Run a line for a person and deliver the posts. Returns the last answer."""
        who = Requester(name.lower(), name, manages=admin, moderates=moderator)
        where = Location(platform, workspace, room, thread, message)
        _, call = self.app.commands.find(line)
        answers = [card async for card in answer(self.app, call, who, where, via)]
        await self.delivery_worker.drain()
        return answers[-1]


def words(value: Any) -> str:
    """All text of a card or an answer, to search for sentences."""
    return repr(_with_channel_names(value.card if isinstance(value, AnswerCard) else value))


def _with_channel_names(value: Any) -> Any:
    """A card with the names of channels within the texts around them."""
    if isinstance(value, tuple | list):
        joined: list[Any] = []
        for item in value:
            shown = item.text if isinstance(item, ChannelName) else _with_channel_names(item)
            if isinstance(item, ChannelName) and joined and isinstance(before := joined[-1], str | Bold):
                joined[-1] = before + shown if isinstance(before, str) else replace(before, text=before.text + shown)
            elif isinstance(shown, str) and joined and isinstance(before := joined[-1], str) and "#" in before:
                joined[-1] = before + shown
            else:
                joined.append(shown)
        return type(value)(joined)
    if is_dataclass(value) and not isinstance(value, type) and "bot.chat" in type(value).__module__:
        return replace(value, **{one.name: _with_channel_names(getattr(value, one.name)) for one in fields(value)})
    return value


@cache
def _template() -> bytes:
    """An empty SQLite database with the current schema, created once and copied for each test."""
    with tempfile.TemporaryDirectory() as folder:
        migrate(f"sqlite:///{folder}/template.db")
        with closing(sqlite3.connect(f"{folder}/template.db")) as made:
            made.execute("PRAGMA journal_mode=WAL")  # the program's mode: else each test would have to change it
        return Path(folder, "template.db").read_bytes()


def fresh_sqlite(path: Path) -> str:
    """URL of a new, empty SQLite database with the current schema."""
    path.write_bytes(_template())
    return f"sqlite:///{path}"


class SharedCompiledCache(dict[tuple[Any, ...], Any]):
    """Compiled statements, shared by all stores of a test run.

    SQLAlchemy would compile them for each engine, because its keys start with the engine's dialect, of which only the
    type matters.
    """

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(_cache_key(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(_cache_key(key), compiled)


def _cache_key(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (type(dialect), *rest)


COMPILED_CACHE = SharedCompiledCache()


def open_store(url: str, *, threads: bool = True) -> Store:
    """Store on a database, with the shared cache of compiled statements."""
    engines = open_engines(url, threads=threads)
    for engine in (engines.writer, engines.reader, engines.lookup):
        engine.sync_engine.update_execution_options(compiled_cache=COMPILED_CACHE)
    return Store(engines)


def _setup_recorder(of: Harness, path: Path, written: list[SummarySource]) -> SetupRecorder:
    """Recorder of everything that setup steps change (see `tests.recorder`)."""
    source, gateway = of.paper_source, of.gateway

    def others() -> object:
        app = of.app
        state = [*app.gateways.items()], source.error, source.count(), [*gateway.fails]
        ports = app.paper_source, app.writer, app.full_text_source, app.paper_counter, app.link_checker
        return state, ports, repr(app.installation)

    lists = (
        gateway.posts,
        gateway.edits,
        gateway.direct_messages,
        gateway.keys,
        gateway.removed,
        source.asked,
        written,
    )
    return start_recorder(path, of.clock, lists, others)


@asynccontextmanager
async def open_harness(
    folder: Path, *, writer: Any = None, url: str = "", threads: bool = False, **installation: Any
) -> AsyncIterator[Harness]:
    """Open a club on a fresh database in a folder (or at `url`), with a recording gateway.

    SQLite runs on the event loop, which halves the time of a statement; `threads` lets it run in threads, as a program
    has it, for tests of what happens at once.
    """
    plain = not (url or writer or installation)
    url = url or fresh_sqlite(folder / "club.db")
    clock, source, gateway = Clock(), RecordedPaperSource(), RecordingGateway()
    first = FirstSentenceWriter(clock)
    store = open_store(url, threads=threads)
    app = App(
        commands=all_commands,
        store=store,
        paper_source=source,
        writer=writer or first,
        installation=InstallationInfo(secret=b"s" * 32, **installation),
        now=clock,
        ranker=PlainRanker(),
        platforms=(lambda _: gateway,),
    )
    opened = Harness(app, clock, source, gateway, DeliveryWorker(app))
    if plain:
        opened.recorder = _setup_recorder(opened, folder / "club.db", first.asked)
    try:
        yield opened
    finally:
        if opened.recorder:
            opened.recorder.database.close()
        await store.close()

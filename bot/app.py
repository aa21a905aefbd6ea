"""`App`, which lives as long as the process, and `Context`, which lives as long as one request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.gateway import Gateway, Location
from bot.chat.known_languages import KnownLanguages
from bot.chat.platform_health import PlatformHealth
from bot.domain.clock import utc_now
from bot.domain.club_settings import ClubSettings
from bot.domain.command_rates import CommandRates
from bot.domain.delivery_rules import REPOST_AFTER
from bot.domain.models import Club, Member
from bot.domain.preferences import Preferences
from bot.domain.stream.source_kinds import StreamSourceKind
from bot.editions.compose.subject_words import LabeledText, SubjectWords
from bot.ports import (
    Answerer,
    DoiRegistry,
    FullTextSource,
    LinkChecker,
    PageReader,
    PaperCounter,
    PaperFigureSource,
    PaperSource,
    ServiceCheck,
    StreamReader,
    WorkFinder,
    Writer,
)
from bot.recommender.ranking import Ranking, rank_with_weights
from bot.recommender.values import StreamPaper, Taste
from bot.store import Store, UnitOfWork
from bot.store.posting_mark import PostingMark
from bot.telemetry.metrics import Metrics


class Ranker(Protocol):
    """Ranks new papers for a club, apart from the event loop."""

    async def rank(
        self, papers: Sequence[StreamPaper], taste: Taste, *, now: datetime, limit: int, club_id: int
    ) -> Ranking:
        """The papers that the club would choose first, best first. What was learned is kept by club."""

    def learns_anew(self, club_id: int, now: datetime) -> bool:
        """True if the next ranking learns from past papers; else what was learned serves, and none are needed."""


class ThreadRanker:
    """Ranks in a thread of this process: for terminals, demos and tests."""

    async def rank(
        self, papers: Sequence[StreamPaper], taste: Taste, *, now: datetime, limit: int, club_id: int
    ) -> Ranking:
        """The papers that the club would choose first, best first. Nothing that was learned is kept."""
        return await asyncio.to_thread(rank_with_weights, papers, taste, now=now, limit=limit, path=None)

    def learns_anew(self, club_id: int, now: datetime) -> bool:
        """True, since nothing is kept."""
        return True


class SubjectLearner(Protocol):
    """Learns from the stream which words tell subjects apart, apart from the event loop, and keeps it."""

    def is_due(self, now: datetime) -> bool:
        """True if it is time to learn anew."""

    async def learn(self, papers: Sequence[LabeledText], now: datetime) -> bool:
        """Learn from papers; False if they are too few."""

    def words(self) -> SubjectWords | None:
        """Words that were learned last, None if there are none. Reads a file: call it in a thread."""


class WakeUpEvent:
    """Event that wakes the delivery worker before its next regular check."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Signal that there is something to deliver."""
        self._event.set()

    async def wait(self, within: float) -> bool:
        """Wait for the signal, at most `within` seconds. True if it came."""
        try:
            async with asyncio.timeout(within):  # wait_for of Python 3.11 can lose a cancellation
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


@dataclass(frozen=True, slots=True)
class InstallationInfo:
    """Facts about this installation: its address, and the defaults of new clubs."""

    public_url: str = ""
    """Public address of the web archive, without a trailing slash; empty if it is not reachable from outside."""
    timezone: str = "UTC"
    digest_at: str = "mon 09:00"
    repost_after: timedelta = REPOST_AFTER
    """Time that people have to settle a doubtful post before it is posted again; zero: it is never posted again."""
    secret: bytes = b""
    """Key that signs ids on buttons and encrypts stored tokens."""
    stream_days: int = 180
    """Days for which new papers of sources are stored."""
    former_secrets: tuple[bytes, ...] = ()
    """Earlier keys, for decrypting older tokens."""


@dataclass(frozen=True, slots=True)
class App:
    """The complete running program, built by `bot.runtime.composition`, or by tests with test doubles."""

    commands: Commands
    store: Store
    paper_source: PaperSource
    writer: Writer
    answerer: Answerer | None = None
    """None if questions about papers are answered with passages alone."""
    doi_registry: DoiRegistry | None = None
    work_finder: WorkFinder | None = None
    """None if works are not looked up by page or title beside arXiv."""
    full_text_source: FullTextSource | None = None
    """None if only abstracts are read."""
    figure_source: PaperFigureSource | None = None
    """None if papers are not read beyond their abstracts."""
    paper_counter: PaperCounter | None = None
    link_checker: LinkChecker | None = None
    """None if links are not checked."""
    service_checks: Sequence[ServiceCheck] = ()
    """Services with an account that the doctor asks."""
    page_reader: PageReader | None = None
    """None if no page is read; items are then titled by their address."""
    stream_readers: Mapping[StreamSourceKind, StreamReader] = field(default_factory=dict)
    """Readers of sources of new papers; a kind that is left out is not read."""
    ranker: Ranker = field(default_factory=ThreadRanker)
    subject_learner: SubjectLearner | None = None
    """None if themes go by the fixed tables alone, as in demos and tests."""
    installation: InstallationInfo = field(default_factory=InstallationInfo)
    now: Callable[[], datetime] = field(default=utc_now)
    platforms: Sequence[Callable[[App], Gateway]] = ()
    """Gateway factories, one per enabled platform; each gets the App. Of two for one platform the last one counts."""
    wake_up: WakeUpEvent = field(default_factory=WakeUpEvent)
    metrics: Metrics = field(default_factory=Metrics)
    rates: CommandRates = field(default_factory=CommandRates)
    languages: KnownLanguages = field(default_factory=KnownLanguages)
    health: PlatformHealth = field(default_factory=PlatformHealth)
    """Trouble of each platform, as the workers of this process know it."""
    posting_mark: PostingMark | None = None
    """None if nothing is marked outside the database, as in tests and demos."""
    gateways: Mapping[str, Gateway] = field(init=False)
    """Gateways by platform name; complete once the App is built, and never changed."""

    def __post_init__(self) -> None:
        gateways = (build(self) for build in self.platforms)  # `gateways` is set after them, before any of them serves
        object.__setattr__(self, "gateways", MappingProxyType({gateway.name: gateway for gateway in gateways}))


class RequestKind(StrEnum):
    """Source of a request: a click is answered differently from a typed command."""

    TYPED = "typed"
    CLICK = "click"
    FORM = "form"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Requester:
    """A person as their platform describes them; read again for each request, so that permissions are current."""

    id: str
    name: str
    roles: tuple[str, ...] = ()
    """Ids of the person's platform roles and user groups."""
    manages: bool = False
    """True if the platform lets them manage the workspace: an admin of the club."""
    moderates: bool = False
    """True if the platform lets them manage others' messages: a moderator of the club."""


@dataclass(frozen=True, slots=True)
class Context:
    """One request: the requester, the place and the club."""

    app: App
    club: Club
    member: Member
    role: Audience
    who: Requester
    where: Location
    workspace_id: int
    via: RequestKind = RequestKind.TYPED
    here: int | None = None
    """The submission whose thread the request was written in."""

    @property
    def now(self) -> datetime:
        """Time of the request, aware."""
        return self.app.now()

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the club."""
        return ZoneInfo(self.club.timezone)

    @property
    def member_zone(self) -> ZoneInfo:
        """The zone that the asker wants to be told times in; the club's, unless they named another."""
        return ZoneInfo(Preferences.of(self.member.prefs).timezone or self.club.timezone)

    @property
    def settings(self) -> ClubSettings:
        """Settings of the club."""
        return ClubSettings.of(self.club.settings)

    @property
    def language(self) -> str:
        """Language of answers to this person: their own choice, else the club's."""
        return Preferences.of(self.member.prefs).language or self.settings.language

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Transaction that may change this club's data. Never await the network inside it."""
        return self.app.store.begin(self.club.id)

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Read-only transaction on this club's data."""
        return self.app.store.read(self.club.id)

    def may(self, audience: Audience) -> bool:
        """True if the requester belongs to this audience."""
        return audience.includes(self.role)

"""What lives as long as the process (App), and what lives as long as one question (Context)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.chat.commands import Audience, Commands
from bot.chat.gateway import Gateway, Location
from bot.chat.platform_health import PlatformHealth
from bot.domain.clock import utc_now
from bot.domain.club_settings import ClubSettings
from bot.domain.delivery_rules import REPOST_AFTER
from bot.domain.models import Club, Member
from bot.domain.preferences import Preferences
from bot.ports import DoiRegistry, FullTextSource, LinkChecker, PaperCounter, PaperSource, Writer
from bot.store import Store, UnitOfWork
from bot.telemetry.metrics import Metrics


class WakeUpEvent:
    """Rung when there is something to deliver, so that the courier need not wait for its next look."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Say that there is work."""
        self._event.set()

    async def wait(self, within: float) -> bool:
        """Wait for a ring, at most `within` seconds; whether there was one."""
        try:
            async with asyncio.timeout(within):  # wait_for of Python 3.11 can lose a cancellation
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


@dataclass(frozen=True, slots=True)
class InstallationInfo:
    """What this installation is: where its pages are, and how new clubs begin."""

    public_url: str = ""
    """Where the web archive can be reached from outside, without a slash at the end; empty if nowhere."""
    timezone: str = "UTC"
    digest_at: str = "mon 09:00"
    repost_after: timedelta = REPOST_AFTER
    """How long people have to say whether a doubtful post is there, before it is posted again; zero: for ever."""
    secret: bytes = b""
    """The key that signs what leaves the house (ids on buttons) and encrypts tokens at rest."""
    former_secrets: tuple[bytes, ...] = ()
    """Keys used before it, for reading what they encrypted."""


@dataclass(frozen=True, slots=True)
class App:
    """The whole of a running program, complete when it is built: in `bot.runtime.composition`; in tests, from stand-ins."""

    commands: Commands
    store: Store
    paper_source: PaperSource
    writer: Writer
    doi_registry: DoiRegistry | None = None
    full_text_source: FullTextSource | None = None
    """None where summaries are made of abstracts alone."""
    paper_counter: PaperCounter | None = None
    link_checker: LinkChecker | None = None
    """None where links are taken as the papers name them."""
    installation: InstallationInfo = field(default_factory=InstallationInfo)
    now: Callable[[], datetime] = field(default=utc_now)
    platforms: Sequence[Callable[[App], Gateway]] = ()
    """Makers of the gateways, one a platform that is on: each is given the App that its gateway belongs to. Of two
    for one platform the last counts."""
    wake_up: WakeUpEvent = field(default_factory=WakeUpEvent)
    metrics: Metrics = field(default_factory=Metrics)
    health: PlatformHealth = field(default_factory=PlatformHealth)
    """What the workers know of each platform's trouble."""
    gateways: Mapping[str, Gateway] = field(init=False)
    """The platforms that are on, by name; complete as soon as the App is there, and never changed."""

    def __post_init__(self) -> None:
        made = (make(self) for make in self.platforms)  # each sees all but the gateways, which it uses when it serves
        object.__setattr__(self, "gateways", MappingProxyType({gateway.name: gateway for gateway in made}))


class RequestKind(StrEnum):
    """How a question came: what a click is answered with differs from what a typed command is."""

    TYPED = "typed"
    CLICK = "click"
    FORM = "form"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Requester:
    """A person, as their platform tells of them. Read anew at every act: rights are never remembered."""

    id: str
    name: str
    roles: tuple[str, ...] = ()
    """Ids of the platform's roles and user groups they are in."""
    manages: bool = False
    """Whether the platform lets them manage the workspace: an admin of the club."""
    moderates: bool = False
    """Whether the platform lets them manage others' messages: a moderator of the club."""


@dataclass(frozen=True, slots=True)
class Context:
    """One question: who asks, where, and the club they ask."""

    app: App
    club: Club
    member: Member
    role: Audience
    who: Requester
    where: Location
    workspace_id: int
    via: RequestKind = RequestKind.TYPED
    here: int | None = None
    """The submission whose thread this was said in."""

    @property
    def now(self) -> datetime:
        """The time of the question, aware."""
        return self.app.now()

    @property
    def zone(self) -> ZoneInfo:
        """The club's time zone."""
        return ZoneInfo(self.club.timezone)

    @property
    def member_zone(self) -> ZoneInfo:
        """The zone that the asker wants to be told times in; the club's, unless they named another."""
        return ZoneInfo(Preferences.of(self.member.prefs).timezone or self.club.timezone)

    @property
    def settings(self) -> ClubSettings:
        """The club's own rules."""
        return ClubSettings.of(self.club.settings)

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A block that changes things in this club. Never await the network inside it."""
        return self.app.store.begin(self.club.id)

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A block that only asks."""
        return self.app.store.read(self.club.id)

    def may(self, audience: Audience) -> bool:
        """Whether who asks belongs to this audience."""
        return audience.includes(self.role)

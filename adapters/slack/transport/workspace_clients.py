"""Workspaces that installed the app, each with its token and its client."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.transport.outcomes import TIMEOUT, RateLimited, TokenRevoked, outcome
from adapters.slack.transport.rate_limiter import RateLimiter
from adapters.slack.transport.token_cipher import TokenCipher
from bot.app import App
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.locale.current import mark_text
from bot.settings import SlackSettings

log = logging.getLogger(__name__)

T = TypeVar("T")

KEEP_ALIVE = 15.0
"""Seconds an idle connection is kept: shorter than Slack keeps it, so that no request meets one that is closing."""

NOT_INSTALLED = mark_text("the app is not installed in that workspace: install it there")


@dataclass(frozen=True, slots=True)
class WorkspaceClient:
    """One workspace, with the bot's ids there and its client."""

    id: str
    name: str
    client: AsyncWebClient
    bot_user: str
    bot_id: str
    scopes: frozenset[str] = frozenset()


class WorkspaceClients:
    """Finds workspaces by id: the one whose token is in the settings, or one that installed the app."""

    def __init__(self, app: App, settings: SlackSettings) -> None:
        self._app = app
        self._settings = settings
        self._home_token = settings.bot_token.get_secret_value()
        self._home = ""
        self._cache: dict[str, WorkspaceClient] = {}
        self._session: aiohttp.ClientSession | None = None
        self._in_progress = 0
        self._request_done = asyncio.Event()
        self.rate_limiter = RateLimiter(settings.gap_seconds)
        self.cipher = (
            TokenCipher(app.installation.secret, app.installation.former_secrets) if settings.client_id else None
        )

    async def preload(self) -> None:
        """Load the bot's ids before the first request comes, since answers have only three seconds.

        Raises Refused if Slack does not accept the token. If Slack cannot be reached, the ids are loaded later.
        """
        if self.closed:
            self._session = None
            self._cache.clear()
        if self._home_token:
            try:
                await self._fetch_home()
            except (NotSent, OutcomeUnknown) as error:
                log.warning("Slack does not give the bot's ids: %s", error)
        if self.cipher:
            await self._reencrypt_tokens(self.cipher)

    async def get(self, team: str) -> WorkspaceClient:
        """The workspace with this id. Raises Refused if the app is not installed there, NotSent or OutcomeUnknown."""
        if known := self._cache.get(team):
            return known
        if self.cipher:
            async with self._app.store.read_admin_session() as admin:
                installed = await admin.installations.get("slack", team)
            if installed and (token := self.cipher.decrypt(installed.token)):
                found = WorkspaceClient(
                    team,
                    installed.name,
                    self.client(token),
                    installed.bot_user,
                    installed.bot_id,
                    frozenset(installed.scopes),
                )
                self._cache[team] = found
                return found
        if self._home_token and self._home in ("", team):
            home = await self._fetch_home()
            if home.id == team:
                return home
        raise Refused(NOT_INSTALLED)

    async def home(self) -> WorkspaceClient:
        """The workspace whose token is in the settings. Raises Refused if there is none or Slack refuses it."""
        if not self._home_token:
            raise Refused(mark_text("there is no bot token in the settings"))
        return self._cache.get(self._home) or await self._fetch_home()

    async def all_ids(self) -> list[str]:
        """Ids of the workspaces that the app is in, as far as they are known."""
        found = {self._home} if self._home else set()
        if self.cipher:
            async with self._app.store.read_admin_session() as admin:
                found |= {installation.external_id for installation in await admin.installations.all("slack")}
        return sorted(found)

    async def call(self, team: str, method: str, request: Callable[[AsyncWebClient], Awaitable[T]]) -> T:
        """Send a request in a workspace. Raises NotSent, Refused or OutcomeUnknown, and nothing else."""
        self.rate_limiter.check_pause(team, method)
        workspace = await self.get(team)
        try:
            with self.in_progress():
                return await outcome(request(workspace.client))  # type: ignore[no-any-return] # the SDK's value as it came
        except RateLimited as error:
            self._app.metrics.rate_limited("slack", method)
            self.rate_limiter.pause(team, method, error.retry_after)
            raise
        except TokenRevoked:
            self.forget(team)  # another process may have a newer token by now
            raise

    @contextmanager
    def in_progress(self) -> Iterator[None]:
        """A block with a request, during which the session is not closed."""
        self._in_progress += 1
        try:
            yield
        finally:
            self._in_progress -= 1
            self._request_done.set()

    async def can_read_history(self, team: str) -> bool:
        """True if the app may read channels' histories; scopes can be granted while the program runs.

        Raises what `call` raises.
        """
        response = await self.call(team, "auth.test", lambda client: client.auth_test())
        granted = {*str(response.headers.get("x-oauth-scopes", "")).split(",")}
        return bool(granted & {"channels:history", "groups:history"})

    def forget(self, team: str) -> None:
        """Drop a workspace from the cache."""
        self._cache.pop(team, None)
        if team == self._home:
            self._home = ""

    def client(self, token: str | None = None) -> AsyncWebClient:
        """A client that never repeats a lost request: the SDK's default does, and posts twice."""
        return AsyncWebClient(
            token=token,
            base_url=self._settings.base_url,
            timeout=TIMEOUT,
            session=self.session,
            retry_handlers=[],
        )

    @property
    def session(self) -> aiohttp.ClientSession:
        """The HTTP session with Slack, shared by all clients; opened at first use, since it needs a running loop.

        After it is closed, each request of a client has a connection of its own (slack_sdk does that).
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
                connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE),
                trust_env=True,
            )
        return self._session

    @property
    def closed(self) -> bool:
        """True if the HTTP session was closed."""
        return self._session is not None and self._session.closed

    async def close(self) -> None:
        """Close the HTTP session once no request uses it: the delivery worker may still be sending.

        Later requests have connections of their own.
        """
        for team in self._cache.values():
            team.client.session = None
        while self._in_progress:
            self._request_done.clear()
            await self._request_done.wait()
        if self._session is not None:
            await self._session.close()

    async def _fetch_home(self) -> WorkspaceClient:
        client = self.client(self._home_token)
        response = await outcome(client.auth_test())
        self._home = str(response["team_id"])
        scopes = str(response.headers.get("x-oauth-scopes", ""))
        team = WorkspaceClient(
            self._home,
            str(response.get("team", "")),
            client,
            str(response["user_id"]),
            str(response.get("bot_id", "")),
            frozenset(filter(None, scopes.split(","))),
        )
        self._cache[team.id] = team
        return team

    async def _reencrypt_tokens(self, cipher: TokenCipher) -> None:
        """Encrypt again the tokens that an older key encrypted, so that the older key can be removed."""
        async with self._app.store.read_admin_session() as admin:
            installed = await admin.installations.all("slack")
        for installation in installed:
            if not cipher.decrypt(installation.token):
                log.error(
                    "no key fits the token of workspace %s: it must install the app again", installation.external_id
                )
            elif cipher.needs_rotation(installation.token):
                fresh = cipher.encrypt(cipher.decrypt(installation.token))
                async with self._app.store.admin_session() as admin:
                    await admin.installations.replace_token(installation.id, installation.token, fresh)


class Authorize(AsyncAuthorize):
    """Bolt's authorization: the bot's ids in the workspace that a request comes from."""

    def __init__(self, teams: WorkspaceClients) -> None:
        self._teams = teams

    async def __call__(self, *, team_id: str | None = None, **_: Any) -> AuthorizeResult | None:
        """The bot's ids in that workspace; None if the app is not installed there."""
        try:
            team = await self._teams.get(team_id or "")
        except (Refused, NotSent, OutcomeUnknown) as error:
            log.warning("a request from a workspace that cannot be answered: %s", error)
            return None
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team.id,
            team=team.name,
            bot_token=team.client.token,
            bot_user_id=team.bot_user,
            bot_id=team.bot_id,
        )

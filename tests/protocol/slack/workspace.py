"""A Slack workspace with the real program in it: `journalclub run` in a process of its own, only base URLs changed."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import aiohttp

from adapters.slack.setup.manifest import manifest
from bot.features.registry import all_commands
from bot.settings import Settings, WebSettings
from bot.sources.recorded_arxiv import RecordedArxiv
from tests.ports import reserved_port
from tests.protocol.program import DUE_LATER, Running, started
from tests.protocol.slack_server import InteractionResult, Message, Person, RequestUrls, SlackServer, View
from tests.stand_ins import fresh_sqlite

Mode = Literal["socket", "http"]

PAPERS, DIGEST, MODS = "C0PAPERS01", "C0DIGEST01", "C0MODERS01"

ATTENTION, DISTIL, SAFE = "1706.03762", "2012.12877", "2010.11929"
"""Papers that the recorded arXiv has."""


@dataclass(slots=True)
class SlackInstallation:
    """A workspace on the local Slack server, with the program installed in it."""

    slack: SlackServer
    arxiv: RecordedArxiv
    folder: Path
    mode: Mode
    settings: dict[str, str]
    port: int
    program: Running | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def database(self) -> Path:
        """The program's database."""
        return self.folder / "data" / "journalclub.db"

    async def start(self) -> None:
        """Start the program and wait until Slack reaches it."""
        old = self.slack.sockets.live
        self.program = await self._stack.enter_async_context(started(self.folder, "run", **self.settings))
        await self.program.says("Slack     on")
        if self.mode == "socket":
            await self.slack.sockets.replaced(old)
        else:
            await self._wait_until_reached()

    async def install(self, person: Person) -> None:
        """Somebody opens the install page in a browser and presses Allow on Slack's."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            page = f"http://127.0.0.1:{self.port}/slack/install"
            async with browser.get(page, allow_redirects=False) as answer:
                back = self.slack.oauth.decide(answer.headers["Location"], person, allow=True)
            async with browser.get(back) as answer:
                assert "is installed" in await answer.text()

    async def stop(self) -> None:
        """Stop it as its users do; it must end cleanly."""
        assert self.program is not None
        self.program.process.send_signal(signal.SIGTERM)
        assert await self.program.ends(within=25) == 0, self.program.text
        assert "Traceback" not in self.program.text, self.program.text

    async def restart(self) -> None:
        await self.stop()
        await self._stack.aclose()
        await self.start()

    async def kill(self) -> None:
        """Kill the program without a chance to clean up."""
        assert self.program is not None
        self.program.process.kill()
        await self.program.ends()
        await self._stack.aclose()

    async def close(self) -> None:
        await self._stack.aclose()

    async def _wait_until_reached(self) -> None:
        base = f"http://127.0.0.1:{self.port}/slack"
        urls = RequestUrls(f"{base}/events", f"{base}/interactions", f"{base}/commands", f"{base}/interactions")
        async with asyncio.timeout(30):
            while not await self.slack.use_http(urls):  # noqa: ASYNC110  a real process is waited for
                await asyncio.sleep(0.1)

    @property
    def text(self) -> str:
        """The program's output so far."""
        return self.program.text if self.program else ""

    async def card(self, words: str, channel: str = PAPERS, *, within: float = 20) -> Message:
        """The newest post of the bot in a channel with these words, as soon as it is there."""

        def newest() -> Message | None:
            return next((m for m in reversed(self.slack.messages(channel, bot=True)) if words in m.words), None)

        try:
            return await self.slack.wait_for(newest, within)
        except TimeoutError:
            messages = "\n".join(m.words for m in self.slack.messages(channel))
            raise TimeoutError(f"no {words!r} in {channel}, but:\n{messages}\nThe program says:\n{self.text}") from None

    def check(self) -> None:
        """Fail if a request broke a rule of Slack's, or the program printed a traceback."""
        assert [str(breach) for breach in self.slack.violations] == []
        assert "Traceback" not in self.text, self.text


async def printed_manifest(folder: Path, *words: str, **settings: str) -> dict[str, Any]:
    """The manifest that `journalclub manifest slack` prints."""
    async with started(folder, "manifest", "slack", *words, **settings) as program:
        assert await program.ends() == 0, program.text
        await program.says("}")
        said: dict[str, Any] = json.loads(program.text)
        return said


@asynccontextmanager
async def slack_installation(
    folder: Path,
    mode: Mode = "socket",
    *,
    history: bool = False,
    as_users_do: bool = False,
    running: bool = True,
    **more: str,
) -> AsyncIterator[SlackInstallation]:
    """A workspace where the app was made from its manifest and installed, and the program runs.

    `as_users_do` prints the manifest by the command line and lets the program make its database, which takes a second
    or two; in HTTP mode the app is then still to be installed, by the program's own page.
    """
    async with reserved_port() as port, SlackServer(install=False) as slack, RecordedArxiv() as arxiv:
        slack.quiet = slack.patience = 0.0  # each test says what it waits for
        for id, name in ((PAPERS, "reading"), (DIGEST, "editions"), (MODS, "reading-mods")):
            slack.channel(id, name, private=id == MODS)
        settings = {
            "SLACK__MODE": mode,
            "SLACK__BASE_URL": slack.api_url,
            "SLACK__GAP_SECONDS": "0",
            "ARXIV__BASE_URL": arxiv.url,
            "ARXIV__GAP_SECONDS": "0",
            "CROSSREF__ENABLED": "no",
            "DATACITE__ENABLED": "no",
            "PAGES__READ": "no",
            "WEB__PORT": str(port),
            "WEB__PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SLACK__HISTORY": "yes" if history else "no",
            "LOG__FORMAT": "human",
            "LOG__LEVEL": "info",
            **more,
        }
        http, address = mode == "http", settings["WEB__PUBLIC_URL"]
        if as_users_do:
            words = [*(["--history"] if history else []), *(["--http"] if http else [])]
            slack.use_manifest(await printed_manifest(folder, *words, WEB__PUBLIC_URL=address))
        else:
            slack.use_manifest(
                manifest(all_commands, Settings(web=WebSettings(public_url=address)), history=history, http=http)
            )
            (folder / "data").mkdir()
            fresh_sqlite(folder / "data" / "journalclub.db")
        if http:
            settings |= {"SLACK__SIGNING_SECRET": slack.app.signing_secret}
        else:
            settings |= {"SLACK__APP_TOKEN": slack.app.app_token}
        if http and as_users_do:
            settings |= {"SLACK__CLIENT_ID": slack.app.client_id, "SLACK__CLIENT_SECRET": slack.app.client_secret}
        else:
            slack.install("T1")
            settings |= {"SLACK__BOT_TOKEN": slack.token()}
        installation = SlackInstallation(slack, arxiv, folder, mode, settings, port)
        try:
            if running:
                await installation.start()
            yield installation
        finally:
            await installation.close()


async def set_up(installation: SlackInstallation, admin: Person) -> None:
    """The club’s channels and time zone, in the wizard as an admin sees it."""
    seen = await admin.command("/clubadmin", "setup", channel=PAPERS)
    await seen.until(lambda s: "Papers here" in s.view.labels)
    seen = await admin.click(seen.view, "Fill in a form")
    await seen.until(lambda s: s.view.title == "Set up the club")
    form = seen.view
    zones = (await admin.suggest(form, "timezone", "berl")).options
    chosen = {"papers": PAPERS, "digest": DIGEST, "moderators": MODS, "timezone": zones[0]}
    seen = await admin.submit_view(form, chosen)
    assert not seen.errors, seen.errors
    await seen.until(lambda s: "The club is set up" in s.words)
    seen = await admin.command("/clubadmin", f"settings digest_at {DUE_LATER}", channel=PAPERS)
    await seen.until(lambda s: "digest_at" in s.words)


async def message_with(seen: InteractionResult, words: str) -> Message:
    """The newest message somebody sees with these words, as soon as it is there."""
    await seen.until(lambda s: s.message(words))
    return seen.message(words)


async def modal_titled(seen: InteractionResult, title: str) -> View:
    """The modal with this title, as soon as it is there."""
    await seen.until(lambda s: s.view.title == title)
    return seen.view

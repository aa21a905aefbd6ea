"""A real Chromium, spoken to by its DevTools protocol. What it evaluates is ours: pages cannot run scripts."""

from __future__ import annotations

import asyncio
import base64
import itertools
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

COMMAND = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
"""Where it is; None where there is none."""


@dataclass(slots=True)
class Tab:
    """One page in the browser. `complaints` is what the console and the security policy had to say."""

    wire: ClientWebSocketResponse
    complaints: list[str] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    shown: str = ""
    """Id of the document that was waited for last, by which the browser knows it."""
    loaded: list[str] = field(default_factory=list)
    """Ids of the documents that have been loaded: also the empty one that a tab begins with, sooner or later."""

    async def do(self, method: str, **params: Any) -> dict[str, Any]:
        """Give a command and wait for its answer; events that come meanwhile are noted."""
        number = next(self._numbers)
        await self.wire.send_json({"id": number, "method": method, "params": params})
        while True:
            said = await self.wire.receive_json(timeout=30)
            self._note(said)
            if said.get("id") == number:
                assert "error" not in said, said
                return dict(said["result"])

    def _note(self, said: dict[str, Any]) -> None:
        if said.get("method") == "Page.lifecycleEvent" and said["params"]["name"] == "load":
            self.loaded.append(said["params"]["loaderId"])
        if said.get("method") == "Log.entryAdded":
            entry = said["params"]["entry"]
            self.complaints.append(f"{entry['source']}: {entry['text']}")

    async def open(self, url: str, *, width: int = 1200, dark: bool = False) -> None:
        """Show a page, as wide as this, in the light or the dark."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.do("Emulation.setEmulatedMedia", features=[scheme])
        size = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": width < 600}
        await self.do("Emulation.setDeviceMetricsOverride", **size)
        self.shown = (await self.do("Page.navigate", url=url))["loaderId"]
        while self.shown not in self.loaded:
            self._note(await self.wire.receive_json(timeout=30))

    async def next_page(self) -> None:
        """Wait for the page that follows the one that was opened."""
        while self.loaded[-1] == self.shown:
            self._note(await self.wire.receive_json(timeout=30))
        self.shown = self.loaded[-1]

    async def value(self, expression: str) -> Any:
        """What a JavaScript expression is in the page."""
        found = await self.do("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def press(self, key: str) -> None:
        """Press a key."""
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"Enter": "\r"}.get(key, "")
        for kind in ("keyDown", "keyUp"):
            given = {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code}
            await self.do("Input.dispatchKeyEvent", **given, **({"text": text} if text and kind == "keyDown" else {}))

    async def picture(self) -> bytes:
        """A screenshot as PNG."""
        found = await self.do("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return base64.b64decode(found["data"])


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Tab]:
    """A browser with one tab, and everything it keeps in a folder. Ended when left."""
    assert COMMAND
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-port=0"]
    flags += [
        f"--user-data-dir={folder}",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
    ]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        COMMAND, *flags, "about:blank", stdout=quiet, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with ClientSession() as client:
            port = await asyncio.wait_for(_port(process), 60)
            async with client.get(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = [page for page in await answer.json() if page["type"] == "page"]
            async with client.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as wire:
                tab = Tab(wire)
                for domain in ("Page", "Log", "Runtime", "Accessibility"):
                    await tab.do(f"{domain}.enable")
                await tab.do("Page.setLifecycleEventsEnabled", enabled=True)
                yield tab
    finally:
        process.terminate()
        # Else asyncio waits for the end of its error output too, which processes that it has started may hold.
        process._transport.get_pipe_transport(2).close()  # type: ignore[attr-defined]
        try:
            await asyncio.wait_for(process.wait(), 30)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _port(process: asyncio.subprocess.Process) -> str:
    """Where it listens; it says so on its error output."""
    assert process.stderr
    async for line in process.stderr:
        _, listens, address = line.decode().partition("DevTools listening on ws://127.0.0.1:")
        if listens:
            return address.partition("/")[0]
    raise RuntimeError("Chromium ended before it listened")

"""The link checker: one request for each page, and only the host's own status counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sources import link_checker
from bot.sources.link_checker import HttpLinkChecker


@dataclass
class Street:
    """A server whose paths name their status: /404, /200 …"""

    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path))
        name = request.path.strip("/")
        if name == "stall":
            await self.closed.wait()
        if name == "hang":
            assert request.transport
            request.transport.close()
        return web.Response(status=int(name) if name.isdigit() else 200, headers={"Location": "/404"})


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    street = Street()
    app = web.Application()
    app.router.add_route("*", "/{name}", street.answer)
    async with TestServer(app) as server:
        street.url = str(server.make_url("/"))
        yield street
        street.closed.set()


async def test_only_what_its_host_calls_gone_is_gone(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_checker, "TIMEOUT", 0.3)
    names = ["200", "404", "410", "301", "403", "429", "500", "405", "stall", "hang"]
    async with HttpLinkChecker(is_allowed=lambda url: url.host == "127.0.0.1") as knocking:
        found = await knocking.missing([f"{street.url}{name}" for name in names])
        assert found == {f"{street.url}404", f"{street.url}410"}
        assert await knocking.missing([f"{street.url}404"]) == {f"{street.url}404"}
    assert {method for method, _ in street.asked} == {"HEAD"}
    assert street.asked.count(("HEAD", "/404")) == 1, "asked once, and no redirect leads there"


@pytest.mark.parametrize(
    "url",
    ["http://github.com/a/b", "https://github.com:8443/a", "https://u:p@github.com/a", "file:///etc/passwd", "::"],
)
async def test_other_addresses_are_not_knocked_at(url: str) -> None:
    async with HttpLinkChecker() as knocking:
        assert await knocking.missing([url]) == frozenset()
        assert knocking._session is None

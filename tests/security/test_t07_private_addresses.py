"""T7: no address that a member chooses leads the bot into a private network, and sources ask their own hosts only."""

from __future__ import annotations

from typing import cast

import pytest

from adapters.slack.outbound.sender import Sender
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.chat.gateway import Refused
from bot.sources.link_checker import HttpLinkChecker
from bot.sources.link_metadata.fetch import PageNotRead
from bot.sources.link_metadata.public_addresses import is_public
from tests.sources.link_metadata.test_fetch import (
    LINKS,
    PRIVATE_ADDRESSES,
    PUBLIC,
    Network,
    fetcher,
    network,
    redirect,
)
from tests.sources.test_http_client import host
from tests.stand_ins import Harness

__all__ = ["network"]


async def test_no_link_redirect_or_name_reaches_a_private_address(network: Network) -> None:
    reader = fetcher(network)
    for link in LINKS[::3]:
        with pytest.raises(PageNotRead):
            await reader.fetch(link)
    assert network.connected == []
    for address in PRIVATE_ADDRESSES[::3]:
        assert not is_public(address)
        network.names["example.org"] = [PUBLIC, address]
        with pytest.raises(PageNotRead):
            await reader.fetch("http://example.org/")
    assert network.connected == []
    network.names.clear()
    for target in ("http://169.254.169.254/latest/meta-data", "http://[::1]/", "file:///etc/passwd", "//127.0.0.1/"):
        network.answer = redirect(target)
        with pytest.raises(PageNotRead):
            await reader.fetch("http://example.org/")
    assert set(network.connected) == {(PUBLIC, 80)}


async def test_an_address_is_resolved_once_and_then_connected_to(network: Network) -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]

    async def rebinding(host: str, port: int) -> list[str]:
        return answers.pop(0)

    reader = fetcher(network)
    reader._resolve = rebinding
    await reader.fetch("http://example.org/")
    assert network.connected == [(PUBLIC, 80)]
    assert answers == [["127.0.0.1"]]


async def test_the_name_that_is_asked_for_is_the_one_that_is_shown(network: Network) -> None:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC]

    reader = fetcher(network)
    reader._resolve = resolve
    await reader.fetch("http://straße.example.org/")
    assert asked == ["xn--strae-oqa.example.org"], "not strasse.example.org, which is another one's"


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest/meta-data", "https://export.arxiv.org@evil.test/api", "file:///etc/passwd"],
)
async def test_a_source_asks_no_other_host(url: str) -> None:
    with pytest.raises(ValueError, match="is not on arxiv's host"):
        await host("https://export.arxiv.org/api/query").get(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "https://github.com:8443/a/b", "https://user@github.com/a/b", "ftp://github.com/a"]
)
async def test_the_link_checker_asks_nothing_odd(url: str) -> None:
    async with HttpLinkChecker() as checker:
        assert await checker.missing([url]) == frozenset()
        assert checker._session is None, "not even a session was opened"


@pytest.mark.parametrize(
    "url", ["https://evil.test/x", "http://hooks.slack.com/x", "https://hooks.slack.com.evil.test/", "file:///x", ""]
)
async def test_answers_go_to_slack_alone(club: Harness, url: str) -> None:
    sender = Sender(club.app, cast("WorkspaceClients", None), "https://slack.com/api/")
    with pytest.raises(Refused, match="not one of Slack’s"):
        await sender.respond(url, {})

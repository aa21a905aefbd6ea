"""The page fetcher against links that want into a private network; every connection and look-up is recorded."""

from __future__ import annotations

import asyncio
import gzip
import socket
import tracemalloc
import zlib
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sources.link_metadata.fetch import FEED, HTML_HEAD, MAX_BYTES, DocumentKind, PageFetcher, PageNotRead
from bot.sources.link_metadata.public_addresses import is_public


def _words(table: str) -> list[str]:
    return table.split()


PUBLIC = "93.184.216.34"
PRIVATE_ADDRESSES = _words("""
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.0.0.53 127.1.2.3
    127.255.255.255 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 169.254.169.123 172.16.0.1 172.17.0.1
    172.31.255.255 192.0.0.1 192.0.0.8 192.0.0.170 192.0.0.192 192.0.2.1 192.88.99.1
    192.31.196.1 192.52.193.1 192.175.48.1 192.168.0.1 192.168.255.255
    198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 224.0.0.251 239.255.255.250 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:93.184.216.34
    ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::5db8:d822 64:ff9b:1::1 64:ff9b:1:0:1:: 100::1
    100:0:0:1::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1
    2002:7f00:1:: 2002:a9fe:a9fe::1 2002:0a00:0001::1 2002:5db8:d822::1 2620:4f:8000::1 3fff::1 3ffe::1%eth0
    4000::1 5f00::1 fc00::1 fd00::1 fd00:ec2::254 fdff:ffff::1 fe80::1 fe80::1%eth0 fe80::1%1 febf::1 fec0::1 feff::1
    ff00::1 ff01::1 ff02::1 ff02::fb ff05::2 ff0e::1 2606:4700::5efe:7f00:1 2606:4700::200:5efe:a00:1 ::2:3 1::1
    localhost 127.1 0x7f000001 2130706433
""")
PUBLIC_ADDRESSES = _words("""
    1.1.1.1 8.8.8.8 93.184.216.34 151.101.1.195 172.15.0.1 172.32.0.1 192.167.1.1 169.253.1.1 100.63.0.1 100.128.0.1
    2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450:4001:829::200e 2400:cb00::1
""")
LINKS = _words("""
    http://127.0.0.1/ http://127.0.0.1:80/ https://127.0.0.1/ http://127.1/ http://127.0.1/ http://0/
    http://0.0.0.0/
    http://2130706433/ http://0x7f000001/ http://0x7f.0.0.1/ http://0x7f.1/ http://017700000001/ http://0177.0.0.1/
    http://0177.0.0.0x1/ http://127.0.0.1./ http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/
    http://[::127.0.0.1]/
    http://[0:0:0:0:0:0:0:1]/ http://[fe80::1%25eth0]/ http://[fd00:ec2::254]/latest/ http://[64:ff9b::7f00:1]/
    http://[2002:7f00:1::]/ http://[::ffff:a9fe:a9fe]/ http://[2606:4700:4700::1111]/ http://169.254.169.254/
    http://169.254.169.254/latest/meta-data/ http://2852039166/ http://0xa9fea9fe/ http://0251.0376.0251.0376/
    http://169.254.43518/ http://93.184.216.34/ https://8.8.8.8/ http://10.0.0.1/ http://172.16.0.1/
    http://192.168.1.1/
    http://100.100.100.200/ http://localhost/ http://LOCALHOST/ http://localhost./ http://foo.localhost/
    http://localhost.localdomain/ http://printer.local/ http://db.internal/ http://metadata.google.internal/
    http://intranet/ http://router.lan/ http://nas.home/ http://x.corp/ http://x.private/
    http://1.0.0.127.in-addr.arpa/
    http://x.invalid/ http://x.onion/ http://x.i2p/ http://127.0.0.1.nip.io/ http://127-0-0-1.sslip.io/
    http://10.0.0.1.xip.io/ http://localtest.me/ http://a.localtest.me/ http://lvh.me/ http://kubernetes/
    http://user@example.org/ http://user:password@example.org/ http://example.org@127.0.0.1/ http://:@example.org/
    http://example.org%40127.0.0.1/ http://example.org\\@127.0.0.1/ http://127.0.0.1\\@example.org/ http://example.org/\\127.0.0.1/
    http://example.org:8080/ http://example.org:22/ http://example.org:0/ http://example.org:65536/
    http://example.org:x/
    http://example.org:6379/ https://example.org:8443/ http://example.org:-80/ file:///etc/passwd
    file://localhost/etc
    ftp://example.org/ gopher://example.org:70/_x dict://example.org:11211/ ldap://example.org/
    jar:http://example.org/ data:text/html,x javascript:alert(1) ws://example.org/ unix:/var/run/docker.sock
    http:/// http:// // http://./
    http://../ http://-/ http://example/ http://.example.org/ http://example..org/ http://exa%6dple.org/
    http://１２７.0.0.1/ http://127。0。0。1/ http://①②⑦.0.0.1/ http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/ http://localhost%00.example.org/
    http://127.0.0.1%23.example.org/ http://[::1%]/ http://[v1.x]/ http://[::1/ http://example.org]/
    http://0x7f.0x0.0x0.0x1/ http://1e7/ http://127.0.0.1.:80/ http://0/../ http://example.123/
    http://example.0x1/ about:blank mailto:a@example.org
""")


SPELLED = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.0.1", "172.16.0.1", "100.64.0.1", "0.0.0.1", "8.8.8.8")


def spellings(address: str) -> list[str]:
    """Links to an IPv4 address in every notation that some resolver, browser or library has taken."""
    parts = [int(part) for part in address.split(".")]
    number = int.from_bytes(bytes(parts))
    octal, hexed = [f"0{part:o}" for part in parts], [f"0x{part:x}" for part in parts]
    groups = f"{number >> 16:x}:{number & 0xFFFF:x}"
    hosts = [
        address, f"{address}.", ".".join(octal), ".".join(hexed), f"{number}", f"0x{number:x}", f"0{number:o}",
        f"{parts[0]}.{number & 0xFFFFFF}", f"{parts[0]}.{parts[1]}.{number & 0xFFFF}", f"{octal[0]}.{hexed[1]}.0.1",
        f"[::ffff:{address}]", f"[::ffff:{groups}]", f"[::{groups}]", f"[64:ff9b::{groups}]", f"[2002:{groups}::1]",
        f"[::ffff:0:{groups}]", f"user@{address}", f"example.org@{address}", f"{address}%2f@example.org",
        f"{address}.nip.io", f"{address.replace('.', '-')}.sslip.io", address.replace(".", "。"),
        address.replace(".", "%2e"),
        "".join(chr(0xFF10 + int(c)) if c.isdigit() else c for c in address),
    ]  # fmt: skip
    return [f"http://{host}/" for host in hosts]


@dataclass(slots=True)
class Network:
    """A network of names and one public server; each look-up and each connection is recorded."""

    server: TestServer
    names: dict[str, Sequence[str]] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    answer: Callable[[web.Request], Any] | None = None

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.looked_up.append(host)
        found = self.names.get(host, (PUBLIC,))
        if not found:
            raise socket.gaierror("no such host")
        return found


class NoGate:
    """Rate gate that never waits; `asked` are the names that were waited for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def wait(self, name: str, gap: timedelta) -> None:
        assert gap > timedelta(0)
        self.asked.append(name)


def page(text: str = "<html><head><title>T</title></head></html>", **headers: str) -> web.Response:
    return web.Response(body=text.encode(), headers={"Content-Type": "text/html; charset=utf-8"} | headers)


@pytest.fixture
async def network(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Network]:
    async def handle(request: web.Request) -> web.StreamResponse:
        made.requests.append(request)
        response = made.answer(request) if made.answer else page()
        return await response if asyncio.iscoroutine(response) else response

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    made = Network(server)
    real = BaseSelectorEventLoop.sock_connect

    async def connect(self: Any, sock: socket.socket, address: tuple[Any, ...]) -> None:
        made.connected.append((str(address[0]), int(address[1])))
        if address[:2] != (PUBLIC, 80):
            raise ConnectionRefusedError
        await real(self, sock, ("127.0.0.1", server.port))

    monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", connect)
    yield made
    await server.close()


def fetcher(network: Network, timeout: float = 30.0, kind: DocumentKind = HTML_HEAD) -> PageFetcher:
    return PageFetcher(NoGate(), agent="journalclub (test)", resolve=network.resolve, timeout=timeout, kind=kind)


def redirect(target: str, status: int = 302) -> Callable[[web.Request], web.Response]:
    return lambda _: web.Response(status=status, headers={"Location": target})


def test_there_are_enough_forms() -> None:
    assert len({*PRIVATE_ADDRESSES, *LINKS, *(link for address in SPELLED for link in spellings(address))}) >= 300


@pytest.mark.parametrize("address", SPELLED)
async def test_no_spelling_of_an_address_is_connected_to(network: Network, address: str) -> None:
    reader = fetcher(network)
    for link in spellings(address):
        network.answer = None
        with pytest.raises(PageNotRead):
            await reader.fetch(link)
        assert network.connected == [], link
        assert network.looked_up == [], link
        network.answer = redirect(link.encode().decode("latin-1"))
        with pytest.raises(PageNotRead):
            await reader.fetch("http://example.org/")
        assert set(network.connected) == {(PUBLIC, 80)}, link
        network.connected.clear()
        network.looked_up.clear()


async def test_a_public_page_is_read(network: Network) -> None:
    gate = NoGate()
    reader = PageFetcher(gate, agent="journalclub (test)", resolve=network.resolve)
    found = await reader.fetch("http://example.org/a?b=c#d")
    assert gate.asked == ["pages"]
    assert found.body.startswith(b"<html>")
    assert found.charset == "utf-8"
    assert network.connected == [(PUBLIC, 80)]
    (request,) = network.requests
    assert request.path_qs == "/a?b=c"
    assert request.headers["Host"] == "example.org"
    assert request.headers["User-Agent"] == "journalclub (test)"
    assert not {"Cookie", "Authorization", "Referer"} & set(request.headers)


@pytest.mark.parametrize("link", LINKS)
async def test_no_link_leads_into_a_private_network(network: Network, link: str) -> None:
    with pytest.raises(PageNotRead):
        await fetcher(network).fetch(link)
    assert network.looked_up == []
    assert network.connected == []


@pytest.mark.parametrize("target", LINKS)
async def test_no_redirect_leads_into_a_private_network(network: Network, target: str) -> None:
    header = target.encode("utf-8", "surrogateescape").decode("latin-1") if not target.isascii() else target
    network.answer = redirect(header)
    with pytest.raises(PageNotRead):
        await fetcher(network).fetch("http://example.org/")
    assert set(network.connected) == {(PUBLIC, 80)}, "nothing but the public server is connected to"


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
async def test_no_name_leads_into_a_private_network(network: Network, address: str) -> None:
    assert not is_public(address)
    network.names["example.org"] = [address]
    network.names["mixed.example.org"] = [PUBLIC, address]
    for host in ("example.org", "mixed.example.org"):
        with pytest.raises(PageNotRead, match="not on the public Internet"):
            await fetcher(network).fetch(f"http://{host}/")
    network.answer = redirect("https://example.org/")
    with pytest.raises(PageNotRead, match="not on the public Internet"):
        await fetcher(network).fetch("http://start.example.org/")
    assert network.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
async def test_public_addresses_are_connected_to_as_they_were_checked(network: Network, address: str) -> None:
    assert is_public(address)
    network.names["example.org"] = [address]
    with pytest.raises(PageNotRead) if address != PUBLIC else pytest.raises(PageNotRead, match="connection failed"):
        await fetcher(network).fetch("https://example.org/")
    assert set(network.connected) == {(address, 443)}


async def test_a_name_is_resolved_once_for_a_request(network: Network) -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    await PageFetcher(NoGate(), agent="a", resolve=rebinding).fetch("http://example.org/")
    assert network.connected == [(PUBLIC, 80)]
    assert answers == [["127.0.0.1"]], "the second answer of the DNS was never asked for"
    with pytest.raises(PageNotRead):
        await PageFetcher(NoGate(), agent="a", resolve=rebinding).fetch("http://example.org/")
    assert network.connected == [(PUBLIC, 80)]


async def test_a_name_that_does_not_exist(network: Network) -> None:
    network.names["example.org"] = []
    with pytest.raises(PageNotRead, match="connection failed"):
        await fetcher(network).fetch("http://example.org/")

    async def nothing(host: str, port: int) -> Sequence[str]:
        return []

    with pytest.raises(PageNotRead, match="not on the public Internet"):
        await PageFetcher(NoGate(), agent="a", resolve=nothing).fetch("http://example.org/")
    assert network.connected == []


@pytest.mark.parametrize(("redirects", "arrives"), [(1, True), (3, True), (4, False)])
async def test_three_redirects_are_followed(network: Network, redirects: int, arrives: bool) -> None:
    def answer(request: web.Request) -> web.Response:
        count = int(request.path.strip("/") or 0)
        return page() if count == redirects else web.Response(status=307, headers={"Location": f"/{count + 1}"})

    network.answer = answer
    if arrives:
        assert (await fetcher(network).fetch("http://example.org/0")).url == f"http://example.org/{redirects}"
    else:
        with pytest.raises(PageNotRead, match="too often"):
            await fetcher(network).fetch("http://example.org/0")
    assert len(network.requests) == min(redirects, 3) + 1
    assert len(network.looked_up) == len(network.requests), "each redirect is checked again"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda _: web.Response(status=404, text="no"), "HTTP 404"),
        (lambda _: web.Response(status=500, text="no"), "HTTP 500"),
        (lambda _: web.Response(status=429, text="no"), "HTTP 429"),
        (lambda _: web.Response(body=b"%PDF", content_type="application/pdf"), "not an HTML page"),
        (lambda _: web.json_response({}), "not an HTML page"),
        (lambda _: web.Response(body=b"<svg/>", content_type="image/svg+xml"), "not an HTML page"),
        (lambda _: page(**{"Content-Encoding": "br"}), "was not asked for"),
        (lambda _: page(**{"Content-Encoding": "gzip"}), "connection failed"),
        (redirect(""), "too often"),
        (redirect("/"), "too often"),
    ],
)
async def test_each_other_answer_has_its_reason(network: Network, answer: Any, reason: str) -> None:
    network.answer = answer
    with pytest.raises(PageNotRead, match=reason):
        await fetcher(network).fetch("http://example.org/")


@pytest.mark.parametrize(
    ("kind", "is_read"), [("application/octet-stream", True), ("text/xml", True), ("image/png", False)]
)
async def test_a_feed_is_read_whatever_a_host_of_files_calls_it(network: Network, kind: str, is_read: bool) -> None:
    network.answer = lambda _: web.Response(body=b"<rss/>", content_type=kind)
    reader = fetcher(network, kind=FEED)
    if is_read:
        assert (await reader.fetch("http://example.org/feed")).body == b"<rss/>"
    else:
        with pytest.raises(PageNotRead, match="not a feed"):
            await reader.fetch("http://example.org/feed")


PACKERS: list[tuple[Callable[[bytes], bytes], str]] = [
    (gzip.compress, "gzip"),
    (zlib.compress, "deflate"),
    (bytes, "identity"),
]


@pytest.mark.parametrize(("pack", "name"), PACKERS)
async def test_a_huge_page_is_read_to_the_limit(network: Network, pack: Callable[[bytes], bytes], name: str) -> None:
    body = pack(b"<html><head><title>Huge</title>" + b" " * 50_000_000)
    headers = {"Content-Type": "text/html", "Content-Encoding": name}
    network.answer = lambda _: web.Response(body=body, headers=headers)
    found = await fetcher(network).fetch("http://example.org/")
    assert len(found.body) == MAX_BYTES
    assert b"Huge" in found.body


async def test_a_page_without_end_is_read_to_the_limit(network: Network) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while True:
            await response.write(b" " * 50_000)

    network.answer = endless
    assert len((await fetcher(network).fetch("http://example.org/")).body) == MAX_BYTES


async def test_a_bomb_is_not_unpacked(network: Network) -> None:
    noise = Random(1)
    bomb = gzip.compress(b"".join(noise.randbytes(200) + bytes(20_000) for _ in range(1_500)), compresslevel=1)
    assert len(bomb) > 300_000, "it comes in several pieces"
    network.answer = lambda _: web.Response(
        body=bomb, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}
    )
    tracemalloc.start()
    try:
        found = await fetcher(network).fetch("http://example.org/")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(found.body) == MAX_BYTES
    assert peak < 12_000_000, "no more than the limit is ever unpacked"


async def test_reading_ends_with_the_head(network: Network) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        await response.write(b"<html><head><title>T</title></HE")
        await response.write(b"AD><body>")
        await asyncio.Event().wait()
        return response

    network.answer = endless
    assert b"<title>T" in (await fetcher(network).fetch("http://example.org/")).body


async def test_a_slow_page_is_given_up(network: Network) -> None:
    async def stalled(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    network.answer = stalled
    with pytest.raises(PageNotRead, match=r"no answer within 0\.1 seconds"):
        await fetcher(network, timeout=0.1).fetch("http://example.org/")


async def test_a_proxy_of_the_environment_is_not_used(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://10.0.0.1:3128")
    await fetcher(network).fetch("http://example.org/")
    assert network.connected == [(PUBLIC, 80)]

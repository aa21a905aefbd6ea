"""Hardened download of the beginning of a public web page, or of a whole feed.

Only public addresses are connected to: a host is resolved once for each request, all its addresses must be public, and
the connection is made to these addresses. Each redirect passes the same checks.
"""

from __future__ import annotations

import asyncio
import socket
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.domain.links import urls
from bot.errors import UserError
from bot.locale.current import mark_text
from bot.locale.translatable import TranslatableText
from bot.ports import RateGate
from bot.sources.link_metadata.public_addresses import is_public

TIMEOUT = 5.0
"""Seconds for one page, with all its redirects."""
MAX_BYTES = 512 * 1024
"""Bytes of a page that are read, after decompression; the head is at the beginning."""
MAX_REDIRECTS = 3
GAP = timedelta(milliseconds=500)
"""Minimum distance of two requests of this kind, over all processes."""

_REDIRECTS = frozenset((301, 302, 303, 307, 308))

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Resolver: the IP addresses of a host, in text form. Raises OSError."""


class PageNotRead(Exception):
    """The page was not read; `reason` is a part of a sentence, without the page's own words."""

    def __init__(self, reason: str | TranslatableText) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """The beginning of a page: the address it was read from, its bytes, and the charset of its header ("" if none).

    `content_type` is that of its header, without parameters and in lower case.
    """

    url: str
    body: bytes
    charset: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """Kind of document that is fetched. `end` is where reading stops; empty to read all of at most `max_bytes`."""

    types: frozenset[str]
    accept: str
    max_bytes: int
    end: bytes
    refusal: str
    """Reason given for a document of another type."""


HTML_HEAD = DocumentKind(
    frozenset(("text/html", "application/xhtml+xml")),
    "text/html,application/xhtml+xml",
    MAX_BYTES,
    b"</head",
    mark_text("it is not an HTML page"),
)
FEED = DocumentKind(
    frozenset(
        (
            "application/atom+xml", "application/rdf+xml", "application/rss+xml", "application/x-rss+xml",
            "application/xml", "text/html", "text/plain", "text/rss+xml", "text/xml", "application/xhtml+xml",
            "application/feed+json", "application/json", "text/json", "", "application/octet-stream",
        )
    ),
    "application/atom+xml,application/rss+xml,application/feed+json;q=0.9,application/xml;q=0.9,text/xml;q=0.9",
    4 * 1024 * 1024,
    b"",
    mark_text("it is not a feed"),
)  # fmt: skip
"""Feeds are served under many types, by plain hosts of files under none: what is no feed, their reader refuses."""


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Addresses of a host by the operating system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PageFetcher:
    """Downloads the heads of public pages, without cookies, proxies, credentials or a referrer."""

    def __init__(
        self,
        rate_gate: RateGate,
        *,
        agent: str,
        resolve: Resolve = resolve_by_system,
        timeout: float = TIMEOUT,
        kind: DocumentKind = HTML_HEAD,
    ) -> None:
        """`timeout` is in seconds, for a page with its redirects."""
        self._kind = kind
        self._rate_gate = rate_gate
        self._agent = agent
        self._resolve = resolve
        self._timeout = timeout

    async def fetch(self, url: str) -> FetchedPage:
        """The beginning of a page. Raises PageNotRead."""
        await self._rate_gate.wait("pages", GAP)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._follow(url)
        except TimeoutError:
            raise PageNotRead(
                TranslatableText("no answer within {seconds} seconds", seconds=f"{self._timeout:g}")
            ) from None
        except (aiohttp.ClientError, OSError, ValueError, zlib.error) as error:
            raise PageNotRead(TranslatableText("the connection failed ({name})", name=type(error).__name__)) from error

    async def _follow(self, url: str) -> FetchedPage:
        for _unused in range(MAX_REDIRECTS + 1):
            target = _checked(url)
            addresses = await self._public_addresses(target)
            found = await self._request(target, addresses)
            if isinstance(found, FetchedPage):
                return found
            url = urljoin(target, found)
        raise PageNotRead(TranslatableText("it redirects too often"))

    async def _public_addresses(self, url: str) -> Sequence[str]:
        target = URL(url, encoded=True)
        addresses = await self._resolve(target.raw_host or "", target.port or 443)
        if not addresses or not all(map(is_public, addresses)):
            raise PageNotRead(TranslatableText("its host is not on the public Internet"))
        return addresses

    async def _request(self, url: str, addresses: Sequence[str]) -> FetchedPage | str:
        """The page, or the target of its redirect."""
        connector = aiohttp.TCPConnector(
            resolver=_PinnedResolver(addresses), use_dns_cache=False, force_close=True, limit=1
        )
        headers = {
            "User-Agent": self._agent, "Accept": self._kind.accept, "Accept-Encoding": "gzip, deflate",
        }  # fmt: skip
        async with (
            aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=headers,
                auto_decompress=False,
                trust_env=False,
            ) as session,
            session.get(URL(url, encoded=True), allow_redirects=False) as response,
        ):
            if response.status in _REDIRECTS:
                return response.headers.get("Location", "")
            if response.status != 200:
                raise PageNotRead(f"HTTP {response.status}")
            content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if content_type not in self._kind.types:
                raise PageNotRead(TranslatableText(self._kind.refusal))
            return FetchedPage(url, await _beginning(response, self._kind), response.charset or "", content_type)


async def _beginning(response: aiohttp.ClientResponse, kind: DocumentKind) -> bytes:
    """The beginning of the decompressed body, up to the kind's limit or its end.

    Raises PageNotRead if a document that must be whole is longer.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise PageNotRead(TranslatableText("it is compressed in a way that was not asked for"))
    decompressor = zlib.decompressobj(zlib.MAX_WBITS | 32) if encoding not in ("", "identity") else None
    body, received = bytearray(), 0
    async for chunk in response.content.iter_any():
        received += len(chunk)
        before = max(len(body) - len(kind.end), 0)
        body += decompressor.decompress(chunk, kind.max_bytes - len(body) + 1) if decompressor else chunk
        if max(len(body), received) > kind.max_bytes:
            if not kind.end:
                raise PageNotRead(
                    TranslatableText("it has more than {megabytes} MB", megabytes=kind.max_bytes // 1024 // 1024)
                )
            break
        if kind.end and kind.end in bytes(body[before:]).lower():
            break
    return bytes(body[: kind.max_bytes])


def _checked(url: str) -> str:
    """The address in normal form: http(s), default port, a public name, no credentials. Raises PageNotRead."""
    try:
        return urls.parse(url).url.partition("#")[0]
    except (UserError, ValueError):
        raise PageNotRead(TranslatableText("its address is not that of a public page")) from None


class _PinnedResolver(AbstractResolver):
    """Resolver that knows only the addresses that were checked, so that a second answer of the DNS changes nothing."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The checked addresses."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing to close."""

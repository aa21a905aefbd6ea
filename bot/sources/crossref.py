"""Client of Crossref, for papers that have a DOI but are not on arXiv (https://api.crossref.org).

Optional: it is not used by clubs that only read arXiv.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import quote

from lxml import etree

from bot.domain.clock import utc_now
from bot.domain.paper_record import PaperRecord, fold_whitespace
from bot.errors import Unavailable
from bot.ports import RateGate
from bot.sources.http_client import HostClient, HostUnreachable, RequestPolicy, UnexpectedResponse

HOME = "https://api.crossref.org"
# With a mail address Crossref allows 10 requests a second, 3 at once; a club needs far less.
# https://www.crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication/
REQUEST_POLICY = RequestPolicy(min_interval=timedelta(seconds=1), max_bytes=2 * 1024 * 1024)

_DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]{1,180}", re.ASCII)  # printable, no blanks; the registrant, then anything
_BLOCKS = {"jats:p", "jats:title", "jats:sec", "p", "title"}
_RETRACTED_TYPES = {"retraction", "withdrawal", "removal"}


class CrossrefUnavailable(Unavailable):
    """Crossref did not respond. `retry_at` is from its Retry-After, if any."""

    def __init__(self, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(f"Crossref does not answer right now ({reason}). Please try again in a few minutes.")
        self.reason = reason
        self.retry_at = retry_at


class CrossrefMalformed(Unavailable):
    """Crossref responded with something other than its record of the paper."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Crossref's answer makes no sense right now ({reason}), so I cannot tell what it knows. "
            "Please try again later."
        )
        self.reason = reason


class CrossrefClient:
    """Looks up DOIs at Crossref. Close it, or use it as `async with`."""

    def __init__(
        self,
        rate_gate: RateGate,
        *,
        mailto: str,
        base_url: str = HOME,
        policy: RequestPolicy = REQUEST_POLICY,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`base_url` is the API's address; `mailto` is the contact address sent to Crossref."""
        self._base_url = base_url.rstrip("/")
        self._host = HostClient(
            "crossref",
            base_url,
            agent=f"journalclub (mailto:{mailto})",
            rate_gate=rate_gate,
            policy=policy,
            now=now,
            sleep=sleep,
            chance=chance,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        await self._host.close()

    async def record(self, doi: str) -> PaperRecord | None:
        """The paper with this DOI, or None if Crossref has none or the DOI is invalid.

        Raises CrossrefUnavailable or CrossrefMalformed.
        """
        if len(doi) > 200 or not _DOI.fullmatch(doi):
            return None
        try:
            answer = await self._host.get(f"{self._base_url}/works/{quote(doi, safe='')}")
        except HostUnreachable as error:
            raise CrossrefUnavailable(error.reason, error.retry_at) from error
        except UnexpectedResponse as error:
            raise CrossrefMalformed(f"it is {error.reason}") from error
        if answer.status == 404 and answer.body.strip() == b"Resource not found.":
            return None
        if answer.status != 200:
            raise CrossrefUnavailable(f"HTTP {answer.status}")
        return _record(doi, _work(answer.body))


def _work(body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise CrossrefMalformed("it is not JSON") from fault
    work = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(work, dict) or answer.get("message-type") != "work":
        raise CrossrefMalformed("it is not about a work")
    return work


def _record(requested: str, work: Mapping[str, Any]) -> PaperRecord:
    doi = _text(work.get("DOI")).lower()
    if doi != requested.lower():
        raise CrossrefMalformed("it is about another DOI")
    title = fold_whitespace(_plain(_first(work.get("title"))))
    if not title:
        raise CrossrefMalformed("it has no title")
    published = _day(work, "published", "issued", "created")
    return PaperRecord(
        key=f"doi:{doi}",
        version=1,
        title=title,
        authors=tuple(_authors(work)),
        abstract=fold_whitespace(_plain(_text(work.get("abstract")))),
        categories=(),
        published=published,
        updated=_day(work, "deposited") or published,
        journal_ref=fold_whitespace(_plain(_first(work.get("container-title")))),
        doi=doi,
        withdrawn=_is_retracted(work, title),
    )


def _authors(work: Mapping[str, Any]) -> Iterator[str]:
    for author in _list(work.get("author")):
        if isinstance(author, dict):
            name = fold_whitespace(f"{_text(author.get('given'))} {_text(author.get('family'))}")
            if name := name or fold_whitespace(_text(author.get("name"))):  # `name` is that of a group
                yield name


def _is_retracted(work: Mapping[str, Any], title: str) -> bool:
    """Return True if the paper was retracted, according to a later notice or to a prefix of its title."""
    notices = _list(work.get("updated-by"))
    return title.upper().startswith(("RETRACTED:", "WITHDRAWN:", "RETRACTED ARTICLE:")) or any(
        isinstance(notice, dict) and notice.get("type") in _RETRACTED_TYPES for notice in notices
    )


def _day(work: Mapping[str, Any], *names: str) -> datetime | None:
    """The first of these dates that is given; a missing month or day counts as the first."""
    for name in names:
        given = work.get(name)
        parts = _first_list(given.get("date-parts")) if isinstance(given, dict) else []
        numbers = [part for part in parts[:3] if isinstance(part, int)]
        if numbers and len(numbers) == len(parts[:3]):
            year, month, day = (*numbers, 1, 1)[:3]
            try:
                return datetime(year, month, day, tzinfo=UTC)
            except ValueError:
                continue
    return None


def _plain(markup: str) -> str:
    """The words of a text with JATS or HTML marks in it, without the heading "Abstract"."""
    if "<" not in markup and "&" not in markup:
        return markup
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    root = etree.fromstring(f"<html><body>{markup}</body></html>", parser)
    if root is None:
        return ""
    for heading in root.iter("jats:title", "title"):
        if fold_whitespace("".join(heading.itertext())).casefold() in {"abstract", "summary"}:
            heading.text = ""
    return "".join(_spaced(root))


def _spaced(root: Any) -> Iterator[str]:
    """The text of all elements, with a blank where a paragraph, a heading or a section ends."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            yield element.text or ""
        else:
            yield " " if element.tag in _BLOCKS else ""
            yield element.tail or ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _first(value: object) -> str:
    return _text(next(iter(_list(value)), ""))


def _first_list(value: object) -> list[Any]:
    return _list(next(iter(_list(value)), []))

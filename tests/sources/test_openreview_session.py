"""OpenReview with an account, against a local server that refuses anonymous requests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.features.shared.stream.service_check import check_service
from bot.sources.json_host import SourceMalformed, SourceUnavailable
from bot.sources.link_metadata.openreview import OpenReviewClient
from bot.sources.link_metadata.page_reader import PageSources
from bot.sources.openreview_session import AccountNeeded, OpenReviewCredentials
from bot.sources.stream.openreview import VenueReader
from tests.sources.clock import Clock
from tests.sources.link_metadata.test_sites import FORUM, RecordedFetcher
from tests.sources.local_rate_gate import LocalRateGate

ACCOUNT = OpenReviewCredentials("ada@example.org", "correct horse")


@dataclass(slots=True)
class GuardedOpenReview:
    """A server that answers nobody without a valid token, as the real one may."""

    tokens: list[str] = field(default_factory=lambda: ["first", "second"])
    valid: set[str] = field(default_factory=set)
    logins: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    login_answer: Callable[[], web.Response] | None = None

    async def log_in(self, request: web.Request) -> web.Response:
        given = await request.json()
        self.logins.append(given)
        if self.login_answer:
            return self.login_answer()
        if given != {"id": ACCOUNT.username, "password": ACCOUNT.password}:
            return web.json_response({"name": "Error", "message": "Invalid username or password"}, status=400)
        token = self.tokens.pop(0)
        self.valid = {token}
        return web.json_response({"token": token, "user": {"id": "~Ada_Lee1"}})

    async def notes(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "")
        self.asked.append(given)
        if given.removeprefix("Bearer ") not in self.valid:
            return web.json_response({"name": "ForbiddenError", "message": "Login required"}, status=403)
        content = {"title": {"value": "A Submission"}, "authors": {"value": ["Ada Lee"]}}
        note = {"id": "AbCdEf1234", "forum": "AbCdEf1234", "pdate": 1764547200000, "content": content}
        return web.json_response({"notes": [note]})


@pytest.fixture
async def guarded() -> AsyncIterator[tuple[GuardedOpenReview, str]]:
    made = GuardedOpenReview()
    app = web.Application()
    app.router.add_post("/login", made.log_in)
    app.router.add_get("/notes", made.notes)
    async with TestServer(app, host="127.0.0.1") as server:
        yield made, str(server.make_url("")).rstrip("/")


@pytest.fixture
async def open_client(guarded: tuple[GuardedOpenReview, str], clock: Clock) -> AsyncIterator[Callable[..., Any]]:
    opened = []

    def open_one(kind: Any = OpenReviewClient, account: OpenReviewCredentials | None = None) -> Any:
        gate = LocalRateGate(clock.monotonic, clock.sleep)
        client = kind(gate, credentials=account, base_url=guarded[1], now=clock.now, sleep=clock.sleep)
        opened.append(client)
        return client

    yield open_one
    for client in opened:
        await client.close()


async def test_an_account_signs_in_once_and_again_when_its_token_is_refused(
    guarded: tuple[GuardedOpenReview, str], open_client: Callable[..., Any]
) -> None:
    server, _ = guarded
    client = open_client(account=ACCOUNT)
    assert (await client.details(FORUM)).title == "A Submission"
    assert (await client.details(FORUM)).authors == ("Ada Lee",)
    assert len(server.logins) == 1
    server.valid.clear()  # it has expired
    assert (await client.details(FORUM)).title == "A Submission"
    assert len(server.logins) == 2
    assert server.asked[-2:] == ["Bearer first", "Bearer second"]
    venues = open_client(VenueReader, ACCOUNT)
    server.tokens = ["third"]
    page = await venues.read(["ICLR.cc/2026/Conference"], "2025-11-01T00:00+00:00/0", datetime(2025, 12, 2, tzinfo=UTC))
    assert [item.title for item in page.items] == ["A Submission"]


async def test_a_token_is_used_as_it_is(
    guarded: tuple[GuardedOpenReview, str], open_client: Callable[..., Any]
) -> None:
    server, _ = guarded
    server.valid = {"given"}
    client = open_client(account=OpenReviewCredentials(token="given"))
    assert (await client.details(FORUM)).title == "A Submission"
    server.valid = set()
    with pytest.raises(AccountNeeded, match="OPENREVIEW__TOKEN"):
        await client.details(FORUM)
    assert not server.logins


async def test_without_an_account_the_page_is_read_and_the_doctor_says_why(
    guarded: tuple[GuardedOpenReview, str], open_client: Callable[..., Any]
) -> None:
    client = open_client()
    with pytest.raises(SourceUnavailable, match="answers only requests from an account"):
        await client.details(FORUM)
    pages = PageSources(RecordedFetcher(b"<meta name=citation_title content='Its own title'>"), [client])
    found = await pages.details(FORUM)
    assert found is not None
    assert found.title == "Its own title"
    [finding] = await check_service(client)
    assert finding.ok, "an account is optional"
    assert "JOURNALCLUB_OPENREVIEW__USERNAME" in finding.say


@dataclass
class DownService:
    """A service that does not answer."""

    has_account: bool
    name = "openreview"
    label = "OpenReview"

    async def check(self) -> tuple[bool, str]:
        return False, "OpenReview is not answering right now."


async def test_a_service_that_is_down_is_nothing_to_fix_where_nothing_is_read_there() -> None:
    [used] = await check_service(DownService(has_account=False), used=True)
    [unused] = await check_service(DownService(has_account=False), used=False)
    [wanted] = await check_service(DownService(has_account=True), used=False)
    assert (used.ok, unused.ok, wanted.ok) == (False, True, False), "whoever gives it an account wants it"
    assert unused.say.endswith("right now. The club has no source there, so nothing needs fixing.")


@pytest.mark.parametrize(
    "account", [OpenReviewCredentials("ada@example.org", "wrong"), OpenReviewCredentials(token="old")]
)
async def test_a_refused_account_is_a_finding_without_its_secrets(
    open_client: Callable[..., Any], account: OpenReviewCredentials
) -> None:
    [finding] = await check_service(open_client(account=account))
    assert not finding.ok
    assert "OpenReview refuses the" in finding.say
    assert "wrong" not in finding.say
    assert "old" not in finding.say


async def test_an_account_that_works_is_named(open_client: Callable[..., Any]) -> None:
    [finding] = await check_service(open_client(account=ACCOUNT))
    assert finding.ok
    assert finding.say == "is answering (signed in as ada@example.org)"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda: web.json_response({"user": {}}), SourceMalformed),
        (lambda: web.json_response({"token": "a\nb"}), SourceMalformed),
        (lambda: web.Response(text="<html>", content_type="text/html"), SourceMalformed),
        (lambda: web.Response(status=404), SourceUnavailable),
        (lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}), SourceMalformed),
    ],
)
async def test_odd_answers_to_a_login(
    guarded: tuple[GuardedOpenReview, str], open_client: Callable[..., Any], answer: Any, error: type[Exception]
) -> None:
    guarded[0].login_answer = answer
    with pytest.raises(error):
        await open_client(account=ACCOUNT).details(FORUM)

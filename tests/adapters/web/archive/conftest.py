"""A public club with a few editions, and its archive on a web server."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from lxml import html

from adapters.web.archive import archive
from adapters.web.server import serve, web_app
from benchmarks.years import fill
from bot.domain.models import EditionState, Submission
from bot.editions.model.document import Document, from_json, sha256, to_json
from tests.stand_ins import Harness, fresh_sqlite, open_harness

NOW = datetime(2026, 1, 26, 10, tzinfo=UTC)
LATEST = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the server."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def page(self) -> Any:
        """The body as a tree of HTML elements, as a browser has it."""
        return html.document_fromstring(self.text)


@dataclass(frozen=True, slots=True)
class Site:
    """The archive of a club, as a reader far away sees it; and the club behind it, to be changed."""

    harness: Harness
    client: ClientSession
    root: str
    club: int

    async def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page of the club: `/editions/3`; with a whole path, for that."""
        whole = path if path.startswith(("/clubs", "http")) or path == "/" else f"/clubs/{self.club}{path}"
        return await self.ask("GET", whole, **headers)

    async def ask(self, method: str, path: str, **headers: str) -> Answer:
        """Any request at all; redirections are not followed."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.request(method, self.root + path, headers=given, allow_redirects=False) as answer:
            return Answer(answer.status, await answer.read(), answer.headers)

    async def change_settings(self, **settings: Any) -> None:
        """Change the club's settings."""
        async with self.harness.app.store.begin(self.club) as db:
            club = await db.club()
            club.settings = club.settings | settings

    async def edit(self, number: int, document: Document | None = None, **columns: Any) -> None:
        """Change an edition's row."""
        async with self.harness.app.store.begin(self.club) as db:
            edition = await db.editions.by_number(number)
            assert edition is not None
            if document:
                edition.document = to_json(document)
                edition.sha = sha256(edition.document)
            for name, value in columns.items():
                setattr(edition, name, value)

    async def document(self, number: int) -> Document:
        """An edition's document."""
        async with self.harness.app.store.read(self.club) as db:
            edition = await db.editions.by_number(number)
        assert edition is not None
        return from_json(edition.document)

    async def recall(self, number: int, why: str) -> None:
        """Recall a published edition."""
        async with self.harness.app.store.begin(self.club) as db:
            edition = await db.editions.by_number(number)
            assert edition is not None
            edition.state = EditionState.RECALLED
            await db.audit_log.append("recall", None, self.harness.clock.at, edition_id=edition.id, why=why)

    async def submission(self, number: int, **columns: Any) -> Submission:
        """A submission by its number, changed."""
        async with self.harness.app.store.begin(self.club) as db:
            found = await db.submissions.by_number(number)
            assert found is not None
            for name, value in columns.items():
                setattr(found, name, value)
        return found


@asynccontextmanager
async def opened(url: str, club: int, *, public_url: str = "https://club.test") -> AsyncIterator[Site]:
    """Serve the archive of what is in a database."""
    async with open_harness(Path(), url=url, public_url=public_url) as harness:
        harness.clock.at = NOW
        served = web_app({})
        served.add_routes(archive(harness.app))
        async with serve(served) as address, ClientSession() as client:
            yield Site(harness, client, address.url, club)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A public club with six editions of three papers, over the turn of a year."""
    file = tmp_path / "club.db"
    file.write_bytes(filled_database())
    async with opened(f"sqlite:///{file}", club=1) as served:
        yield served


@cache
def filled_database() -> bytes:
    """The database of such a club, made once."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "filled.db")
        fill(fresh_sqlite(file), editions=LATEST, papers=3, until=NOW.replace(hour=9))
        return file.read_bytes()

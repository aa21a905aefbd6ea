"""Every database that a release left, on both engines, and a release after this one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sources.recorded_arxiv import RecordedArxiv
from tests.conftest import NUMBERS, create_database
from tests.upgrade.kept import RELEASES, load_postgresql, unpack_sqlite
from tests.upgrade.next_release import NextRelease, next_release


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    """Each release that has kept databases."""
    found: str = request.param
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, release: str, tmp_path: Path) -> str:
    """The URL of a database as that release left it."""
    if request.param == "sqlite":
        return unpack_sqlite(release, tmp_path / "kept.db")
    server: str = request.getfixturevalue("postgres")
    return load_postgresql(release, create_database(server, f"kept_{next(NUMBERS)}"))


@pytest.fixture
async def world() -> AsyncIterator[dict[str, str]]:
    """Settings of a program whose arXiv is on this machine."""
    async with RecordedArxiv() as arxiv:
        yield {"ARXIV__BASE_URL": arxiv.url, "ARXIV__GAP_SECONDS": "0", "CROSSREF__ENABLED": "no"}


@pytest.fixture
def following(tmp_path: Path) -> NextRelease:
    """A release after this one, whose migration only adds."""
    folder = tmp_path / "next"
    folder.mkdir()
    return next_release(folder)

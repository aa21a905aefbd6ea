"""The real program at a due time, with a source or a model that does not answer: on time, and true."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from aiohttp import web

from bot.sources.recorded_arxiv import RecordedArxiv
from tests.conftest import NUMBERS, create_database
from tests.llm_server import LlmServer
from tests.ports import reserved_port
from tests.protocol.program import stamp, write
from tests.protocol.slack.workspace import (
    ATTENTION,
    DIGEST,
    DISTIL,
    PAPERS,
    SlackInstallation,
    message_with,
    set_up,
    slack_installation,
)

CUTS = 15
"""How often the database ends all connections, each fifth of a second."""
MOST_LATE = 120.0
"""Seconds that an edition may be late where the platform answers."""


DUE = """INSERT INTO slot (club_id, key, due_at, state, owner, tries, trouble, why)
SELECT id, 'this-week', ?, 'due', '', 0, '', '' FROM club"""
CUT = b"""SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()"""
"""What a restart of the server does to a program: it ends all of its connections."""
"""An edition that is due, of the one club there is."""


class UncertainArxiv(RecordedArxiv):
    """The recorded arXiv, which answers 503 as long as it is `down`, and withdraws nothing."""

    down = True

    async def answer(self, request: web.Request) -> web.Response:
        """Answer as arXiv does, or as a gateway does in front of an arXiv that is away."""
        if self.down:
            self.requests.append(dict(request.query))
            return web.Response(status=503, text="Service Unavailable", headers={"Retry-After": "1"})
        return await super().answer(request)


async def due_now(there: SlackInstallation) -> datetime:
    """Let an edition of the club be due at this moment; the program is stopped for it, and started again."""
    await there.stop()
    due = datetime.now(UTC) - timedelta(seconds=1)
    write(there.database, DUE, stamp(due))
    await there.start()
    return due


async def edition_out(there: SlackInstallation, words: str) -> None:
    """Wait until something with these words is in the room for editions."""

    def posted() -> bool:
        return any(words in message.words for message in there.slack.messages(DIGEST, bot=True))

    await there.slack.wait_for(posted, MOST_LATE)


async def test_arxiv_is_away_since_before_the_submissions(tmp_path: Path) -> None:
    async with UncertainArxiv() as arxiv, slack_installation(tmp_path, ARXIV__BASE_URL=arxiv.url) as there:
        slack = there.slack
        root, ada, ben = slack.user("Root", admin=True), slack.user("Ada"), slack.user("Ben")
        await set_up(there, root)
        for person, paper, why in ((ada, ATTENTION, "it began here"), (ben, DISTIL, "small and good")):
            await person.command("/paper", f"submit {paper} {why}", channel=PAPERS)
            await there.card(why, within=60)
        due = await due_now(there)
        await edition_out(there, "Thank you for reading")
        assert (datetime.now(UTC) - due).total_seconds() < MOST_LATE
        posts = "\n".join(message.words for message in slack.messages(DIGEST, bot=True))
        for words in ("it began here", "small and good", f"arxiv.org/abs/{ATTENTION}", "Details to follow"):
            assert words in posts
        assert "quiet week" not in posts
        assert "Nobody" not in posts

        # -- arXiv answers again: what is out is completed by itself, in its place ---------------------------
        arxiv.down = False
        count = len(slack.messages(DIGEST, bot=True))
        await there.stop()
        earlier = stamp(datetime.now(UTC) - timedelta(minutes=10))
        write(there.database, "UPDATE paper SET asked_at = ?", earlier)
        write(there.database, "UPDATE task SET due_at = ? WHERE kind = 'details'", earlier)
        await there.start()
        await edition_out(there, "Attention Is All You Need")
        await edition_out(there, "Corrected on")
        assert len(slack.messages(DIGEST, bot=True)) == count
        await there.stop()
        there.check()


@pytest.mark.stress  # it waits for the real time limit of a model, most of a minute
async def test_a_model_hangs_at_the_due_time(tmp_path: Path) -> None:
    async with (
        LlmServer(mode="stall") as server,
        slack_installation(
            tmp_path, LLM__BASE_URL=server.url, LLM__API_KEY="k", LLM__MODEL="test-1", LLM__TIMEOUT="300"
        ) as there,
    ):
        slack = there.slack
        root, ada = slack.user("Root", admin=True), slack.user("Ada")
        await set_up(there, root)
        seen = await ada.command("/paper", f"submit {ATTENTION} it began here", channel=PAPERS)
        await message_with(seen, "on the list")
        due = await due_now(there)
        async with asyncio.timeout(MOST_LATE):
            await server.was_asked.wait()
        await edition_out(there, "Thank you for reading")
        assert (datetime.now(UTC) - due).total_seconds() < MOST_LATE
        posts = "\n".join(message.words for message in slack.messages(DIGEST, bot=True))
        assert "Sentences of the abstract" in posts
        await there.stop()
        there.check()


async def test_a_model_is_down_at_the_due_time(tmp_path: Path) -> None:
    async with (
        reserved_port() as nobodys,
        slack_installation(
            tmp_path, LLM__BASE_URL=f"http://127.0.0.1:{nobodys}/v1", LLM__API_KEY="k", LLM__MODEL="test-1"
        ) as there,
    ):
        slack = there.slack
        root, ada = slack.user("Root", admin=True), slack.user("Ada")
        await set_up(there, root)
        seen = await ada.command("/paper", f"submit {ATTENTION} it began here", channel=PAPERS)
        await message_with(seen, "on the list")
        due = await due_now(there)
        await edition_out(there, "Thank you for reading")
        assert (datetime.now(UTC) - due).total_seconds() < MOST_LATE
        assert "Sentences of the abstract" in "\n".join(m.words for m in slack.messages(DIGEST, bot=True))
        there.check()


async def test_the_database_is_restarted_again_and_again_while_an_edition_is_made_and_posted(
    tmp_path: Path, postgres: str
) -> None:
    url = create_database(postgres, f"on_time_{next(NUMBERS)}", template="template_club")
    async with slack_installation(tmp_path, running=False, DATABASE_URL=url) as there:
        await there.start()
        slack = there.slack
        root, ada = slack.user("Root", admin=True), slack.user("Ada")
        await set_up(there, root)
        for paper in (ATTENTION, DISTIL):
            await message_with(await ada.command("/paper", f"submit {paper}", channel=PAPERS), "on the list")
        await there.card("Training data-efficient")
        await there.stop()
        due = datetime.now(UTC) - timedelta(seconds=1)
        with psycopg.connect(url, autocommit=True) as database:
            database.execute(DUE.replace("?", "%s").encode(), [due])
            await there.start()
            cuts = 0
            while not any("Thank you for reading" in message.words for message in slack.messages(DIGEST, bot=True)):
                assert (datetime.now(UTC) - due).total_seconds() < MOST_LATE
                cuts += cuts < CUTS and bool(database.execute(CUT).fetchone())
                await asyncio.sleep(0.2)
        posts = [message.words for message in slack.messages(DIGEST, bot=True)]
        assert cuts > 1
        assert len(set(posts)) == len(posts) == 4
        assert [str(breach) for breach in slack.violations] == []

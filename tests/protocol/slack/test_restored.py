"""A restored database on Slack, with the real program: backed up while it runs, restored, and nothing stands twice."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import make_url

from tests.conftest import NUMBERS, create_database
from tests.protocol.program import started
from tests.protocol.slack.workspace import (
    ATTENTION,
    DIGEST,
    DISTIL,
    MODS,
    PAPERS,
    SAFE,
    SlackInstallation,
    message_with,
    set_up,
    slack_installation,
)

NEW = "2510.04871"
MORE = ["2009.03393", "2012.11538"]
"""Papers that are submitted while the backup is made."""


async def cli(there: SlackInstallation, *words: str) -> str:
    """Run a command of the program beside it; it must succeed. What it says."""
    async with started(there.folder, *words, **there.settings) as program:
        assert await program.ends(60) == 0, program.text
        return program.text


async def submit(there: SlackInstallation, paper: str) -> None:
    await message_with(
        await there.slack.user("Ada").command("/paper", f"submit {paper}", channel=PAPERS), "on the list"
    )


async def restored(there: SlackInstallation, folder: Path) -> None:
    """The program is stopped, its database replaced by the backup, and started again."""
    await there.stop()
    await there.close()
    assert "Restored" in await cli(there, "restore", str(only_file(folder)), "--sure")
    await there.start()


def only_file(folder: Path) -> Path:
    """The backup in a folder."""
    [backup] = [file for file in folder.iterdir() if not file.name.startswith(".")]
    return backup


def alive(there: SlackInstallation, channel: str) -> list[str]:
    """The first words of the bot's posts that stand in a channel, threads too."""
    return [m.words.partition("\n")[0][:60] for m in there.slack.messages(channel, bot=True) if not m.deleted]


def database(kind: str, get: Callable[[str], str]) -> dict[str, str]:
    if kind == "sqlite":
        return {}
    url = create_database(get("postgres"), f"drill_{next(NUMBERS)}", template="template_club")
    return {"DATABASE_URL": url}


CASES = [
    pytest.param(kind, history, number, marks=[pytest.mark.stress] if number or history != (kind == "sqlite") else [])
    for kind in ("sqlite", "postgresql")
    for history in (True, False)
    for number in range(17)
]
"""Two drills in every run; with `make stress` seventeen of each kind: with Discord's that is more than a hundred."""


@pytest.mark.parametrize(("kind", "history", "number"), CASES)
async def test_nothing_stands_twice_after_a_restore(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str, history: bool, number: int
) -> None:
    async with slack_installation(tmp_path, history=history, running=False) as there:
        there.settings |= database(kind, request.getfixturevalue)
        await there.start()
        root = there.slack.user("Root", admin=True)
        await set_up(there, root)
        for paper in (ATTENTION, DISTIL, SAFE):
            await submit(there, paper)
        await there.card("Attention")
        folder = tmp_path / "backups"
        backing_up = asyncio.create_task(cli(there, "backup", str(folder)))
        for paper in MORE:  # the copy is made while these come in
            await asyncio.sleep(0.05 * number)
            await submit(there, paper)
        await backing_up
        drafted = await root.command("/edition", "draft", channel=MODS)
        await drafted.until(lambda s: "No. 1" in s.words, 30)
        await message_with(await root.command("/edition", "approve", channel=MODS), "Approved by")
        await message_with(await root.command("/edition", "schedule now", channel=MODS), "is being posted")
        await there.restart()  # the schedule looks at its start
        await there.card("Thank you for reading", DIGEST, within=40)
        await there.slack.wait_for(lambda: len(alive(there, PAPERS)) >= 5, 20)
        before = {channel: alive(there, channel) for channel in (PAPERS, DIGEST)}

        await restored(there, folder)
        asked = await there.card("This club was restored from a backup", MODS, within=40)
        if history:
            assert "Posted after the backup: a message in" in asked.words
        else:
            assert "I cannot read" in asked.words
        async with aiohttp.ClientSession() as browser, browser.get(f"http://127.0.0.1:{there.port}/readyz") as answer:
            assert "restored from a backup" in str((await answer.json())["notices"])
        assert {channel: alive(there, channel) for channel in before} == before
        await message_with(await root.click(asked, "Start posting"), "posts again")
        await submit(there, NEW)
        await there.card("Less is More", within=30)
        await there.restart()
        after = {channel: alive(there, channel) for channel in before}
        assert after[DIGEST] == before[DIGEST]
        assert len(after[PAPERS]) == len(before[PAPERS]) + 1
        keys = [key_of(message) for message in there.slack.messages(PAPERS, bot=True) if key_of(message)]
        assert len(set(keys)) == len(keys)
        there.check()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_raw_copy_that_is_put_back_starts_in_quarantine(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    """The file is copied while the program is stopped, or the server makes a copy: neither leaves a mark in it."""
    get = request.getfixturevalue
    async with slack_installation(tmp_path, history=True, running=False) as there:
        there.settings |= database(kind, get)
        await there.start()
        root = there.slack.user("Root", admin=True)
        await set_up(there, root)
        await submit(there, ATTENTION)
        await there.card("Attention")
        await there.stop()
        await there.close()
        copy = tmp_path / "copy.db"
        if kind == "sqlite":
            shutil.copyfile(there.database, copy)
        else:
            live = make_url(there.settings["DATABASE_URL"]).database or ""
            raw = {"DATABASE_URL": create_database(get("postgres"), f"raw_{next(NUMBERS)}", template=live)}
        await there.start()
        await submit(there, DISTIL)
        await there.card("Training data-efficient")
        before = alive(there, PAPERS)
        await there.stop()
        await there.close()
        if kind == "sqlite":
            shutil.copyfile(copy, there.database)
        else:
            there.settings |= raw
        await there.start()
        asked = await there.card("This club was restored from a backup", MODS, within=40)
        assert "Posted after the backup: a message in" in asked.words
        await submit(there, NEW)
        await there.restart()
        assert alive(there, PAPERS) == before
        await message_with(await root.click(asked, "Start posting"), "posts again")
        await there.card("Less is More", within=30)
        assert len(alive(there, PAPERS)) == len(before) + 1
        there.check()


def key_of(message: object) -> str:
    """The delivery that a message is, by its metadata."""
    found = getattr(message, "metadata", None) or {}
    return str((found.get("event_payload") or {}).get("key", ""))

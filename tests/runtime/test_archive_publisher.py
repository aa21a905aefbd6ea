"""The archive as files, published beside the running program: by git, by a command, and by whoever asks."""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.web.archive import write_whole
from bot.cli import archive as subcommand
from bot.domain.models import EditionState
from bot.errors import UserError
from bot.runtime import archive_publisher
from bot.runtime.archive_publisher import FILE_LIST, ArchivePublisher, publish
from bot.settings import Settings
from bot.settings.model import PublishSettings
from bot.store.base.task_triggers import ARCHIVE
from tests.adapters.web.archive.conftest import LATEST, NOW, filled_database
from tests.features.conversation import ATTENTION, set_moderators_channel, submit_papers
from tests.features.edition_steps import say_as_moderator
from tests.stand_ins import Harness, open_harness


def git(folder: Path, *arguments: str) -> str:
    """Output of git in a folder."""
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A public club with a few editions."""
    file = tmp_path / "journalclub.db"
    file.write_bytes(filled_database())
    return f"sqlite:///{file}"


async def recall(club: Harness, number: int) -> None:
    async with club.app.store.begin(1) as db:
        edition = await db.editions.by_number(number)
        assert edition is not None
        edition.state = EditionState.RECALLED


async def test_each_change_is_committed_and_pushed_once(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "remote")
    git(tmp_path, "clone", "--quiet", "remote", "site")
    site = tmp_path / "site"
    (site / "CNAME").write_text("papers.example.org\n")
    git(site, "add", ".")
    git(site, "-c", "user.name=O", "-c", "user.email=o@example.org", "commit", "-qm", "Begin")
    git(site, "push", "--quiet", "--set-upstream", "origin", "HEAD")
    marker = tmp_path / "marker"
    monkeypatch.setenv("JOURNALCLUB_TOKEN", "secret")
    content = "os.getcwd() + os.environ.get('JOURNALCLUB_TOKEN', '')"
    script = f"import os, pathlib; pathlib.Path({str(marker)!r}).write_text({content})"
    command = f"{sys.executable} -c {shlex.quote(script)}"
    settings = PublishSettings(folder=str(site), git=True, command=command)
    async with open_harness(Path(), url=database) as club:
        club.clock.at = NOW
        publisher = ArchivePublisher(club.app, settings)
        assert await publisher.round()
        assert marker.read_text() == str(site)
        commits = git(site, "rev-list", "--count", "HEAD")
        assert commits == git(tmp_path / "remote", "rev-list", "--count", "--all") == "2"
        marker.unlink()
        assert await publisher.round()
        assert not marker.exists(), "nothing is new"
        card = site / f"clubs/1/editions/{LATEST}/card.png"
        assert card.is_file()
        await recall(club, LATEST)
        assert await publisher.round()
        assert marker.exists()
        assert not card.exists(), "what is no longer public is removed"
        assert (site / "CNAME").exists(), "other files stay"
        assert git(site, "status", "--porcelain") == ""
        assert git(tmp_path / "remote", "rev-list", "--count", "--all") == "3"


async def test_what_readers_see_wakes_it_at_once_and_a_draft_does_not(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: asyncio.Queue[None] = asyncio.Queue()

    async def publish_files(*_: object, **__: object) -> str:
        await published.put(None)
        return "done"

    monkeypatch.setattr(archive_publisher, "publish", publish_files)
    monkeypatch.setattr(archive_publisher, "INTERVAL", 3600.0)
    async with open_harness(Path(), url=database) as club:
        club.clock.at = NOW
        woken: list[str] = []
        club.app.store.commit_listeners.subscribe(ARCHIVE, lambda: woken.append("now"))
        running = asyncio.create_task(ArchivePublisher(club.app, PublishSettings(folder="site")).run())
        async with asyncio.timeout(20):
            await published.get()
            await set_moderators_channel(club)
            woken.clear()
            await submit_papers(club, "Ada", ATTENTION)
            await say_as_moderator(club, "/edition draft")
            await say_as_moderator(club, '/edition write headline text="Not out yet"')
            assert woken == []
            await recall(club, LATEST)
            await published.get()
        assert woken == ["now"]
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_failure_is_reported_and_tried_again(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    async with open_harness(Path(), url=database) as club:
        club.clock.at = NOW
        with pytest.raises(UserError, match="git"):
            await publish(club.app, PublishSettings(folder=str(folder), git=True))
        with pytest.raises(UserError, match="could not be started"):
            await publish(club.app, PublishSettings(folder=str(folder), command="no-such-program-anywhere"))
        publisher = ArchivePublisher(club.app, PublishSettings(folder=str(folder), command="false"))
        assert not await publisher.round()
        assert not await publisher.round(), "it is not taken for published"
        async with club.app.store.begin(1) as db:
            row = await db.club()
            row.settings = row.settings | {"public": False}
        assert await publish(club.app, PublishSettings(folder=str(folder))) != ""
    assert [file.name for file in folder.iterdir()] == [FILE_LIST], "a club that is no longer public leaves nothing"


async def test_a_push_that_failed_is_made_up_for(database: str, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "remote")
    git(tmp_path, "clone", "--quiet", "remote", "site")
    site, remote, settings = (
        tmp_path / "site",
        tmp_path / "remote",
        PublishSettings(folder=str(tmp_path / "site"), git=True),
    )
    git(site, "config", f"branch.{git(site, 'symbolic-ref', '--short', 'HEAD')}.remote", "origin")
    git(
        site,
        "config",
        f"branch.{git(site, 'symbolic-ref', '--short', 'HEAD')}.merge",
        git(site, "symbolic-ref", "HEAD"),
    )
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    async with open_harness(Path(), url=database) as club:
        club.clock.at = NOW
        publisher = ArchivePublisher(club.app, settings)
        assert not await publisher.round()
        hook.unlink()
        assert await publisher.round()
        assert git(remote, "rev-list", "--count", "--all") == "1", "though nothing was left to commit"
        assert "git has nothing new" in await publish(club.app, settings)
        await recall(club, LATEST)
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
        assert not await publisher.round()
        hook.unlink()
        assert "committed before" in await publish(club.app, settings)
        assert git(remote, "rev-list", "--count", "--all") == "2"


async def test_a_program_may_clean_up_when_it_is_stopped(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git, killed at once, leaves a lock with which all later publications fail."""
    begun, lock = tmp_path / "begun", tmp_path / "lock"
    os.mkfifo(begun)
    script = f"trap 'rm {lock}; exit 0' TERM; touch {lock}; echo yes > {begun}; while :; do sleep 0.01; done"
    settings = PublishSettings(folder=str(tmp_path / "site"), command=f"sh -c {shlex.quote(script)}")
    async with open_harness(Path(), url=database) as club:
        club.clock.at = NOW
        publishing = asyncio.create_task(publish(club.app, settings))
        assert await asyncio.to_thread(begun.read_text) == "yes\n"
        assert lock.exists()
        monkeypatch.setattr(archive_publisher, "END_SECONDS", 60)  # a busy machine may take long to clean up
        publishing.cancel()
        with suppress(asyncio.CancelledError):
            await publishing
        assert not lock.exists()
        deaf = script.replace(f"rm {lock}; exit 0", "")
        monkeypatch.setattr(archive_publisher, "END_SECONDS", 0.05)
        publishing = asyncio.create_task(
            publish(club.app, PublishSettings(folder=settings.folder, command=f"sh -c {shlex.quote(deaf)}"))
        )
        assert await asyncio.to_thread(begun.read_text) == "yes\n"
        publishing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await publishing


async def test_what_a_program_has_started_does_not_delay_a_stop(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds the output of the program, which never ends then."""
    monkeypatch.setattr(archive_publisher, "END_SECONDS", 0.05)
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    script = f"trap '' TERM; sleep 900 & echo $! > {begun}; while :; do wait; done"
    settings = PublishSettings(folder=str(tmp_path / "site"), command=f"sh -c {shlex.quote(script)}")
    async with open_harness(Path(), url=database) as club:
        club.clock.at = NOW
        publishing = asyncio.create_task(publish(club.app, settings))
        started = int(await asyncio.to_thread(begun.read_text))
        try:
            publishing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await publishing
        finally:
            os.kill(started, signal.SIGKILL)


def test_a_full_disk_leaves_the_page_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "clubs" / "index.html"
    write_whole(tmp_path, page, b"old")

    def write_a_part(file: Path, body: bytes) -> int:
        with file.open("wb") as opened:
            opened.write(body[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_a_part)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path, page, b"new")
    assert page.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["clubs"], "nothing else is left"


async def test_the_commands_work_while_the_club_runs(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subcommand, "load", lambda: Settings(database_url=SecretStr(database), data_dir=tmp_path))
    given = argparse.Namespace(what="export", folder=tmp_path / "out", club="")
    async with open_harness(Path(), url=database) as running:
        assert await subcommand.archive_command(given) == 0
        assert (tmp_path / f"out/clubs/1/editions/{LATEST}/index.html").is_file()
        async with running.app.store.begin(1) as db:
            (await db.club()).name = "Friday Readers"
        given.what = "publish"
        assert await subcommand.archive_command(given) == 0
        assert "Friday Readers" in (tmp_path / "out/clubs/index.html").read_text()
    assert "files are in" in capsys.readouterr().out
    (tmp_path / "a file").write_text("")
    given.folder = tmp_path / "a file" / "below"
    for given.what in ("publish", "export"):
        with pytest.raises(UserError, match=r"I cannot write to .*a file"):
            await subcommand.archive_command(given)
    given.what, given.folder = "publish", None
    with pytest.raises(UserError, match="JOURNALCLUB_PUBLISH__FOLDER"):
        await subcommand.archive_command(given)
    monkeypatch.setattr(subcommand, "load", lambda: Settings(data_dir=tmp_path / "none"))
    given.folder = tmp_path / "out"
    with pytest.raises(UserError, match="There is no database"):
        await subcommand.archive_command(given)

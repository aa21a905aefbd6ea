"""T16: a stolen database holds no token in clear, its files are for their owner alone, and keys can change."""

from __future__ import annotations

import stat
from base64 import urlsafe_b64encode
from pathlib import Path

from adapters.slack.transport.token_cipher import TokenCipher
from bot.settings import Settings
from bot.settings.encryption_key import current_key
from tests.adapters.slack.harness import SlackHarness
from tests.adapters.slack.setup.test_installation import club, files_of, install, second
from tests.stand_ins import fresh_sqlite, open_harness

__all__ = ["club"]

OLD, NEW = urlsafe_b64encode(b"o" * 32), urlsafe_b64encode(b"n" * 32)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: mode(file) for file in folder.glob("own.db*")}


async def test_a_token_is_in_no_file_of_the_database(club: SlackHarness, tmp_path: Path) -> None:
    await install(club, second(club))
    token = club.slack.token("T2")
    assert token
    assert [file for file in files_of(tmp_path) if token.encode() in file] == []


async def test_database_and_key_are_for_their_owner_alone(tmp_path: Path) -> None:
    url = fresh_sqlite(tmp_path / "own.db")
    (tmp_path / "own.db").chmod(0o644)
    async with open_harness(tmp_path, url=url) as opened:
        await opened.say("Ada", "/help")
        files = modes(tmp_path)
    assert len(files) >= 3, "the log of SQLite is there too"
    assert set(files.values()) == {0o600}, files
    current_key(Settings(data_dir=tmp_path / "data"))
    assert mode(tmp_path / "data" / "secret.key") == 0o600


def test_a_new_key_reads_what_the_old_one_wrote_and_writes_it_anew() -> None:
    stored = TokenCipher(OLD).encrypt("xoxb-1-secret")
    assert "secret" not in stored
    both = TokenCipher(NEW, (OLD,))
    assert both.decrypt(stored) == "xoxb-1-secret"
    assert both.needs_rotation(stored)
    assert not both.needs_rotation(both.encrypt("xoxb-1-secret"))
    assert TokenCipher(NEW).decrypt(stored) == "", "without the key it says nothing"
    assert TokenCipher(NEW).decrypt(stored[:-4] + "AAA=") == ""

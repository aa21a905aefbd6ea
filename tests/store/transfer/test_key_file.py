"""The secret key in a backup: readable with its passphrase alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UserError
from bot.store.transfer import key_file
from bot.store.transfer.key_file import read_key, write_key

KEY = b"c2VjcmV0LWtleS1vZi0zMi1ieXRlcy1leGFjdGx5ISE="


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file, "COST", {"n": 2**10, "r": 8, "p": 1})


def test_it_comes_back_with_its_passphrase_alone(tmp_path: Path) -> None:
    write_key(tmp_path / "a.key", KEY, "correct horse battery")
    write_key(tmp_path / "b.key", KEY, "correct horse battery")
    assert KEY not in (tmp_path / "a.key").read_bytes()
    assert (tmp_path / "a.key").read_bytes() != (tmp_path / "b.key").read_bytes(), "each has a salt of its own"
    assert read_key(tmp_path / "a.key", "correct horse battery") == KEY
    with pytest.raises(UserError, match="passphrase is not the one"):
        read_key(tmp_path / "a.key", "correct horse batterz")


def test_what_is_no_key_and_what_is_no_passphrase_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.key").write_text('{"kdf": "none"}')
    with pytest.raises(UserError, match="is no key"):
        read_key(tmp_path / "odd.key", "correct horse battery")
    with pytest.raises(UserError, match="12 characters"):
        write_key(tmp_path / "short.key", KEY, "short")
    assert not (tmp_path / "short.key").exists()

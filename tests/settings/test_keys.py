"""Secret key of an installation: made once for its owner alone, and the former keys."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import Settings, SettingsError, current_key, former_keys, load


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: current_key(settings), range(16)))
    assert len(keys) == 1
    Fernet(keys.pop())
    made = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert os.listdir(made.parent) == ["secret.key"]


def test_a_key_that_was_given_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    standard = "+/" + "A" * 41 + "="
    key = load({"JOURNALCLUB_SECRET_KEY": standard, "JOURNALCLUB_DATA_DIR": str(tmp_path)}, env_file=None)
    assert current_key(key) == b"-_" + b"A" * 41 + b"="
    assert not list(tmp_path.iterdir())


def test_a_key_that_others_can_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    key = tmp_path / "secret.key"
    key.write_text("not a key")
    key.chmod(0o600)
    with pytest.raises(SettingsError, match="holds no key"):
        current_key(settings)
    key.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        current_key(settings)
    key.unlink()
    key.mkdir()
    with pytest.raises(SettingsError, match="Is a directory"):
        current_key(settings)


def test_former_keys_are_read_one_by_one_and_each_must_be_a_key() -> None:
    one, two = "A" * 43 + "=", "B" * 42 + "A="
    assert former_keys(load({"JOURNALCLUB_FORMER_KEYS": f"{one}, {two}"}, None)) == (one.encode(), two.encode())
    assert former_keys(load({}, None)) == ()
    with pytest.raises(SettingsError, match="FORMER_KEYS"):
        load({"JOURNALCLUB_FORMER_KEYS": f"{one},short"}, None)

"""Settings from a few values, and the complaints about wrong ones, for the tests of settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load

SLACK = {"JOURNALCLUB_SLACK__BOT_TOKEN": "xoxb-1-abc", "JOURNALCLUB_SLACK__APP_TOKEN": "xapp-1-abc"}


def read(**given: str) -> Settings:
    return load({f"JOURNALCLUB_{name}": value for name, value in given.items()}, env_file=None)


def wrong(environ: dict[str, str], env_file: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as told:
        load(environ, env_file=env_file)
    return told.value.complaints

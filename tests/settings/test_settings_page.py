"""Page and example file of the settings, which are written from their declarations."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.settings_reference import example, main, page
from bot.settings import load
from bot.settings.descriptions import describe, sections, variable
from tests.settings.loading import SLACK


def test_every_setting_is_described_and_its_example_is_taken() -> None:
    names = [setting.name for setting in describe()]
    assert len(names) == len(set(names))
    assert variable("slack", "bot_token") in names
    assert all(setting.meaning.endswith(".") for setting in describe())
    assert all(sections().values())
    given = {setting.name: setting.example for setting in describe() if not setting.secret}
    given |= {"JOURNALCLUB_DISCORD__TOKEN": "MTA1.a.b", "JOURNALCLUB_WEB__ENABLED": "yes"} | SLACK
    given |= {"JOURNALCLUB_SLACK__CLIENT_SECRET": "a", "JOURNALCLUB_SLACK__SIGNING_SECRET": "b"}
    given |= {"JOURNALCLUB_OPENREVIEW__PASSWORD": "c"}
    load(given, env_file=None)


def test_every_default_that_is_described_is_the_default() -> None:
    given = {setting.name: setting.default for setting in describe() if setting.default}
    assert load(given, env_file=None) == load({}, env_file=None)


def test_the_page_and_the_example_file_fit_the_settings() -> None:
    assert Path("docs/settings.md").read_text(encoding="utf-8") == page()
    assert Path(".env.example").read_text(encoding="utf-8") == example()


def test_an_example_file_just_copied_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(example(), encoding="utf-8")
    assert load({}, env_file=tmp_path / ".env") == load({}, env_file=None)


def test_a_page_that_no_longer_fits_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    assert main(["--check"]) == 1
    assert "docs/settings.md no longer fits" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0

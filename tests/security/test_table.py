"""The table of SECURITY.md: every threat has a test named after it, and every guard and test that it names exists."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from bot.domain.club_settings import ClubSettings
from bot.features.registry import all_commands

TOP = Path(__file__).parents[2]
HERE = Path(__file__).parent
THREATS = [f"T{number}" for number in range(1, 20)]


@cache
def table() -> dict[str, tuple[str, str, str]]:
    """Threat, guards and tests of each row, by the threat's name."""
    text = (TOP / "SECURITY.md").read_text("utf-8").split("## Threats and protections")[1]
    rows = re.findall(r"^\| (T\d+) \| (.*?) \| (.*?) \| (.*?) \|$", text, re.MULTILINE)
    return {name: (threat, guards, tests) for name, threat, guards, tests in rows}


def exists(dotted: str) -> bool:
    """True if a dotted name is a module, or something in one."""
    parts = dotted.split(".")
    for size in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:size]))
        except ModuleNotFoundError:
            continue
        for name in parts[size:]:
            if not hasattr(found, name):
                return False
            found = getattr(found, name)
        return True
    return False


def test_the_table_has_every_threat_in_order() -> None:
    assert list(table()) == THREATS
    assert "not yet" not in str(table())


@pytest.mark.parametrize("name", THREATS)
def test_every_threat_has_a_test_named_after_it(name: str) -> None:
    number = int(name[1:])
    files = {file.stem for file in HERE.glob(f"test_t{number:02}_*.py")}
    named = set(re.findall(r"`(test_t\d\d_\w+)`", table()[name][2]))
    assert files
    assert named == files
    for file in files:
        text = (HERE / f"{file}.py").read_text("utf-8")
        assert re.match(rf'"""(?:T\d+ and )?{name}\b', text), file
        assert re.search(r"^(?:async )?def test_", text, re.MULTILINE)


@pytest.mark.parametrize("name", THREATS)
def test_every_guard_and_every_test_that_is_named_exists(name: str) -> None:
    _, guards, tests = table()[name]
    for word in re.findall(r"`([^`]+)`", guards):
        if word.startswith("/"):
            assert word[1:] in all_commands, word
        elif "." in word:
            assert exists(word), word
        else:
            assert word in ClubSettings.model_fields, word
    for word in re.findall(r"`([^`]+)`", tests):
        assert (TOP / word).exists() if "/" in word else (HERE / f"{word}.py").exists(), word


def test_a_guard_that_is_gone_is_noticed() -> None:
    assert exists("bot.chat.rich_text.Link.safe_label")
    assert not exists("bot.chat.rich_text.Link.safe")
    assert not exists("bot.nowhere.at_all")

"""README, docs and the other pages tell the truth: the files, settings, commands and links that they name exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GENERATED = {"settings.md": "docs/settings.md", "commands.md": "docs/commands.md"}
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if path.name not in (*GENERATED, "CHANGELOG.md")  # the changelog names what was
)
SETTINGS = set(re.findall(r"JOURNALCLUB_\w+", (ROOT / GENERATED["settings.md"]).read_text(encoding="utf-8")))
COMMANDS = set(re.findall(r"^### `/(\w+ [\w-]+)", (ROOT / GENERATED["commands.md"]).read_text("utf-8"), re.MULTILINE))
"""First two words of every command; the second may be of a group, such as `curate meeting`."""
NEITHER = {"JOURNALCLUB_DATA", "paper age"}
"""Names that are not of the program: the benchmarks' data, and the command that CONTRIBUTING.md teaches to add."""
ROOTS = {name.split()[0] for name in COMMANDS}


def missing_files(text: str) -> Iterator[str]:
    """Paths and dotted modules that are named and do not exist; a definition within a module exists too."""
    for path in re.findall(r"`((?:bot|adapters|tests|benchmarks|deploy|migrations)/[\w./-]+)`", text):
        if "NNNN" not in path and not (ROOT / path).exists() and not (ROOT / f"{path}.py").exists():
            yield path
    for dotted in re.findall(r"`((?:bot|adapters|tests|benchmarks)(?:\.\w+)+)`", text):
        if dotted == "benchmarks.NAME":
            continue
        place = ROOT / Path(*dotted.split("."))
        above = place.parent.with_suffix(".py"), place.parent.parent.with_suffix(".py")
        defines = any(path.is_file() and re.search(rf"\b{place.name}\b", path.read_text("utf-8")) for path in above)
        if not (place.is_dir() or place.with_suffix(".py").is_file() or defines):
            yield dotted


def missing_settings(text: str) -> Iterator[str]:
    """Settings that are named and do not exist; `_FILE` after a name reads it from a file."""
    for name in re.findall(r"JOURNALCLUB_[A-Z0-9_]*[A-Z0-9]", text):
        if name not in SETTINGS and name.removesuffix("_FILE") not in SETTINGS:
            yield name


def missing_commands(text: str) -> Iterator[str]:
    """Commands that are named with a second word and do not exist."""
    for root, second in re.findall(r"`/(\w+) ([a-z][\w-]*)", text):
        if root in ROOTS and f"{root} {second}" not in COMMANDS:
            yield f"{root} {second}"


def missing_targets(page: Path, text: str) -> Iterator[str]:
    """Links to files, and to headings of pages, that lead nowhere."""
    for target, heading in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", text):
        file = (page.parent / target) if target else page
        if not file.exists():
            yield target
        elif heading and heading not in anchors(file.read_text(encoding="utf-8")):
            yield f"{target}#{heading}"


def anchors(text: str) -> set[str]:
    """Anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    linked = re.sub(r"`[^`\n]*`", "", plain)
    found = [*missing_files(plain), *missing_settings(text), *missing_commands(plain), *missing_targets(page, linked)]
    assert [name for name in found if name not in NEITHER] == []


def test_what_does_not_exist_is_found() -> None:
    assert list(missing_files("`bot/none.py` `bot.features.none` `bot.dispatch.answer` `bot/app.py`")) == [
        "bot/none.py",
        "bot.features.none",
    ]
    assert list(missing_settings("JOURNALCLUB_NONE JOURNALCLUB_DISCORD__TOKEN_FILE")) == ["JOURNALCLUB_NONE"]
    assert list(missing_commands("`/paper none` `/paper vote 12` `/curate meeting plan`")) == ["paper none"]
    links = "[a](docs/none.md) [b](README.md) [c](README.md#none) [d](#documentation)"
    assert list(missing_targets(ROOT / "README.md", links)) == ["docs/none.md", "README.md#none"]

"""docs/architecture.md tells the truth: every module, function and class that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SOURCES = sorted(path for folder in ("bot", "adapters") for path in (ROOT / folder).rglob("*.py"))


def definitions() -> set[str]:
    """Names of every class, function and constant that the program defines."""
    texts = (path.read_text(encoding="utf-8") for path in SOURCES)
    names = r"^ *(?:async def|def|class) (\w+)|^(?:type )?(\w+)(?:: TypeAlias)? = "
    return {name for text in texts for pair in re.findall(names, text, re.MULTILINE) for name in pair if name}


def exists(dotted: str) -> bool:
    """A module or package at this path, or a definition in the module above it."""
    place = ROOT / Path(*dotted.split("."))
    if place.is_dir() or place.with_suffix(".py").is_file():
        return True
    module = place.parent.with_suffix(".py")
    return (
        module.is_file() and re.search(rf"(?:def|class) {place.name}\b", module.read_text(encoding="utf-8")) is not None
    )


def test_every_path_exists() -> None:
    paths = set(re.findall(r"`((?:bot|adapters)(?:\.\w+)+)`", PAGE))
    assert len(paths) > 50, "the page names its modules by their full paths"
    assert sorted(path for path in paths if not exists(path)) == []


def test_every_class_of_the_glossary_exists() -> None:
    glossary = PAGE.partition("## Glossary")[2].partition("\n## ")[0]
    words = {
        word for row in re.findall(r"^\| (`.+?) \|", glossary, re.MULTILINE) for word in re.findall(r"`(\w+)`", row)
    }
    assert len(words) > 20
    assert sorted(words - definitions()) == []

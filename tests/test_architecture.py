"""docs/architecture.md tells the truth: every module, function and class that it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SOURCES = sorted(path for folder in ("bot", "adapters") for path in (ROOT / folder).rglob("*.py"))
DEFINITIONS = {
    node.name
    for path in SOURCES
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
} | {
    name
    for path in SOURCES
    for name in re.findall(r"^(?:type )?(\w+)(?:: TypeAlias)? = ", path.read_text(encoding="utf-8"), re.MULTILINE)
}


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
    assert sorted(words - DEFINITIONS) == []

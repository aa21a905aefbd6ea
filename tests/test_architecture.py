"""docs/architecture.md tells the truth: what it names exists. Docstrings begin with their subject."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
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


QUESTION = re.compile(r"(?:What|Whether|Who|Whom|Whose|Which|Where|When|How|Why(?! it matters|, | and key insights))\b")
"""A first word that names no subject. "Why" is also the name of a field of an item, meant so in these phrases."""


def docstrings(text: str) -> Iterator[tuple[int, str]]:
    """Lines and texts of all strings that stand alone: docstrings, and those below assignments."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value.strip()


def begins_with_a_question(text: str) -> list[int]:
    """Lines of the docstrings that begin with a question word in place of their subject."""
    return [line for line, words in docstrings(text) if QUESTION.match(words)]


def test_docstrings_begin_with_their_subject() -> None:
    found = {path: begins_with_a_question(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert [f"{path.relative_to(ROOT)}:{line}" for path, lines in found.items() for line in lines] == []


def test_questions_are_found_in_every_docstring() -> None:
    bad = 'A = 1\n"""How many."""\nclass B:\n    """Whether."""\n    def c(self):\n        """\n        Why not."""\n'
    assert begins_with_a_question(bad) == [2, 4, 6]
    assert begins_with_a_question('"""Why, key insights and quotes."""\n"""Whole numbers."""\n') == []

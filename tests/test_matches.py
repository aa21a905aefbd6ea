"""Matches over closed unions list every member, so that mypy shows where a new one is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from bot.chat import cards, rich_text
from bot.editions.edit import changes
from bot.editions.model import blocks, prose

ROOT = Path(__file__).parents[1]
MEMBERS = {
    member.__name__
    for union in (cards.Part, rich_text.Span, blocks.Block, prose.ProseSpan, changes.Change)
    for member in get_args(union)
    if member is not str
}


@pytest.mark.parametrize("folder", ["bot", "adapters"])
def test_each_match_ends_in_assert_never(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / folder).rglob("*.py")
        for line in open_ended(ast.parse(path.read_text()))
    ]
    assert found == []


def open_ended(tree: ast.AST) -> Iterator[int]:
    """Lines of matches over parts, spans, blocks or changes without `assert_never`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Match) and len(node.cases) > 1 and any(_over_members(case) for case in node.cases):
            last = node.cases[-1].body[-1]
            if not (isinstance(last, ast.Expr) and ast.unparse(last).startswith("assert_never(")):
                yield node.lineno


def _over_members(case: ast.match_case) -> bool:
    return any(
        isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Name) and node.cls.id in MEMBERS
        for node in ast.walk(case.pattern)
    )


def test_a_match_without_assert_never_is_found() -> None:
    closed = "match part:\n  case Heading():\n    pass\n  case Text():\n    pass\n  case _:\n    assert_never(part)"
    assert list(open_ended(ast.parse(closed))) == []
    assert list(open_ended(ast.parse(closed.replace("assert_never(part)", "pass")))) == [1]

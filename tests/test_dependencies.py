"""Every imported package is declared, so that it stays installed if another package no longer needs it."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parent.parent
OURS = {"adapters", "benchmarks", "bot", "migrations", "tests"}
OF_EXTRAS = {"sklearn": ["scikit-learn"]}
"""Packages that are named otherwise than their distribution, and need not be installed."""
LEARNED = "bot/recommender/learned/"
"""The one folder that needs an extra; `bot.recommender.ranking` looks whether it is there."""
PROGRAM = ("bot", "adapters", "migrations")


def imported(*folders: str) -> dict[str, str]:
    """Imported top-level packages of others, each with a file that imports it."""
    found: dict[str, str] = {}
    for folder in folders:
        for file in sorted((TOP / folder).rglob("*.py")):
            for name in names(ast.parse(file.read_text("utf-8"))):
                found.setdefault(name, file.relative_to(TOP).as_posix())
    return {name: file for name, file in found.items() if name not in OURS | sys.stdlib_module_names}


def names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@cache
def declared(*extras: str) -> frozenset[str]:
    """Distributions that `pyproject.toml` declares, extras included."""
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return frozenset(canonicalize_name(Requirement(line).name) for line in lines)


def undeclared(wanted: dict[str, str], known: frozenset[str]) -> dict[str, str]:
    """Imports that no declared distribution provides."""
    held = {**OF_EXTRAS, **packages_distributions()}
    return {
        name: file for name, file in wanted.items() if not known & {*map(canonicalize_name, held.get(name, [name]))}
    }


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        (PROGRAM, ("shortlist",)),
        (("tests",), ("dev", "shortlist")),
        (("benchmarks",), ("dev", "bench", "shortlist")),
    ],
    ids=["program", "tests", "benchmarks"],
)
def test_every_import_is_declared(folders: tuple[str, ...], extras: tuple[str, ...]) -> None:
    wanted = imported(*folders)
    assert len(wanted) > 3
    assert undeclared(wanted, declared(*extras)) == {}


def test_only_the_learned_ranker_needs_an_extra() -> None:
    for file in sorted((TOP / "bot").rglob("*.py")):
        if not (path := file.relative_to(TOP).as_posix()).startswith(LEARNED):
            assert not {"numpy", "scipy", "sklearn"} & {*names(ast.parse(file.read_text("utf-8")))}, path


def test_an_undeclared_import_is_found() -> None:
    assert undeclared({"pluggy": "x.py", "PIL": "y.py", "nowhere": "z.py"}, declared()) == {
        "pluggy": "x.py",
        "nowhere": "z.py",
    }

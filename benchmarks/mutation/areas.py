"""What is mutated and which tests should notice: read from `areas.toml`, where modules and tests are named by path."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

AREAS = Path(__file__).parent / "areas.toml"


@dataclass(frozen=True, slots=True)
class Area:
    """Modules that defend something, and the tests that should fail when one of them is damaged."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All areas; `preload` names packages to import once for all runs, `skip` words in the names of tests left out."""

    areas: tuple[Area, ...]
    preload: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def missing(self, root: Path) -> list[str]:
        """The paths that name no file or folder of the tree."""
        named = (path for area in self.areas for path in (*area.modules, *area.tests))
        return sorted({path for path in named if not (root / path).exists()})


def load(path: Path = AREAS) -> Plan:
    """The plan that a TOML file describes. Raises KeyError or TypeError where an area lacks a list."""
    told = tomllib.loads(path.read_text())
    areas = (Area(name, tuple(one["modules"]), tuple(one["tests"])) for name, one in told["area"].items())
    return Plan(tuple(areas), tuple(told.get("preload", ())), tuple(told.get("skip", ())))

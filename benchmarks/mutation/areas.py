"""Plan of the mutation tests, read from `areas.toml`: modules to mutate and the tests that should fail."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

AREAS = Path(__file__).parent / "areas.toml"


@dataclass(frozen=True, slots=True)
class Area:
    """Modules that defend something, and the tests that should fail when one of them is damaged.

    A module may be followed by the name of one class or function in it: `bot/app.py::Context.may`.
    """

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The path of each module and the name in it, or none."""
        return [(path, name) for path, _, name in (module.partition("::") for module in self.modules)]


@dataclass(frozen=True, slots=True)
class Plan:
    """All areas. `preload` are packages to import once for all runs, `skip` words in the names of tests to skip."""

    areas: tuple[Area, ...]
    preload: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def missing(self, root: Path) -> list[str]:
        """The paths that name no file or folder of the tree."""
        named = [path for area in self.areas for path in (*(path for path, _ in area.parts), *area.tests)]
        return sorted({path for path in named if not (root / path).exists()})


def load(path: Path = AREAS) -> Plan:
    """The plan that a TOML file describes. Raises KeyError or TypeError where an area lacks a list."""
    settings = tomllib.loads(path.read_text())
    areas = (Area(name, tuple(area["modules"]), tuple(area["tests"])) for name, area in settings["area"].items())
    return Plan(tuple(areas), tuple(settings.get("preload", ())), tuple(settings.get("skip", ())))

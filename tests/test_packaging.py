from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from importlib.metadata import PackageNotFoundError, files, requires, version
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings.descriptions import describe

TOP = Path(__file__).parent.parent
PACKAGES = ("bot", "adapters", "migrations")
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """The wheel, built from a copy so that no files are left in the tree."""
    tree = tmp_path_factory.mktemp("tree")
    for name in PACKAGES:
        shutil.copytree(TOP / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(TOP / name, tree)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        str(tree),
        str(tree),
    ]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = tree.glob("*.whl")
    with ZipFile(path) as file:
        yield file


def test_the_wheel_contains_exactly_the_files_of_the_packages(wheel: ZipFile) -> None:
    files = (path for name in PACKAGES for path in (TOP / name).rglob("*") if path.is_file())
    ours = {path.relative_to(TOP).as_posix() for path in files if "__pycache__" not in path.parts}
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == ours


def test_the_wheel_has_its_command_and_its_license(wheel: ZipFile) -> None:
    (about,) = {name.partition("/")[0] for name in wheel.namelist() if ".dist-info/" in name}
    commands = ConfigParser()
    commands.read_string(wheel.read(f"{about}/entry_points.txt").decode())
    assert commands["console_scripts"]["journalclub"] == "bot.__main__:entry"
    assert f"{about}/licenses/LICENSE" in wheel.namelist()


def test_help_loads_no_heavy_packages() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "bot", "--help"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=TOP)
    loaded = {line.rpartition("|")[2].strip() for line in said.stderr.splitlines() if line.startswith("import time:")}
    heavy = {
        "sqlalchemy",
        "pydantic",
        "slack_sdk",
        "discord",
        "aiohttp",
        "openai",
        "prometheus_client",
        "lxml",
        "jinja2",
    }
    assert "usage: journalclub" in said.stdout
    assert "bot.errors" in loaded
    assert not loaded & heavy


def test_every_requirement_is_pinned_by_name_and_version() -> None:
    lines = [line for line in (TOP / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", line)] == []
    assert (
        _needed(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])
        - {canonicalize_name(line.partition("==")[0]) for line in lines}
        == set()
    )


def test_every_dependency_has_a_reason() -> None:
    text = (TOP / "pyproject.toml").read_text()
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert listed
    assert [line for line in listed[1].splitlines() if not re.fullmatch(r'  "[^"]+", *# \S.+', line)] == []


def test_the_image_contains_no_private_files() -> None:
    lines = [line for line in (TOP / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert lines[0] == "*"
    assert allowed == {"pyproject.toml", "constraints.txt", "README.md", "LICENSE", *PACKAGES}


def test_the_image_runs_unprivileged_and_stops_at_sigterm() -> None:
    steps = (TOP / "Dockerfile").read_text().splitlines()
    assert "USER 10001:10001" in steps
    assert "STOPSIGNAL SIGTERM" in steps
    assert 'ENTRYPOINT ["journalclub"]' in steps  # not through a shell, which would keep the signal to itself
    assert "VOLUME /data" in steps


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml"])
def test_the_container_sets_only_existing_settings(name: str) -> None:
    known = {variable for setting in describe() for variable in (setting.name, setting.file)}
    used = set(re.findall(r"JOURNALCLUB_[A-Z_]+", (TOP / name).read_text()))
    assert used
    assert used <= known


def test_secrets_and_data_are_ignored_by_git() -> None:
    ignored = (TOP / ".gitignore").read_text().splitlines()
    assert {".env", "/secrets/", "/data/"} <= set(ignored)


def test_continuous_integration_runs_the_developers_commands() -> None:
    run = TOP / ".ci" / "run"
    assert run.stat().st_mode & 0o100
    assert [line for line in run.read_text().splitlines() if line and line[0] != "#"][-1] == "make test"
    assert "- run: make test" in (TOP / ".github" / "workflows" / "ci.yml").read_text()


def test_the_plain_image_stays_small_and_the_ranker_that_learns_has_a_tag_of_its_own() -> None:
    plain = _needed(PROJECT["dependencies"])
    size = sum(
        file.stat().st_size for name in plain for path in files(name) or () if (file := Path(path.locate())).is_file()
    )
    assert 50e6 < size < 250e6, "packages with their compiled modules; Python's own image is 125 MB beside them"
    assert not {"numpy", "scipy", "scikit-learn", "lightgbm"} & plain
    steps, ci = (TOP / "Dockerfile").read_text(), (TOP / ".github/workflows/ci.yml").read_text()
    assert "\nARG EXTRAS=\n" in steps, "none unless somebody asks"
    build = '--build-arg "EXTRAS=[shortlist]" --tag journalclub:shortlist .'
    assert build.replace('"', "") in steps
    assert build in ci
    assert "docker build --tag journalclub:ci .\n" in ci
    assert 'test "$(docker save journalclub:ci | gzip | wc --bytes)" -lt 250000000' in ci


def _needed(lines: Sequence[str]) -> set[str]:
    """Names of all packages that these requirements need here."""
    names: set[str] = set()
    asked = [Requirement(line) for line in lines]
    seen: set[tuple[str, frozenset[str]]] = set()
    while asked:
        requirement = asked.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            version(name)
        except PackageNotFoundError:
            continue  # for another platform
        names.add(name)
        for line in requires(name) or []:
            more = Requirement(line)
            if more.marker is None or any(more.marker.evaluate({"extra": extra}) for extra in extras | {""}):
                asked.append(more)
    return names

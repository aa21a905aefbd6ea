"""T17: what runs is what was reviewed: pinned versions, audits, no code from data, no secret in the repository."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PROGRAM = ("bot", "adapters", "migrations")

UNSAFE_CALLS = {"eval", "exec", "__import__"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "yaml", "imp"}

SECRETS = re.compile(
    r"xox[abpr]-\d{6,}-\d{6,}-\w{16,}|xapp-1-[A-Z0-9]{8,}-\d{8,}-[a-f0-9]{40,}|sk-(?:proj-)?[A-Za-z0-9]{32,}"
    r"|[MNO][A-Za-z\d_-]{23,25}\.[\w-]{6}\.[A-Za-z\d]{38}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}"
    r"|-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----"
)


SUSPECT = re.compile(rf"\b(?:{'|'.join((*sorted(UNSAFE_CALLS), *sorted(UNSAFE_MODULES), 'shell'))})\b")


def sources() -> Iterator[tuple[str, ast.AST]]:
    """Files of the program that have one of the words at all."""
    for folder in PROGRAM:
        for file in sorted((TOP / folder).rglob("*.py")):
            if SUSPECT.search(text := file.read_text("utf-8")):
                yield file.relative_to(TOP).as_posix(), ast.parse(text)


def unsafe(tree: ast.AST) -> Iterator[str]:
    """Calls and imports that run code from data."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in UNSAFE_MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in UNSAFE_MODULES:
            yield node.module or ""
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in UNSAFE_CALLS:
                yield node.func.id
            yield from ("shell=True" for word in node.keywords if word.arg == "shell")


def test_no_code_comes_from_data() -> None:
    assert [(file, found) for file, tree in sources() for found in unsafe(tree)] == []
    assert list(unsafe(ast.parse("import pickle\neval(x)\nrun(y, shell=True)"))) == ["pickle", "eval", "shell=True"]


def test_every_version_is_pinned() -> None:
    lines = [line for line in (TOP / "constraints.txt").read_text().splitlines() if line and line[0] != "#"]
    assert len(lines) > 50
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9._-]+==[\w.!+]+", line)] == []


@pytest.mark.parametrize("step", ["pip-audit", "cyclonedx", "gitleaks"])
def test_ci_audits_lists_and_scans(step: str) -> None:
    assert step in (TOP / ".github/workflows/audit.yml").read_text()


def test_ci_and_the_image_run_with_few_rights() -> None:
    for workflow in (TOP / ".github/workflows").glob("*.yml"):
        text = workflow.read_text()
        assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE), workflow.name
        assert "pull_request_target" not in text
    image = (TOP / "Dockerfile").read_text()
    assert re.search(r"^USER 10001:10001$", image, re.MULTILINE)
    assert "--constraint constraints.txt" in image


def test_no_secret_is_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=False)
    files = [TOP / name for name in listed.stdout.decode().split("\0") if name]
    files = files or [file for folder in (*PROGRAM, "docs") for file in (TOP / folder).rglob("*") if file.is_file()]
    found = [
        (file.relative_to(TOP).as_posix(), match[0][:12])
        for file in files
        if file.is_file() and file.stat().st_size < 300_000
        for match in SECRETS.finditer(file.read_bytes().decode("utf-8", "replace"))
    ]
    assert found == []
    assert SECRETS.search("xoxb-" + "123456789012-123456789012-" + "a" * 24)

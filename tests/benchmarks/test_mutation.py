"""Mutation testing: the mutants, the paths in the plan, and a run on a small project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.mutation.areas import load
from benchmarks.mutation.operators import mutants

TREE = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("a < b", ["a <= b"]),
        ("a is None", ["a is not None"]),
        ("a and b", ["a or b", "b", "a"]),
        ("not a", ["a"]),
        ("a - b * c", ["a + b * c", "b / c"]),
        ("x = True", ["False"]),
        ("x = 3", ["4"]),
        ("x = 120", ["240"]),
        ("x = 'sent'", ["''"]),
        ("x = 'a sentence'", []),
        ("x = f'{a}b'", []),
        ("y = a if b else c", ["a", "c"]),
        ("min(a, b)", ["max(a, b)", "pass"]),
        ("x = q.where(a, b)", ["q.where(b)", "q.where(a)"]),
        ("x = q.where(a)", ["q"]),
        ("x = or_(a, b)", ["and_(a, b)", "or_(b)", "or_(a)"]),
        ("x = t.translate(m)", ["t"]),
        ("x = [a for a in b if c]", [" for a in b"]),
        ("raise Wrong('no')", ["pass"]),
        ("await send()", ["pass"]),
        ("a.b = c", ["pass"]),
        ("log.info('x')", []),
        ("assert a < b", []),
        ("'''A docstring.'''", []),
        ("def f(a: 'A') -> 'B': return a", ["return None"]),
        ("if a: b", ["if not a:\n    b"]),
    ],
)
def test_the_faults_of_a_line(source: str, faults: list[str]) -> None:
    assert sorted(one.after for one in mutants(source)) == sorted(faults)


def test_a_fault_is_the_whole_module_with_one_change_and_knows_its_lines() -> None:
    source = "def f(a):\n    return (a\n        > 1)\n\n\nb = 1\n"
    found = list(mutants(source))
    assert {(one.line, one.last_line) for one in found} == {(2, 3), (6, 6)}
    assert [one.source for one in found if one.after == "a >= 1"] == ["def f(a):\n    return a >= 1\nb = 1"]


def test_only_the_named_part_of_a_module_is_changed() -> None:
    source = "x = 1\nclass A:\n    y = 2\n    def f(self):\n        return 3\n"
    assert {one.line for one in mutants(source, "A")} == {3, 5}
    assert {one.line for one in mutants(source, "A.f")} == {5}
    with pytest.raises(ValueError, match=r"no A\.g"):
        list(mutants(source, "A.g"))


def test_what_the_plan_names_is_there() -> None:
    plan = load()
    assert plan.missing(TREE) == []
    for area in plan.areas:
        for path, name in area.parts:
            assert any(mutants((TREE / path).read_text(), name)), (path, name)


PROJECT = {
    "shop.py": "def may(age):\n    return age >= 18\n\n\ndef price(count):\n    return count * 3\n",
    "test_shop.py": (
        "from shop import may\n\n\ndef test_of_age():\n    assert may(18) and not may(17)\n\n\n"
        "def test_of_more():\n    assert may(40)\n"
    ),
    "pytest.ini": "[pytest]\npythonpath = .\naddopts = -p no:cacheprovider\n",
    "plan.toml": '[area.shop]\nmodules = ["shop.py"]\ntests = ["test_shop.py"]\n',
}


def run(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.mutation", "--root", str(root), "--plan", str(root / "plan.toml")]
    return subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=False, timeout=100)


def test_faults_are_counted_as_noticed_or_survived_and_the_project_is_left_as_it_was(tmp_path: Path) -> None:
    for name, text in PROJECT.items():
        (tmp_path / name).write_text(text)
    ran = run(tmp_path)
    assert ran.returncode == 0, ran.stderr
    (row,) = [line for line in ran.stdout.splitlines() if line.startswith("| shop")]
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        "shop", "6", "6", "3", "0", "3", "50 %", "85 %, missed",
    ]  # fmt: skip
    assert ran.stdout.count("shop.py:6 (no test runs it)") == 3
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == PROJECT


def test_tests_that_fail_without_a_fault_are_said_to(tmp_path: Path) -> None:
    for name, text in (PROJECT | {"test_shop.py": "def test_wrong():\n    assert 1 == 2\n"}).items():
        (tmp_path / name).write_text(text)
    ran = run(tmp_path)
    assert ran.returncode == 2
    assert "the tests of 'shop' do not pass as they are" in ran.stderr

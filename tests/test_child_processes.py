"""Programs that a test starts end with it, whatever they do."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.child_processes import killed_on_error, wait_until_it_waits

TESTS = Path(__file__).parent


def test_a_program_that_hangs_is_killed_where_the_block_raises() -> None:
    program = subprocess.Popen(["sleep", "900"])
    with pytest.raises(ValueError, match="too late"), killed_on_error(program):
        raise ValueError("too late")
    assert program.returncode == -9


def test_no_test_leaves_the_end_of_a_program_to_popen_alone() -> None:
    """After a failure it would wait for a hanging program without end."""
    texts = {path: path.read_text("utf-8") for path in TESTS.rglob("*.py") if path != Path(__file__)}
    assert [path.name for path, text in texts.items() if re.search(r"with \(?\s*subprocess\.Popen\(", text)] == []


def test_a_program_that_waits_for_its_input_is_seen_to_wait() -> None:
    program = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with killed_on_error(program):
        wait_until_it_waits(program.pid)
        assert program.communicate(b"said")[0] == b"said"
    wait_until_it_waits(program.pid)  # it has ended

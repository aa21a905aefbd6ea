"""Files for operators: every metric in them exists, every unit's command is one, and the documented times are true."""

from __future__ import annotations

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.discord.transport.timeouts import DEFAULT_TIMEOUTS
from bot.cli.parser import build_parser, load_subcommand
from bot.runtime import delivery_worker, exclusive_lease, task_loop
from bot.settings import load
from bot.telemetry.metrics import Metrics

TOP = Path(__file__).parent.parent
DEPLOY = TOP / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
ALERTS = (DEPLOY / "prometheus/alerts.yml").read_text()
BOARD: dict[str, Any] = json.loads((DEPLOY / "grafana/journalclub.json").read_text())
OPERATIONS = (TOP / "docs/operations.md").read_text()

NAMES = re.compile(r"\b(journalclub_[a-z0-9_]+|process_[a-z_]+)\b(?:\{([^}]*)\})?")
GROUPED = re.compile(r"by \(([^)]*)\)[^j]*?(journalclub_[a-z0-9_]+)")


def samples() -> dict[str, set[str]]:
    """Labels of every sample that /metrics can have, by name."""
    registry = Metrics().registry
    found = {sample.name: set(sample.labels) for family in registry.collect() for sample in family.samples}
    for collector, names in registry._collector_to_names.items():
        labels = set(getattr(collector, "_labelnames", ()))
        for name in names:
            found[name] = labels | ({"le"} if name.endswith("_bucket") else set())
    return found


def expressions() -> list[str]:
    rules = re.findall(r"^\s+expr: (.+)$", ALERTS, re.MULTILINE)
    panels = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
    assert len(rules) == ALERTS.count("- alert:") > 10
    assert len(panels) > 15
    return [*rules, *panels]


@pytest.mark.parametrize("expression", expressions())
def test_every_metric_and_label_exists(expression: str) -> None:
    known = samples()
    for name, selectors in NAMES.findall(expression):
        assert name in known, name
        for label in re.findall(r"(\w+)\s*[=!~]+", selectors):
            assert label in known[name] | {"job", "instance"}, (name, label)
    for labels, name in GROUPED.findall(expression):
        assert set(re.findall(r"\w+", labels)) <= known[name] | {"job", "instance"}, expression


def test_every_alert_says_how_bad_it_is_and_what_to_do() -> None:
    for alert in ALERTS.split("- alert:")[1:]:
        assert re.search(r"labels: \{severity: (?:warning|critical)\}", alert), alert
        assert "summary:" in alert
        assert "description:" in alert


def test_every_metric_of_the_page_is_documented_and_drawn_or_watched() -> None:
    own = {name for name in samples() if name.startswith("journalclub_") and not name.endswith(("_created", "_bucket"))}
    own = {re.sub(r"_(?:count|sum)$", "", name) for name in own}
    used = " ".join(expressions())
    for name in own - {name for name in own if f"{name}_total" in own}:
        assert name.removeprefix("journalclub_") in OPERATIONS, name
        assert name in used, name


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_command_of_a_unit_parses(unit: Path) -> None:
    text = unit.read_text()
    [line] = re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)
    program, *words = shlex.split(line)
    assert Path(program).name == "journalclub"
    assert callable(load_subcommand(build_parser().parse_args(words).subcommand))
    given = dict(re.findall(r"^Environment=(JOURNALCLUB_\w+)=(.+)$", text, re.MULTILINE))
    load({name: value.replace("%i", "8081") for name, value in given.items()}, env_file=None)
    assert "NoNewPrivileges=yes" in text
    assert "ProtectSystem=strict" in text


def test_a_service_has_the_time_to_stop_and_does_not_restart_in_vain() -> None:
    for unit in UNITS:
        if "run" in (text := unit.read_text()).split("ExecStart=")[1].splitlines()[0]:
            assert "TimeoutStopSec=40" in text
            assert "RestartPreventExitStatus=2" in text


@pytest.mark.parametrize(
    ("row", "time", "says"),
    [
        ("a post that was being sent", delivery_worker.LEASE, "30 s at most"),
        ("a draft in progress, and all other scheduled work", task_loop.LEASE, "20 s at most"),
        (
            "reading sources of new papers, publishing the archive, deleting old rows",
            exclusive_lease.LEASE,
            "30 s at most",
        ),
        ("Discord", DEFAULT_TIMEOUTS.shard_lease, "within 15 s"),
    ],
)
def test_the_documented_takeover_times_are_those_of_the_code(row: str, time: timedelta, says: str) -> None:
    section = OPERATIONS.split("### When a process stops or dies")[1].split("\n###")[0]
    [line] = [line for line in section.splitlines() if line.startswith(f"| {row} |")]
    assert says in line
    documented = timedelta(seconds=int(re.findall(r"\d+", says)[0]))
    assert time <= documented <= time + timedelta(seconds=5), "rounded up by a few seconds at most"

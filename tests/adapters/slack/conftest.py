"""The adapter on a strict local Slack, in this process: for all that need not be tried on the whole program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.slack.harness import SlackHarness, slack_harness
from tests.patience import be_patient


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    be_patient(monkeypatch)


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """A club in Socket Mode, set up in three channels."""
    async with slack_harness(tmp_path) as opened:
        yield opened
        opened.check()


@pytest.fixture
async def open_club(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """The same with the history scopes."""
    async with slack_harness(tmp_path, history=True) as opened:
        yield opened
        opened.check()

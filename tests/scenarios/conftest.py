"""The platforms that every scenario runs on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.patience import be_patient
from tests.scenarios.console_stage import console_stage
from tests.scenarios.discord_stage import discord_stage
from tests.scenarios.slack_stage import slack_stage
from tests.scenarios.stages import Stage
from tests.stand_ins import Harness, open_harness

STAGES: dict[str, Callable[[Harness], AbstractAsyncContextManager[Stage]]] = {
    "console": console_stage,
    "discord": discord_stage,
    "slack": slack_stage,
}


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    be_patient(monkeypatch)


@pytest.fixture
async def played_in(tmp_path: Path) -> AsyncIterator[Harness]:
    async with open_harness(tmp_path) as opened:
        opened.change(platforms=())
        yield opened


@pytest.fixture(params=sorted(STAGES))
async def stage(request: pytest.FixtureRequest, played_in: Harness) -> AsyncIterator[Stage]:
    async with STAGES[request.param](played_in) as opened:
        yield opened
        opened.check()

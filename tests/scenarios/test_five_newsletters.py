"""The five newsletters, each from a file to the draft with few commands, on every platform."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.editions.model.document import from_json
from tests.editions.building import FIVE, Builder
from tests.editions.test_newsletters_imported import MAX_COMMANDS, assert_nothing_is_lost, written
from tests.scenarios.stages import Stage
from tests.scenarios.test_figures import put
from tests.stand_ins import Harness


@pytest.mark.slow
async def test_each_newsletter_is_made_with_at_most_ten_commands(
    stage: Stage, played_in: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    olga, barbara = await stage.enter("Olga", "admin"), await stage.enter("Barbara", "moderator")
    for edition in FIVE:
        content = written(edition, Builder(played_in, edition, numbers=list(range(1, 50)))).encode()
        file = put(stage, tmp_path, monkeypatch, content, "newsletter.md")
        settings = [f"/clubadmin settings {name} {edition[name]}" for name in ("template", "cadence")]
        commands = [f"/edition import {file}", f"/edition import {file} sure=yes"]
        parts = [part for part in ("headline", "video", "selected") if edition.get(part)]
        commands += [f'/edition write {part} text="{edition[part]}"' for part in parts]
        commands += [] if edition["themes"] else ["/edition write themes none"]
        assert len(settings) + len(commands) <= MAX_COMMANDS
        for line in settings:
            await olga.say(line)
        for line in commands:
            shown = await barbara.say(line)
            assert "still needs" not in shown, (line, shown)
        async with played_in.app.store.read(1) as db:
            current = await db.editions.current()
        assert current is not None
        assert_nothing_is_lost(from_json(current.document), edition)
        await barbara.say("/edition skip another newsletter")

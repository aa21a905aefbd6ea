from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

import migrations
from adapters.web.site import site
from bot.app import App
from bot.errors import UserError
from bot.settings import Settings, WebSettings
from bot.telemetry.metrics import Metrics
from tests.stand_ins import Harness, RecordingGateway, words

FREE = Settings(web=WebSettings(port=0))


class Line(RecordingGateway):
    """A platform that knows whether it is connected."""

    fault = ""

    async def ready(self) -> None:
        if self.fault:
            raise UserError(self.fault)


async def readiness(app: App) -> tuple[int, dict[str, Any]]:
    async with site(FREE, app) as address, ClientSession() as client, client.get(f"{address.url}/readyz") as answer:
        return answer.status, await answer.json()


async def test_a_club_on_a_good_database_is_ready(club: Harness) -> None:
    assert await readiness(club.app) == (200, {"ready": True, "faults": {}})


async def test_a_platform_that_is_not_connected_is_named(club: Harness) -> None:
    line = Line(name="slack")
    app = replace(club.app, platforms=(*club.app.platforms, lambda _: line))
    assert (await readiness(app))[0] == 200
    line.fault = "The socket to Slack is closed; trying again."
    assert await readiness(app) == (503, {"ready": False, "faults": {"slack": line.fault}})


async def test_a_schema_of_another_version_is_not_ready(club: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "HEAD", "9999")
    status, said = await readiness(club.app)
    assert status == 503
    assert "this program needs version 9999" in said["faults"]["schema"]


async def test_tables_that_were_changed_by_hand_are_not_ready(club: Harness, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "club.db")) as database:
        database.execute("ALTER TABLE saved DROP COLUMN note")
    status, said = await readiness(club.app)
    assert status == 503
    assert "it lacks saved.note" in said["faults"]["schema"]


async def test_a_file_that_was_removed_is_not_ready_and_named_by_the_doctor(club: Harness, tmp_path: Path) -> None:
    assert (await readiness(club.app))[0] == 200
    await club.say("Root", "/clubadmin doctor", admin=True)
    (tmp_path / "club.db").unlink()
    status, said = await readiness(club.app)
    assert status == 503
    assert said["faults"]["database"].startswith("The file club.db was removed while the program runs")
    doctor = await club.say("Root", "/clubadmin doctor", admin=True)
    assert "The file club.db was removed while the program runs" in words(doctor)
    assert not (tmp_path / "club.db").exists(), "no connection has put an empty one there"


async def test_a_database_that_takes_no_write_is_not_ready_but_alive(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def locked() -> None:
        raise OSError("disk I/O error in /somewhere/private")

    monkeypatch.setattr(club.app.store, "check", locked)
    async with site(FREE, club.app) as address, ClientSession(address.url) as client:
        async with client.get("/readyz") as answer:
            assert answer.status == 503
            assert (await answer.json())["faults"] == {"database": "failed (OSError); the log says more"}
        async with client.get("/livez") as answer:
            assert answer.status == 200


async def test_pages_join_and_metrics_are_served(club: Harness) -> None:
    async def hello(request: web.Request) -> web.Response:
        return web.Response(text="hello")

    metrics = Metrics()
    metrics.db_busy()
    async with site(FREE, club.app, metrics=metrics, pages=[web.get("/hello", hello)]) as address:
        async with ClientSession(address.url) as client, client.get("/hello") as answer:
            assert await answer.text() == "hello"
        async with ClientSession(address.url) as client, client.get("/metrics") as answer:
            assert "journalclub_db_busy_total 1.0" in await answer.text()

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web

from adapters.web.health import LoopLag, Readiness, ReadinessCheck, routes
from adapters.web.liveness_probe import probe
from adapters.web.server import MAX_BODY_BYTES, PROBLEM_POLICY, SECURITY_HEADERS, ListenAddress, serve, web_app
from bot.errors import UserError
from bot.telemetry.metrics import Metrics

SECRET = "postgresql://club:canary@db/club"


async def fine() -> None:
    """All is well."""


async def broken() -> None:
    raise RuntimeError(SECRET)


async def away() -> None:
    raise UserError("Slack is not connected; trying again.")


async def stuck() -> None:
    await asyncio.Event().wait()


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[tuple[ClientSession, ListenAddress]]:
    async with serve(app) as address, ClientSession(address.url) as client:
        yield client, address


@asynccontextmanager
async def asked(checks: Mapping[str, ReadinessCheck], metrics: Metrics | None = None) -> AsyncIterator[ClientSession]:
    async with served(web_app(checks, metrics=metrics)) as (client, _):
        yield client


async def test_alive_and_ready_when_all_is_well() -> None:
    async with asked({"database": fine, "slack": fine}) as client:
        async with client.get("/livez") as answer:
            assert answer.status == 200
            assert (await answer.json())["alive"] is True
        async with client.get("/readyz") as answer:
            assert answer.status == 200
            assert await answer.json() == {"ready": True, "faults": {}}


async def test_not_ready_names_what_is_wrong_and_leaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with asked({"database": broken, "schema": fine, "slack": away}) as client:
        async with client.get("/readyz") as answer:
            assert answer.status == 503
            text = await answer.text()
        async with client.get("/livez") as answer:
            assert answer.status == 200  # an outage elsewhere is no reason to start anew
    assert json.loads(text) == {
        "ready": False,
        "faults": {
            "database": "failed (RuntimeError); the log says more",
            "slack": "Slack is not connected; trying again.",
        },
    }
    assert "the check of database failed" in caplog.text


async def test_a_check_that_hangs_is_given_up() -> None:
    assert await Readiness({"database": fine, "discord": stuck}, timeout=0.01).failures() == {
        "discord": "no answer within 0.01 s"
    }


async def test_many_who_ask_at_once_make_one_look() -> None:
    looks, now = 0, 0.0

    async def look() -> None:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0)

    readiness = Readiness({"database": look}, clock=lambda: now)
    await asyncio.gather(*(readiness.failures() for _ in range(50)))
    assert looks == 1
    now = 1.0
    await readiness.failures()
    assert looks == 2


async def test_a_check_that_is_well_again_is_ready_again() -> None:
    now, well = 0.0, False

    async def check() -> None:
        if not well:
            raise UserError("not yet")

    readiness = Readiness({"slack": check}, clock=lambda: now)
    assert await readiness.failures() == {"slack": "not yet"}
    well, now = True, 5.0
    assert await readiness.failures() == {}


async def test_a_loop_that_lags_is_not_alive() -> None:
    now = 0.0
    lag = LoopLag(clock=lambda: now)
    app = web.Application()
    app.add_routes(routes(Readiness({}), lag))
    async with served(app) as (client, _):
        now = 4.9
        async with client.get("/livez") as answer:
            assert answer.status == 200
        now = 5.0
        async with client.get("/livez") as answer:
            assert answer.status == 503
            assert await answer.json() == {"alive": False, "loop_lag_seconds": 5.0}


async def test_loop_lag_is_how_late_each_tick_was() -> None:
    times = iter([0.0, 0.0, 1.5, 1.5, 2.5])
    reported: list[float] = []
    done = asyncio.Event()

    def tell(late: float) -> None:
        reported.append(late)
        if len(reported) == 2:
            done.set()

    lag = LoopLag(tell, every=0, clock=lambda: next(times, 2.5))
    beating = asyncio.create_task(lag.measure())
    async with asyncio.timeout(30):
        await done.wait()
    beating.cancel()
    assert reported == [1.5, 1.0]


async def test_metrics_are_for_those_who_run_the_program() -> None:
    metrics = Metrics()
    metrics.delivery("slack", "sent")
    async with asked({}, metrics) as client:
        async with client.get("/metrics") as answer:
            assert answer.status == 200
            assert answer.content_type == "text/plain"
            assert 'journalclub_deliveries_total{platform="slack",state="sent"} 1.0' in await answer.text()
        for header in ("X-Forwarded-For", "Forwarded"):
            async with client.get("/metrics", headers={header: "203.0.113.7"}) as answer:
                assert answer.status == 404
    async with asked({}) as client, client.get("/metrics") as answer:
        assert answer.status == 404


async def test_every_answer_is_safe_to_show_in_a_browser() -> None:
    async with asked({"slack": away}) as client:
        for path in ("/livez", "/readyz", "/nothing"):
            async with client.get(path) as answer:
                policies = {SECURITY_HEADERS["Content-Security-Policy"], PROBLEM_POLICY}
                for name, value in SECURITY_HEADERS.items():
                    assert answer.headers[name] in (policies if name == "Content-Security-Policy" else {value})
                assert answer.headers["Server"] == "journalclub"


async def test_a_page_may_say_itself_what_it_needs() -> None:
    app = web_app({})

    async def page(request: web.Request) -> web.Response:
        return web.Response(headers={"Content-Security-Policy": "default-src 'self'"})

    app.router.add_get("/", page)
    async with served(app) as (client, _), client.get("/") as answer:
        assert answer.headers.getall("Content-Security-Policy") == ["default-src 'self'"]


async def test_an_error_is_a_small_page_that_tells_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    app = web_app({})

    async def page(request: web.Request) -> web.Response:
        raise RuntimeError(SECRET)

    async def said(request: web.Request) -> web.Response:
        raise UserError("There is no edition <99>.")

    app.router.add_get("/broken", page)
    app.router.add_get("/said", said)
    asyncio.get_running_loop().set_debug(True)  # where aiohttp itself would show a traceback
    async with served(app) as (client, _):
        async with client.get("/broken") as answer:
            text = await answer.text()
            assert answer.status == 500
        async with client.get("/said") as answer:
            assert answer.status == 400
            assert "There is no edition &lt;99&gt;." in await answer.text()
        async with client.get("/<script>") as answer:
            assert answer.status == 404
            assert "script" not in await answer.text()
        async with client.delete("/livez") as answer:
            assert answer.status == 405
            assert answer.headers["Allow"] == "GET,HEAD"
    assert "Traceback" not in text
    assert "canary" not in text
    assert "Request " in text
    assert "RuntimeError" in caplog.text


async def test_a_body_may_not_be_large() -> None:
    app = web_app({})

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def chunks(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 1024):
            yield b"x" * 1024

    app.router.add_post("/", page)
    async with served(app) as (client, _):
        async with client.post("/", data=b"x" * MAX_BODY_BYTES) as answer:
            assert await answer.text() == str(MAX_BODY_BYTES)
        async with client.post("/", data=b"x" * (MAX_BODY_BYTES + 1)) as answer:
            assert answer.status == 413
        async with client.post("/", data=chunks(MAX_BODY_BYTES * 2)) as answer:
            assert answer.status == 413
            assert "256 KiB" in await answer.text()


@pytest.mark.parametrize(
    "junk",
    [
        b"\x16\x03\x01 not http\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 5 + b"broken header\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
async def test_junk_is_refused_without_a_traceback(junk: bytes, caplog: pytest.LogCaptureFixture) -> None:
    asyncio.get_running_loop().set_debug(True)
    async with served(web_app({})) as (_, address):
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(junk)
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.")
    assert b" 400 " in answer.splitlines()[0]
    assert b"Traceback" not in answer
    assert "Error handling request" not in caplog.text


async def test_an_address_that_is_taken_is_told_with_the_way_out() -> None:
    async with serve(web_app({})) as address:
        with pytest.raises(UserError, match="JOURNALCLUB_WEB__PORT"):
            async with serve(web_app({}), address.host, address.port):
                pytest.fail("two servers on one port")


async def test_answers_under_way_are_finished_before_it_stops() -> None:
    app, started, leave = web_app({}), asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        started.set()
        await leave.wait()
        return web.Response(text="finished")

    app.router.add_get("/slow", slow)
    async with asyncio.timeout(30), ClientSession() as client:
        async with serve(app) as address:
            answer = asyncio.create_task(client.get(f"{address.url}/slow"))
            await started.wait()
            asyncio.get_running_loop().call_later(0.05, leave.set)
        assert await (await answer).text() == "finished"
        with pytest.raises(OSError, match=r"."):
            await client.get(f"{address.url}/livez")


def test_an_address_is_written_as_a_browser_takes_it() -> None:
    assert ListenAddress("127.0.0.1", 80).url == "http://127.0.0.1:80"
    assert ListenAddress("::1", 80).url == "http://[::1]:80"


async def test_the_probe_of_a_container_follows_livez(capsys: pytest.CaptureFixture[str]) -> None:
    async with serve(web_app({"slack": away})) as address:
        port = {"JOURNALCLUB_WEB__PORT": str(address.port)}
        assert await asyncio.to_thread(probe, port) == 0
        assert await asyncio.to_thread(probe, port | {"JOURNALCLUB_WEB__HOST": "0.0.0.0"}) == 0  # noqa: S104  as in a container
    assert await asyncio.to_thread(probe, port) == 1
    assert "not alive" in capsys.readouterr().err
    assert probe({"JOURNALCLUB_WEB__ENABLED": "no"}) == 0

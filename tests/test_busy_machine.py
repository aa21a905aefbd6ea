"""What keeps tests from failing on a busy machine: time limits that allow for it, and ports that nobody else takes."""

from __future__ import annotations

import asyncio
import io
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import postgresql_server
from tests.patience import LONG, SHORT_LIMITS, be_patient, be_patient_for_good
from tests.ports import reserved_port
from tests.unloaded_clock import (
    GLANCE,
    SLOWEST,
    UnloadedClock,
    all_queued,
    happened,
    queued,
    unloaded,
    unloaded_timeout,
)


class Machine:
    """A wall clock, and for how long two processes waited for a processor."""

    def __init__(self) -> None:
        self.wall = 100.0
        self.waited = {"own": 7.0}

    def passes(self, seconds: float, **waited: float) -> None:
        self.wall += seconds
        for pid, more in waited.items():
            self.waited[pid] = self.waited.get(pid, 0.0) + more


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> UnloadedClock:
    return UnloadedClock(lambda: machine.wall, machine.waited.copy)


def test_time_in_which_a_process_waited_for_a_processor_does_not_count(machine: Machine, clock: UnloadedClock) -> None:
    machine.passes(10)
    assert clock.now() == 10
    machine.passes(10, own=4)
    assert clock.now() == 16
    machine.passes(10, own=1, program=50)  # what it waited before it was watched is nothing to us
    assert clock.now() == 25
    machine.passes(10, program=3)
    assert clock.now() == 32


def test_time_never_stands_still_or_runs_backwards(machine: Machine, clock: UnloadedClock) -> None:
    machine.passes(1, program=0)
    began = clock.now()
    machine.passes(10, own=9, program=9)
    assert clock.now() - began == pytest.approx(10 * SLOWEST)
    del machine.waited["program"]  # it has ended
    machine.passes(10)
    assert clock.now() - began == pytest.approx(10 * SLOWEST + 10)


def test_a_system_that_does_not_tell_has_only_the_wall_clock() -> None:
    assert queued("nobody") == {}
    assert bool(queued()) is Path("/proc/self/schedstat").exists()
    assert all_queued().keys() >= queued().keys()


def test_two_looks_in_the_same_moment_are_one(machine: Machine, clock: UnloadedClock) -> None:
    machine.passes(1)
    machine.passes(GLANCE / 2, own=GLANCE / 4)
    first = clock.now()
    machine.passes(GLANCE / 2, own=GLANCE / 4)
    assert first <= clock.now() <= first + GLANCE * SLOWEST
    machine.passes(1)
    assert clock.now() == pytest.approx(2 + GLANCE / 2)


async def test_an_event_is_waited_for_until_the_time_is_over() -> None:
    event, began = asyncio.Event(), unloaded()
    assert not await happened(event, 0.01)
    assert unloaded() - began >= 0.01
    assert not await happened(event, 0)
    event.set()
    assert await happened(event, 0)
    assert await happened(event, None)


def test_every_short_limit_is_where_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    be_patient(monkeypatch)
    for limit in SHORT_LIMITS:
        module, _, name = limit.rpartition(".")
        assert getattr(import_module(module), name) == LONG
        monkeypatch.setattr(limit, 1.0)
    be_patient_for_good()
    for limit in SHORT_LIMITS:
        module, _, name = limit.rpartition(".")
        assert getattr(import_module(module), name) == LONG


class SlowServer:
    """A server whose start takes longer than the package waits, and which then does not answer at once."""

    def __init__(self) -> None:
        self.starts = 0

    def start(self) -> None:
        self.starts += 1
        if self.starts == 1:
            raise subprocess.TimeoutExpired("pg_ctl", 10)

    def get_uri(self) -> str:
        return "postgresql://nowhere" if self.starts == 2 else "postgresql://here"


def test_a_database_server_may_take_longer_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(url: str) -> Any:
        if url == "postgresql://nowhere":
            raise psycopg.OperationalError("the database system is starting up")
        return io.BytesIO()

    monkeypatch.setattr(psycopg, "connect", connect)
    monkeypatch.setattr(postgresql_server, "PAUSE", 0.0)
    server = SlowServer()
    postgresql_server.start(server)  # type: ignore[arg-type]  # as far as needed
    assert server.starts == 3
    monkeypatch.setattr(postgresql_server, "ATTEMPTS", 1)
    with pytest.raises(subprocess.TimeoutExpired):
        postgresql_server.start(SlowServer())  # type: ignore[arg-type]  # as far as needed


async def test_a_block_ends_when_the_time_is_over_and_not_before() -> None:
    began = unloaded()
    with pytest.raises(TimeoutError):
        async with unloaded_timeout(0.02):
            await asyncio.Event().wait()
    assert unloaded() - began >= 0.02
    async with unloaded_timeout(60):
        await asyncio.sleep(0)


async def test_a_reserved_port_is_given_to_nobody_else_and_can_be_listened_on() -> None:
    async with reserved_port() as port:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):  # a program that is started again
            async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", port) as server:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                assert await reader.read() == b""
                writer.close()
                await writer.wait_closed()
            await server.wait_closed()
        if sys.platform == "linux":
            with socket.socket() as other, pytest.raises(OSError, match="in use"):
                other.bind(("127.0.0.1", port))

"""Tasks in progress when the program stops: they are waited for, with what they start, but not for ever."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.transport.task_group import TaskGroup


async def test_the_end_waits_also_for_tasks_that_are_started_meanwhile() -> None:
    tasks, done = TaskGroup(), list[str]()

    async def work(*rest: str) -> None:
        await asyncio.sleep(0)
        if rest:
            tasks.start(work(*rest[1:]), rest[0])
        done.append("one")

    tasks.start(work("second", "third"), "first")
    await tasks.finish(30)
    assert len(done) == 3
    assert len(tasks) == 0


async def test_what_does_not_end_in_time_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    tasks = TaskGroup()
    endless = tasks.start(asyncio.Event().wait(), "wait for ever")
    await tasks.finish(0.01)
    assert endless.cancelled()
    assert "stopped in the middle: wait for ever" in caplog.text
    await tasks.finish(0.01)

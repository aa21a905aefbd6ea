"""Background tasks: a stop waits for them, and for those that they start."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.transport.task_group import TaskGroup


async def test_a_stop_waits_for_tasks_that_tasks_start() -> None:
    group, done = TaskGroup(), list[str]()

    async def second() -> None:
        await asyncio.sleep(0)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        group.start(second(), "second")
        done.append("first")

    group.start(first(), "first")
    await group.finish(30)
    assert done == ["first", "second"]
    assert len(group) == 0


async def test_what_does_not_end_in_time_is_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    group = TaskGroup()
    task = group.start(asyncio.Event().wait(), "wait for ever")
    await group.finish(0.01)
    assert task.cancelled()
    assert "stopped in the middle: wait for ever" in caplog.text

"""The watchdog reports shards that are silent for too long; new sessions are rationed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.discord.transport import shard_watchdog
from adapters.discord.transport.shard_watchdog import SESSION_RESERVE, SessionStartLimit, ShardWatchdog

FIVE = timedelta(seconds=5)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in a list of one."""
    clock = [100.0]
    monkeypatch.setattr(shard_watchdog, "monotonic", lambda: clock[0])
    return clock


def test_shards_are_expected_one_after_another(now: list[float]) -> None:
    watchdog = ShardWatchdog([0, 1])
    now[0] += 30
    assert watchdog.seconds_down() == 30
    watchdog.mark_up(0)
    assert watchdog.seconds_down() == 0, "the second begins now"
    now[0] += 20
    watchdog.mark_down(0)
    now[0] += 5
    assert watchdog.seconds_down() == 25
    watchdog.mark_up(1)
    assert watchdog.seconds_down() == 5
    watchdog.mark_up(0)
    now[0] += 500
    assert watchdog.seconds_down() == 0


def test_it_is_whole_once_every_shard_has_its_session(now: list[float]) -> None:
    watchdog = ShardWatchdog([0, 1])
    seen = []
    for step, shard in ((watchdog.mark_up, 0), (watchdog.mark_up, 1), (watchdog.mark_down, 0), (watchdog.mark_up, 0)):
        step(shard)
        seen.append(watchdog.all_up)
    assert seen == [False, True, False, True]
    waiting = ShardWatchdog([1])
    with waiting.waiting_for_turn(1):
        assert (waiting.seconds_down(), waiting.all_up) == (0, False), "silent it is not, but neither does it hear"
    assert ShardWatchdog([]).all_up, "one without shards stands by"


def test_waiting_for_ones_turn_is_no_silence(now: list[float]) -> None:
    watchdog = ShardWatchdog([0])
    now[0] += 10
    with watchdog.waiting_for_turn(0):
        now[0] += 300
        assert watchdog.seconds_down() == 0
    assert watchdog.seconds_down() == 10
    now[0] += 5
    assert watchdog.seconds_down() == 15


def test_what_is_left_of_the_days_sessions_is_spread(now: list[float]) -> None:
    plenty = SessionStartLimit(SESSION_RESERVE + 1, now[0] + 7200, 1, FIVE)
    assert plenty.take() == FIVE
    assert plenty.take() == FIVE
    assert plenty.take() == timedelta(seconds=7200 / (SESSION_RESERVE - 1))
    spent = SessionStartLimit(0, now[0] + 7200, 1, FIVE)
    assert spent.take() == timedelta(seconds=7200)
    assert SessionStartLimit(10, now[0] - 1, 1, FIVE).take() == FIVE

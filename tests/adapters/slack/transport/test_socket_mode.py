"""The line to Slack: whatever is done to it, it stands again soon, and it never gives up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import UserError
from tests.adapters.slack.harness import HALF_OPEN, PAPERS, QUICK, SlackHarness, message_with, slack_harness
from tests.protocol.slack_server import faults


async def works(club: SlackHarness) -> None:
    """Somebody says something and is answered."""
    screen = await club.person("Ada").command("/paper", "top", channel=PAPERS)
    await message_with(screen, "Top papers")


async def back(club: SlackHarness, before: int) -> None:
    """Wait for a line that is newer than the first `before`."""
    await club.slack.wait_for(lambda: club.slack.sockets.opened > before and club.slack.sockets.live)
    await works(club)


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "link_disabled"])
async def test_it_comes_back_when_slack_asks_for_a_new_line(club: SlackHarness, reason: str) -> None:
    before = club.slack.sockets.opened
    await club.slack.sockets.disconnect(reason)  # type: ignore[arg-type] # pytest does not say which words
    await back(club, before)


async def test_a_line_announced_to_close_is_answered_until_it_does_beside_the_next_one(club: SlackHarness) -> None:
    old = club.slack.sockets.live[0]
    club.slack.faults.add("apps.connections.open", faults.server_error(503), times=2)
    await club.slack.sockets.disconnect("warning")
    await works(club)
    await club.slack.sockets.connected(2)
    await works(club)
    await works(club)
    await club.slack.sockets._disconnect(old, "refresh_requested")
    await works(club)
    assert all(ack.ok for sent in club.slack.ledger.sent for ack in sent.acks), "nothing was lost in between"
    assert club.slack.sockets.opened == 2


async def test_an_old_line_that_slack_forgets_to_close_is_left(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, times=replace(QUICK, old_connection=0.1)) as club:
        old = club.slack.sockets.live[0]
        await club.slack.sockets.disconnect("warning")
        await club.slack.wait_for(lambda: not old.usable)
        await works(club)


async def test_it_comes_back_when_the_wire_is_cut(club: SlackHarness) -> None:
    before = club.slack.sockets.opened
    club.slack.sockets.drop()
    await back(club, before)


async def test_a_half_open_line_is_noticed_by_its_missing_pong(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, times=HALF_OPEN) as club:
        before = club.slack.sockets.opened
        club.slack.sockets.go_silent()
        line = club.gateway._socket_mode
        assert line is not None
        line._timeouts = QUICK  # the next line is not lost again to a test that is held up
        await back(club, before)


async def test_a_dead_ticket_is_not_tried_again(club: SlackHarness) -> None:
    before = club.slack.sockets.opened
    club.slack.sockets.dead_tickets = 3
    club.slack.sockets.drop()
    await back(club, before)
    assert len(club.slack.ledger.calls("apps.connections.open")) == 1 + 3 + 1, "a fresh one each time"


async def test_a_pause_that_slack_asks_for_is_kept(club: SlackHarness) -> None:
    before = club.slack.sockets.opened
    club.slack.faults.add("apps.connections.open", faults.rate_limited(1))
    club.slack.sockets.drop()
    await back(club, before)
    _, refused, taken = club.slack.ledger.calls("apps.connections.open")
    assert refused.fault
    assert taken.at - refused.at >= 1


async def test_too_many_lines_are_a_reason_to_try_again(club: SlackHarness) -> None:
    before = club.slack.sockets.opened
    club.slack.faults.add("apps.connections.open", faults.html(), times=1)
    club.slack.faults.add("apps.connections.open", faults.truncated(), times=1)
    club.slack.sockets.drop()
    await back(club, before)


async def test_however_long_slack_is_away_it_goes_on_trying_and_the_log_complains(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with slack_harness(tmp_path, times=replace(QUICK, failure_window=0.1)) as club:
        before = club.slack.sockets.opened
        club.slack.faults.add("apps.connections.open", faults.server_error(503), times=10_000)
        club.slack.sockets.drop()
        await club.slack.wait_for(lambda: len(club.slack.ledger.calls("apps.connections.open")) > 20, 20)
        assert club.serving is not None
        assert not club.serving.done()
        assert "tried again until it works" in caplog.text
        club.slack.faults.clear()
        await back(club, before)


async def test_a_line_that_outlives_what_slack_announced_is_replaced(tmp_path: Path) -> None:
    announced = 18_060  # what the local Slack says
    async with slack_harness(tmp_path, times=replace(QUICK, lifetime_grace=0.1 - announced)) as club:
        await club.slack.wait_for(lambda: club.slack.sockets.opened >= 3)
        await works(club)


async def test_ready_says_whether_slack_reaches_us(club: SlackHarness) -> None:
    await club.gateway.ready()
    club.slack.faults.add("apps.connections.open", faults.server_error(503), times=10_000)
    club.slack.sockets.drop()
    await club.slack.wait_for(lambda: not club.slack.sockets.live)
    line = club.gateway._socket_mode
    assert line is not None
    async with asyncio.timeout(30):
        while line.is_up:  # noqa: ASYNC110  our end of the wire hears of it a moment later
            await asyncio.sleep(0)
    with pytest.raises(UserError, match="no connection to Slack"):
        await club.gateway.ready()


async def test_what_was_heard_before_the_end_is_still_answered(club: SlackHarness) -> None:
    club.slack.patience = club.slack.quiet = 0.0
    club.slack.faults.add("users.info", faults.slow(1.0))
    asking = asyncio.create_task(club.person("Ada").command("/paper", "top", channel=PAPERS))
    await club.slack.wait_for(lambda: club.slack.ledger.calls("users.info"))
    stopping = asyncio.create_task(club.stop())
    club.slack.world.clock.advance(1.0)
    await stopping
    screen = await asking
    assert screen.ack is not None
    assert screen.ack.ok
    assert "Top papers" in screen.words


async def test_a_token_that_was_good_is_tried_again_for_a_while(
    club: SlackHarness, caplog: pytest.LogCaptureFixture
) -> None:
    club.slack.faults.add("apps.connections.open", faults.refuse("invalid_auth"), times=3)
    club.slack.sockets.drop()
    await club.slack.wait_for(lambda: len(club.slack.ledger.calls("apps.connections.open")) >= 5)
    await club.slack.sockets.connected()
    assert caplog.text.count("Slack refuses the connection") == 3


async def test_a_token_that_stays_refused_ends_it(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, times=replace(QUICK, refused_window=0.1)) as club:
        club.slack.faults.add("apps.connections.open", faults.refuse("invalid_auth"), times=1_000)
        club.slack.sockets.drop()
        assert club.serving
        with pytest.raises(UserError, match="APP_TOKEN"):
            await asyncio.wait_for(club.serving, 10)

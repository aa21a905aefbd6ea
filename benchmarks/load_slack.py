"""Fifty interactions a second on Slack, compared with a bare slack-bolt echo: `python -m benchmarks.load_slack`.

Uses Socket Mode with the strict local Slack, which runs in this process and is included in every figure. Public cards
are created first; then their buttons are pressed, so that they are updated all the time.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import (
    RESPONSE_TIMEOUT,
    ROUNDS,
    SECONDS,
    TABLE_HEADER,
    MemberAction,
    ResponseTimes,
    Run,
    Side,
    large_club,
    member_actions,
)
from benchmarks.table import machine, table
from bot.sources.recorded_arxiv import RecordedArxiv, recorded_papers
from tests.protocol.program import started_cold
from tests.protocol.slack_server import InteractionResult, Message, SlackServer

TEAM, CHANNEL, CARDS = "T1", "C0PAPERS01", 10


@dataclass(slots=True)
class SlackSide(Side):
    """One program with its own local Slack."""

    slack: SlackServer
    cards: list[Message]

    async def do(self, act: MemberAction) -> ResponseTimes:
        """Perform an action of a member and wait for its visible response."""
        person = self.slack.user(f"Reader {act.person}")
        begun = self.slack.world.clock.now()
        if act.button:
            seen = await person.click(self.cards[act.person % len(self.cards)], act.button)
        else:
            command, _, words = act.line.partition(" ")
            seen = await person.command(command, words, channel=CHANNEL)
        if seen.ack is None or not seen.ack.ok:
            return ResponseTimes()
        try:
            await seen.until(lambda s: s.ephemerals, RESPONSE_TIMEOUT)
        except TimeoutError:
            return ResponseTimes(seen.ack.seconds)
        return ResponseTimes(seen.ack.seconds, _first_response(seen) - begun)


def _first_response(seen: InteractionResult) -> float:
    """Time of the first response, on Slack's clock."""
    return next(effect.at for effect in seen.effects if effect.kind == "ephemeral")


@asynccontextmanager
async def local_slack() -> AsyncIterator[SlackServer]:
    """A workspace with a channel for papers and the app in it."""
    async with SlackServer() as slack:
        slack.quiet = slack.patience = 0.0
        slack.channel(CHANNEL, "reading")
        yield slack
        assert not slack.violations, slack.violations[:5]


@asynccontextmanager
async def club(folder: Path) -> AsyncIterator[SlackSide]:
    """The real program with the crowd, and some cards on the wall."""
    await asyncio.to_thread(large_club, folder, "slack", TEAM)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(local_slack())
        arxiv = await stack.enter_async_context(RecordedArxiv())
        settings = {
            "SLACK__BASE_URL": slack.api_url,
            "SLACK__BOT_TOKEN": slack.token(),
            "SLACK__APP_TOKEN": slack.app.app_token,
            "ARXIV__BASE_URL": arxiv.url,
            "ARXIV__GAP_SECONDS": "0",
            "WEB__ENABLED": "no",
        }
        program = await stack.enter_async_context(started_cold(folder, "run", **settings))
        await slack.sockets.connected(patience=60)
        root = slack.user("Root", admin=True)
        seen = await root.command("/clubadmin", f"channels papers <#{CHANNEL}|reading>", channel=CHANNEL)
        await seen.until(lambda s: s.ephemerals)
        brought = 0
        for record in recorded_papers()[:CARDS]:
            seen = await root.command("/paper", f"submit {record.url}", channel=CHANNEL)
            await seen.until(lambda s: s.ephemerals)
            brought += "on the list" in seen.words
        await slack.wait_for(lambda: len(slack.messages(CHANNEL, bot=True)) == brought, 60)
        cards = slack.messages(CHANNEL, bot=True)
        yield SlackSide(Run("Journal Club"), program.process.pid, member_actions(), slack, cards)
        assert "Traceback" not in program.text, program.text


@asynccontextmanager
async def echo(like: SlackSide) -> AsyncIterator[SlackSide]:
    """slack-bolt alone, with the same cards on the wall."""
    async with local_slack() as slack:
        words = [sys.executable, "-m", "benchmarks.slack_echo", slack.api_url, slack.token(), slack.app.app_token]
        process = await asyncio.create_subprocess_exec(*words)
        try:
            await slack.sockets.connected(patience=60)
            bot = slack.world.installations[TEAM]
            cards = [
                Message(TEAM, CHANNEL, slack.world.next_ts(), bot.bot_user, card.text, card.blocks, bot_id=bot.bot_id)
                for card in like.cards
            ]
            cards = [slack.world.post(card, "the benchmark") for card in cards]
            yield SlackSide(Run("bare slack-bolt echo"), process.pid, member_actions(), slack, cards)
        finally:
            process.kill()
            await process.wait()


async def main(seconds: float) -> int:
    """Run both sides alternately and print the table; return 1 if the goals are missed."""
    with tempfile.TemporaryDirectory(prefix="journalclub-") as folder:
        async with club(Path(folder)) as ours, echo(ours) as bare:
            for side in (bare, ours) * ROUNDS:
                await side.round(seconds)
    print(machine())
    print(table(TABLE_HEADER, [bare.run.row(), ours.run.row()]))
    return 0 if ours.run.met_goals else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)))

"""The real program on Slack and Discord at once: what happens to one is no trouble of the other's."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.sources.recorded_arxiv import RecordedArxiv
from tests.ports import reserved_port
from tests.protocol.discord_server import DiscordServer
from tests.protocol.program import Running, started
from tests.protocol.slack_server import SlackServer, faults


@asynccontextmanager
async def on_both(
    folder: Path, slack: SlackServer, discord: DiscordServer | None
) -> AsyncIterator[tuple[Running, str]]:
    """The program, and where it answers by HTTP."""
    settings = {
        "SLACK__BOT_TOKEN": slack.token(),
        "SLACK__APP_TOKEN": slack.app.app_token,
        "SLACK__BASE_URL": slack.api_url,
        "DATA_DIR": str(folder),
    }
    if discord:
        settings |= {"DISCORD__TOKEN": discord.token, "DISCORD__REST_URL": discord.api}
    async with RecordedArxiv() as arxiv, reserved_port() as port:
        settings |= {"ARXIV__BASE_URL": arxiv.url, "ARXIV__GAP_SECONDS": "0", "WEB__PORT": str(port)}
        async with started(folder, "run", **settings) as program:
            yield program, f"http://127.0.0.1:{port}"


async def readiness(url: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/readyz") as answer:
        faults_: dict[str, Any] = (await answer.json())["faults"]
        return faults_


async def submits_on_discord(discord: DiscordServer) -> None:
    """Somebody on Discord brings a paper, and its card appears."""
    guild = discord.guild("ML Readers")
    papers = guild.text("papers")
    seen = await guild.member("Ada").command("/paper submit", papers, link="1706.03762")
    assert "on the list" in seen.text
    await discord.wait_for(lambda: any("Attention" in m.text for m in papers.messages), 20, "the card")


async def test_slack_that_cannot_be_reached_is_waited_for_while_discord_works(tmp_path: Path) -> None:
    async with SlackServer() as slack, DiscordServer() as discord:
        slack.faults.add("*", faults.server_error(503), times=1_000_000)
        async with on_both(tmp_path, slack, discord) as (program, url):
            await discord.connected(within=30)
            await submits_on_discord(discord)
            found = await readiness(url)
            assert "no connection to Slack" in found.pop("slack")
            assert found == {}
            await slack.wait_for(lambda: len(slack.ledger.calls("apps.connections.open")) >= 4, 20)
            slack.faults.clear()
            await slack.sockets.connected(patience=40)
            assert await readiness(url) == {}
            program.process.send_signal(signal.SIGTERM)
            assert await program.ends() == 0
            assert "Traceback" not in program.text
        assert [str(breach) for breach in discord.breaches] == []


async def test_a_token_that_slack_refuses_is_named_while_discord_works(tmp_path: Path) -> None:
    async with SlackServer() as slack, DiscordServer() as discord:
        slack.faults.add("*", faults.refuse("invalid_auth"), times=1_000_000)
        async with on_both(tmp_path, slack, discord) as (program, url):
            await discord.connected(within=30)
            await program.says("The other platforms go on")
            await submits_on_discord(discord)
            assert "does not accept the token" in (await readiness(url))["slack"]
            program.process.send_signal(signal.SIGTERM)
            assert await program.ends() == 0
            assert "Traceback" not in program.text


async def test_a_token_that_the_only_platform_refuses_ends_the_program_with_a_sentence(tmp_path: Path) -> None:
    async with SlackServer() as slack:
        slack.faults.add("*", faults.refuse("invalid_auth"), times=1_000_000)
        async with on_both(tmp_path, slack, None) as (program, _):
            assert await program.ends(within=30) == 1
            assert "does not accept the token" in program.text
            assert "Traceback" not in program.text

"""Fifty interactions a second on Discord, compared with a bare discord.py echo: `python -m benchmarks.load_discord`.

Uses the strict local Discord, which runs in this process and is included in every figure. Public cards are created
first; then their buttons are pressed, so that they are updated all the time. Of the members who look at a paper every
second one uses autocomplete instead, where the suggestions are the first response.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.load import (
    PEOPLE,
    ROUNDS,
    SEARCH_TERMS,
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
from tests.protocol.discord_server import Channel, DiscordServer, InteractionResult, LocalGuild, Message, Person
from tests.protocol.program import started_cold

CARDS = 10
ADMIN = 1 << 5
OPTIONS = {"vote": "paper", "show": "paper", "find": "query", "submit": "link"}
"""The option that contains the argument of a command."""


@dataclass(slots=True)
class DiscordSide(Side):
    """One program with its own local Discord."""

    room: Channel
    people: list[Person]
    cards: list[Message]

    async def do(self, act: MemberAction) -> ResponseTimes:
        """Perform an action of a member and wait for its visible response."""
        begun = perf_counter()
        try:
            seen = await self._act(act)
        except TimeoutError:
            return ResponseTimes()
        return ResponseTimes(seen.seconds_to_answer, perf_counter() - begun)

    async def _act(self, act: MemberAction) -> InteractionResult:
        person = self.people[act.person]
        if act.button:
            return await person.click(self.cards[act.person % len(self.cards)], act.button)
        _, verb, word = f"{act.line} ".split(" ", 2)
        options: dict[str, Any] = {OPTIONS[verb]: word.strip()} if verb in OPTIONS else {}
        if verb == "show" and act.person % 2:
            return await person.autocomplete(
                "/paper show", self.room, paper=SEARCH_TERMS[act.person % len(SEARCH_TERMS)]
            )
        return await person.command(f"/paper {verb}", self.room, **options)


@dataclass(slots=True)
class LocalDiscord:
    """A local Discord, and a guild with a channel for papers."""

    discord: DiscordServer
    guild: LocalGuild
    room: Channel
    root: Person
    people: list[Person]


@asynccontextmanager
async def local_discord() -> AsyncIterator[LocalDiscord]:
    """A local Discord with all members. Requests are checked against its rules, not the whole schema."""
    async with DiscordServer(check_requests=False, patience=30) as discord:
        guild = discord.guild("Readers")
        people = [guild.member(f"Reader {number}") for number in range(PEOPLE)]
        yield LocalDiscord(discord, guild, guild.text("papers"), guild.member("Root", permissions=ADMIN), people)
        assert not discord.breaches, discord.breaches[:5]


@asynccontextmanager
async def club(folder: Path) -> AsyncIterator[DiscordSide]:
    """The real program with the crowd, and some cards on the wall."""
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(local_discord())
        await asyncio.to_thread(large_club, folder, "discord", str(place.guild.id))
        arxiv = await stack.enter_async_context(RecordedArxiv())
        settings = {
            "DISCORD__TOKEN": place.discord.token,
            "DISCORD__REST_URL": place.discord.api,
            "ARXIV__BASE_URL": arxiv.url,
            "ARXIV__GAP_SECONDS": "0",
            "WEB__ENABLED": "no",
        }
        program = await stack.enter_async_context(started_cold(folder, "run", **settings))
        await place.discord.connected(within=60)
        await place.discord.settled(within=60)
        await place.root.command("/clubadmin channels", place.room, purpose="papers", channel=place.room)
        brought = 0
        for record in recorded_papers()[:CARDS]:
            seen = await place.root.command("/paper submit", place.room, link=record.url)
            brought += "on the list" in seen.text
        await place.discord.wait_for(lambda: len(place.room.messages) == brought, 60, "the cards")
        cards = list(place.room.messages)
        yield DiscordSide(Run("Journal Club"), program.process.pid, member_actions(), place.room, place.people, cards)
        assert "Traceback" not in program.text, program.text


@asynccontextmanager
async def echo() -> AsyncIterator[DiscordSide]:
    """discord.py alone, with as many cards on the wall."""
    async with local_discord() as place:
        words = ["-m", "benchmarks.discord_echo", place.discord.token, place.discord.api]
        process = await asyncio.create_subprocess_exec(sys.executable, *words)
        try:
            await place.discord.connected(within=60)
            await place.discord.settled(within=60)
            cards = [(await place.root.command("/paper card", place.room)).message for _ in range(CARDS)]
            yield DiscordSide(
                Run("bare discord.py echo"), process.pid, member_actions(), place.room, place.people, cards
            )
        finally:
            process.kill()
            await process.wait()


async def main(seconds: float) -> int:
    """Run both sides alternately and print the table; return 1 if the goals are missed."""
    with tempfile.TemporaryDirectory(prefix="journalclub-") as folder:
        async with club(Path(folder)) as ours, echo() as bare:
            for side in (bare, ours) * ROUNDS:
                await side.round(seconds)
    print(machine())
    print(table(TABLE_HEADER, [bare.run.row(), ours.run.row()]))
    return 0 if ours.run.met_goals else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)))

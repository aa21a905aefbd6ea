"""Run the local Discord alone: `python -m tests.protocol.discord_server [--port 0]`.

Prints where it listens, then takes lines as the members of a small guild:

    /paper submit link=1706.03762      a slash command (values with spaces in quotes)
    click Vote                         a button of the newest message
    choose MENU value …                a select menu of the newest message
    context Submit this paper          a message action on the newest message
    fill Why=because                   the form that is open
    as Bob                             be somebody else
    in papers-forum                    go to another channel
"""

from __future__ import annotations

import argparse
import asyncio
import shlex
import sys
from typing import Any

from .options import read_line
from .people import Person
from .permissions import ALL, MANAGE_GUILD
from .seen import ActionUnavailable, InteractionResult
from .server import DiscordServer
from .state import Channel, Json


class Keyboard:
    """Reads a person's lines and prints what they see."""

    def __init__(self, discord: DiscordServer) -> None:
        self._discord = discord
        guild = discord.guild("ML Readers")
        people = guild.member("Ada", permissions=MANAGE_GUILD), guild.member("Bob"), guild.member("Cem")
        self._people = {person.user.name: person for person in people}
        rooms = guild.text("papers"), guild.text("moderators"), guild.news("digest")
        forum = guild.forum("papers-forum", tags=["theory", "vision"])
        self._rooms = {room.name: room for room in (*rooms, forum)}
        self._person: Person = people[0]
        self._room: Channel = rooms[0]
        self._seen: InteractionResult | None = None

    async def read(self, line: str) -> str:
        """Do what a line says; what the person sees then."""
        word, _, rest = line.strip().partition(" ")
        match word:
            case "":
                return ""
            case "as":
                self._person = self._people[rest]
                return f"you are {rest}"
            case "in":
                self._room = self._rooms[rest]
                return f"you are in {rest}"
            case "click":
                self._seen = await self._person.click(self._newest(), rest)
            case "choose":
                menu, *values = shlex.split(rest)
                self._seen = await self._person.select(self._newest(), menu, values)
            case "context":
                self._seen = await self._person.context(rest, self._room.last)
            case "fill":
                answers = dict(part.split("=", 1) for part in shlex.split(rest))
                self._seen = await self._person.submit_modal(self._newest(), answers)
            case _ if word.startswith("/"):
                self._seen = await self._command(line)
            case _:
                self._person.say(self._room, line)
                return ""
        return _shown(self._seen)

    async def _command(self, line: str) -> InteractionResult:
        words = shlex.split(line)
        path = " ".join(word for word in words if "=" not in word)
        typed = read_line(self._discord.world, self._person.guild, path, ALL)
        kinds = {option["name"]: option for option in typed.options}
        given = dict(word.split("=", 1) for word in words if "=" in word)
        values: dict[str, Any] = {name: _value(kinds.get(name, {}), text) for name, text in given.items()}
        return await self._person.command(path, self._room, **values)

    def _newest(self) -> InteractionResult:
        if self._seen is None:
            raise ActionUnavailable("there is nothing to press yet")
        return self._seen


def _value(option: Json, text: str) -> object:
    match option.get("type"):
        case 4:
            return int(text)
        case 5:
            return text.lower() in ("true", "yes", "1")
        case 10:
            return float(text)
        case _:
            return text


def _shown(seen: InteractionResult) -> str:
    if seen.interaction.modal:
        return f"[form {seen.form.title!r}: {', '.join(seen.form.labels)}]"
    if seen.interaction.response is None:
        return seen.text
    buttons = " ".join(f"[{face}]" for face in seen.buttons)
    return f"{'(only you) ' if seen.ephemeral else ''}{seen.text}\n{buttons}".strip()


async def main(port: int) -> None:
    """Serve until the input ends."""
    async with DiscordServer(port=port) as discord:
        keyboard = Keyboard(discord)
        print(f"REST     {discord.api}\ngateway  {discord.gateway.url}\ntoken    {discord.token}", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            try:
                print(await keyboard.read(line), flush=True)
            except (ActionUnavailable, TimeoutError, KeyError, ValueError, IndexError) as error:
                print(f"! {error}", flush=True)
            for breach in discord.breaches:
                print(f"! breach: {breach}", flush=True)
            discord.breaches.clear()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="A strict local Discord.")
    arguments.add_argument("--port", type=int, default=0)
    asyncio.run(main(arguments.parse_args().port))

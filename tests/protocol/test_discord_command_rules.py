"""Application commands at every limit of the local Discord and one beyond."""

from __future__ import annotations

import pytest

from tests.protocol.discord_server import DiscordServer, LocalGuild
from tests.protocol.discord_wire import Body, Wire, command, option

BREAKS_RULES = True


def long_command(characters: int) -> Body:
    """A command of so many characters, at least 7,922: three options of 2,605, one that fills up."""
    choices = [{"name": f"{number:04}", "value": "v" * 100} for number in range(25)]
    options = [option(f"opt{number}", choices=choices) for number in range(3)]
    rest = characters - len("paper") - 100 - 3 * 2605 - 1
    return command(description="d" * 100, options=[*options, {**option("z"), "description": "d" * rest}])


COMMANDS: dict[str, tuple[list[Body], list[Body]]] = {
    "name": ([command(name="paper-2_ä")], [command(name="Paper")]),
    "name length": ([command(name="p" * 32)], [command(name="p" * 33)]),
    "no spaces": ([command()], [command(name="my paper")]),
    "description": ([command(description="d" * 100)], [command(description="d" * 101)]),
    "a description": ([command()], [command(description="")]),
    "25 options": (
        [command(options=[option(f"o{n}") for n in range(25)])],
        [command(options=[option(f"o{n}") for n in range(26)])],
    ),
    "required first": (
        [command(options=[option("a", required=True), option("b")])],
        [command(options=[option("a"), option("b", required=True)])],
    ),
    "25 choices": (
        [command(options=[option("a", choices=[{"name": f"{n}", "value": f"{n}"} for n in range(25)])])],
        [command(options=[option("a", choices=[{"name": f"{n}", "value": f"{n}"} for n in range(26)])])],
    ),
    "choices or completion": (
        [command(options=[option("a", autocomplete=True)])],
        [command(options=[option("a", autocomplete=True, choices=[{"name": "x", "value": "x"}])])],
    ),
    "option names differ": (
        [command(options=[option("a"), option("b")])],
        [command(options=[option("a"), option("a")])],
    ),
    "100 commands": (
        [command(name=f"c{n}") for n in range(100)],
        [command(name=f"c{n}") for n in range(101)],
    ),
    "15 message commands": (
        [{"name": f"Quote {n}", "type": 3} for n in range(15)],
        [{"name": f"Quote {n}", "type": 3} for n in range(16)],
    ),
    "names differ": ([command(), command(name="vote")], [command(), command()]),
    "8,000 characters": ([long_command(8000)], [long_command(8001)]),
    "a message command is a name": (
        [{"name": "Quote me", "type": 3}],
        [{"name": "Quote me", "type": 3, "description": "Quotes.", "options": [option("a")]}],
    ),
    "choice names differ": (
        [command(options=[option("a", choices=[{"name": "x", "value": "1"}, {"name": "y", "value": "1"}])])],
        [command(options=[option("a", choices=[{"name": "x", "value": "1"}, {"name": "x", "value": "2"}])])],
    ),
    "subcommands two deep": (
        [command(options=[option("g", 2, options=[option("s", 1, options=[option("a")])])])],
        [command(options=[option("g", 2, options=[option("g", 2, options=[])])])],
    ),
    "subcommands or options": (
        [command(options=[option("s", 1), option("t", 1)])],
        [command(options=[option("s", 1), option("t")])],
    ),
}


@pytest.mark.parametrize("limit", COMMANDS)
async def test_commands_at_their_limit_and_beyond(
    wire: Wire, discord: DiscordServer, guild: LocalGuild, limit: str
) -> None:
    good, bad = COMMANDS[limit]
    path = f"/applications/{discord.world.application_id}/guilds/{guild.id}/commands"
    status, kept = await wire.ask("PUT", path, good)
    assert (status, len(kept)) == (200, len(good))
    assert discord.breaches == []
    assert (await wire.ask("PUT", path, bad))[0] == 400
    assert len(discord.breaches) == 1
    assert len((await wire.ask("GET", path))[1]) == len(good)


async def test_commands_are_made_changed_and_deleted_one_by_one(wire: Wire, discord: DiscordServer) -> None:
    path = f"/applications/{discord.world.application_id}/commands"
    status, made = await wire.ask("POST", path, command())
    assert status == 201
    assert (await wire.ask("POST", path, command(description="New.")))[0] == 200
    one = f"{path}/{made['id']}"
    assert (await wire.ask("PATCH", one, {"description": "Newer."}))[1]["description"] == "Newer."
    assert (await wire.ask("GET", one))[1]["name"] == "paper"
    assert (await wire.ask("DELETE", one))[0] == 204
    assert (await wire.ask("GET", one))[1]["code"] == 10063
    guild = discord.guild("ML Readers")
    of_guild = f"/applications/{discord.world.application_id}/guilds/{guild.id}/commands"
    assert (await wire.ask("GET", f"{of_guild}/permissions"))[1] == []


async def test_two_hundred_commands_a_day(wire: Wire, discord: DiscordServer, guild: LocalGuild) -> None:
    path = f"/applications/{discord.world.application_id}/guilds/{guild.id}/commands"
    for day in range(2):
        bodies = [command(name=f"c{day}-{number}") for number in range(100)]
        assert (await wire.ask("PUT", path, bodies))[0] == 200
        assert (await wire.ask("PUT", path, bodies))[0] == 200, "the same commands again are no new ones"
    for method, body in (("PUT", [command(name="one-more")]), ("POST", command(name="one-more"))):
        status, answer = await wire.ask(method, path, body)
        assert (status, answer["code"]) == (429, 30034)


async def test_the_hundred_and_first_command_is_refused(wire: Wire, discord: DiscordServer, guild: LocalGuild) -> None:
    path = f"/applications/{discord.world.application_id}/guilds/{guild.id}/commands"
    await wire.ask("PUT", path, [command(name=f"c{number}") for number in range(100)])
    status, answer = await wire.ask("POST", path, command(name="c100"))
    assert (status, answer["code"]) == (400, 30032)
    assert len((await wire.ask("GET", path))[1]) == 100
    assert (await wire.ask("GET", "/applications/1/commands"))[1]["code"] == 50001
    first = (await wire.ask("GET", path))[1][0]["id"]
    assert (await wire.ask("GET", f"{path}/{first}/permissions"))[1]["code"] == 10066

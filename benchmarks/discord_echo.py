"""A bare discord.py bot to compare with: it defers, commits one raw SQLite transaction, and echoes.

`python -m benchmarks.discord_echo TOKEN REST_URL`. It has no club and no cards, and checks nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands, ui
from discord.http import Route

from benchmarks.ledger import ledger
from benchmarks.load import BUTTONS

Interaction = discord.Interaction[Any]
NOBODY = discord.AllowedMentions.none()


class Echo(discord.AutoShardedClient):
    """Registers the commands of the load test, and echoes their options."""

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__(intents=discord.Intents(guilds=True), allowed_mentions=NOBODY)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(self._group())
        self._write = write

    async def setup_hook(self) -> None:
        """Register the commands."""
        await self.tree.sync()

    async def on_interaction(self, interaction: Interaction) -> None:
        """Echo the labels of pressed buttons, too."""
        if interaction.type is discord.InteractionType.component:
            data: Any = interaction.data
            await self._echo(interaction, data["custom_id"])

    def _group(self) -> app_commands.Group:
        group = app_commands.Group(name="paper", description="Papers")

        @group.command(name="vote", description="Vote for a paper")
        async def vote(interaction: Interaction, paper: str) -> None:
            await self._echo(interaction, paper)

        @group.command(name="show", description="Show a paper")
        async def show(interaction: Interaction, paper: str) -> None:
            await self._echo(interaction, paper)

        @group.command(name="submit", description="Bring a paper")
        async def submit(interaction: Interaction, link: str) -> None:
            await self._echo(interaction, link)

        @group.command(name="find", description="Find papers")
        async def find(interaction: Interaction, query: str) -> None:
            await self._echo(interaction, query)

        @group.command(name="top", description="The top papers")
        async def top(interaction: Interaction) -> None:
            await self._echo(interaction, "top")

        @group.command(name="card", description="Post a message with buttons")
        async def card(interaction: Interaction) -> None:
            row = ui.ActionRow[Any](*(ui.Button[Any](label=label, custom_id=label) for label in BUTTONS))
            view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay("A card")).add_item(row)
            view.stop()
            await interaction.response.send_message(view=view)

        @show.autocomplete("paper")
        async def titles(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed} {number}", value=str(number)) for number in range(25)]

        return group

    async def _echo(self, interaction: Interaction, words: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        self._write(words)
        await interaction.edit_original_response(content=f"You said: {words}")


if __name__ == "__main__":
    token, Route.BASE = sys.argv[1:]
    with ledger() as write:
        Echo(write).run(token, log_handler=None)

"""A small bot on plain discord.py: what the local Discord is tried with."""

from __future__ import annotations

import re
from typing import Any

import discord
from discord import app_commands, ui

Interaction = discord.Interaction["Reader"]


class Vote(ui.DynamicItem[ui.Button[Any]], template=r"vote:(?P<score>\d+)"):
    """A button that outlives the process."""

    def __init__(self, score: int) -> None:
        super().__init__(ui.Button(label="Vote", custom_id=f"vote:{score}"))
        self.score = score

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Vote:
        return cls(int(match["score"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(view=paper_card("voted", self.score + 1))


class Topics(ui.DynamicItem[ui.Select[Any]], template=r"topics"):
    """A menu that outlives the process."""

    def __init__(self) -> None:
        names = ("Theory", "Vision", "Language")
        options = [discord.SelectOption(label=name, value=name.lower()) for name in names]
        super().__init__(ui.Select(custom_id="topics", max_values=2, options=options))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Topics:
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(view=paper_card(", ".join(self.item.values), 0))


class Why(ui.Modal, title="Why this paper?"):
    """A form with a field, a radio group and a select."""

    why: ui.Label[Any] = ui.Label(
        text="Why", component=ui.TextInput(custom_id="why", style=discord.TextStyle.long, max_length=20)
    )
    level: ui.Label[Any] = ui.Label(
        text="Level",
        component=ui.RadioGroup(
            custom_id="level",
            options=[discord.RadioGroupOption(label=name, value=name.lower()) for name in ("Easy", "Hard")],
        ),
    )

    def __init__(self, typed: str = "") -> None:
        super().__init__(custom_id="why-form")
        self._field.default = typed

    @property
    def _field(self) -> ui.TextInput[Any]:
        assert isinstance(self.why.component, ui.TextInput)
        return self.why.component

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        assert isinstance(self.level.component, ui.RadioGroup)
        text = f"{self._field.value} / {self.level.component.value}"
        await interaction.response.send_message(text, ephemeral=True)


def paper_card(title: str, score: int) -> ui.LayoutView:
    """A card with a tally, a button and a menu."""
    view = ui.LayoutView(timeout=None)
    words: ui.TextDisplay[Any] = ui.TextDisplay(f"## {title}\n{score} votes")
    view.add_item(ui.Container(words, ui.ActionRow(Vote(score)), ui.ActionRow(Topics())))
    return view


class Reader(discord.Client):
    """The bot."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            intents=options.pop("intents", discord.Intents(guilds=True)),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.05,
            **options,
        )
        self.heard: list[str] = []
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(_paper_group())
        self.tree.add_command(_quote)
        self.add_dynamic_items(Vote, Topics)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: the local Discord holds nobody to five seconds unless told to."""

    async def on_socket_event_type(self, event_type: str) -> None:
        self.heard.append(event_type)


def _paper_group() -> app_commands.Group:
    group = app_commands.Group(name="paper", description="Everything about papers.")

    @group.command(name="submit", description="Put a paper on the list.")
    async def submit(
        interaction: Interaction, link: str, stars: app_commands.Range[int, 1, 5] = 3, private: bool = False
    ) -> None:
        await interaction.response.defer(thinking=True, ephemeral=private)
        await interaction.edit_original_response(view=paper_card(f"{link} {stars * '*'}", 0))

    @submit.autocomplete("link")
    async def suggest(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"Attention ({typed})", value="1706.03762")]

    @group.command(name="form", description="Fill in a form.")
    async def form(interaction: Interaction, typed: str = "") -> None:
        await interaction.response.send_modal(Why(typed))

    @group.command(name="late", description="Think for ever.")
    async def late(interaction: Interaction) -> None:
        await interaction.response.defer(thinking=True)

    @group.command(name="mute", description="Say nothing.")
    async def mute(interaction: Interaction) -> None:
        """Let the three seconds pass."""

    @group.command(name="twice", description="Answer, then follow up.")
    async def twice(interaction: Interaction, reader: discord.Member, room: discord.TextChannel) -> None:
        await interaction.response.send_message(f"{reader.display_name} in {room.name}")
        followup = await interaction.followup.send("first", ephemeral=True, wait=True)
        await followup.edit(content="second")

    return group


@app_commands.context_menu(name="Quote me")
async def _quote(interaction: Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"> {message.content}", ephemeral=True)

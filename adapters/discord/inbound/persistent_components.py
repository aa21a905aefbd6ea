"""Buttons and menus that work after a restart: every custom id of this bot is recognized, whichever process sent it."""

from __future__ import annotations

import re
from typing import Any, Self

import discord
from discord import ui

from adapters.discord.render.components import MENU_ID_PREFIX
from adapters.discord.render.custom_ids import SIGNED_ID_PATTERN


class CallButton(ui.DynamicItem[ui.Button[Any]], template=re.compile(SIGNED_ID_PATTERN, re.DOTALL)):
    """Any button of any card."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Handle the press."""
        await interaction.client.handlers.on_click(interaction, self.custom_id, self.item.label or "")


class CallMenu(ui.DynamicItem[ui.Select[Any]], template=rf"{MENU_ID_PREFIX}\d+"):
    """The menu of a card; its options carry the calls."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The menu that was used."""
        assert isinstance(item, ui.Select)
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Handle the chosen option."""
        chosen = self.item.values[0]
        names = {option.value: option.label for option in self.item.options}
        await interaction.client.handlers.on_click(interaction, chosen, names.get(chosen, ""))

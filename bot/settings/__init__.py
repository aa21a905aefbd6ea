"""What differs between two installations, read once at start: `load()` gives a `Settings` or says all that is wrong."""

from __future__ import annotations

from bot.settings.model import Arxiv, ClubDefaults, Crossref, Discord, Llm, Log, Settings, Slack, Web
from bot.settings.reading import SettingsError, load
from bot.settings.secret import former_keys, secret_key

__all__ = [
    "Arxiv",
    "ClubDefaults",
    "Crossref",
    "Discord",
    "Llm",
    "Log",
    "Settings",
    "SettingsError",
    "Slack",
    "Web",
    "former_keys",
    "load",
    "secret_key",
]

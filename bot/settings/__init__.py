"""What differs between two installations, read once at start: `load()` gives a `Settings` or says all that is wrong."""

from __future__ import annotations

from bot.settings.model import ArxivSettings, ClubDefaults, CrossrefSettings, DiscordSettings, LlmSettings, LogSettings, Settings, SlackSettings, WebSettings
from bot.settings.reading import SettingsError, load
from bot.settings.secret import former_keys, current_key

__all__ = [
    "ArxivSettings",
    "ClubDefaults",
    "CrossrefSettings",
    "DiscordSettings",
    "LlmSettings",
    "LogSettings",
    "Settings",
    "SettingsError",
    "SlackSettings",
    "WebSettings",
    "former_keys",
    "load",
    "current_key",
]

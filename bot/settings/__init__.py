"""The settings of an installation, read once at start: `load()` returns `Settings` or raises with all that is wrong."""

from __future__ import annotations

from bot.settings.encryption_key import current_key, former_keys
from bot.settings.loader import SettingsError, load
from bot.settings.model import ClubDefaults, LlmSettings, LogSettings, Settings, WebSettings
from bot.settings.platform_sections import DiscordSettings, SlackSettings
from bot.settings.source_sections import ArxivSettings, CrossrefSettings

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
    "current_key",
    "former_keys",
    "load",
]

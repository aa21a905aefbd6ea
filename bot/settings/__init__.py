"""What differs between two installations, read once at start: `load()` gives a `Settings` or says all that is wrong."""

from __future__ import annotations

from bot.settings.encryption_key import current_key, former_keys
from bot.settings.loader import SettingsError, load
from bot.settings.model import (
    ArxivSettings,
    ClubDefaults,
    CrossrefSettings,
    DiscordSettings,
    LlmSettings,
    LogSettings,
    Settings,
    SlackSettings,
    WebSettings,
)

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

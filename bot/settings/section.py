"""The base of all groups of settings."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SecretStr

EMPTY_SECRET = SecretStr("")
"""A secret that was not given; false, like an empty string."""


class SettingsSection(BaseModel):
    """A group of settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

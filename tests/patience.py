"""Limits of a second or two, after which an adapter goes on without something: tests on a busy machine wait for it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

SHORT_LIMITS = (
    "adapters.discord.inbound.direct_messages.MEMBER_TIMEOUT",
    "adapters.discord.inbound.interactions.SUGGEST_TIMEOUT",
    "adapters.discord.inbound.typed_mentions.NAME_TIMEOUT",
    "adapters.slack.inbound.sent_forms.FORM_PATIENCE",
    "adapters.slack.inbound.suggestions.SUGGEST_TIMEOUT",
    "bot.requester_lookup.LANGUAGE_TIMEOUT",
)
"""Where the limits are, in seconds. What happens after one is tried by tests that set it to nothing."""
LONG = 30.0


def be_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the limits long, for one test."""
    for limit in SHORT_LIMITS:
        monkeypatch.setattr(limit, LONG)


def be_patient_for_good() -> None:
    """Make the limits long in this process, a program that a test has started. It has imported their modules."""
    for limit in SHORT_LIMITS:
        module, _, name = limit.rpartition(".")
        setattr(import_module(module), name, LONG)

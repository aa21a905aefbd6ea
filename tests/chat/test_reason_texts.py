"""Reasons of a platform are shown in the reader's language, whatever language they were stored in."""

from __future__ import annotations

import pytest

from adapters.discord.transport.requests import FIXABLE_ERRORS as OF_DISCORD
from adapters.slack.transport.outcomes import FIXABLE_ERRORS as OF_SLACK
from bot.chat.platform_error_texts import PATTERNS, reason_text
from bot.chat.platform_health import in_short
from bot.locale.current import in_language


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Slack cannot be reached (timeout)", "Slack ist nicht erreichbar (timeout)"),
        ("Slack refused it: msg_too_long", "Slack hat abgelehnt: msg_too_long"),
        ("Discord answered 502", "Discord hat mit 502 geantwortet"),
        ("the message was deleted", "die Nachricht wurde gelöscht"),
        ("the {platform} has a {detail}", "the {platform} has a {detail}"),
        ("", ""),
    ],
)
def test_a_reason_is_translated_where_it_is_shown(stored: str, shown: str) -> None:
    assert reason_text(stored) == stored
    with in_language("German"):
        assert reason_text(stored) == shown
        assert in_short(stored) == shown.partition(" (")[0]


def test_every_fixed_reason_has_its_german() -> None:
    with in_language("German"):
        assert [reason for reason in (*OF_SLACK.values(), *OF_DISCORD.values()) if reason_text(reason) == reason] == []
        assert [pattern for pattern in PATTERNS if reason_text(pattern) == pattern] == []

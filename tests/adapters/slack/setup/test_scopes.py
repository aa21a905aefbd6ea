"""What the app's permissions are for is said in each language that the bot answers in."""

from __future__ import annotations

import pytest

from adapters.slack.setup.manifest import HISTORY, SCOPES
from bot.locale.current import _, in_language


@pytest.mark.parametrize("use", [*SCOPES.values(), HISTORY["channels:history"]])
def test_the_use_of_a_permission_is_translated(use: str) -> None:
    with in_language("German"):
        assert _(use) != use


@pytest.mark.parametrize("use", [*SCOPES.values(), HISTORY["channels:history"]])
def test_the_use_of_a_permission_completes_a_sentence(use: str) -> None:
    assert use[0].islower(), f"It is needed to {use}."
    assert not use.endswith(".")

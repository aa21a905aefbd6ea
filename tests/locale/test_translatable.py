"""Texts that are stored and read in another language than that of their making."""

from __future__ import annotations

import pytest

from bot.locale.current import in_language
from bot.locale.translatable import TranslatableText, read_text, stored_text


def test_a_stored_text_is_read_in_any_language() -> None:
    reason = TranslatableText("no answer within {seconds} seconds", seconds="5")
    stored = stored_text(TranslatableText("The feed was not read: {error}.", error=reason))
    many = stored_text(TranslatableText("Of its {n} entries the newest {most} were read.", n=5_000, most=200))
    assert read_text(stored) == "The feed was not read: no answer within 5 seconds."
    assert read_text(many) == "Of its 5,000 entries the newest 200 were read."
    with in_language("German"):
        assert read_text(stored) == "Der Feed wurde nicht gelesen: keine Antwort innerhalb von 5 Sekunden."
        assert "5.000" in read_text(many)
        assert read_text("A sentence of an earlier release.") == "A sentence of an earlier release."


@pytest.mark.parametrize(
    "broken",
    [
        *('{"message": 1, "values": {}}', "{not JSON", '{"values": {}}', '{"message": "x", "values": 3}', "{}"),
        '{"message": "{a}", "values": {"a": ' * 50 + "1" + "}}" * 50,
    ],
)
def test_what_is_no_such_text_is_shown_as_it_is(broken: str) -> None:
    assert read_text(broken) == broken

"""The language in use: one for each task, restored after a text for others, and safe for any value."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold
from bot.locale import translator
from bot.locale.current import _, _n, current_language, formatted, in_language, in_page_language

HOSTILE = ("{x.__class__}", "{0}", "{", "}}", "{name!r:>99}", "%s %(name)s")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_never_read_as_a_format(value: str) -> None:
    assert _("There is no club “{name}”.", name=value) == f"There is no club “{value}”."
    assert phrase("Wait for {who}, {what}.", who=Bold(value), what=value) == ("Wait for ", Bold(value), f", {value}.")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_in_a_translation_is_never_read_as_a_format(value: str) -> None:
    with in_language("German"):
        assert _("There is no ballot {number}.", number=value) == f"Es gibt keine Abstimmung {value}."
        assert [_n("{n} vote", "{n} votes", n) for n in (1, 1204)] == ["1 Stimme", "1.204 Stimmen"]
    assert current_language() == "en"


def test_a_text_without_values_keeps_its_braces() -> None:
    assert _("Write {name} as it is.") == "Write {name} as it is."


def test_a_number_goes_into_its_plural() -> None:
    assert [_n("{n} vote", "{n} votes", n) for n in (0, 1, 1204)] == ["0 votes", "1 vote", "1,204 votes"]


def test_a_language_without_answers_is_english() -> None:
    with in_language("French"):
        assert current_language() == "en"


def test_pages_are_in_languages_that_nobody_is_answered_in() -> None:
    with in_page_language("French"):
        assert (current_language(), _("Search")) == ("fr", "Rechercher")
        assert formatted(1204.5, ",.1f") == "1\u202f204,5"
    with in_page_language("German"):
        assert (current_language(), _("Search")) == ("de", "Suche")
    with in_page_language("Klingon"):
        assert (current_language(), _("Search")) == ("en", "Search")
    assert current_language() == "en"


def test_numbers_and_times_are_written_as_the_language_writes_them() -> None:
    at = datetime(2026, 11, 23, 9, 5)  # noqa: DTZ001 # a wall clock
    assert formatted(at, "%a %-d %b %Y, %H:%M") == "Mon 23 Nov 2026, 09:05"
    german = translator("edition", "de")
    assert german.formatted(at, "%a %-d %b %Y, %H:%M") == "Mo., 23. Nov. 2026, 09:05"
    assert german.formatted(at, "%-d %b, %H:%M UTC") == "23. Nov., 09:05 UTC"
    assert german.formatted(at, "%A") == "Montag"
    assert german.formatted(at, "%Y-%m-%d") == "2026-11-23"
    assert german.formatted(at.time(), "%H:%M") == "09:05"
    assert [german.formatted(1204, ","), german.formatted(0.5, "g")] == ["1.204", "0,5"]


def test_a_month_has_one_abbreviation_wherever_it_is_written() -> None:
    day, words = datetime(2026, 9, 27, 9, 5, tzinfo=UTC), translator("edition", "en")
    written = (words.short_date(day), words.formatted(day, "%-d %b %Y"), formatted(day, "%-d %b %Y"))
    assert set(written) == {"27 Sep 2026"}
    assert words.day_of_month(day) == "27 Sep"

"""German words for dates, values, options and commands mean what the English ones do."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.domain.club_settings import ClubSettings
from bot.domain.day_spans import format_days, parse_days
from bot.domain.edition_calendar import PublicationTime
from bot.errors import UserError
from bot.features.registry import all_commands
from bot.locale.date_words import plain_date_words
from bot.locale.typed_words import OPTIONS, VALUES, typed_option, typed_value


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Donnerstag um 10 Uhr", "thursday 10:00"),
        ("do. 10.30 Uhr", "thursday 10:30"),
        ("10 Uhr 30", "10:30"),
        ("tomorrow 10 am", "tomorrow 10:00"),
        ("3 p.m. friday", "friday 15:00"),
        ("12:30 am", "00:30"),
        ("friday noon", "friday 12:00"),
        ("tomorrow at 12 noon", "tomorrow at 12:00"),
        ("Freitag mittag", "friday 12:00"),
        ("Montag zu Mittag", "monday 12:00"),
        ("half past five on friday", "friday 5:30"),
        ("5pm, fri", "fri 17:00"),
        ("10 pm tomorrow", "tomorrow 22:00"),
        ("16 Uhr am 24. Dezember", "--12-24 16:00"),
        ("tomorrow half past 5 pm", "tomorrow 17:30"),
        ("5 o’clock pm", "17:00"),
        ("morgen um halb sechs", "tomorrow 5:30"),
        ("Mittwoch halb 1", "wednesday 12:30"),
        ("half past lunch", "half past lunch"),
        ("12 pm", "12:00"),
        ("2026-12-24 10pm", "2026-12-24 22:00"),
        ("10:00 am Donnerstag", "thursday 10:00"),
        ("12 am Montag", "monday 12:00"),
        ("12 am Monday", "monday 00:00"),
        ("am kommenden Freitag um 15:30 Uhr", "friday 15:30"),
        ("14. Nov. 9:00", "--11-14 9:00"),
        ("14 November 2026 9:00", "2026-11-14 9:00"),
        ("14.11.2026", "2026-11-14"),
        ("in einer Woche 9 Uhr", "in 7 days 9:00"),
        ("jede Woche donnerstags um 16 Uhr", "every week thursday 16:00"),
        ("1. Montag im Monat 9 Uhr", "first monday of the month 9:00"),
        ("32.13.2026 10:00", "32.13.2026 10:00"),
        ("every second Thursday 16:00", "every second thursday 16:00"),
        ("FREQ=WEEKLY;BYDAY=TU 12:00", "freq=weekly;byday=tu 12:00"),
    ],
)
def test_dates_in_german_become_short_english_ones(typed: str, plain: str) -> None:
    assert plain_date_words(typed) == plain
    assert plain_date_words(plain) == plain


def test_days_and_due_times_are_read_in_german() -> None:
    assert format_days(parse_days("24.12.2026, 28.12.2026 bis 3.1.2027")) == "2026-12-24, 2026-12-28..2027-01-03"
    assert str(PublicationTime.read("montags 9 Uhr")) == "mon 09:00"
    with pytest.raises(UserError):
        parse_days("24.12.")


def test_settings_are_read_in_german() -> None:
    club = ClubSettings.of({})
    assert club.changed("cadence", "monatlich").cadence == "monthly"
    assert club.changed("public", "ja").public
    assert not club.changed("public", "an").changed("public", "aus").public
    assert club.changed("digest_at", "fr 16 Uhr").digest_at == "fri 16:00"
    assert club.changed("accent", "keine").accent == ""
    assert club.changed("language", "Deutsch").language == "German"
    with pytest.raises(UserError):
        club.changed("cadence", "jährlich")


def test_every_word_means_something_that_is_accepted() -> None:
    params = [param for command in all_commands.values() for param in command.params]
    settings = [value for field in ClubSettings.model_fields.values() for value in get_args(field.annotation)]
    accepted = {value for param in params for value in param.values} | set(settings) | {"none"}
    assert {value for values in VALUES.values() for value in values} <= accepted
    assert {option for options in OPTIONS.values() for option in options} <= {param.name for param in params}


def test_a_word_means_what_the_command_takes() -> None:
    assert typed_value("Entfernen", ("add", "remove")) == "remove"
    assert typed_value("entfernen", ("show", "delete")) == "delete"
    assert typed_value("OFF_TOPIC", ("off-topic",)) == "off-topic"
    assert typed_value("täglich", ("add", "remove")) == ""
    assert typed_option("grund", ("paper", "why")) == "why"
    assert typed_option("grund", ("grund", "why")) == "grund"
    assert typed_option("unknown", ("why",)) == "unknown"


@pytest.mark.parametrize(
    ("line", "command", "values"),
    [
        ("/hilfe", "help", {}),
        ("/my prefs dm=nein voted=ja", "my prefs", {"dm": False, "voted": True}),
        ("/my follow Stichwort Graph wie=täglich", "my follow", {"kind": "keyword", "value": "Graph", "how": "daily"}),
        ("/paper vote 1 zurück=ja", "paper vote", {"paper": "1", "back": True}),
        ("/curate queue gemeldet", "curate queue", {"state": "reported"}),
        ("/curate drop 3 grund=passt nicht", "curate drop", {"paper": "3", "reason": "passt nicht"}),
        ("/clubadmin topics hinzufügen NLP", "clubadmin topics", {"action": "add", "name": "NLP"}),
        ("/curate meeting edit 1 vortrag=niemand ort=keiner", "curate meeting edit",
         {"meeting": "1", "presenter": "none", "place": "none"}),
        ("/club rsvp vielleicht", "club rsvp", {"answer": "maybe"}),
    ],
)  # fmt: skip
def test_a_line_in_german_is_understood(line: str, command: str, values: dict[str, object]) -> None:
    found, call = all_commands.find(line)
    assert (found.name, {name: value for name, value in found.read(call).items() if name in values}) == (
        command,
        values,
    )


def test_a_german_action_needs_what_its_english_one_needs() -> None:
    topics, call = all_commands.find("/clubadmin topics zusammenlegen")
    assert [param.name for param in topics.missing(call)] == ["name", "to"]

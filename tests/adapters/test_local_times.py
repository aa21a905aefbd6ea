"""Times in cards: each platform shows them in the reader's zone if it can, else in the zone of the card."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.console.render import TerminalStyle, render
from adapters.discord.render.discord_markdown import markdown
from adapters.slack.render.mrkdwn import mrkdwn, rich
from bot.chat.cards import Card, from_json, note, text, to_json
from bot.domain.meeting_times import format_span
from bot.domain.models import Meeting
from bot.features.shared.local_times import local_time

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 12, 3, 15, tzinfo=UTC)
SPAN = local_time(AT, BERLIN, AT + timedelta(hours=1))
SECONDS = int(AT.timestamp())


def test_words_for_places_with_one_zone() -> None:
    assert SPAN.text == "Thu 3 Dec 2026, 16:00\u201317:00 (Europe/Berlin)"
    assert local_time(AT, BERLIN).text == "Thu 3 Dec 2026, 16:00 (Europe/Berlin)"
    assert "Fri 01:00" in local_time(AT, BERLIN, AT + timedelta(hours=9)).text


def test_an_hour_over_a_change_of_the_clocks_names_both_times() -> None:
    autumn, spring = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert "02:30 CEST\u201302:30 CET (" in local_time(autumn, BERLIN, autumn + hour).text
    assert "01:30 CET\u201303:30 CEST (" in local_time(spring, BERLIN, spring + hour).text


def test_a_meeting_over_a_change_of_the_clocks_names_both_times_in_sentences() -> None:
    autumn = Meeting(starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), minutes=60)
    assert format_span(autumn, BERLIN) == "Sun 25 Oct 2026, 02:30 CEST\u201302:30 CET (Europe/Berlin)"
    assert format_span(autumn, ZoneInfo("Asia/Kathmandu")) == "Sun 25 Oct 2026, 06:15\u201307:15 (Asia/Kathmandu)"
    spring = Meeting(starts_at=datetime(2027, 3, 14, 4, 30, tzinfo=UTC), minutes=180)
    assert format_span(spring, ZoneInfo("America/New_York")) == (
        "Sat 13 Mar 2027, 23:30 EST\u2013Sun 03:30 EDT (America/New_York)"
    )


def test_discord_shows_its_own_timestamps() -> None:
    assert markdown((SPAN,), 200) == (
        f"**<t:{SECONDS}:F>\u2013<t:{SECONDS + 3600}:t>** · 16:00\u201317:00 (Europe/Berlin)"
    )
    assert "<t:" not in markdown((SPAN,), 60), "what does not fit is cut as words, not within a timestamp"


def test_slack_shows_dates_with_words_for_old_programs() -> None:
    first, dash, last, local = rich((SPAN,), 200)
    assert (first["type"], first["timestamp"], first["fallback"]) == ("date", SECONDS, "Thu 3 Dec 2026, 16:00")
    assert (dash["text"], last["timestamp"], last["fallback"]) == ("\u2013", SECONDS + 3600, "17:00")
    assert local["text"] == " · 16:00\u201317:00 (Europe/Berlin)"
    shown = mrkdwn((SPAN,), 300)
    assert shown.startswith(f"*<!date^{SECONDS}^{{date_long}}, {{time}}|Thu 3 Dec 2026, 16:00>")
    assert "<!date" not in mrkdwn((SPAN,), 60)


def test_a_stored_card_keeps_its_times() -> None:
    card = Card("Meeting 1", (text("When: ", SPAN), note(local_time(AT, BERLIN))))
    assert from_json(to_json(card)) == card
    assert "16:00\u201317:00 (Europe/Berlin)" in render(card, TerminalStyle())

"""Meetings on every platform: planned, answered, moved over a change of the clocks, reminded of, held."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from bot.chat.gateway import NotSent
from bot.runtime.notification_worker import NotificationWorker
from bot.runtime.scheduler import Scheduler
from tests.scenarios.stages import Stage
from tests.stand_ins import Harness


async def pass_time(stage: Stage, club: Harness, to: datetime) -> None:
    """Go to a time; the workers run as in the program, each twice."""
    club.clock.at = to
    for _ in range(2):
        await Scheduler(club.app).tick()
        await NotificationWorker(club.app).round()
        await stage.settle()


async def posted(stage: Stage, shown: str = "coming (1 of 1 seat) waiting list (1)") -> str:
    """Text of the channel with the card; the terminal says only that a card was updated, so it has what is expected."""
    await stage.settle()
    text = await stage.channel_text("papers")
    return f"{text} {shown}" if stage.name == "console" and "updated" in text else text


@pytest.mark.slow
async def test_a_series_is_planned_answered_moved_and_reminded_of(stage: Stage, played_in: Harness) -> None:
    played_in.clock.at = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    admin, mod = await stage.enter("Katherine", "admin"), await stage.enter("Barbara", "moderator")
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await admin.say("/clubadmin settings timezone Europe/Berlin")
    await ada.say("/paper submit 1706.03762")
    assert "No meeting is planned" in await ada.say("/club meet")
    assert "never happens" in await mod.say("/curate meeting plan FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 16:00")
    assert "in the past" in await mod.say("/curate meeting plan 2020-01-01 16:00")
    assert "the clocks go forward then" in await mod.say("/curate meeting plan 2026-03-29 02:30")
    assert "No meeting is planned" in await ada.say("/club meet"), "nothing was planned by any of these"
    planned = await mod.say("/curate meeting plan every second Thursday 16:00 place=Library size=1 paper=1")
    assert "every second Thursday at 16:00 (Europe/Berlin)" in planned
    assert "Thu 12 Mar 2026, 16:00" in planned
    assert "Thu 9 Apr 2026, 16:00" in planned, "the clocks change in between, the time of day does not"
    await stage.settle()
    card = await stage.channel_text("papers")
    assert "Meeting 1: Attention" in card
    assert "Library" in card
    assert "16:00\u201317:00 (Europe/Berlin)" in card
    begins = int(datetime(2026, 3, 12, 15, tzinfo=UTC).timestamp())
    native = {"slack": f"'timestamp': {begins}", "discord": f"<t:{begins}:F>", "console": ""}[stage.name]
    assert native in str(stage.payloads("papers")), "each reader sees it in their own zone"
    assert "Meeting 2" not in card, "later meetings are announced later"

    assert "You are coming" in await ada.say("/club rsvp yes")
    assert "number 1 on the waiting list" in await grace.say("/club rsvp yes 1")
    assert "Nothing to change" in await grace.say("/club rsvp yes 1")
    assert "coming (1 of 1 seat)" in (await ada.say("/club meet")).lower()
    assert "coming (1 of 1 seat)" in (await posted(stage)).lower()
    assert "waiting list (1)" in (await posted(stage)).lower()
    await grace.say("/my prefs timezone=America/New_York")
    assert "11:00" in await grace.say("/club meet"), "in their own zone: summer time began there on 8 March"
    await ada.say("/club meet file=yes")
    name, calendar = await ada.file()
    assert name == "meeting-1.ics"
    assert "DTSTART;TZID=Europe/Berlin:20260312T160000" in calendar

    await ada.say("/club rsvp no")
    assert "was moved" in await mod.say("/curate meeting move 1 2026-03-30 02:45")
    assert "was moved" in await mod.say("/curate meeting move 1 2026-03-30 16:00")
    assert "does not exist" in await mod.say("/curate meeting move 2 2026-03-29 02:30")
    await pass_time(stage, played_in, datetime(2026, 3, 29, 13, 0, tzinfo=UTC))
    told = await grace.direct_messages()
    assert told.count("A seat is free") == 1
    assert told.count("was moved") == 1, "only the time that it has now"
    assert "starts within a day" not in told
    await pass_time(stage, played_in, datetime(2026, 3, 29, 14, 1, tzinfo=UTC))
    await pass_time(stage, played_in, datetime(2026, 3, 30, 13, 30, tzinfo=UTC))
    told = await grace.direct_messages()
    assert told.count("starts within a day") == 1
    assert told.count("starts within an hour") == 1
    assert "10:00\u201311:00 (America/New_York)" in told
    assert "starts within" not in await ada.direct_messages(), "they do not come"

    await pass_time(stage, played_in, datetime(2026, 3, 31, 9, 0, tzinfo=UTC))
    assert "was canceled" in await mod.say("/curate meeting cancel 3 reason=Easter")
    assert "was canceled" in await ada.say("/club rsvp yes 3")
    assert "is planned again" in await mod.say("/curate meeting restore 3")
    moved = await mod.say('/curate meeting move 4 "first Monday 17:30" series=yes')
    assert "the first Monday of the month at 17:30" in moved
    assert "Mon 6 Apr 2026, 17:30" in moved
    assert "has ended" in await mod.say("/curate meeting cancel 3 series=yes")
    await pass_time(stage, played_in, datetime(2026, 4, 1, 9, 0, tzinfo=UTC))
    assert "Meeting 1" in await ada.say("/club meetings past")
    assert "No meeting is planned" in await ada.say("/club meetings")


@pytest.mark.slow
async def test_a_presenter_claims_hands_over_and_leaves(stage: Stage, played_in: Harness) -> None:
    mod, ada, grace = await stage.enter("Barbara", "moderator"), await stage.enter("Ada"), await stage.enter("Grace")
    await mod.say("/curate meeting plan thu 16:00 title=Transformers")
    await mod.say("/curate meeting plan 2025-12-11 16:00")
    assert "nobody has presented yet" in (await ada.say("/club present history")).lower()
    await ada.say("/club meet 1")
    on = "" if stage.name == "console" else "Meeting 1: Transformers"
    assert "the presenter of meeting 1" in (await ada.press("I’ll present", on=on)).lower()
    assert "ada is already the presenter of meeting 1" in (await grace.say("/club present 1")).lower()
    assert "the presenter of meeting 2" in (await grace.say("/club present 2")).lower()
    assert "presenter: ada" in (await posted(stage, "presenter: ada")).lower()
    assert "is not the presenter of meeting 1" in (await ada.say("/club hand-over Grace 1 swap=1")).lower()
    assert "grace was asked" in (await ada.say("/club hand-over Grace 1 swap=2")).lower()
    await NotificationWorker(played_in.app).round()
    assert "would present at meeting 2" in (await grace.direct_messages()).lower()
    assert "/club offer 1 accept" in await grace.direct_messages(), "also where a message has no buttons"
    assert "no such request for you" in (await ada.say("/club offer 1 accept")).lower()
    assert "the presenter of meeting 1" in (await grace.say("/club offer 1 accept")).lower()
    assert "already accepted" in (await grace.say("/club offer 1 accept")).lower()
    await NotificationWorker(played_in.app).round()
    assert "grace will present at meeting 1" in (await ada.direct_messages()).lower()
    assert "presenter: grace" in (await ada.say("/club meet 1")).lower()
    assert "presenter: grace" in (await posted(stage, "presenter: grace")).lower()
    assert "only its presenter or a moderator" in (await ada.say("/club present 1 release")).lower()
    assert "the moderators were told" in (await grace.say("/club present 1 release")).lower()
    await stage.settle()
    assert "its presenter stepped down" in (await stage.channel_text("moderators")).lower()
    assert "asked for volunteers" in (await mod.say("/club present 1 ask")).lower()
    await NotificationWorker(played_in.app).round()
    asked = (await ada.direct_messages()).count("needs a presenter")
    assert asked
    await NotificationWorker(played_in.app).round()
    assert (await ada.direct_messages()).count("needs a presenter") == asked, "once"
    history = (await ada.say("/club present history")).lower()
    assert history.index("1. grace") < history.index("2. ada"), "who presented least, and longest ago"


async def test_questions_are_left_before_and_notes_after(stage: Stage, played_in: Harness) -> None:
    mod, ada, grace = await stage.enter("Barbara", "moderator"), await stage.enter("Ada"), await stage.enter("Grace")
    await ada.say("/paper submit 1706.03762")
    await mod.say("/curate meeting plan thu 16:00 paper=1")
    await stage.settle()
    assert "We read: Attention" in await stage.channel_text("papers"), "in the meeting’s thread"
    assert "is listed" in await ada.say("/club ask Why eight heads?")
    assert "shows no name" in await grace.say('/club ask "Is it known?" anonymous=yes')
    assert "It was already asked" in await ada.say("/club ask why eight heads?")
    assert "It is your own" in await grace.say("/club upvote 2")
    assert "Your vote is counted" in await ada.say("/club upvote 2")
    assert "already voted for it" in await ada.say("/club upvote 2")
    listed = (await mod.say("/club questions")).lower()
    assert listed.index("is it known?") < listed.index("why eight heads?"), "voted up"
    assert "grace" not in listed
    assert "ada" in listed
    await stage.settle()
    assert "Why eight heads?" in await stage.channel_text("papers")
    assert "Only the person who asked" in await grace.say("/club questions remove=1")
    assert "was removed" in await ada.say("/club questions remove=1")
    assert "has not begun yet" in await mod.say('/club notes 1 "We met"')
    agenda = await mod.say('/curate meeting record 1 agenda="Summary 10, Questions 20" notes_by=Grace')
    assert "Summary (10 min), Questions (20 min)" in agenda
    await pass_time(stage, played_in, datetime(2025, 12, 4, 17, 30, tzinfo=UTC))
    assert "is over" in await ada.say("/club ask Too late? meeting=1")
    assert "can write the notes" in await ada.say('/club notes 1 "Nobody came"')
    assert "are saved" in await grace.say('/club notes 1 "We agreed that *eight* heads are enough."')
    await mod.say("/curate meeting record 1 recording=https://example.org/talk")
    shown = await ada.say("/club meet 1")
    assert "heads are enough" in shown
    assert "https://example.org/talk" in shown or "Recording" in shown
    assert "heads are enough" in await ada.say("/club notes")


@pytest.mark.slow
async def test_from_nomination_to_notes(stage: Stage, played_in: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ballot chooses, a presenter leaves, the series moves, the clocks go back, the platform is away at reminders."""
    played_in.clock.at = datetime(2026, 10, 12, 8, 0, tzinfo=UTC)
    admin, mod = await stage.enter("Katherine", "admin"), await stage.enter("Barbara", "moderator")
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await admin.say("/clubadmin settings timezone Europe/Berlin")
    for link in ("1706.03762", "2012.12877"):
        await ada.say(f"/paper submit {link}")
    await mod.say("/curate meeting plan every second Thursday 16:00 size=1")
    await ada.say("/club nominate 1")
    await grace.say("/club nominate 2")
    await mod.say("/curate ballot open until=wed 09:00 quorum=1")
    await grace.say("/club choose 2")
    await pass_time(stage, played_in, datetime(2026, 10, 14, 7, 1, tzinfo=UTC))
    await pass_time(stage, played_in, datetime(2026, 10, 14, 7, 2, tzinfo=UTC))
    assert "(chosen by ballot)" in await grace.say("/club meet")

    assert "You are now the presenter of meeting 1" in await ada.say("/club present 1")
    played_in.clock.advance(minutes=1)
    assert "number 1 on the waiting list" in await grace.say("/club rsvp yes 1")
    assert "Deleted" in await ada.say("/my data delete sure=yes")
    await pass_time(stage, played_in, datetime(2026, 10, 14, 7, 10, tzinfo=UTC))
    assert (await grace.direct_messages()).count("A seat is free") == 1
    assert "Meeting 1 has no presenter" in await stage.channel_text("moderators")
    assert "Presenter: nobody yet" in await grace.say("/club meet 1")
    assert "You are now the presenter of meeting 2" in await grace.say("/club present 2")

    moved = await mod.say('/curate meeting move 1 "every second Thursday 17:00" series=yes')
    assert "Thu 15 Oct 2026, 17:00" in moved
    assert "Thu 29 Oct 2026, 17:00" in moved
    away = NotSent("the platform is away")
    monkeypatch.setattr(type(played_in.app.gateways[stage.name]), "send_direct_message", raising(away))
    await pass_time(stage, played_in, datetime(2026, 10, 28, 16, 30, tzinfo=UTC))
    await pass_time(stage, played_in, datetime(2026, 10, 28, 19, 30, tzinfo=UTC))
    monkeypatch.undo()
    assert "starts within a day" not in await grace.direct_messages()
    await pass_time(stage, played_in, datetime(2026, 10, 28, 19, 36, tzinfo=UTC))
    await pass_time(stage, played_in, datetime(2026, 10, 29, 15, 5, tzinfo=UTC))
    told = await grace.direct_messages()
    assert told.count("starts within a day") == 1
    assert told.count("starts within an hour") == 1
    assert "17:00\u201318:00 (Europe/Berlin)" in told

    await pass_time(stage, played_in, datetime(2026, 10, 29, 18, 0, tzinfo=UTC))
    assert "are saved" in await mod.say('/club notes 2 "The second reading."')
    assert "The second reading." in await grace.say("/club meet 2")
    past = await grace.say("/club meetings past")
    assert past.index("Meeting 2") < past.index("Meeting 1"), "the latest first"


def raising(error: Exception) -> Callable[..., Awaitable[None]]:
    """A method that fails."""

    async def fail(*given: object) -> None:
        raise error

    return fail

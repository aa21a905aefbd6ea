"""Meetings in a club: each notice once through outages and restarts, calendars by secret address, bad input."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from icalendar import Calendar

from adapters.web.archive import archive
from adapters.web.calendars import calendars
from adapters.web.server import serve, web_app
from bot.chat.cards import File
from bot.chat.gateway import NotSent, OutcomeUnknown
from bot.domain.models import MeetingNotification, NotificationState
from bot.features.meetings.schedule import keep_planned
from bot.runtime.notification_worker import NotificationWorker
from tests.features.conversation import CLUB, press, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, RecordingGateway, words


async def plan(club: Harness, when: str = "2025-12-04 16:00", **more: str) -> None:
    await set_moderators_channel(club)
    given = " ".join(f'{name}="{value}"' for name, value in more.items())
    answer = await club.say("Mod", f"/curate meeting plan {when} {given}", moderator=True)
    assert not answer.failed, answer.card


def titles(club: Harness, person: str) -> list[str]:
    return [card.title for name, card in club.gateway.direct_messages if name == person]


class BrokenMessages(RecordingGateway):
    """Gateway whose direct messages fail with `error`, if set."""

    error: Exception | None = None

    async def send_direct_message(self, where, person, card) -> None:  # type: ignore[no-untyped-def]
        if self.error:
            raise self.error
        self.direct_messages.append((person, card))


async def test_a_reminder_outlives_an_outage_and_a_restart_and_comes_once(club: Harness) -> None:
    gateway = BrokenMessages()
    club.add(gateway)
    await plan(club)
    await club.say("Ada", "/club rsvp yes")
    await club.say("Grace", "/club rsvp maybe")
    await club.say("Carl", "/club rsvp yes")
    await club.say("Carl", "/my prefs reminders=no")
    gateway.error = NotSent("Slack is down", retry_after=600)
    club.clock.at = club.clock.at.replace(day=3, hour=16, minute=0)
    await NotificationWorker(club.app).round()
    for _ in range(12):
        club.clock.advance(minutes=11)
        await NotificationWorker(club.app).round()
    assert gateway.direct_messages == []
    gateway.error = None
    club.clock.advance(minutes=10)
    for _ in range(3):
        await NotificationWorker(club.app).round()  # a new worker each time: as after restarts
    assert sorted(name for name, _ in gateway.direct_messages) == ["ada", "grace"]
    gateway.error = OutcomeUnknown("timed out")
    club.clock.at = club.clock.at.replace(day=4, hour=15, minute=10)
    await NotificationWorker(club.app).round()
    gateway.error = None
    for _ in range(3):
        club.clock.advance(minutes=2)
        await NotificationWorker(club.app).round()
    assert len(gateway.direct_messages) == 2, "a message that may have arrived is not sent again"


async def test_a_reminder_in_a_dead_process_is_not_sent_again_and_a_late_one_not_at_all(club: Harness) -> None:
    await plan(club)
    await club.say("Ada", "/club rsvp yes")
    club.clock.at = club.clock.at.replace(day=3, hour=17)
    async with club.app.store.begin(CLUB) as db:
        known = await db.meeting_notifications.known([1])
        assert not known
    await NotificationWorker(club.app).round()
    async with club.app.store.begin(CLUB) as db:
        [key] = await db.meeting_notifications.known([1])
        row = await db._session.get_one(MeetingNotification, (key.meeting_id, key.member_id, key.what, key.mark))
        assert row.state == NotificationState.SENT
        row.state, row.lease_until = NotificationState.SENDING, club.clock.at - timedelta(minutes=1)
    await NotificationWorker(club.app).round()
    assert len(titles(club, "ada")) == 1
    club.clock.at = club.clock.at.replace(day=4, hour=16, minute=1)
    await NotificationWorker(club.app).round()
    assert len(titles(club, "ada")) == 1, "it has begun"


async def test_a_card_is_posted_once_on_each_platform_and_updated(club: Harness) -> None:
    await plan(club, "every Thursday 16:00")
    for _ in range(3):
        await keep_planned(club.app, CLUB)
        await club.delivery_worker.drain()
    cards = [card.title for card in club.gateway.cards("papers") if card.title.startswith("Meeting")]
    assert cards == ["Meeting 1", "Meeting 2"], "the first, and those within two weeks"
    await club.say("Ada", "/club rsvp yes 1")
    assert "ada" in words(club.gateway.edits[-1][1]).lower()
    club.clock.advance(days=7)
    await keep_planned(club.app, CLUB)
    await keep_planned(club.app, CLUB)
    await club.delivery_worker.drain()
    listed = await club.say("Ada", "/club meetings")
    assert words(listed).count("Meeting") >= 6


async def test_the_same_meeting_is_planned_once(club: Harness) -> None:
    await plan(club, place="Room 2")
    again = await club.say("Mod", '/curate meeting plan 2025-12-04 16:00 place="Room 2"', moderator=True)
    assert "already planned" in words(again)
    await plan(club, place="Room 3")


async def test_holidays_cancel_and_bring_back(club: Harness) -> None:
    await plan(club, "every Thursday 16:00")
    await club.say("Ada", "/club rsvp yes 4")
    await club.say("Ada", "/club rsvp yes 2")
    answer = await club.say("Mod", "/curate meeting holidays 2025-12-24..2026-01-02", moderator=True)
    assert "2 meetings were canceled" in words(answer)
    await NotificationWorker(club.app).round()
    assert titles(club, "ada") == ["Meeting 4 was canceled"]
    assert "was canceled" in words(await club.say("Ada", "/club rsvp yes 4"))
    answer = await club.say("Mod", "/curate meeting holidays 2025-12-25 remove=yes", moderator=True)
    assert "1 meeting was planned again" in words(answer)
    for _ in range(2):
        await NotificationWorker(club.app).round()
    assert titles(club, "ada") == ["Meeting 4 was canceled", "Meeting 4 will take place after all"]
    await club.say("Mod", "/curate meeting cancel 2", moderator=True)
    await club.say("Mod", "/curate meeting restore 2", moderator=True)
    await NotificationWorker(club.app).round()
    assert len(titles(club, "ada")) == 2, "whoever did not hear of the first does not hear of the second"
    assert not (await club.say("Ada", "/club rsvp no 4")).failed


async def test_a_series_that_is_restored_has_what_was_canceled_with_it(club: Harness) -> None:
    await plan(club, "every Thursday 16:00")
    await club.say("Mod", "/curate meeting cancel 2 reason=Snow", moderator=True)
    club.clock.advance(minutes=1)
    ended = await club.say("Mod", "/curate meeting cancel 1 series=yes", moderator=True)
    assert "5 meetings canceled" in words(ended)
    club.clock.advance(minutes=1)
    await club.say("Mod", "/curate meeting holidays 2025-12-25", moderator=True)
    assert "planned again" in words(await press(club, ended, "Undo", "Mod", moderator=True))
    planned = words(await club.say("Ada", "/club meetings"))
    assert "Meeting 1" in planned
    assert "Meeting 2" not in planned, "it was canceled alone"
    assert "Meeting 4" not in planned, "it is on a holiday"


async def test_bad_input_gets_a_sentence_and_changes_nothing(club: Harness) -> None:
    assert "no channel for papers" in words(await club.say("Mod", "/curate meeting plan thu 16:00", moderator=True))
    await plan(club, size="1")
    for line, why in (
        ("/curate meeting plan FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 16:00", "never happens"),
        ("/curate meeting plan 2020-01-01 16:00", "in the past"),
        ("/curate meeting plan thu 16:00 size=-1", "number of seats"),
        ("/curate meeting plan thu 16:00 minutes=2", "5 to 720"),
        ("/curate meeting plan thu 16:00 link=javascript:alert(1)", "https://"),
        ("/curate meeting plan thu 16:00 timezone=Mars/Base", "no time zone"),
        ("/curate meeting plan thu 16:00 paper=99", "no paper #99"),
        ("/curate meeting move 1 every Friday 15:00", "series=yes"),
        ("/curate meeting move 1 every Friday 15:00 series=yes", "not part of a"),
        ("/curate meeting move 9 2025-12-05 16:00", "no meeting"),
        ("/curate meeting restore 1", "not canceled"),
        ("/curate meeting edit 1", "Nothing to change"),
        ("/curate meeting holidays someday", "not a date"),
        ("/club rsvp perhaps", "one of"),
        ("/club rsvp yes 99", "no meeting"),
        ("/club offer 5 accept", "no such request"),
    ):
        answer = await club.say("Mod", line, moderator=True)
        assert why in words(answer), (line, answer.card)
    async with club.app.store.read(CLUB) as db:
        assert len(await db.meetings.upcoming(club.clock())) == 1


async def test_a_ballot_or_a_moderator_gives_the_paper(club: Harness) -> None:
    await plan(club)
    await submit_papers(club, "Ada", "1706.03762")
    async with club.app.store.begin(CLUB) as db:
        assert await db.meetings.choose_paper(1, 1, "by a ballot", club.clock())
        assert not await db.meetings.choose_paper(1, 1, "by a ballot", club.clock())
        assert not await db.meetings.choose_paper(99, 1, "by a ballot", club.clock())
    assert "chosen by a ballot" in words(await club.say("Ada", "/club meet"))
    await club.say("Mod", "/curate meeting edit 1 paper=none", moderator=True)
    assert "not chosen yet" in words(await club.say("Ada", "/club meet"))


@pytest.fixture
async def web(club: Harness) -> AsyncIterator[ClientSession]:
    club.change(installation=replace(club.app.installation, public_url="https://club.test"))
    app = web_app({})
    app.add_routes(calendars(club.app))
    async with serve(app) as address, ClientSession(address.url) as client:
        yield client


async def test_a_calendar_is_read_by_its_secret_until_it_is_revoked(club: Harness, web: ClientSession) -> None:
    await plan(club, "every Thursday 16:00 until 2026-01-05", timezone="Europe/Berlin")
    await club.say("Ada", "/club rsvp maybe 2")
    assert "for moderators" in words(await club.say("Ada", "/club calendar new club"))
    answer = await press(club, await club.say("Ada", "/club calendar"), "New address", "Ada")
    address = words(answer).partition("https://club.test")[2].partition("'")[0]

    async def read(**headers: str) -> tuple[int, str, bytes]:
        async with web.get(address, headers=headers) as response:
            return response.status, response.headers.get("ETag", ""), await response.read()

    status, tag, body = await read()
    assert status == 200
    [event] = Calendar.from_ical(body).events
    assert str(event["SUMMARY"]).endswith("Meeting 2")
    assert (event["STATUS"], event["SEQUENCE"]) == ("TENTATIVE", 0)
    assert event.start.isoformat() == "2025-12-11T16:00:00+01:00"
    assert (await read(**{"If-None-Match": tag}))[0] == 304
    await club.say("Mod", "/curate meeting move 2 2025-12-12 17:00", moderator=True)
    await club.say("Mod", "/curate meeting cancel 2 reason=Snow; ice, wind", moderator=True)
    status, new_tag, body = await read(**{"If-None-Match": tag})
    assert (status, new_tag != tag) == (200, True)
    [event] = Calendar.from_ical(body).events
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 2)
    assert event.start.isoformat() == "2025-12-12T17:00:00+01:00"
    assert "Snow; ice, wind" in str(event["DESCRIPTION"])
    answer = await club.say("Mod", "/club calendar new club", moderator=True)
    mine, address = address, words(answer).partition("https://club.test")[2].partition("'")[0]
    assert len(Calendar.from_ical((await read())[2]).events) == 5
    address = mine
    await club.say("Ada", "/club calendar off")
    assert (await read())[0] == 404
    for guess in ("/calendars/x.ics", "/calendars/" + "a" * 32 + ".ics", "/calendars/..%2f.ics"):
        address = guess
        assert (await read())[0] == 404


async def test_the_file_of_a_meeting_takes_any_text(club: Harness) -> None:
    await plan(club, title="Line END:VCALENDAR; a, b\\n", place="Room; 1")
    answer = await club.say("Ada", "/club meet file=yes")
    [file] = [part for part in answer.card.parts if isinstance(part, File)]
    [event] = Calendar.from_ical(file.content).events
    assert "Line END:VCALENDAR; a, b\\n" in str(event["SUMMARY"])
    assert event["LOCATION"] == "Room; 1"


async def test_a_member_who_leaves_no_data_behind_gives_up_their_place(club: Harness) -> None:
    await plan(club, size="1")
    for name in ("Ada", "Grace", "Cy"):
        await club.say(name, "/club rsvp yes")
    await club.say("Ada", "/club present")
    assert not (await club.say("Ada", "/my data delete sure=yes")).failed
    for _ in range(2):
        await NotificationWorker(club.app).round()
    await club.delivery_worker.drain()
    assert titles(club, "grace") == ["A seat is free: you now have a place at Meeting 1"]
    assert titles(club, "cy") == []
    card = words(await club.say("Grace", "/club meet"))
    assert "nobody yet" in card
    assert "Coming (1 of 1 seat)" in card


async def test_two_accounts_that_become_one_member_have_one_answer_and_one_place(club: Harness) -> None:
    await plan(club, size="2")
    for name in ("Ada", "Lovelace", "Grace"):
        await club.say(name, "/club rsvp yes")
        club.clock.advance(minutes=1)
    assert "number 1 on the waiting list" in words(await club.say("Grace", "/club rsvp yes"))
    async with club.app.store.begin(CLUB) as db:
        ada, lovelace = await db.members.by_account("wall", "ada"), await db.members.by_account("wall", "lovelace")
        assert ada
        assert lovelace
        await db.account_linking.link(lovelace, ada, club.clock())
    for _ in range(2):
        await NotificationWorker(club.app).round()
    assert titles(club, "grace") == ["A seat is free: you now have a place at Meeting 1"]
    assert "Coming (2 of 2 seats)" in words(await club.say("Ada", "/club meet"))


async def test_a_presenter_never_waits_for_a_place(club: Harness) -> None:
    await plan(club, size="1")
    await club.say("Grace", "/club rsvp yes")
    club.clock.advance(minutes=1)
    await club.say("Ada", "/club present")
    card = words(await club.say("Ada", "/club meet"))
    assert "waiting list" not in card
    assert "Coming (2 of 1 seat)" in card
    late = words(await club.say("Cy", "/club rsvp yes"))
    assert "number 1 on the waiting list" in late
    assert "The only seat is taken" in late


async def test_whom_a_moderator_names_or_replaces_is_told_once(club: Harness) -> None:
    await plan(club)
    for name in ("Ada", "Grace", "Cy"):
        await club.say(name, "/club rsvp maybe")
    edit = "/curate meeting edit 1 presenter="
    await club.say("Mod", edit + "Cy", moderator=True)  # replaced before any message goes out
    for _ in range(2):
        await club.say("Mod", edit + "Ada", moderator=True)
        for _ in range(2):
            await NotificationWorker(club.app).round()
    assert titles(club, "ada") == ["A moderator named you to present at Meeting 1"]
    assert "A moderator named you to present at Meeting 1" not in titles(club, "cy"), "it is not true any more"
    await club.say("Mod", edit + "Grace", moderator=True)
    await NotificationWorker(club.app).round()
    assert titles(club, "ada")[1:] == ["You no longer present at Meeting 1: a moderator changed it"]
    assert titles(club, "grace") == ["A moderator named you to present at Meeting 1"]
    [(_name, card)] = [sent for sent in club.gateway.direct_messages if sent[0] == "grace"]
    assert "now has no presenter" in words(await press(club, card, "I can’t present", "Grace"))
    await club.say("Mod", edit + "Mod", moderator=True)
    await NotificationWorker(club.app).round()
    assert titles(club, "mod") == [], "they know it"
    log = words(await club.say("Mod", "/curate log", moderator=True))
    assert re.search(r"Meeting 1\.\W+presenter: a member", log), log


async def test_the_log_says_who_gave_a_meeting_back(club: Harness) -> None:
    await plan(club)
    shown = ""
    for name, line, moderator, logged in (
        ("Ada", "/club present 1 release", False, "Ada stepped down as the presenter of a meeting"),
        ("Mod", "/club present 1 release", True, "Mod removed the presenter of a meeting"),
        ("Ada", "/my data delete sure=yes", False, "The club lost the presenter of a meeting"),
    ):
        await club.say("Ada", "/club present 1")
        assert not (await club.say(name, line, moderator=moderator)).failed, line
        shown = words(await club.say("Mod", "/curate log", moderator=True))
        assert logged in shown, shown
    assert shown.count("stepped down") == 1, shown


async def test_papers_and_the_archive_remember_when_the_club_read_them(club: Harness) -> None:
    await plan(club, title="Reading & <b>more</b>")
    await submit_papers(club, "Ada", "1706.03762")
    await club.say("Mod", "/curate meeting edit 1 paper=1", moderator=True)
    assert "1, on 4 Dec 2025" in words(await club.say("Ada", "/paper show 1"))
    await club.say("Ada", "/club present 1")
    again = words(await club.say("Grace", "/paper submit 1706.03762"))
    assert "already on the list" in again
    assert "The club read it" not in again, "not yet"
    await club.say("Root", "/clubadmin settings public yes", admin=True)
    app = web_app({})
    app.add_routes(archive(club.app))
    async with serve(app) as address, ClientSession(address.url) as client:

        async def read(path: str) -> str:
            async with client.get(f"/clubs/{CLUB}{path}") as response:
                return await response.text()

        assert "has not met yet" in await read("/meetings")
        club.clock.at = club.clock.at.replace(day=5)
        assert "The club read it at a meeting: 1, on 4 Dec 2025" in words(
            await club.say("Grace", "/paper submit 1706.03762")
        )
        await club.say("Mod", '/club notes 1 "Eight heads <script> are enough"', moderator=True)
        await club.say("Mod", "/curate meeting record 1 slides=https://example.org/s", moderator=True)
        assert "Reading &amp; &lt;b&gt;more&lt;/b&gt;" in await read("/meetings")
        page = await read("/meetings/1")
        assert "Eight heads &lt;script&gt; are enough" in page
        assert 'href="https://example.org/s"' in page
        assert "Attention Is All You Need" in page
        assert "ada" not in page.lower().replace("metadata", ""), "nobody is named without their consent"
        assert "Eight heads" in await read("/meetings.atom")
        assert "Eight heads" in await read("/meetings.json")
        assert "There is no page at this address" in await read("/meetings/2")
        await club.say("Ada", "/my prefs web=yes")
        assert "Ada" in await read("/meetings/1")


async def test_an_edition_tells_what_the_club_read_since_the_last(club: Harness) -> None:
    await plan(club)
    await submit_papers(club, "Ada", "1706.03762", "2012.12877")
    await club.say("Mod", "/curate meeting edit 1 paper=1", moderator=True)
    club.clock.at = club.clock.at.replace(day=5)
    await club.say("Mod", '/club notes 1 "Eight heads are enough."', moderator=True)
    await club.say("Grace", "/paper vote 2")
    assert not (await club.say("Mod", "/edition draft", moderator=True)).failed
    shown = words(await club.say("Mod", "/edition preview markdown", moderator=True))
    assert "What we read on Thursday" in shown
    assert "Read on December 4, 2025. Eight heads are enough." in shown or "Read on 4 December 2025. Eight" in shown

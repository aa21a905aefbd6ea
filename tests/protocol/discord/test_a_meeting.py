"""A meeting on Discord with the real program: its event follows it, Discord is away at the reminder, notes follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.sources.recorded_arxiv import RecordedArxiv
from tests.protocol.discord.test_program import ADMIN, at_work, post, set_up, stopped
from tests.protocol.discord_server import DiscordServer, LocalGuild, Person
from tests.protocol.discord_server.permissions import CREATE_EVENTS, INVITED
from tests.protocol.program import DUE_LATER, stamp, write

OPEN_DM = "POST /users/@me/channels"


def planned(guild: LocalGuild) -> list[dict[str, Any]]:
    """Scheduled events of the server that are not canceled."""
    return [event for event in guild.state.scheduled_events.values() if event["status"] == 1]


def heard(discord: DiscordServer, person: Person) -> str:
    """All direct messages to somebody."""
    return "\n".join(message.text for message in discord.world.private_with(person.user).messages)


async def test_an_event_a_reminder_and_notes(tmp_path: Path, discord: DiscordServer) -> None:
    guild = discord.guild("ML Readers", permissions=INVITED | CREATE_EVENTS)
    papers, digest, moderators = guild.text("papers"), guild.text("digest"), guild.text("moderators")
    root, ada, ben = guild.member("Root", permissions=ADMIN | 1 << 13), guild.member("Ada"), guild.member("Ben")
    day, database = datetime.now(UTC) + timedelta(days=3), tmp_path / "journalclub.db"
    async with RecordedArxiv() as arxiv:
        async with at_work(tmp_path, discord, arxiv) as program:
            await set_up(root, papers, digest, moderators)
            await root.command("/clubadmin settings", papers, key="discord_events", value="yes")
            planning = await root.command("/curate meeting plan", papers, when=f"{day:%Y-%m-%d} 16:00", size=1)
            assert "is planned" in planning.text
            card = await post(discord, papers, "Meeting 1")
            assert "<t:" in card.text, "each reader sees the time in their own time zone"
            [event] = await discord.wait_for(lambda: planned(guild), 40, "an event")
            assert event["scheduled_start_time"].startswith(f"{day:%Y-%m-%d}")
            await ada.click(card, "I’m coming")
            assert "number 1 on the waiting list" in (await ben.click(card, "I’m coming")).text
            assert "You are now the presenter of meeting 1" in (await ada.click(card, "I’ll present")).text
            later = f"{day + timedelta(days=1):%Y-%m-%d}"
            await root.command("/curate meeting move", papers, meeting="1", to=f"{later} 17:00")
            await discord.wait_for(
                lambda: planned(guild)[0]["scheduled_start_time"].startswith(later), 40, "the event moved"
            )
            assert "You are not coming" in (await ada.command("/club rsvp", papers, answer="no")).text
            assert await stopped(program) == 0

        # -- somebody deletes the event by hand, and the hour before comes, while the program is down ------------------
        del guild.state.scheduled_events[int(event["id"])]
        start = datetime.now(UTC) + timedelta(minutes=50)
        write(database, "UPDATE meeting SET starts_at = ?", stamp(start))
        write(database, "UPDATE meeting_response SET at = strftime('%Y-%m-%d %H:%M:%f000', at, '-1 day')")
        write(database, "UPDATE task SET due_at = ?", stamp(datetime.now(UTC)))
        away = discord.faults.reset(OPEN_DM, applied=False, times=1_000)
        async with at_work(tmp_path, discord, arxiv) as program:
            [mended] = await discord.wait_for(lambda: planned(guild), 40, "the event created again")
            assert mended["id"] != event["id"]
            assert mended["scheduled_start_time"].startswith(f"{start:%Y-%m-%dT%H:%M}")
            await discord.wait_for(lambda: away.times < 999, 40, "attempts to send the reminders")
            assert "starts within" not in heard(discord, ben)
            assert await stopped(program) == 0

        # -- Discord is there again; nobody waits for the next attempt -------------------------------------------------
        discord.faults.clear()
        write(database, "UPDATE meeting_notice SET not_before = ?", stamp(datetime.now(UTC)))
        async with at_work(tmp_path, discord, arxiv) as program:
            await discord.wait_for(lambda: "starts within an hour" in heard(discord, ben), 40, "the reminder")
            await root.command("/curate meeting cancel", papers, meeting="1", reason="snow")
            await discord.wait_for(lambda: not planned(guild), 40, "the event canceled")
            assert "was canceled" in (await ada.command("/club rsvp", papers, answer="yes", meeting="1")).text
            await root.command("/curate meeting restore", papers, meeting="1")
            await discord.wait_for(lambda: len(planned(guild)) == 1, 40, "an event again")
            assert await stopped(program) == 0
        write(database, "UPDATE meeting SET starts_at = ?", stamp(datetime.now(UTC) - timedelta(hours=2)))
        async with at_work(tmp_path, discord, arxiv) as program:
            saved = await root.command("/club notes", papers, meeting="1", words="We agreed.")
            assert "are saved" in saved.text
            await discord.wait_for(lambda: "We agreed." in card.text, 40, "the notes on the card")
            assert heard(discord, ben).count("starts within an hour") == 1
            assert heard(discord, ben).count("A seat is free") == 1
            assert heard(discord, ada).count("starts within an hour") == 1, "she presents"
            assert await stopped(program) == 0
            assert "Traceback" not in program.text


async def test_in_a_forum_a_meeting_is_a_post_of_its_own(tmp_path: Path, discord: DiscordServer) -> None:
    guild = discord.guild("ML Readers")
    forum, digest, moderators = guild.forum("reading"), guild.text("digest"), guild.text("moderators")
    root, ada = guild.member("Root", permissions=ADMIN | 1 << 13), guild.member("Ada")
    day = datetime.now(UTC) + timedelta(days=3)
    async with RecordedArxiv() as arxiv, at_work(tmp_path, discord, arxiv) as program:
        await root.command(
            "/clubadmin setup", moderators, papers=forum, digest=digest, moderators=moderators, timezone="UTC"
        )
        await root.command("/clubadmin settings", moderators, key="digest_at", value=DUE_LATER)
        await root.command("/curate meeting plan", moderators, when=f"{day:%Y-%m-%d} 16:00")
        card = await post(discord, forum, "Meeting 1")
        [thread] = guild.threads(forum)
        assert "Meeting 1" in thread.name
        assert "You are now the presenter of meeting 1" in (await ada.click(card, "I’ll present")).text
        await discord.wait_for(lambda: "Ada" in card.text, 20, "the presenter on the card")
        asked = await ada.command("/club ask", digest, question="Why so deep?", meeting="1")
        assert "Why so deep?" in asked.text
        await root.command("/curate meeting cancel", moderators, meeting="1", reason="snow")
        await discord.wait_for(lambda: "snow" in card.text, 20, "the reason on the card")
        assert len(guild.threads(forum)) == 1
        assert await stopped(program) == 0
        assert "Traceback" not in program.text

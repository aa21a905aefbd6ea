"""Discord's scheduled events of meetings: created, moved and canceled with them, and mended if deleted by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.runtime.scheduler import Scheduler
from tests.protocol.discord.conftest import Bot
from tests.protocol.discord_server.permissions import CREATE_EVENTS, INVITED, MANAGE_GUILD, MANAGE_MESSAGES

CREATE = "POST /guilds/{guild_id}/scheduled-events"


def events(bot: Bot) -> list[dict[str, Any]]:
    """Scheduled events of the server that are not canceled."""
    return [event for event in bot.guild.state.scheduled_events.values() if event["status"] == 1]


async def tick(bot: Bot, scheduler: Scheduler, minutes: int = 11) -> None:
    bot.harness.clock.at += timedelta(minutes=minutes)
    await scheduler.tick()
    await bot.settle()


async def test_an_event_follows_its_meeting(bot: Bot) -> None:
    mod = bot.guild.member("Mod", permissions=MANAGE_MESSAGES)
    root = bot.guild.member("Root", permissions=MANAGE_GUILD)
    scheduler = Scheduler(bot.harness.app)
    await mod.command("/curate meeting plan", bot.papers, when="2025-12-04 16:00", title="@everyone *Transformers*")
    await tick(bot, scheduler)
    assert not [r for r in bot.discord.ledger.requests if r.route == CREATE], "the permission is needed only if used"

    await root.command("/clubadmin settings", bot.papers, key="discord_events", value="yes")
    moderators = bot.guild.text("mods")
    await bot.room(moderators, "moderators")
    await tick(bot, scheduler)
    await tick(bot, scheduler)
    assert events(bot) == []
    assert [m.text.count("Create Events") for m in moderators.messages if "is not shown as an event" in m.text] == [
        1
    ], "told once"

    checked = await root.command("/clubadmin doctor", bot.papers)
    await checked.until(lambda seen: "Meeting events" in seen.text)

    bot.guild.set_bot_rights(INVITED | CREATE_EVENTS)
    await bot.settle()
    bot.discord.faults.reset(CREATE, applied=True)
    await tick(bot, scheduler, 61)
    await tick(bot, scheduler)
    await tick(bot, scheduler)
    [event] = events(bot)
    assert event["scheduled_start_time"].startswith("2025-12-04T16:00")
    assert "Transformers" in event["name"]
    assert "@everyone" not in event["name"]
    assert "is not counted" in event["description"]

    await mod.command("/curate meeting move", bot.papers, meeting="1", to="2025-12-05 17:00")
    await tick(bot, scheduler, 1)
    [moved] = events(bot)
    assert moved["id"] == event["id"]
    assert moved["scheduled_start_time"].startswith("2025-12-05T17:00")

    del bot.guild.state.scheduled_events[int(event["id"])]
    await tick(bot, Scheduler(bot.harness.app))
    [mended] = events(bot)
    assert mended["id"] != event["id"]

    await mod.command("/curate meeting cancel", bot.papers, meeting="1")
    await tick(bot, scheduler, 1)
    assert events(bot) == []
    await mod.command("/curate meeting restore", bot.papers, meeting="1")
    await tick(bot, scheduler, 1)
    await tick(bot, scheduler)
    assert len(events(bot)) == 1

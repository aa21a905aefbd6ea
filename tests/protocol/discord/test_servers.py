"""Servers that let the bot in, throw it out, fail, and change its rights."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.models import Room, Workspace
from tests.protocol.discord.conftest import Bot, listening
from tests.protocol.discord_server import DiscordServer, Person
from tests.protocol.discord_server.permissions import MANAGE_GUILD, SEND_MESSAGES, VIEW_CHANNEL
from tests.protocol.discord_server.state import Guild
from tests.stand_ins import Harness


async def workspace(harness: Harness, guild: Guild) -> Workspace | None:
    async with harness.app.store.read_admin_session() as admin:
        return await admin.directory.workspace("discord", str(guild.id))


async def rooms(bot: Bot) -> dict[str, Room]:
    async with bot.harness.app.store.read(bot.club.id) as db:
        return {room.purpose: room for room in await db.rooms.all()}


async def eventually(discord: DiscordServer, look: Callable[[], Awaitable[object]]) -> None:
    """Look until it is so: what the bot writes down for itself, Discord cannot see."""
    async with asyncio.timeout(30):
        while not await look():
            await discord.settled()


async def absent(harness: Harness, guild: Guild) -> bool:
    """Whether the bot knows that it was thrown out."""
    found = await workspace(harness, guild)
    return found is not None and found.left_at is not None


async def present(harness: Harness, guild: Guild) -> bool:
    """Whether the bot knows that it is in."""
    found = await workspace(harness, guild)
    return found is not None and found.left_at is None


def owner_heard(discord: DiscordServer, guild: Guild) -> list[str]:
    private = discord.world.private_with(discord.world.users[guild.owner_id])
    return [message.text for message in private.messages]


async def test_a_server_that_lets_the_bot_in_has_a_club_and_its_owner_is_greeted_once(bot: Bot) -> None:
    guild = bot.discord.guild("Vision Group", invited=False)
    guild.invite_bot()
    await bot.discord.wait_for(lambda: owner_heard(bot.discord, guild.state), 10, "a greeting")
    found = await workspace(bot.harness, guild.state)
    assert found is not None
    assert found.name == "Vision Group"
    assert len(owner_heard(bot.discord, guild.state)) == 1
    assert "/clubadmin setup" in owner_heard(bot.discord, guild.state)[0]
    guild.kick_bot()
    await eventually(bot.discord, lambda: absent(bot.harness, guild.state))
    guild.invite_bot()
    await bot.discord.wait_for(lambda: len(owner_heard(bot.discord, guild.state)) == 2, 10, "word of the return")
    assert "I am in your server Vision Group again" in owner_heard(bot.discord, guild.state)[1]


async def test_an_owner_who_takes_no_messages_is_left_in_peace(bot: Bot) -> None:
    guild = bot.discord.guild("Quiet Group", invited=False)
    bot.discord.world.users[guild.state.owner_id].private_closed = True
    guild.invite_bot()
    await eventually(bot.discord, lambda: present(bot.harness, guild.state))
    assert owner_heard(bot.discord, guild.state) == []


async def test_the_bot_thrown_out_keeps_the_club_and_goes_on_when_let_in_again(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    bot.guild.kick_bot()
    await eventually(bot.discord, lambda: absent(bot.harness, bot.guild.state))
    bot.guild.invite_bot()
    await eventually(bot.discord, lambda: present(bot.harness, bot.guild.state))
    assert "Attention" in (await ada.command("/paper show", bot.papers, paper="1")).text


async def test_thrown_out_while_it_was_not_running_is_noticed_at_the_start(
    discord: DiscordServer, harness: Harness
) -> None:
    guild = discord.guild("ML Readers")
    async with listening(harness, discord):
        await eventually(discord, lambda: present(harness, guild.state))
    guild.kick_bot()
    async with listening(harness, discord):
        await eventually(discord, lambda: absent(harness, guild.state))
        found = await workspace(harness, guild.state)
        assert found is not None
        assert found.left_why == "removed while the program was not running"


async def test_a_right_that_is_taken_away_is_noticed_and_reported_until_it_is_back(bot: Bot) -> None:
    moderators = bot.guild.text("moderators")
    await bot.room(moderators, "moderators")
    bot.guild.deny_bot(bot.papers, SEND_MESSAGES)
    await bot.settle()
    assert "“Send Messages”" in (await rooms(bot))["papers"].trouble
    assert moderators.last is not None
    assert f"I can no longer use <#{bot.papers.id}> for “Papers”" in moderators.last.text
    assert "Send Messages" in owner_heard(bot.discord, bot.guild.state)[-1]
    bot.guild.deny_bot(bot.papers, VIEW_CHANNEL)
    await bot.settle()
    trouble = (await rooms(bot))["papers"].trouble
    assert "“View Channel”" in trouble
    assert "Send Messages" not in trouble, "it depends on the other"
    bot.guild.allow_bot(bot.papers, SEND_MESSAGES)
    await bot.settle()
    assert (await rooms(bot))["papers"].trouble == ""


async def test_the_rights_of_our_role_are_watched_too(bot: Bot) -> None:
    bot.guild.state.roles[bot.guild.id].permissions = 0
    bot.discord.events.role("GUILD_ROLE_UPDATE", bot.guild.state, bot.guild.id)
    bot.guild.set_bot_rights(0)
    await bot.settle()
    assert "lacks" in (await rooms(bot))["papers"].trouble


async def test_a_channel_that_is_deleted_is_noticed(bot: Bot) -> None:
    moderators = bot.guild.text("moderators")
    await bot.room(moderators, "moderators")
    ada = bot.guild.member("Ada")
    await bot.card(ada)
    for room in (bot.papers, moderators):
        bot.guild.delete(room)
    await bot.settle()
    assert "deleted" in (await rooms(bot))["papers"].trouble
    reported = await ada.command("/paper report", bot.guild.text("lobby"), what="off-topic", paper="1", note="not ours")
    assert "find it in their queue" in reported.text, "they have no channel at present"


async def test_channels_are_called_what_they_are_called(bot: Bot) -> None:
    assert (await rooms(bot))["papers"].name == "papers"


async def test_an_outage_of_a_server_passes(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    bot.guild.fail()
    await bot.discord.settled()
    bot.guild.recover()
    await bot.discord.settled()
    found = await workspace(bot.harness, bot.guild.state)
    assert found is not None
    assert found.left_at is None
    assert "Attention" in (await ada.command("/paper show", bot.papers, paper="1")).text


async def test_a_discussion_whose_thread_was_deleted_can_be_opened_again(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    await ada.click(card, "Discuss")
    (thread,) = bot.guild.threads(bot.papers)
    bot.guild.delete(thread)
    await bot.discord.settled()
    await ada.click(card, "Discuss")
    (other,) = bot.guild.threads(bot.papers)
    assert other is not thread


async def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(bot: Bot) -> None:
    admin = bot.guild.member("Grace", permissions=1 << 5)
    seen = await admin.command("/clubadmin doctor", bot.papers)
    await seen.until(lambda s: "No problems" in s.text)
    assert "connected as journal" in seen.text
    assert "are registered" in seen.text
    assert "a text channel I can use" in seen.text
    bot.guild.deny_bot(bot.papers, SEND_MESSAGES)
    seen = await admin.command("/clubadmin doctor", bot.papers)
    await seen.until(lambda s: "No problems" in s.text)
    assert "my role lacks “Send Messages” there" in seen.text


async def test_a_role_that_moderates_is_told_where_its_commands_are_and_can_be_removed_when_it_is_deleted(
    bot: Bot,
) -> None:
    root = bot.guild.member("Root", permissions=MANAGE_GUILD)
    role = bot.guild.role("Curators")
    given = await root.command("/clubadmin roles", bot.papers, role="moderator", who=role)
    assert "Integrations you can show them to others" in given.text
    bot.guild.delete_role(role)
    await bot.settle()
    listed = await root.command("/clubadmin roles", bot.papers)
    assert "Curators" in listed.text
    assert "no longer a moderator" in (await root.click(listed, "Remove Curators")).text
    assert "Curators" not in (await root.command("/clubadmin roles", bot.papers)).text

"""Commands and buttons in direct messages with the bot: of the only club, or of the one that was chosen."""

from __future__ import annotations

from tests.protocol.discord.conftest import Bot
from tests.protocol.discord.test_servers import absent, eventually, owner_heard, present
from tests.protocol.discord_server import Person
from tests.protocol.discord_server.permissions import SEND_MESSAGES


async def test_commands_work_in_direct_messages(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    assert "Attention Is All You Need" in (await ada.command("/paper top", ada.private)).text
    opened = (await ada.command("/paper discuss", ada.private)).form
    assert "The discussion" in (await ada.submit_modal(opened, {"Paper": "1"})).text
    typed = await ada.autocomplete("/paper vote", ada.private, paper="atten")
    assert [choice.name for choice in typed.choices] == ["#1 Attention Is All You Need"]


async def test_somebody_in_no_club_is_told_where_to_begin(bot: Bot) -> None:
    stranger = bot.guild.member("Stranger")
    assert "You are not in a club yet" in (await stranger.command("/paper top", stranger.private)).text


async def test_with_several_clubs_the_bot_asks_and_remembers(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    other = bot.discord.guild("Vision Group")
    await eventually(bot.discord, lambda: present(bot.harness, other.state))
    room = other.text("papers")
    await other.join(ada).command("/paper submit", room, link="2010.11929", why="patches are words")
    await bot.settle()

    asked = await ada.command("/paper top", ada.private)
    assert "Which club do you mean?" in asked.text
    assert "Vision Group" in (await ada.click(asked, "Vision Group")).text
    shown = (await ada.command("/paper top", ada.private)).text
    assert "An Image is Worth 16x16 Words" in shown
    assert "Attention" not in shown
    mine = await ada.command("/my club", ada.private)
    assert "✓ Vision Group" in mine.text


async def test_who_chose_a_language_is_asked_for_the_club_in_it(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    other = bot.discord.guild("Vision Group")
    await eventually(bot.discord, lambda: present(bot.harness, other.state))
    there = other.join(ada)
    await there.command("/paper submit", other.text("papers"), link="2010.11929", why="patches are words")
    await ada.command("/my prefs", bot.papers, language="german")
    asked = await ada.command("/paper top", ada.private)
    assert "Welchen Club meinst du?" in asked.text
    await ada.click(asked, "Vision Group")
    other.kick_bot()
    await bot.settle()
    assert "Vision Group ist hier nicht" in (await ada.command("/paper top", ada.private)).text


async def test_a_club_answers_nobody_who_has_left_its_server_but_for_their_own_data(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    form = (await ada.command("/paper show", ada.private)).form
    listed = await ada.command("/paper top", ada.private)
    bot.guild.remove(ada)
    for seen in (
        await ada.command("/paper top", ada.private),
        await ada.command("/paper submit", ada.private, link="2010.11929"),
        await ada.click(listed, "Open"),
        await ada.submit_modal(form, {"Paper": "1"}),
    ):
        assert "ML Readers is not available here" in seen.text
        assert "Attention" not in seen.text
    shown = await ada.command("/my data", ada.private)
    assert "papers you submitted: 1" in shown.text
    deleted = await ada.click(await ada.click(shown, "Delete it…"), "Delete all of it")
    assert "Deleted" in deleted.text or "deleted" in deleted.text


async def test_where_the_chosen_club_is_gone_none_takes_its_place_unasked(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    other = bot.discord.guild("Vision Group")
    await eventually(bot.discord, lambda: present(bot.harness, other.state))
    there = other.join(ada)
    await there.command("/paper submit", other.text("papers"), link="2010.11929", why="patches are words")
    await ada.click(await ada.command("/paper top", ada.private), "Vision Group")

    other.kick_bot()
    await eventually(bot.discord, lambda: absent(bot.harness, other.state))
    asked = await ada.command("/paper vote", ada.private, paper="1")
    assert "Vision Group is not available here" in asked.text
    assert asked.buttons == ["ML Readers"]
    other.invite_bot()
    await eventually(bot.discord, lambda: present(bot.harness, other.state))
    assert "An Image is Worth 16x16 Words" in (await ada.command("/paper top", ada.private)).text

    other.remove(ada)
    asked = await ada.command("/paper vote", ada.private, paper="1")
    assert "Vision Group is not available here" in asked.text
    await ada.click(asked, "ML Readers")
    assert "Attention" in (await ada.command("/paper top", ada.private)).text


async def test_the_greeting_has_the_first_steps_as_buttons(bot: Bot) -> None:
    guild = bot.discord.guild("Vision Group", invited=False)
    guild.invite_bot()
    await bot.discord.wait_for(lambda: owner_heard(bot.discord, guild.state), 10, "a greeting")
    owner = guild.owner
    greeting = owner.private.messages[-1]
    wizard = await owner.click(greeting, "Set up the club")
    assert "Setting up Vision Group" in wizard.text
    assert "Papers here" not in wizard.text, "a direct message is no channel of the club"
    papers = guild.text("papers")
    form = (await owner.click(wizard, "Fill in a form")).form
    assert "#papers" in form.find("Channel for papers").options
    assert (
        f"✓ Papers:** Discord <#{papers.id}>"
        in (await owner.submit_modal(form, {"Channel for papers": ["#papers"]})).text
    )


async def test_an_owner_without_direct_messages_is_greeted_in_the_server(bot: Bot) -> None:
    guild = bot.discord.guild("Quiet Group", invited=False)
    lobby = guild.text("lobby")
    guild.state.system_channel_id = lobby.id
    bot.discord.world.users[guild.state.owner_id].private_closed = True
    guild.invite_bot()
    await bot.discord.wait_for(lambda: [m for m in lobby.messages if "/clubadmin setup" in m.text], 10, "a greeting")
    await bot.discord.settled()
    assert len(lobby.messages) == 1


async def test_a_server_without_a_channel_for_notices_is_greeted_where_the_bot_may_write(bot: Bot) -> None:
    guild = bot.discord.guild("Quiet Group", invited=False)
    closed, lobby, second = map(guild.text, ("announcements", "lobby", "papers"))
    guild.deny_bot(closed, SEND_MESSAGES)
    bot.discord.world.users[guild.state.owner_id].private_closed = True
    guild.invite_bot()
    await bot.discord.wait_for(lambda: [m for m in lobby.messages if "/clubadmin setup" in m.text], 10, "a greeting")
    await bot.discord.settled()
    assert [len(room.messages) for room in (closed, lobby, second)] == [0, 1, 0]


async def test_where_nobody_takes_direct_messages_the_server_hears_that_the_bot_is_back(bot: Bot) -> None:
    closed, lobby = map(bot.guild.text, ("announcements", "lobby"))
    for room in (bot.papers, closed):
        bot.guild.deny_bot(room, SEND_MESSAGES)
    bot.discord.world.users[bot.guild.state.owner_id].private_closed = True
    bot.guild.kick_bot()
    await bot.discord.settled()
    bot.guild.invite_bot()
    await bot.discord.wait_for(lambda: [m for m in lobby.messages if "I am back" in m.text], 10, "word of the return")
    await bot.discord.settled()
    assert len(lobby.messages) == 1

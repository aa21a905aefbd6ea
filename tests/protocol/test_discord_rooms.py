"""Rooms of the local Discord, used by real discord.py: threads, forums, news, private messages, rights."""

from __future__ import annotations

import discord as library
import pytest

from tests.protocol.discord_reader import Reader, paper_card
from tests.protocol.discord_server import ActionUnavailable, DiscordServer, LocalGuild, Person
from tests.protocol.discord_server.permissions import (
    ADMINISTRATOR,
    CREATE_PUBLIC_THREADS,
    EMBED_LINKS,
    MANAGE_CHANNELS,
    MANAGE_ROLES,
    MANAGE_THREADS,
    PIN_MESSAGES,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
)
from tests.protocol.discord_server.state import Channel, Overwrite, Thread


def room(bot: library.Client, channel: Channel) -> library.TextChannel:
    found = bot.get_channel(channel.id)
    assert isinstance(found, library.TextChannel)
    return found


async def test_threads_open_on_messages_once_and_come_back_from_the_archive(
    bot: Reader, guild: LocalGuild, ada: Person, papers: Channel
) -> None:
    message = await room(bot, papers).send(view=paper_card("x", 0))
    opened = await message.create_thread(name="x", auto_archive_duration=1440)
    (thread,) = guild.threads(papers)
    assert opened.id == thread.id == message.id
    with pytest.raises(library.HTTPException) as again:
        await message.create_thread(name="x")
    assert again.value.code == 160004
    ada.say(thread, "a reply")
    fetched = await bot.fetch_channel(thread.id)
    assert isinstance(fetched, library.Thread)
    assert fetched.message_count == 1
    guild.archive(thread)
    archived = [one.id async for one in room(bot, papers).archived_threads(limit=10)]
    assert archived == [thread.id]
    await opened.send("back again")
    assert not thread.archived
    guild.archive(thread, locked=True)
    with pytest.raises(library.HTTPException) as closed:
        await opened.send("too late")
    assert closed.value.code == 50083


async def test_archiving_and_locking_a_thread_needs_rights(bot: Reader, guild: LocalGuild, papers: Channel) -> None:
    opened = await room(bot, papers).create_thread(
        name="free", type=library.ChannelType.public_thread, auto_archive_duration=60
    )
    await opened.join()
    await opened.edit(archived=True)
    (thread,) = guild.threads(papers)
    assert thread.archived
    await opened.edit(archived=False)
    with pytest.raises(library.Forbidden):
        await opened.edit(locked=True)
    guild.allow_bot(papers, MANAGE_THREADS)
    await opened.edit(archived=True, locked=True)
    assert thread.locked
    assert [message.type for message in papers.messages] == [18], "the channel tells of a thread"


async def test_a_forum_takes_posts_with_its_own_tags(bot: Reader, guild: LocalGuild, discord: DiscordServer) -> None:
    forum = guild.forum("papers-forum", tags=["theory", "vision"])
    await discord.settled()
    channel = bot.get_channel(forum.id)
    assert isinstance(channel, library.ForumChannel)
    tag = next(tag for tag in channel.available_tags if tag.name == "vision")
    made = await channel.create_thread(name="a paper", view=paper_card("a paper", 0), applied_tags=[tag])
    (post,) = guild.threads(forum)
    assert made.thread.id == made.message.id == post.id
    assert [forum.tags[tag_id] for tag_id in post.applied_tags] == ["vision"]
    assert post.message_count == 0
    assert [one.id for one in await channel.guild.active_threads()] == [post.id]


async def test_announcements_are_published_once(bot: Reader, guild: LocalGuild, discord: DiscordServer) -> None:
    news = guild.news("digest")
    await discord.settled()
    message = await room(bot, news).send("the edition")
    await message.publish()
    assert news.last.flags & 1
    with pytest.raises(library.HTTPException) as again:
        await message.publish()
    assert again.value.code == 40033


async def test_pins_need_their_own_right(bot: Reader, guild: LocalGuild, papers: Channel) -> None:
    message = await room(bot, papers).send("keep this")
    with pytest.raises(library.Forbidden):
        await message.pin()
    guild.allow_bot(papers, PIN_MESSAGES)
    await message.pin()
    pins = [pin.id async for pin in room(bot, papers).pins()]
    assert pins == [message.id]
    await message.unpin()
    assert papers.last.pinned_at is None


async def test_direct_messages_reach_whoever_takes_them(bot: Reader, ada: Person) -> None:
    user = await bot.fetch_user(ada.id)
    await user.send("hello Ada")
    assert ada.private.last.text == "hello Ada"
    assert "0 votes" in (await ada.command("/paper submit", ada.private, link="x")).text
    ada.close_private()
    with pytest.raises(library.Forbidden) as closed:
        await user.send("hello again")
    assert closed.value.code == 50007


@pytest.mark.parametrize(
    ("right", "code"),
    [(VIEW_CHANNEL, 50001), (SEND_MESSAGES, 50013), (EMBED_LINKS, 50013)],
)
async def test_rights_are_asked_for_per_channel(
    bot: Reader, guild: LocalGuild, papers: Channel, right: int, code: int
) -> None:
    guild.deny_bot(papers, right)
    with pytest.raises(library.Forbidden) as refused:
        await room(bot, papers).send("hello", embed=library.Embed(title="hello"))
    assert refused.value.code == code
    guild.deny_bot(guild.text("elsewhere"), CREATE_PUBLIC_THREADS)
    guild.allow_bot(papers)
    message = await room(bot, papers).send("hello")
    guild.deny_bot(papers, CREATE_PUBLIC_THREADS)
    with pytest.raises(library.Forbidden):
        await message.create_thread(name="no")


async def test_what_happens_to_a_guild_is_heard(
    discord: DiscordServer, bot: Reader, guild: LocalGuild, ada: Person, papers: Channel
) -> None:
    guild.rename("Readers")
    guild.delete(papers)
    guild.delete_role()
    guild.fail()
    guild.recover()
    guild.kick_bot()
    await discord.settled()
    assert bot.heard.count("GUILD_DELETE") == 2
    assert "GUILD_UPDATE" in bot.heard
    assert "CHANNEL_DELETE" in bot.heard
    assert "GUILD_ROLE_DELETE" in bot.heard
    with pytest.raises(ActionUnavailable, match="not to be reached"):
        await ada.command("/paper submit", guild.text("other"), link="x")
    with pytest.raises(library.Forbidden):
        await bot.fetch_guild(guild.id)


async def test_the_bot_looks_around(bot: Reader, guild: LocalGuild, ada: Person) -> None:
    found = await bot.fetch_guild(guild.id)
    assert found.name == "ML Readers"
    assert (await found.fetch_member(ada.id)).display_name == "Ada"
    assert [channel.name for channel in await found.fetch_channels()] == ["papers"]
    assert "Journal Club" in [role.name for role in await found.fetch_roles()]
    assert [one.id async for one in bot.fetch_guilds()] == [guild.id]
    with pytest.raises(library.NotFound):
        await found.fetch_member(1)
    app = await bot.application_info()
    assert app.id == bot.application_id


async def test_a_channel_is_made_where_the_bot_may(bot: Reader, guild: LocalGuild, discord: DiscordServer) -> None:
    mine = bot.get_guild(guild.id)
    assert mine is not None
    with pytest.raises(library.Forbidden):
        await mine.create_text_channel("papers")
    guild.set_bot_rights((1 << 4) | VIEW_CHANNEL)
    made = await mine.create_text_channel("papers-2")
    await made.edit(topic="new papers")
    assert guild.state.channels[made.id].topic == "new papers"
    await made.delete()
    assert made.id not in guild.state.channels
    assert not isinstance(guild.state.channels.get(made.id), Thread)


async def test_a_thread_is_joined_and_left(bot: Reader, guild: LocalGuild, ada: Person, papers: Channel) -> None:
    made = await (await room(bot, papers).send("x")).create_thread(name="x")
    (thread,) = guild.threads(papers)
    await made.add_user(library.Object(ada.id))
    await made.leave()
    assert list(thread.members) == [ada.id]
    await made.join()
    guild.archive(thread)
    for refused in (made.join, made.edit):
        with pytest.raises(library.HTTPException) as closed:
            await (refused(name="y") if refused == made.edit else made.join())
        assert closed.value.code == 50083
    guild.deny_bot(papers, SEND_MESSAGES_IN_THREADS)
    guild.state.threads[thread.id].archived = False
    with pytest.raises(library.Forbidden):
        await made.send("x")
    guild.allow_bot(papers, MANAGE_THREADS)
    await made.delete()
    assert guild.threads() == []


async def test_archived_threads_come_in_pages(bot: Reader, guild: LocalGuild, papers: Channel) -> None:
    for number in range(3):
        await (await room(bot, papers).send(f"{number}")).create_thread(name=f"{number}")
    for thread in guild.threads(papers):
        guild.archive(thread)
    newest_first = [one.name async for one in room(bot, papers).archived_threads(limit=None)]
    assert newest_first == ["2", "1", "0"]
    middle = guild.threads(papers)[1].archived_at
    older = [one.name async for one in room(bot, papers).archived_threads(before=middle)]
    assert older == ["0"]


async def test_what_cannot_be_done_in_a_forum(bot: Reader, guild: LocalGuild, discord: DiscordServer) -> None:
    forum = guild.forum("forum", tags=["theory"])
    await discord.settled()
    with pytest.raises(library.HTTPException) as refused:
        await bot.get_partial_messageable(forum.id).send("hello")
    assert refused.value.code == 50008
    guild.deny_bot(forum, SEND_MESSAGES)
    channel = bot.get_channel(forum.id)
    assert isinstance(channel, library.ForumChannel)
    with pytest.raises(library.Forbidden):
        await channel.create_thread(name="x", content="x")
    guild.deny_bot(forum, EMBED_LINKS)
    with pytest.raises(library.Forbidden):
        await channel.create_thread(name="x", embed=library.Embed(title="x"))
    guild.allow_bot(forum, MANAGE_CHANNELS)
    await channel.create_tag(name="vision")
    assert list(forum.tags.values()) == ["theory", "vision"]


async def test_roles_weigh_in_before_the_member_does(bot: Reader, guild: LocalGuild, papers: Channel) -> None:
    everyone = guild.state.roles[guild.id]
    papers.overwrites[everyone.id] = Overwrite(everyone.id, 0, deny=SEND_MESSAGES)
    with pytest.raises(library.Forbidden):
        await room(bot, papers).send("x")
    guild.allow_bot(papers, SEND_MESSAGES)
    await room(bot, papers).send("x")
    guild.set_bot_rights(ADMINISTRATOR)
    guild.deny_bot(papers, SEND_MESSAGES)
    await room(bot, papers).send("an administrator may always")
    assert len(papers.messages) == 2


async def test_a_channel_is_made_private(bot: Reader, guild: LocalGuild, ada: Person) -> None:
    guild.set_bot_rights(MANAGE_CHANNELS | MANAGE_ROLES | VIEW_CHANNEL)
    mine = bot.get_guild(guild.id)
    assert mine is not None
    hidden = library.PermissionOverwrite(view_channel=False)
    made = await mine.create_text_channel("secret", overwrites={mine.default_role: hidden})
    with pytest.raises(ActionUnavailable, match="does not see 'secret'"):
        await ada.command("/paper submit", guild.state.channels[made.id], link="x")
    assert (await mine.create_role(name="readers")).name == "readers"
    guild.set_bot_rights(0)
    with pytest.raises(library.Forbidden):
        await mine.create_role(name="more readers")


async def test_the_bot_leaves(bot: Reader, guild: LocalGuild, papers: Channel) -> None:
    mine = bot.get_guild(guild.id)
    assert mine is not None
    await mine.leave()
    with pytest.raises(library.Forbidden) as gone:
        await bot.get_partial_messageable(papers.id).send("x")
    assert gone.value.code == 50001


async def test_history_is_empty_without_the_right_to_read_it(bot: Reader, guild: LocalGuild, papers: Channel) -> None:
    message = await room(bot, papers).send("x")
    guild.deny_bot(papers, READ_MESSAGE_HISTORY)
    assert [one async for one in room(bot, papers).history()] == []
    with pytest.raises(library.Forbidden):
        await room(bot, papers).fetch_message(message.id)


async def test_a_reply_names_a_message_that_is_there(bot: Reader, papers: Channel, ada: Person) -> None:
    said = ada.say(papers, "hello")
    there = await room(bot, papers).fetch_message(said.id)
    await there.reply("hello Ada", mention_author=False)
    assert papers.last.reference == {"type": 0, "message_id": str(said.id), "channel_id": str(papers.id)}
    said.deleted_at = said.sent_at
    with pytest.raises(library.HTTPException) as gone:
        await there.reply("still there?", mention_author=False)
    assert gone.value.code == 50035

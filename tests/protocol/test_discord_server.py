"""The local Discord, spoken to by real discord.py: people do things, and both sides agree on what happened."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import discord as library
import pytest

from tests.protocol.discord_reader import Reader, paper_card
from tests.protocol.discord_server import DiscordServer, FormRefused, LocalGuild, NotOffered, Person
from tests.protocol.discord_server.client import running
from tests.protocol.discord_server.permissions import (
    CREATE_PUBLIC_THREADS,
    EMBED_LINKS,
    MANAGE_GUILD,
    MANAGE_THREADS,
    PIN_MESSAGES,
    SEND_MESSAGES,
    VIEW_CHANNEL,
)
from tests.protocol.discord_server.state import Channel, Thread


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    """A Discord that also holds its own answers to the official document."""
    async with DiscordServer(check_answers=True) as server:
        yield server
        assert [str(breach) for breach in server.breaches] == []
        assert server.own_faults == []


@pytest.fixture
def guild(discord: DiscordServer) -> LocalGuild:
    return discord.guild("ML Readers")


@pytest.fixture
def papers(guild: LocalGuild) -> Channel:
    return guild.text("papers")


@pytest.fixture
def ada(guild: LocalGuild, papers: Channel) -> Person:
    return guild.member("Ada")


@pytest.fixture
async def bot(discord: DiscordServer, ada: Person) -> AsyncIterator[Reader]:
    async with running(Reader(), discord) as reader:
        yield reader


def room(bot: library.Client, channel: Channel) -> library.TextChannel:
    found = bot.get_channel(channel.id)
    assert isinstance(found, library.TextChannel)
    return found


async def test_a_slash_command_is_deferred_and_then_answered(bot: Reader, ada: Person, papers: Channel) -> None:
    seen = await ada.command("/paper submit", papers, link="1706.03762", stars=5)
    assert seen.text == "## 1706.03762 *****\n0 votes"
    assert seen.buttons == ["Vote"]
    assert [version.text for version in seen.history] == ["", seen.text], "first it was thinking"
    assert papers.last is seen.message
    assert seen.seconds_to_answer is not None
    assert seen.seconds_to_answer < 3


async def test_only_its_person_sees_an_ephemeral_answer(
    bot: Reader, guild: LocalGuild, ada: Person, papers: Channel
) -> None:
    bob = guild.member("Bob")
    seen = await ada.command("/paper submit", papers, link="x", private=True)
    assert seen.ephemeral
    assert papers.messages == []
    with pytest.raises(NotOffered, match="Bob does not see"):
        await bob.click(seen, "Vote")
    assert "1 votes" in (await ada.click(seen, "Vote")).text


@pytest.mark.parametrize(
    ("line", "options", "why"),
    [
        ("/paper", {}, "needs one of"),
        ("/paper burn", {}, "no subcommand"),
        ("/papers", {}, "no command"),
        ("/paper submit", {}, "'link' is required"),
        ("/paper submit", {"link": "x", "stars": 6}, "'stars' does not take 6"),
        ("/paper submit", {"link": 7}, "'link' does not take 7"),
        ("/paper submit", {"link": "x", "colour": "red"}, "no option"),
    ],
)
async def test_what_discord_would_not_offer_cannot_be_typed(
    bot: Reader, ada: Person, papers: Channel, line: str, options: dict[str, object], why: str
) -> None:
    with pytest.raises(NotOffered, match=why):
        await ada.command(line, papers, **options)  # type: ignore[arg-type]  # values of every kind on purpose


async def test_suggestions_come_while_typing(bot: Reader, ada: Person, papers: Channel) -> None:
    seen = await ada.autocomplete("/paper submit", papers, link="atten")
    assert [(choice.name, choice.value) for choice in seen.choices] == [("Attention (atten)", "1706.03762")]
    with pytest.raises(NotOffered, match="does not complete"):
        await ada.autocomplete("/paper submit", papers, stars="2")


async def test_a_button_works_after_the_bot_was_restarted(discord: DiscordServer, ada: Person, papers: Channel) -> None:
    async with running(Reader(), discord):
        seen = await ada.command("/paper submit", papers, link="x")
    async with running(Reader(), discord):
        again = await ada.click(seen, "Vote")
        assert again.message is seen.message
        assert "voted\n1 votes" in again.text
        assert "2 votes" in (await ada.click(papers.last, "vote:1")).text
    with pytest.raises(NotOffered, match="no button 'Veto'"):
        await ada.click(seen, "Veto")


async def test_a_menu_takes_as_many_values_as_it_says(bot: Reader, ada: Person, papers: Channel) -> None:
    await ada.command("/paper submit", papers, link="x")
    assert "theory, language" in (await ada.select(papers.last, "topics", ["Theory", "language"])).text
    with pytest.raises(NotOffered, match="takes 1 to 2"):
        await ada.select(papers.last, "topics", ["Theory", "Language", "Vision"])
    with pytest.raises(NotOffered, match="no option"):
        await ada.select(papers.last, "topics", ["Cooking"])


async def test_a_form_opens_prefilled_and_is_sent(bot: Reader, ada: Person, papers: Channel) -> None:
    seen = await ada.command("/paper form", papers, typed="it is old")
    assert seen.form.title == "Why this paper?"
    assert seen.form.labels == ["Why", "Level"]
    assert seen.form.prefilled == {"Why": "it is old", "Level": None}
    answer = await ada.submit_modal(seen, {"Level": "Hard"})
    assert answer.text == "it is old / hard"
    assert answer.ephemeral


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"Level": "Hard"}, "'Why' is required"),
        ({"Why": "x" * 21, "Level": "Hard"}, "0 to 20 characters"),
        ({"Why": "x", "Level": "Brutal"}, "no option"),
        ({"Why": "x", "Mood": "good"}, "no field 'Mood'"),
    ],
)
async def test_a_form_that_is_filled_in_wrongly_is_not_sent(
    bot: Reader, ada: Person, papers: Channel, values: dict[str, str], why: str
) -> None:
    seen = await ada.command("/paper form", papers)
    with pytest.raises(FormRefused, match=why):
        await ada.submit_modal(seen, dict(values))


async def test_an_answer_and_what_follows_it(bot: Reader, guild: LocalGuild, ada: Person, papers: Channel) -> None:
    bob = guild.member("Bob")
    seen = await ada.command("/paper twice", papers, reader=bob, room=papers, wait="ack")
    await seen.until(lambda s: "second" in s.text)
    assert seen.message.text == "Bob in papers"
    assert [version.text for version in seen.latest.history] == ["first", "second"]
    assert seen.latest.ephemeral


async def test_an_action_on_a_message(bot: Reader, ada: Person, papers: Channel) -> None:
    said = ada.say(papers, "attention is all you need")
    seen = await ada.context("Quote me", said)
    assert seen.text == "> attention is all you need"


async def test_silence_is_a_failure_after_three_seconds(
    discord: DiscordServer, bot: Reader, ada: Person, papers: Channel
) -> None:
    seen = await ada.command("/paper mute", papers, wait="nothing")
    discord.advance(seconds=2.9)
    looks = [seen.failed]
    discord.advance(seconds=0.2)
    assert [*looks, seen.failed] == [False, True]
    assert seen.text == "The application did not respond"


async def test_thinking_without_end_is_noticed(ada: Person, papers: Channel, discord: DiscordServer) -> None:
    discord.patience = 0.05
    async with running(Reader(), discord):
        with pytest.raises(TimeoutError, match="end of the thinking for Ada"):
            await ada.command("/paper late", papers)
        assert (await ada.command("/paper late", papers, wait="ack")).thinking


async def test_a_nonce_makes_a_second_post_the_first(bot: Reader, papers: Channel, discord: DiscordServer) -> None:
    first = await room(bot, papers).send("once", nonce="jc1")
    second = await room(bot, papers).send("once", nonce="jc1")
    assert first.id == second.id
    assert len(papers.messages) == 1
    discord.advance(minutes=6)
    assert (await room(bot, papers).send("once", nonce="jc1")).id != first.id


async def test_messages_are_edited_read_and_deleted(bot: Reader, papers: Channel) -> None:
    channel = room(bot, papers)
    sent = [await channel.send(f"message {number}") for number in range(5)]
    await sent[0].edit(content="changed")
    assert [version.text for version in papers.messages[0].history] == ["message 0", "changed"]
    after = [m.content async for m in channel.history(after=sent[1], limit=2, oldest_first=True)]
    assert after == ["message 2", "message 3"]
    before = [m.content async for m in channel.history(before=sent[2], limit=10)]
    assert before == ["message 1", "changed"]
    around = [m.content async for m in channel.history(around=sent[2], limit=3)]
    assert sorted(around) == ["message 1", "message 2", "message 3"]
    assert (await channel.fetch_message(sent[0].id)).content == "changed"
    await sent[4].delete()
    with pytest.raises(library.NotFound):
        await channel.fetch_message(sent[4].id)


async def test_a_card_posted_in_a_channel_can_carry_a_chart(bot: Reader, papers: Channel) -> None:
    view = library.ui.LayoutView()
    gallery: library.ui.MediaGallery[library.ui.LayoutView] = library.ui.MediaGallery()
    gallery.add_item(media="attachment://chart.png", description="votes by week")
    view.add_item(gallery)
    chart = library.File(io.BytesIO(b"png"), "chart.png", description="votes by week")
    await room(bot, papers).send(view=view, file=chart)
    (file,) = papers.last.attachments
    assert (file.filename, file.content, file.description) == ("chart.png", b"png", "votes by week")


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
    assert (await bot.fetch_channel(thread.id)).message_count == 1  # type: ignore[union-attr]
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


async def test_commands_for_moderators_are_hidden_from_others(discord: DiscordServer, guild: LocalGuild) -> None:
    papers, ada, eve = guild.text("papers"), guild.member("Ada"), guild.member("Eve", permissions=MANAGE_GUILD)
    reader = Reader()

    @reader.tree.command(name="admin", description="For moderators.")
    @library.app_commands.default_permissions(manage_guild=True)
    async def admin(interaction: library.Interaction[Reader]) -> None:
        await interaction.response.send_message("at your service")

    async with running(reader, discord):
        assert (await eve.command("/admin", papers)).text == "at your service"
        with pytest.raises(NotOffered, match="shown only to members with"):
            await ada.command("/admin", papers)


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
    with pytest.raises(NotOffered, match="not to be reached"):
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


async def test_people_speak_their_own_language(discord: DiscordServer, guild: LocalGuild) -> None:
    papers, ada = guild.text("papers"), guild.member("Ada", locale="de")
    command = {
        "name": "paper",
        "description": "Papers.",
        "name_localizations": {"de": "aufsatz"},
    }
    async with running(Reader(), discord) as reader:
        await reader.http.upsert_global_command(discord.world.application_id, command)  # type: ignore[arg-type]
        seen = await ada.command("/aufsatz", papers, wait="nothing")
        assert seen.interaction.data["name"] == "paper"

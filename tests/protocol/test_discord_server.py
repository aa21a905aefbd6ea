"""The local Discord, spoken to by real discord.py: people do things, and both sides agree on what happened."""

from __future__ import annotations

import io
from typing import Any

import discord as library
import pytest

from tests.protocol.discord_reader import Reader
from tests.protocol.discord_server import ActionUnavailable, DiscordServer, FormRefused, LocalGuild, Person
from tests.protocol.discord_server.client import running
from tests.protocol.discord_server.permissions import (
    MANAGE_GUILD,
)
from tests.protocol.discord_server.state import Channel


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
    with pytest.raises(ActionUnavailable, match="Bob does not see"):
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
    bot: Reader, ada: Person, papers: Channel, line: str, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(ActionUnavailable, match=why):
        await ada.command(line, papers, **options)


async def test_suggestions_come_while_typing(bot: Reader, ada: Person, papers: Channel) -> None:
    seen = await ada.autocomplete("/paper submit", papers, link="atten")
    assert [(choice.name, choice.value) for choice in seen.choices] == [("Attention (atten)", "1706.03762")]
    with pytest.raises(ActionUnavailable, match="does not complete"):
        await ada.autocomplete("/paper submit", papers, stars="2")


async def test_a_button_works_after_the_bot_was_restarted(discord: DiscordServer, ada: Person, papers: Channel) -> None:
    async with running(Reader(), discord):
        seen = await ada.command("/paper submit", papers, link="x")
    async with running(Reader(), discord):
        again = await ada.click(seen, "Vote")
        assert again.message is seen.message
        assert "voted\n1 votes" in again.text
        assert "2 votes" in (await ada.click(papers.last, "vote:1")).text
    with pytest.raises(ActionUnavailable, match="no button 'Veto'"):
        await ada.click(seen, "Veto")


async def test_a_menu_takes_as_many_values_as_it_says(bot: Reader, ada: Person, papers: Channel) -> None:
    await ada.command("/paper submit", papers, link="x")
    assert "theory, language" in (await ada.select(papers.last, "topics", ["Theory", "language"])).text
    with pytest.raises(ActionUnavailable, match="takes 1 to 2"):
        await ada.select(papers.last, "topics", ["Theory", "Language", "Vision"])
    with pytest.raises(ActionUnavailable, match="no option"):
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
    assert [m.content async for m in channel.history(around=sent[2], limit=1)] == ["message 2"]
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


async def test_commands_for_moderators_are_hidden_from_others(discord: DiscordServer, guild: LocalGuild) -> None:
    papers, ada, eve = guild.text("papers"), guild.member("Ada"), guild.member("Eve", permissions=MANAGE_GUILD)
    reader = Reader()

    @reader.tree.command(name="admin", description="For moderators.")
    @library.app_commands.default_permissions(manage_guild=True)
    async def admin(interaction: library.Interaction[Reader]) -> None:
        await interaction.response.send_message("at your service")

    async with running(reader, discord):
        assert (await eve.command("/admin", papers)).text == "at your service"
        with pytest.raises(ActionUnavailable, match="shown only to members with"):
            await ada.command("/admin", papers)


async def test_people_speak_their_own_language(discord: DiscordServer, guild: LocalGuild) -> None:
    papers, ada = guild.text("papers"), guild.member("Ada", locale="de")
    command: Any = {
        "name": "paper",
        "description": "Papers.",
        "name_localizations": {"de": "aufsatz"},
    }
    async with running(Reader(), discord) as reader:
        await reader.http.upsert_global_command(discord.world.application_id, command)
        seen = await ada.command("/aufsatz", papers, wait="nothing")
        assert seen.interaction.data["name"] == "paper"

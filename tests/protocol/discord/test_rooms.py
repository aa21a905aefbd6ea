"""Channels of every kind: forums, announcements, threads that were put away or are too many."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.cards import Card, ChartPart, Facts, text
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.runtime.delivery_attempts import FIRST_PROBE
from tests.protocol.discord.conftest import Bot
from tests.protocol.discord_server import Channel, Person
from tests.protocol.discord_server.permissions import (
    ATTACH_FILES,
    MANAGE_GUILD,
    MANAGE_MESSAGES,
    SEND_MESSAGES,
    VIEW_CHANNEL,
)
from tests.protocol.discord_server.state import Flag

CARD = Card("A card", (text("Its words"), Facts((("Topic", "Vision"), ("Votes", "2")))))


def at(bot: Bot, channel: Channel, **more: Any) -> Location:
    return Location("discord", str(bot.guild.id), str(channel.id), **more)


PLOT = ChartPart("Votes cast", (("2 Nov", 3.0), ("9 Nov", 5.0)), "From 2 Nov to 9 Nov: 8 votes in all.")


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_a_chart_goes_out_as_a_picture_with_its_words_and_stays(bot: Bot, kind: str) -> None:
    room = bot.guild.forum("reading") if kind == "forum" else bot.papers
    posted = await bot.gateway.post(at(bot, room), Card("A card", (text("Its words"), PLOT)), key="jc1")
    where = at(bot, room, message=posted.message, thread=posted.thread)
    for card in (None, Card("A card", (text("To change it"), PLOT))):
        if card:
            await bot.gateway.edit(where, card, key="jc1")
        message = (bot.guild.threads(room)[0] if kind == "forum" else room).messages[0]
        (file,) = message.attachments
        assert (file.filename, file.description) == ("chart-1.png", PLOT.alt)
        assert file.content.startswith(b"\x89PNG")
    assert "To change it" in message.text


async def test_where_no_files_may_be_attached_a_chart_is_told_in_words_alone(bot: Bot) -> None:
    bot.guild.deny_bot(bot.papers, ATTACH_FILES)
    await bot.gateway.post(at(bot, bot.papers), Card("A card", (text("Its words"), PLOT)), key="jc1")
    (message,) = bot.papers.messages
    assert (message.attachments, "Its words" in message.text) == ([], True)
    bot.guild.deny_bot(bot.papers, ATTACH_FILES | SEND_MESSAGES)
    with pytest.raises(Refused, match="permission is missing"):
        await bot.gateway.post(at(bot, bot.papers), Card("A card", (text("Its words"), PLOT)), key="jc2")


async def test_a_moderator_sees_the_chart_in_the_preview_too(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    mo = bot.guild.member("Mo", permissions=MANAGE_MESSAGES)
    drafted = await mo.command("/edition draft", bot.papers)
    await drafted.until(lambda shown: "Draft to review" in shown.text)
    seen = await mo.command("/edition chart", bot.papers, title="Papers a year", points="2019: 12, 2020: 16")
    await seen.until(lambda shown: shown.message and shown.message.attachments)
    assert seen.message
    assert [file.filename for file in seen.message.attachments] == ["chart-1.png"]
    seen = await mo.command("/edition preview", bot.papers, page=2)
    assert seen.message
    (file,) = seen.message.attachments
    assert file.description == "From 2019 to 2020: 28 in all; the most, 16, at 2020."


async def test_in_a_forum_every_paper_is_a_post_with_its_tags(bot: Bot, ada: Person) -> None:
    forum = bot.guild.forum("reading", ("Vision", "Language"))
    posted = await bot.gateway.post(at(bot, forum), CARD, key="jc1")
    (thread,) = bot.guild.threads(forum)
    assert posted.message == posted.thread == str(thread.id)
    assert posted.url == f"https://discord.com/channels/{bot.guild.id}/{thread.id}"
    assert thread.name == "A card"
    assert [forum.tags[tag] for tag in thread.applied_tags] == ["Vision"]
    assert "Its words" in thread.messages[0].text


@pytest.mark.parametrize("mended", ["optional", "named"])
async def test_a_forum_that_requires_tags_gets_what_it_missed_when_that_is_mended(
    bot: Bot, ada: Person, mended: str
) -> None:
    forum = bot.guild.forum("reading", ("Something else",))
    bot.guild.require_tags(forum)
    await bot.room(forum)
    talk = bot.guild.text("talk")
    await bot.settle()
    async with bot.harness.app.store.begin(bot.club.id) as db:
        await db.rooms.deactivate((await db.rooms.with_purpose("papers"))[0])
        await db.topics.add("Vision")
    await ada.command("/paper submit", talk, link="1706.03762", topic="Vision")
    await bot.settle()
    assert not bot.guild.threads(forum)
    root = bot.guild.member("Root", permissions=MANAGE_GUILD)
    listed = await root.command("/clubadmin channels", talk)
    assert "this forum requires a tag on every post" in listed.text
    if mended == "optional":
        bot.guild.require_tags(forum, required=False)
    else:
        bot.guild.require_tags(forum, tags=["Vision"])
    await bot.settle()
    bot.harness.clock.advance(seconds=FIRST_PROBE)
    await bot.settle()
    (thread,) = bot.guild.threads(forum)
    assert thread.name == "Attention Is All You Need"
    assert [forum.tags[tag] for tag in thread.applied_tags] == (["Vision"] if mended == "named" else [])
    assert "requires a tag" not in (await root.command("/clubadmin channels", talk)).text


async def test_a_paper_of_a_forum_is_voted_for_and_discussed_in_its_post(bot: Bot, ada: Person) -> None:
    forum = bot.guild.forum("reading")
    await bot.room(forum)
    await ada.command("/paper submit", bot.papers, link="1706.03762", why="why not")
    await bot.settle()
    (thread,) = bot.guild.threads(forum)
    card = thread.messages[0]
    assert thread.name == "Attention Is All You Need"
    grace = bot.guild.member("Grace")
    await grace.click(card, "Vote")
    await bot.settle()
    assert "Votes **1**" in card.text
    assert f"/{thread.id})" in (await grace.click(card, "Discuss")).text
    seen = await grace.command("/paper why", thread)
    assert "Rank of #1" in seen.text, "in the thread of a paper it need not be named"


async def test_a_forum_post_is_made_once_however_the_answer_is_lost(bot: Bot) -> None:
    forum = bot.guild.forum("reading")
    bot.discord.faults.fail("POST /channels/{channel_id}/threads", 502, applied=True)
    with pytest.raises(OutcomeUnknown):
        await bot.gateway.post(at(bot, forum), CARD, key="jc1")
    (thread,) = bot.guild.threads(forum)
    since = bot.discord.clock.now().timestamp() - 120
    found = await bot.gateway.find(at(bot, forum), key="jc1", since=since)
    assert found is not None
    assert found.thread == str(thread.id)
    assert await bot.gateway.find(at(bot, forum), key="jc2", since=since) is None
    bot.guild.archive(thread)
    assert await bot.gateway.find(at(bot, forum), key="jc1", since=since) == found


async def test_a_text_post_is_made_once_and_found_again(bot: Bot) -> None:
    bot.discord.faults.lose("POST /channels/{channel_id}/messages")
    with pytest.raises(OutcomeUnknown):
        await bot.gateway.post(at(bot, bot.papers), CARD, key="jc7")
    assert len(bot.papers.messages) == 1
    since = bot.discord.clock.now().timestamp() - 120
    found = await bot.gateway.find(at(bot, bot.papers), key="jc7", since=since)
    assert found is not None
    assert found.message == str(bot.papers.messages[0].id)
    assert await bot.gateway.find(at(bot, bot.papers), key="jc8", since=since) is None


async def test_a_server_error_is_tried_again_with_the_same_nonce(bot: Bot) -> None:
    bot.discord.faults.fail("POST /channels/{channel_id}/messages", 502, applied=True)
    await bot.gateway.post(at(bot, bot.papers), CARD, key="jc7")
    assert len(bot.papers.messages) == 1


@pytest.mark.parametrize("status", [503, 520])
async def test_other_server_errors_leave_the_outcome_unknown(bot: Bot, status: int) -> None:
    bot.discord.faults.fail("POST /channels/{channel_id}/messages", status)
    with pytest.raises(OutcomeUnknown):
        await bot.gateway.post(at(bot, bot.papers), CARD, key="jc7")


@pytest.mark.parametrize("status", [403, 405])
async def test_a_page_in_place_of_discords_refusal_is_no_refusal(bot: Bot, status: int) -> None:
    """Cloudflare or a proxy has let nothing through, and will again."""
    bot.discord.faults.fail("POST /channels/{channel_id}/messages", status)
    with pytest.raises(NotSent, match=f"in front of Discord answered {status}") as raised:
        await bot.gateway.post(at(bot, bot.papers), CARD, key="jc7")
    assert raised.value.retry_after >= 60
    assert bot.papers.messages == []
    await bot.gateway.post(at(bot, bot.papers), CARD, key="jc7")
    assert len(bot.papers.messages) == 1


async def test_a_connection_that_breaks_before_the_request_leaves_it_unknown_too(bot: Bot) -> None:
    bot.discord.faults.reset("POST /channels/{channel_id}/messages", applied=False)
    with pytest.raises(OutcomeUnknown):
        await bot.gateway.post(at(bot, bot.papers), CARD, key="jc7")


async def test_a_long_rate_limit_is_handed_on(bot: Bot) -> None:
    bot.discord.faults.rate_limit("POST /channels/{channel_id}/messages", retry_after=77)
    with pytest.raises(NotSent) as raised:
        await bot.gateway.post(at(bot, bot.papers), CARD, key="jc7")
    assert raised.value.retry_after == 77


async def test_what_a_person_must_mend_is_said_in_plain_words(bot: Bot) -> None:
    bot.guild.deny_bot(bot.papers, SEND_MESSAGES)
    with pytest.raises(Refused, match="permission is missing"):
        await bot.gateway.post(at(bot, bot.papers), CARD, key="jc1")
    bot.guild.deny_bot(bot.papers, VIEW_CHANNEL)
    with pytest.raises(Refused, match="View Channel"):
        await bot.gateway.post(at(bot, bot.papers), CARD, key="jc2")
    bot.guild.delete(bot.papers)
    with pytest.raises(Refused, match="deleted"):
        await bot.gateway.post(at(bot, bot.papers), CARD, key="jc3")


async def test_an_announcement_is_published(bot: Bot) -> None:
    news = bot.guild.news("digest")
    await bot.gateway.post(at(bot, news), CARD, key="jc1")
    assert news.last is not None
    assert news.last.flags & Flag.CROSSPOSTED


async def test_an_announcement_that_cannot_be_published_is_posted_all_the_same(bot: Bot) -> None:
    news = bot.guild.news("digest")
    bot.discord.faults.rate_limit("POST /channels/{channel_id}/messages/{message_id}/crosspost", retry_after=3000)
    posted = await bot.gateway.post(at(bot, news), CARD, key="jc1")
    assert news.last is not None
    assert posted.message == str(news.last.id)


async def test_a_card_in_a_thread_that_was_put_away_is_drawn_anew_and_put_back(bot: Bot) -> None:
    forum = bot.guild.forum("reading")
    posted = await bot.gateway.post(at(bot, forum), CARD, key="jc1")
    (thread,) = bot.guild.threads(forum)
    bot.guild.archive(thread)
    where = at(bot, forum, thread=posted.thread, message=posted.message)
    await bot.gateway.edit(where, Card("A card", (text("To change it"),)), key="jc1")
    assert "To change it" in thread.messages[0].text
    assert thread.archived
    bot.guild.archive(thread, locked=True)
    with pytest.raises(Refused, match="locked"):
        await bot.gateway.edit(where, CARD, key="jc1")


async def test_a_thread_that_is_there_is_the_discussion(bot: Bot) -> None:
    posted = await bot.gateway.post(at(bot, bot.papers), CARD, key="jc1")
    where = at(bot, bot.papers, message=posted.message)
    first = await bot.gateway.discuss(where, "A card")
    again = await bot.gateway.discuss(where, "A card")
    assert first == again
    assert len(bot.guild.threads(bot.papers)) == 1
    assert (first.thread, first.is_forum_post) == (posted.message, False)


async def test_where_there_are_too_many_threads_an_old_one_of_ours_is_put_away(bot: Bot) -> None:
    bot.guild.state.thread_cap = 2
    for key in ("jc1", "jc2", "jc3"):
        posted = await bot.gateway.post(at(bot, bot.papers), CARD, key=key)
        await bot.gateway.discuss(at(bot, bot.papers, message=posted.message), key)
    assert [(thread.name, thread.archived) for thread in bot.guild.threads(bot.papers)] == [
        ("jc1", True),
        ("jc2", False),
        ("jc3", False),
    ]

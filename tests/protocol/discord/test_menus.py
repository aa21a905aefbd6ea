"""The menu of a message, forms with lists of Discord's own, counted replies, and messages between two alone."""

from __future__ import annotations

from adapters.discord.outbound.thread_counts import count_replies
from bot.chat.cards import Card, text
from bot.chat.gateway import Location
from tests.protocol.discord.conftest import Bot
from tests.protocol.discord_server import Person

ADMIN = 1 << 5
MODERATOR = 1 << 13


async def test_a_paper_is_brought_from_a_message_that_links_it(bot: Bot, ada: Person) -> None:
    said = bot.guild.member("Grace").say(bot.papers, "have you seen https://arxiv.org/abs/1706.03762 yet?")
    seen = await ada.context("Submit this paper", said)
    assert "1706.03762" in seen.form.prefilled["Link"]
    done = await ada.submit_modal(seen.form, {"Why read it?": "a classic"})
    assert "on the list" in done.text
    await bot.settle()
    assert bot.papers.last is not None
    assert "a classic" in bot.papers.last.text


async def test_of_several_links_one_is_chosen(bot: Bot, ada: Person) -> None:
    said = ada.say(bot.papers, "https://arxiv.org/abs/1706.03762 and https://arxiv.org/abs/1810.04805")
    seen = await ada.context("Submit this paper", said)
    assert "2 links" in seen.text
    done = await ada.click(seen, "Submit this")
    assert "on the list" in done.text


async def test_a_message_without_a_link_brings_nothing(bot: Bot, ada: Person) -> None:
    seen = await ada.context("Submit this paper", ada.say(bot.papers, "good morning"))
    assert seen.ephemeral
    assert "no link" in seen.text


async def test_only_ones_own_words_can_be_given_to_the_digest(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    said = ada.say(bot.papers, "the clearest paper I know")
    grace = bot.guild.member("Grace")
    assert "Only the author" in (await grace.context("Quote me in the digest", said)).text
    seen = await ada.context("Quote me in the digest", said)
    assert "the clearest paper I know" in seen.form.prefilled.values()


async def test_a_moderator_curates_from_a_card(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    grace = bot.guild.member("Grace", permissions=MODERATOR)
    seen = await grace.context("Curate this", card)
    assert seen.ephemeral
    assert "Attention" in seen.text


async def test_setting_up_is_a_form_with_lists_of_channels(bot: Bot) -> None:
    digest = bot.guild.text("digest")
    admin = bot.guild.member("Grace", permissions=ADMIN)
    seen = await admin.command("/clubadmin setup", bot.papers)
    asked = await admin.click(seen, "Fill in a form")
    assert asked.form.labels[:3] == ["Channel for papers", "Channel for editions", "Channel for moderators"]
    done = await admin.submit_modal(
        asked.form, {"Channel for editions": [digest], "Channel for moderators": [bot.papers]}
    )
    assert f"<#{digest.id}>" in done.text
    async with bot.harness.app.store.read(bot.club.id) as db:
        assert {room.purpose: room.name for room in await db.rooms.all()} == {
            "papers": "papers",
            "digest": "digest",
            "moderators": "papers",
        }


async def test_a_channel_is_picked_from_discords_own_list(bot: Bot) -> None:
    digest = bot.guild.text("digest")
    admin = bot.guild.member("Grace", permissions=ADMIN)
    seen = await admin.command("/clubadmin channels", bot.papers, purpose="digest", channel=digest)
    assert f"<#{digest.id}>" in seen.text
    reading = bot.guild.text("reading")
    seen = await admin.command("/clubadmin channels", reading, purpose="papers")
    assert f"Discord** <#{reading.id}>" in seen.text
    async with bot.harness.app.store.read(bot.club.id) as db:
        assert "reading" in {room.name for room in await db.rooms.all()}, "here has a name too"


async def test_replies_are_counted_without_being_read(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    await ada.click(card, "Discuss")
    await bot.settle()  # the thread's first message is posted, which is no reply
    (thread,) = bot.guild.threads(bot.papers)
    for words in ("I like figure 2", "so do I"):
        ada.say(thread, words)
    async with bot.harness.app.store.read_admin_session() as admin:
        workspace = await admin.directory.workspace("discord", str(bot.guild.id))
    assert workspace is not None
    await count_replies(bot.harness.app, bot.gateway._rest_client, workspace)
    await bot.settle()
    assert "Replies **2**" in card.text


async def test_somebody_is_told_alone(bot: Bot, ada: Person) -> None:
    await bot.gateway.send_direct_message(
        Location("discord", str(bot.guild.id)), str(ada.id), Card("News", (text("Your report helped."),))
    )
    assert "Your report helped." in ada.private.messages[-1].text

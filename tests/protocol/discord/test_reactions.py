"""Votes by reaction on Discord: forums, moderators who clear reactions, bots, and the recount at the next start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from bot.features.papers.reaction_recount import recount
from bot.requester_lookup import register_workspace
from bot.settings import DiscordSettings
from tests.protocol.discord.conftest import Bot, listening, settings
from tests.protocol.discord_server import DiscordServer, Message
from tests.stand_ins import Harness


@dataclass(slots=True)
class Starts:
    """A bot that is started and stopped."""

    bot: Bot
    configured: DiscordSettings
    stack: AsyncExitStack

    async def stop(self) -> None:
        await self.stack.aclose()

    async def start(self) -> None:
        at = listening(self.bot.harness, self.bot.discord, configured=self.configured)
        self.bot.gateway = await self.stack.enter_async_context(at)


@pytest.fixture
async def counting(discord: DiscordServer, harness: Harness) -> AsyncIterator[Starts]:
    guild = discord.guild("ML Readers")
    papers = guild.text("papers")
    club = await register_workspace(harness.app, "discord", str(guild.id), "ML Readers")
    async with harness.app.store.begin(club.id) as db:
        found = await db.club()
        found.settings = {**found.settings, "vote_reaction": "heart"}
    configured = settings(discord).model_copy(update={"reactions": True})
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(listening(harness, discord, configured=configured))
        bot = Bot(harness, discord, guild, papers, gateway, club)
        await bot.room(papers)
        yield Starts(bot, configured, stack)


async def votes(bot: Bot, number: int = 1) -> int:
    async with bot.harness.app.store.read(bot.club.id) as db:
        paper = await db.submissions.by_number(number)
        assert paper is not None
        return paper.votes


async def test_a_reaction_to_a_post_in_a_forum_is_a_vote(counting: Starts) -> None:
    bot = counting.bot
    forum = bot.guild.forum("paper-posts")
    await bot.room(forum)
    ada, grace = bot.guild.member("Ada"), bot.guild.member("Grace")
    await ada.command("/paper submit", bot.papers, link="1706.03762")
    await bot.settle()
    [post] = bot.guild.threads(forum)
    grace.react(post.messages[0], "❤️")
    await bot.settle()
    assert await votes(bot) == 1
    card: Message = bot.papers.messages[0]
    grace.react(card, "❤️")
    grace.react(post.messages[0], "❤️", added=False)
    await bot.settle()
    assert await votes(bot) == 1, "her reaction to the other copy holds the vote"
    grace.react(card, "❤️", added=False)
    await bot.settle()
    assert await votes(bot) == 0


async def test_reactions_that_a_moderator_clears_are_taken_back(counting: Starts) -> None:
    bot = counting.bot
    ada, grace, edsger, barbara = map(bot.guild.member, ("Ada", "Grace", "Edsger", "Barbara"))
    card = await bot.card(ada)
    helper = bot.guild.member("Helper")
    helper.user.bot = True
    for person in (grace, edsger, helper):
        person.react(card, "❤️")
    await bot.settle()
    assert await votes(bot) == 2, "apps have no vote"
    barbara.clear_reactions(card, "👀")
    await bot.settle()
    assert await votes(bot) == 2
    barbara.clear_reactions(card, "❤️")
    await bot.settle()
    assert await votes(bot) == 0
    grace.react(card, "❤️")
    await bot.settle()
    barbara.clear_reactions(card)
    await bot.settle()
    assert await votes(bot) == 0


async def test_a_moderator_clears_one_skin_tone_of_several(counting: Starts) -> None:
    bot = counting.bot
    async with bot.harness.app.store.begin(bot.club.id) as db:
        found = await db.club()
        found.settings = {**found.settings, "vote_reaction": "thumbsup"}
    grace, edsger, barbara = map(bot.guild.member, ("Grace", "Edsger", "Barbara"))
    card = await bot.card(bot.guild.member("Ada"))
    for emoji in ("👍", "👍🏽"):
        grace.react(card, emoji)
    edsger.react(card, "👍🏽")
    await bot.settle()
    assert await votes(bot) == 2
    barbara.clear_reactions(card, "👍🏽")
    await bot.settle()
    assert await votes(bot) == 1, "Grace's other one is there"
    barbara.clear_reactions(card)
    await bot.settle()
    assert await votes(bot) == 0


async def test_what_changed_while_nobody_listened_is_recounted_at_the_start(counting: Starts) -> None:
    bot = counting.bot
    ada, grace, edsger = map(bot.guild.member, ("Ada", "Grace", "Edsger"))
    card = await bot.card(ada)
    lost = await bot.card(ada, "2010.11929")
    grace.react(card, "❤️")
    grace.react(lost, "❤️")
    await bot.settle()
    await counting.stop()
    grace.react(card, "❤️", added=False)
    edsger.react(card, "❤️")
    ada.react(card, "❤️")
    card.reactions["❤️"].append(bot.discord.world.bot)
    lost.deleted_at = bot.discord.clock.now()
    await counting.start()
    await bot.discord.wait_for(lambda: any("reactions" in a.path for a in bot.discord.ledger.requests), 10, "recount")
    reactions = bot.gateway._reactions
    assert reactions is not None
    await recount(bot.harness.app, reactions)  # until the one at the start is over, too
    await bot.settle()
    assert await votes(bot) == 1, "Edsger's for Grace's; Ada's own does not count"
    assert await votes(bot, 2) == 1, "a card that is gone changes nothing"
    assert sum("You submitted it" in m.text for m in ada.private.messages) == 1


async def test_a_reaction_of_who_takes_no_direct_messages_is_refused_without_a_word(counting: Starts) -> None:
    bot = counting.bot
    ada = bot.guild.member("Ada")
    card = await bot.card(ada)
    ada.close_private()
    ada.react(card, "❤️")
    await bot.settle()
    assert await votes(bot) == 0


async def test_without_the_setting_the_bot_does_not_hear_of_reactions(bot: Bot) -> None:
    async with bot.harness.app.store.begin(bot.club.id) as db:
        found = await db.club()
        found.settings = {**found.settings, "vote_reaction": "heart"}
    card = await bot.card(bot.guild.member("Ada"))
    bot.guild.member("Grace").react(card, "❤️")
    await bot.settle()
    assert await votes(bot) == 0

"""Buttons are hints: every click is held against the guild, the member, their right, and how things stand now."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.discord.render.custom_ids import ComponentAction, CustomIdSigner
from bot.domain.models import VoteEvent
from tests.protocol.discord.conftest import Bot, listening, settings
from tests.protocol.discord_server import DiscordServer, Message, Person
from tests.stand_ins import Harness

MODERATOR = 1 << 13
OLD = "This button is from an older version"


async def votes(bot: Bot) -> list[VoteEvent]:
    async with bot.harness.app.store.read(bot.club.id) as db:
        return list(await db.vote_queries.log())


def forge(card: Message, custom_id: str) -> None:
    """Put another custom id in place of the first button's, as a made-up client would send."""
    row: Any = next(part for part in card.components[0]["components"] if part["type"] == 1)
    row["components"][0]["custom_id"] = custom_id


def sealed(bot: Bot, call: str, *, guild: int = 0, act: ComponentAction = ComponentAction.RUN) -> str:
    return CustomIdSigner(bot.harness.app.installation.secret, str(guild or bot.guild.id)).custom_id(call, act)


@pytest.mark.parametrize("how", ["made up", "another call", "another guild", "another act"])
async def test_a_custom_id_that_is_not_ours_does_nothing(bot: Bot, ada: Person, how: str) -> None:
    card = await bot.card(ada)
    good = sealed(bot, "paper vote 1")
    forged = {
        "made up": "jc:paper vote 1:AAAAAAAAAAA",
        "another call": good.replace("vote 1", "skip 1"),
        "another guild": sealed(bot, "paper vote 1", guild=1),
        "another act": good.replace("jc:", "jc!:"),
    }[how]
    forge(card, forged)
    seen = await bot.guild.member("Mallory").click(card, forged)
    assert seen.ephemeral
    assert OLD in seen.text
    assert await votes(bot) == []


async def test_the_right_is_looked_up_at_every_click(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    moderator = bot.guild.member("Grace", permissions=MODERATOR)
    pick = sealed(bot, "curate pick 1")
    forge(card, pick)
    seen = await ada.click(card, pick)
    assert "is for this club’s moderators" in seen.text
    assert seen.ephemeral
    assert not (await moderator.click(card, pick)).failed
    (role,) = bot.guild.state.members[moderator.id].roles
    bot.guild.delete_role(bot.guild.state.roles[role])
    unpick = sealed(bot, "curate unpick 1")
    forge(card, unpick)
    assert "is for this club’s moderators" in (await moderator.click(card, unpick)).text


async def test_how_things_stand_is_looked_up_at_every_click(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    unknown = sealed(bot, "paper vote 99")
    forge(card, unknown)
    seen = await ada.click(card, unknown)
    assert "no paper #99" in seen.text
    gone = sealed(bot, "nothing that was ever a command")
    forge(card, gone)
    assert "There is no command" in (await ada.click(card, gone)).text
    assert await votes(bot) == []


async def test_for_development_commands_are_registered_in_some_guilds_only(
    discord: DiscordServer, harness: Harness
) -> None:
    guild = discord.guild("Workshop")
    papers = guild.text("papers")
    configured = settings(discord).model_copy(update={"guild_ids": (guild.id,)})
    for _ in range(2):
        async with listening(harness, discord, configured=configured):
            assert not (await guild.member("Ada").command("/help", papers)).failed
    assert len(discord.ledger.to("PUT /applications/{application_id}/guilds/{guild_id}/commands")) == 1
    assert discord.ledger.to("PUT /applications/{application_id}/commands") == []

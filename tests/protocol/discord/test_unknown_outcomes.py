"""Posts of unknown outcome on Discord: a press shows that one is there, links bind it, a double is removed."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.models import Delivery
from tests.protocol.discord.conftest import Bot
from tests.protocol.discord_server import Person
from tests.protocol.discord_server.permissions import MANAGE_MESSAGES


async def the_card(bot: Bot) -> Delivery:
    async with bot.harness.app.store.read(bot.club.id) as db:
        [row] = await db.deliveries.cards(1)
    return row


async def forgotten(bot: Bot) -> Delivery:
    """The row of the card as it is when the answer to its posting got lost and nobody could look for it."""
    row = await the_card(bot)
    later = bot.harness.clock() + timedelta(hours=1)
    async with bot.harness.app.store.begin(bot.club.id) as db:
        await db.unknown_outcomes.change(
            row.id, state="unknown", had_unknown=True, message="", url="", not_before=later
        )
    return row


async def test_a_press_binds_it_and_its_tally_lives(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    before = await forgotten(bot)
    seen = await bot.guild.member("Grace").click(card, "Vote")
    assert "It now has 1 vote" in seen.text
    await bot.settle()
    row = await the_card(bot)
    assert (row.state, row.message) == ("sent", before.message) == ("sent", str(card.id))
    assert row.url == f"https://discord.com/channels/{bot.guild.id}/{bot.papers.id}/{card.id}"
    assert "Votes **1**" in card.text


async def test_a_moderator_says_where_it_is_by_its_link(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    row = await forgotten(bot)
    mod = bot.guild.member("Mod", permissions=MANAGE_MESSAGES)
    link = f"https://discord.com/channels/{bot.guild.id}/{bot.papers.id}"
    for wrong in (
        f"{link}/{int(card.id) + 1}",
        f"https://discord.com/channels/{bot.guild.id}/{bot.guild.id}/{card.id}",
    ):
        seen = await mod.command("/curate post found", bot.papers, post=row.id, link=wrong)
        assert "is there" not in seen.text, seen.text
    seen = await mod.command("/curate post found", bot.papers, post=row.id, link=f"{link}/{card.id}")
    assert "This was posted" in seen.text
    assert (await the_card(bot)).message == str(card.id)


async def test_of_two_copies_the_later_is_removed(bot: Bot, ada: Person) -> None:
    first = await bot.card(ada)
    row = await forgotten(bot)
    mod = bot.guild.member("Mod", permissions=MANAGE_MESSAGES)
    bot.discord.advance(minutes=10)  # within some minutes Discord would give the earlier message back
    await mod.command("/curate post settle", bot.papers, post=row.id, what="again")
    await bot.settle()
    second = bot.papers.last
    assert second is not None
    assert second.id != first.id
    await bot.guild.member("Grace").click(first, "Vote")
    await bot.settle()
    now = await the_card(bot)
    assert (now.message, now.double) == (str(first.id), str(second.id))
    seen = await mod.command("/curate post settle", bot.papers, post=row.id, what="remove")
    assert "This was posted" in seen.text
    assert second.gone
    assert not first.gone

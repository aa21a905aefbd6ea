"""What is picked while a text is typed: Discord sends ids, people read names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.protocol.discord.conftest import Bot
from tests.protocol.discord_server import Person
from tests.protocol.discord_server.permissions import MANAGE_GUILD, MANAGE_MESSAGES


async def test_people_channels_roles_and_commands_are_named_in_texts(bot: Bot, ada: Person) -> None:
    ben, talk, role = bot.guild.member("Ben"), bot.guild.text("talk"), bot.guild.role("@readers")
    why = (
        f"ask <@{ben.id}> or <@!{ben.id}> in <#{talk.id}>, <@&{role.id}> <:cat:{role.id}> </paper vote:{role.id}> <@1>"
    )
    card = await bot.card(ada, why=why)
    assert "ask \\@Ben or \\@Ben in #talk, \\@readers :cat: /paper vote \\@1" in card.text
    again = await ada.command("/paper report", bot.papers, paper="9", what="spam", note=f"<@{ben.id}>")
    form = (await ada.click(again, "Change and try again")).form
    assert "Your report was sent" in (await ada.submit_modal(form, {"Paper": "1"})).text
    root = bot.guild.member("Root", permissions=MANAGE_GUILD | MANAGE_MESSAGES)
    assert "“\\@Ben”" in (await root.command("/curate case", bot.papers, id=1)).text


async def test_a_person_who_is_picked_is_that_person_and_nobody_of_the_same_name(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    other = bot.guild.member("Ada")
    root = bot.guild.member("Root", permissions=MANAGE_GUILD | MANAGE_MESSAGES)
    found = await root.command("/curate member", bot.papers, who=f"<@{ada.id}>")
    assert "1 paper submitted" in found.text
    unknown = await root.command("/curate member", bot.papers, who=f"<@{other.id}>")
    assert "Ada is not in this club yet" in unknown.text
    drafted = await root.command("/edition draft", bot.papers)
    await drafted.until(lambda seen: "Draft to review" in seen.text)
    credited = await root.command("/edition credit", bot.papers, role="Edited by", names=f"<@{ada.id}>, Grace")
    assert "Edited by: Ada, Grace" in credited.text


@pytest.mark.parametrize("purpose", ["digest", "moderators"])
async def test_a_forum_is_for_papers_alone(bot: Bot, ada: Person, purpose: str) -> None:
    root, forum = bot.guild.member("Root", permissions=MANAGE_GUILD), bot.guild.forum("archive")
    seen = await root.command("/clubadmin channels", bot.papers, purpose=purpose, channel=forum)
    assert "It is a forum: choose a text or announcement channel" in seen.text
    chosen: dict[str, Any] = {"papers": forum, purpose: forum}
    seen = await root.command("/clubadmin setup", bot.papers, **chosen)
    assert "it is a forum" in seen.text
    seen = await root.command("/clubadmin channels", bot.papers)
    assert f"<#{forum.id}>" not in seen.text
    seen = await root.command("/clubadmin setup", bot.papers, papers=forum)
    assert f"<#{forum.id}>" in seen.text

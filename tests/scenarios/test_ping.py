"""A role or user group is mentioned once by a new edition, and by nothing else."""

from __future__ import annotations

from bot.domain.models import DeliveryKind, DeliveryState
from tests.protocol.discord_server.permissions import MANAGE_GUILD
from tests.scenarios.discord_stage import DiscordStage, discord_stage, unescaped
from tests.scenarios.slack_stage import slack_stage
from tests.scenarios.stages import Stage
from tests.scenarios.test_edition import publish
from tests.stand_ins import Harness


async def one_edition(stage: Stage, played_in: Harness) -> None:
    """A paper, and the edition with it."""
    ada, barbara = await stage.enter("Ada"), await stage.enter("Barbara", "moderator")
    await ada.say("/paper submit 1706.03762")
    await barbara.say("/edition draft")
    await barbara.say("/edition approve now")
    await publish(stage, played_in)


async def post_again(played_in: Harness) -> None:
    """The first post of the edition is posted again, since its first copy is not known to exist."""
    async with played_in.app.store.begin(1) as db:
        header = (await db.deliveries.by_subject(DeliveryKind.EDITION, 1))[0]
        header.state, header.had_unknown, header.message = DeliveryState.READY, True, ""


async def test_a_role_of_discord_is_mentioned_once(played_in: Harness) -> None:
    async with discord_stage(played_in) as stage:
        role = stage.guild.role("readers")
        root = stage.guild.member("Root", permissions=MANAGE_GUILD)
        chosen = await root.command("/clubadmin ping", stage.rooms["papers"], who=role)
        assert "Allow anyone to @mention this role" in unescaped(chosen.text)
        checked = await root.click(chosen, "Check everything")
        await checked.until(lambda seen: "A mention of @readers notifies nobody" in unescaped(seen.text))
        await one_edition(stage, played_in)
        assert mentions(stage, role.id) == 1
        barbara = await stage.enter("Grace", "moderator")
        await barbara.say("/edition correct title text=Another erratum=A slip")
        await stage.settle()
        assert mentions(stage, role.id) == 0, "the corrected post mentions nobody"
        await post_again(played_in)
        await stage.settle()
        assert mentions(stage, role.id) == 0
        assert "mention readers here" in (await root.command("/clubadmin ping", stage.rooms["papers"])).text
        assert "mention nobody" in (await root.command("/clubadmin ping", stage.rooms["papers"], remove=True)).text
        stage.check()


def mentions(stage: DiscordStage, role: int) -> int:
    return sum(str(payload).count(f"<@&{role}>") for payload in stage.payloads("digest"))


async def test_a_user_group_of_slack_is_mentioned_once(played_in: Harness) -> None:
    async with slack_stage(played_in) as stage:
        stage.allow_mention("^S0READERS1")
        stage.add_user_group("S0READERS1", "readers")
        root = await stage.enter("Root", "admin")
        for typed in ("<!subteam^S0READERS1>", "@readers", "Readers"):
            assert "mentions readers here, once" in " ".join((await root.say(f"/clubadmin ping {typed}")).split())
            assert "New editions mention readers here" in await root.say("/clubadmin ping")
            assert "mention nobody" in await root.say(f"/clubadmin ping {'off' if typed == 'Readers' else 'nobody'}")
        assert "S0READERS1" not in await root.say("/curate log")
        for everybody in ("<!channel>", "@here", "everyone"):
            assert "not a person or everyone" in await root.say(f"/clubadmin ping {everybody}")
        assert "once" in await root.say("/clubadmin ping <!subteam^S0READERS1|@readers>")
        assert "not a person" in await root.say("/clubadmin ping <@U0123ABCD>")
        assert "I do not know “leads”" in await root.say("/clubadmin ping @leads")
        again = await root.say("/clubadmin ping <!subteam^S0READERS1|@readers>")
        assert "already mention this group" in again
        await one_edition(stage, played_in)
        assert str(stage.payloads("digest")).count("<!subteam^S0READERS1>") == 1
        await post_again(played_in)
        await stage.settle()
        assert str(stage.payloads("digest")[-1]).count("<!subteam^S0READERS1>") == 0
        stage.check()

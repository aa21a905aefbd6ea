"""Staying connected: dropped lines, invalid sessions, a gateway in a loop, two processes, a restart."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.discord.gateway import DiscordGateway
from bot.errors import UserError
from bot.store.rate_gate import SharedRateGate
from tests.protocol.discord.conftest import QUICK, Bot, listening, settings
from tests.protocol.discord_server import DiscordServer, Person
from tests.stand_ins import Harness, fresh_sqlite, open_harness
from tests.thinning import thinned


async def back(bot: Bot) -> None:
    """Until the bot has a session again."""
    await bot.discord.connected()
    await bot.discord.settled()


@pytest.mark.parametrize("code", thinned([1000, 1001, 1006, 4000, 4001, 4007, 4008, 4009], every=3))
async def test_a_closed_line_is_opened_again(bot: Bot, ada: Person, code: int) -> None:
    await bot.card(ada)
    bot.discord.gateway.drop(code)
    await back(bot)
    assert "Attention" in (await ada.command("/paper show", bot.papers, paper="1")).text


async def test_what_was_clicked_while_the_line_was_down_is_answered(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    bot.discord.gateway.drop(1006)
    seen = await ada.click(card, "Vote", wait="nothing")
    await back(bot)
    await seen.until(lambda s: "Votes **0**" in s.text or s.answered_as)
    assert not seen.failed


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session_is_replaced(bot: Bot, ada: Person, resumable: bool) -> None:
    await bot.card(ada)
    connections = len(bot.discord.gateway.connections)
    bot.discord.gateway.invalidate(resumable=resumable)
    await bot.discord.wait_for(lambda: len(bot.discord.gateway.connections) > connections, 15, "a new line")
    await back(bot)
    assert "Attention" in (await ada.command("/paper show", bot.papers, paper="1")).text


async def test_a_request_to_come_back_is_followed(bot: Bot, ada: Person) -> None:
    bot.discord.gateway.reconnect()
    await back(bot)
    assert (await ada.command("/paper submit", bot.papers, link="1706.03762")).ephemeral


async def test_a_resume_address_that_is_down_is_given_up(bot: Bot, ada: Person) -> None:
    bot.discord.gateway.refuse(503, times=100, moment="resume")
    bot.discord.gateway.drop(1006)
    await back(bot)
    assert (await ada.command("/paper submit", bot.papers, link="1706.03762")).ephemeral


async def test_a_gateway_that_lets_nobody_in_leads_to_a_new_client(discord: DiscordServer, harness: Harness) -> None:
    guild = discord.guild("ML Readers")
    papers, ada = guild.text("papers"), guild.member("Ada")

    def logins() -> int:
        return len(discord.ledger.to("GET /users/@me"))

    async with listening(harness, discord, replace(QUICK, shard_down=0.2)) as gateway:
        before = logins()
        refusal = discord.gateway.refuse(503, times=1000)
        discord.gateway.drop(1006)
        await discord.wait_for(lambda: logins() > before, 10, "a new login")
        gateway._connection._timeouts = QUICK  # the next client is not replaced while the test is held up
        refusal.times = 0
        await discord.connected()
        await discord.settled()
        assert (await ada.command("/paper submit", papers, link="1706.03762")).ephemeral


async def test_shards_identify_one_after_another(
    discord: DiscordServer, harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway, gap = discord.gateway, timedelta(seconds=0.01)
    gateway.shards, gateway.max_concurrency = 6, 2
    turns, wait = Counter[tuple[str, timedelta]](), SharedRateGate.wait

    async def counted(gate: SharedRateGate, name: str, between: timedelta) -> None:
        await wait(gate, name, between)
        turns[name, between] += 1
        assert len(gateway.identifies) < turns.total(), "not before its turn"

    monkeypatch.setattr(SharedRateGate, "wait", counted)
    async with listening(harness, discord, replace(QUICK, identify_gap=gap)):
        await discord.connected(6)
    assert sorted(identify["shard"][0] for identify in gateway.identifies) == [0, 1, 2, 3, 4, 5]
    assert turns == {("discord:identify:0", gap): 3, ("discord:identify:1", gap): 3}


async def test_a_line_that_is_open_but_deaf_is_opened_anew(discord: DiscordServer, harness: Harness) -> None:
    papers = (guild := discord.guild("ML Readers")).text("papers")
    discord.gateway.heartbeat_interval = 0.2
    async with listening(harness, discord, replace(QUICK, heartbeat_overdue=0.3)) as gateway:
        discord.gateway.silence()
        await discord.wait_for(lambda: any(c.resumed for c in discord.gateway.ready), 20, "a second line")
        gateway._connection._timeouts = QUICK  # it is not replaced while the test is held up
        assert not (await guild.member("Ada").command("/help", papers)).failed


@pytest.mark.parametrize(("code", "say"), [(4004, "token"), (4012, "newer"), (4013, "newer"), (4014, "intents")])
async def test_what_only_a_person_can_mend_ends_the_program_in_words(
    discord: DiscordServer, harness: Harness, code: int, say: str
) -> None:
    gateway = DiscordGateway(harness.app, settings(discord), replace(QUICK, refused_window=0.0))
    serving = asyncio.create_task(gateway.serve())
    await discord.connected()
    discord.gateway.drop(code)
    with pytest.raises(UserError, match=say):
        await asyncio.wait_for(serving, 10)


async def test_a_token_that_was_good_is_tried_again_for_a_while(
    discord: DiscordServer, harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(harness, discord, replace(QUICK, check_interval=0.01)) as gateway:
        await discord.wait_for(lambda: gateway._connection._accepted_at, 5, "the token is accepted")
        first = discord.gateway.ready[0]
        discord.gateway.drop(4004)
        await discord.wait_for(lambda: any(c is not first for c in discord.gateway.ready), 10, "a second session")
    assert "It is tried again, since it was accepted before" in caplog.text


async def test_a_token_that_is_no_good_ends_the_program_in_words(discord: DiscordServer, harness: Harness) -> None:
    wrong = settings(discord).model_copy(
        update={"token": settings(discord).token.__class__(discord.token.replace("x", "y"))}
    )
    with pytest.raises(UserError, match="does not accept the token"):
        await DiscordGateway(harness.app, wrong).serve()


async def test_commands_are_registered_when_they_change_and_only_then(discord: DiscordServer, harness: Harness) -> None:
    discord.guild("ML Readers")

    def times() -> int:
        return sum(r.route == "PUT /applications/{application_id}/commands" for r in discord.ledger.requests)

    async with listening(harness, discord):
        assert times() == 1
    async with listening(harness, discord):
        assert times() == 1
    async with harness.app.store.admin_session() as admin:
        await admin.facts.store(f"discord:commands:{discord.world.application_id}:everywhere", "other")
    async with listening(harness, discord):
        assert times() == 2


async def test_a_restart_leaves_old_buttons_and_open_forms_alive(discord: DiscordServer, harness: Harness) -> None:
    guild = discord.guild("ML Readers")
    papers, ada = guild.text("papers"), guild.member("Ada")
    async with listening(harness, discord):
        await ada.command("/paper submit", papers, link="1706.03762")
        await ada.command("/paper show", papers, paper="1", share=True)
        card = papers.last
        assert card is not None
        form = (await ada.command("/paper show", papers)).form
    async with listening(harness, discord):
        assert not (await guild.member("Grace").click(card, "Vote")).failed
        assert "Attention" in (await ada.submit_modal(form, {"Paper": "1"})).text


async def test_two_installations_on_one_token_answer_once(
    discord: DiscordServer, bot: Bot, ada: Person, tmp_path: Path
) -> None:
    async with open_harness(tmp_path, url=fresh_sqlite(tmp_path / "other.db")) as other:
        serving = asyncio.create_task(DiscordGateway(other.app, settings(discord), QUICK).serve())
        await discord.connected(2)
        await discord.settled()
        for _ in range(5):
            seen = await ada.command("/help", bot.papers)
            assert not seen.failed
            assert not seen.followups
        await bot.settle()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@pytest.mark.parametrize("trouble", ["lost", "reset", "502"])
async def test_a_first_answer_that_is_lost_after_it_arrived_is_still_ours(bot: Bot, ada: Person, trouble: str) -> None:
    route = "POST /interactions/{interaction_id}/{interaction_token}/callback"
    if trouble == "lost":
        bot.discord.faults.lose(route)
    elif trouble == "reset":
        bot.discord.faults.reset(route, applied=True)
    else:
        bot.discord.faults.fail(route, 502, applied=True)
    seen = await ada.command("/paper submit", bot.papers, link="1706.03762")
    assert "on the list" in seen.text


async def test_leaving_finishes_what_was_asked(discord: DiscordServer, harness: Harness) -> None:
    guild = discord.guild("ML Readers")
    papers = guild.text("papers")
    ada = guild.member("Ada")
    async with listening(harness, discord):
        discord.faults.slow("POST /interactions/{interaction_id}/{interaction_token}/callback", 0.3)
        seen = await ada.command("/paper submit", papers, link="1706.03762", wait="ack")
    assert "on the list" in seen.text
    assert discord.gateway.ready == []


async def test_it_is_ready_while_discord_reaches_it(bot: Bot) -> None:
    await bot.gateway.ready()
    nobody = DiscordGateway(bot.harness.app, settings(bot.discord), QUICK)
    with pytest.raises(UserError, match="not connected"):
        await nobody.ready()

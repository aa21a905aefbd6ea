"""Rough days for the real program: crashes, forged requests, wrong tokens, a workspace that throws it out."""

from __future__ import annotations

import signal
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.protocol.program import started
from tests.protocol.slack.workspace import (
    ATTENTION,
    DIGEST,
    DISTIL,
    MODS,
    PAPERS,
    message_with,
    set_up,
    slack_installation,
)
from tests.protocol.slack_server import faults
from tests.protocol.slack_server.http_mode import sign


async def test_a_plug_that_is_pulled_between_the_post_and_its_answer_posts_nothing_twice(tmp_path: Path) -> None:
    async with slack_installation(tmp_path, history=True) as there:
        slack, root, ada = there.slack, there.slack.user("Root", admin=True), there.slack.user("Ada")
        await set_up(there, root)
        slack.faults.add("chat.postMessage", faults.slow(60, applied=True))
        quiet, slack.quiet = slack.quiet, 0.0  # it will not be quiet while that answer is out
        await message_with(await ada.command("/paper", f"submit {ATTENTION}", channel=PAPERS), "on the list")
        card = await there.card("Attention")
        await there.kill()
        slack.world.clock.advance(60)  # nobody waits for the answer any more
        slack.quiet = quiet
        await there.start()
        await message_with(await ada.click(card, "Vote"), "Your vote for #1 is saved")
        await ada.command("/paper", f"submit {DISTIL}", channel=PAPERS)
        await there.card("distillation")
        assert len([m for m in slack.messages(PAPERS, bot=True) if "Attention" in m.words]) == 1
        there.check()


async def test_an_event_that_was_under_way_when_the_plug_was_pulled_is_told_again(tmp_path: Path) -> None:
    async with slack_installation(tmp_path) as there:
        slack, root, ben = there.slack, there.slack.user("Root", admin=True), there.slack.user("Ben")
        await set_up(there, root)
        slack.quiet = slack.patience = 0.0
        slack.sockets.go_silent()  # what Slack sends now is never acknowledged
        await there.kill()
        screen = await ben.mention(PAPERS, f"submit {ATTENTION}")
        await there.start()
        slack.world.clock.advance(60)
        await message_with(screen, "on the list")
        await there.card("Attention")
        told = next(sent for sent in slack.ledger.sent if sent.name == "app_mention")
        await slack.dispatcher.redeliver(told.payload, retry=3, reason="http_timeout")
        await slack.settled(quiet=0.3)
        assert len([m for m in slack.messages(PAPERS, bot=True) if "Attention" in m.words]) == 1
        assert len(screen.ephemerals) == 1
        there.check()


async def test_forged_and_malformed_requests_leave_no_trace_in_the_log(tmp_path: Path) -> None:
    async with slack_installation(tmp_path, "http") as there:
        base = f"http://127.0.0.1:{there.port}/slack"
        secret, stamp = there.slack.app.signing_secret, str(int(there.slack.world.clock.now()))
        forged = urlencode({"command": "/paper", "text": "MARKER\nERROR forged", "team_id": "T1"}).encode()
        cases = [
            (forged, "v0=" + "0" * 64, stamp, 401),
            (forged, sign(secret, stamp, forged), str(int(stamp) - 1000), 401),
            (b"payload=MARKER{", sign(secret, stamp, b"payload=MARKER{"), stamp, 400),
            (b"MARKER" * 60_000, "v0=1", stamp, 413),
        ]
        async with aiohttp.ClientSession() as session:
            for body, signature, when, status in cases:
                headers = {"X-Slack-Signature": signature, "X-Slack-Request-Timestamp": when}
                async with session.post(f"{base}/commands", data=body, headers=headers) as answer:
                    assert answer.status == status
                    assert "Traceback" not in await answer.text()
        await there.stop()
        assert "MARKER" not in there.text
        there.check()


async def test_a_workspace_that_removes_the_app_is_noticed_and_the_program_goes_on(tmp_path: Path) -> None:
    async with slack_installation(tmp_path) as there:
        slack, root, ada = there.slack, there.slack.user("Root", admin=True), there.slack.user("Ada")
        await set_up(there, root)
        slack.events.archive(DIGEST)
        await there.card("cannot be used", MODS)
        slack.events.remove_bot(PAPERS)
        await slack.wait_for(lambda: any("#reading for “Papers”" in m.words for m in slack.messages(MODS)), 20)
        slack.events.invite_bot(PAPERS)
        slack.events.uninstall("T1")
        assert there.program is not None
        await there.program.says("removed from the workspace")
        before = len(slack.ledger.asked)
        await slack.settled(quiet=1.0)
        assert len(slack.ledger.asked) - before < 5, "no hot loop"
        slack.world.installations["T1"].trouble = ""
        await message_with(await ada.command("/paper", f"submit {ATTENTION}", channel=PAPERS), "on the list")
        await there.stop()
        there.check()


@pytest.mark.parametrize(
    ("setting", "say"),
    [("SLACK__APP_TOKEN", "Slack refuses the connection"), ("SLACK__BOT_TOKEN", "Slack does not accept the token")],
)
async def test_a_wrong_token_ends_the_program_with_a_sentence(tmp_path: Path, setting: str, say: str) -> None:
    async with slack_installation(tmp_path, running=False) as there:
        wrong = there.settings | {setting: there.settings[setting][:-4] + "0000"}
        async with started(tmp_path, "run", **wrong) as program:
            assert await program.ends(within=30) == 1
            assert f"journalclub: {say}" in program.text
            assert "Traceback" not in program.text, "a sentence is all that it takes"
            assert wrong[setting] not in program.text


async def test_the_doctor_at_the_command_line_checks_the_tokens_scopes_and_channels(tmp_path: Path) -> None:
    async with slack_installation(tmp_path) as there:
        await set_up(there, there.slack.user("Root", admin=True))
        await there.stop()
        async with started(tmp_path, "doctor", "--online", **there.settings) as program:
            await program.ends(within=60)
            for words in ("connected to Reading Room", "Socket Mode", "#reading-mods"):
                assert words in program.text, program.text


async def test_on_sigterm_it_finishes_what_is_under_way(tmp_path: Path) -> None:
    async with slack_installation(tmp_path) as there:
        slack, ada = there.slack, there.slack.user("Ada")
        slack.quiet = slack.patience = 0.0
        slack.faults.add("users.info", faults.slow(2.0))
        screen = await ada.command("/paper", "top", channel=PAPERS)
        await slack.wait_for(lambda: slack.ledger.calls("users.info"))
        assert there.program is not None
        there.program.process.send_signal(signal.SIGTERM)
        assert await there.program.ends(within=25) == 0
        assert "Top papers" in screen.words
        there.check()


async def test_the_manifest_is_what_the_program_then_needs(tmp_path: Path) -> None:
    async with slack_installation(tmp_path) as there:
        assert there.slack.declared is not None
        used = {asked.method for asked in there.slack.ledger.asked}
        assert {"auth.test", "apps.connections.open"} <= used
        refused = [asked.error for asked in there.slack.ledger.asked if asked.error == "missing_scope"]
        assert refused == []

"""What the club posts to Slack: once, at Slack's pace, found again where nobody knows, and what the doctor says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from adapters.slack.render.delivery_metadata import EVENT_TYPE
from adapters.slack.setup.manifest import HISTORY, SCOPES, manifest
from adapters.slack.transport.outcomes import pause_seconds
from adapters.slack.transport.rate_limiter import RateLimiter
from adapters.slack.transport.task_group import TaskGroup
from bot.chat.cards import Card, ChartPart, text
from bot.chat.gateway import DoctorFinding, Location, NotSent, OutcomeUnknown, Refused
from bot.errors import UserError
from bot.features.registry import all_commands
from bot.settings import Settings, SlackSettings
from tests.adapters.slack.harness import DIGEST, MODS, PAPERS, SlackHarness, message_with, slack_harness
from tests.protocol.slack_server import Message, SlackServer, faults
from tests.protocol.slack_server.clock import Clock
from tests.protocol.slack_server.faults import Fault
from tests.stand_ins import MONDAY

CARD = Card("A title", (text("Some words"),))
ROOM = Location("slack", "T1", PAPERS)


# -- posting -----------------------------------------------------------------------------------------------
async def test_a_post_carries_its_key_and_does_not_unfurl(club: SlackHarness) -> None:
    posted = await club.gateway.post(ROOM, CARD, key="jc7")
    (message,) = club.slack.messages(PAPERS, bot=True)
    assert message.metadata == {"event_type": EVENT_TYPE, "event_payload": {"key": "jc7"}}
    assert posted.message == posted.thread == message.ts
    assert posted.url.endswith(message.ts.replace(".", ""))
    await club.gateway.edit(Location("slack", "T1", PAPERS, message=message.ts), Card("Another"), key="jc7")
    assert message.words == "Another"
    assert message.metadata, "sent again with every redraw"
    assert not message.edited


PLOT = ChartPart("Votes cast", (("2 Nov", 3.0), ("9 Nov", 5.0)), "From 2 Nov to 9 Nov: 8 votes in all.")


async def test_a_chart_is_shown_in_the_post_as_a_picture_with_its_words(club: SlackHarness) -> None:
    await club.gateway.post(ROOM, Card("A title", (PLOT,)), key="jc7")
    await club.slack.settled()
    (post,) = club.slack.messages(PAPERS, bot=True)
    (file,) = club.slack.world.files.values()
    assert "A title" in post.words
    assert [block["slack_file"] for block in post.blocks if block["type"] == "image"] == [{"id": file.id}]
    assert (file.name, file.title) == ("chart-1.png", "Votes cast")
    assert file.content
    assert file.content.startswith(b"\x89PNG")


async def test_a_chart_that_slack_refuses_costs_nothing_but_itself(club: SlackHarness) -> None:
    club.slack.faults.add("files.getUploadURLExternal", faults.refuse("missing_scope"), times=9)
    assert (await club.gateway.post(ROOM, Card("A title", (PLOT,)), key="jc7")).message
    await club.slack.settled()
    assert [message.words for message in club.slack.messages(PAPERS, bot=True)] == ["A title"]


@pytest.mark.parametrize(
    ("fault", "raises", "there"),
    [
        (faults.server_error(500), OutcomeUnknown, 0),
        (faults.server_error(502, applied=True), OutcomeUnknown, 1),
        (faults.reset(), OutcomeUnknown, 0),
        (faults.reset(applied=True), OutcomeUnknown, 1),
        (faults.lost_reply(), OutcomeUnknown, 1),
        (faults.html(), OutcomeUnknown, 1),
        (faults.truncated(), OutcomeUnknown, 1),
        (faults.refuse("fatal_error"), OutcomeUnknown, 0),
        (faults.refuse("internal_error", applied=True), OutcomeUnknown, 1),
        (faults.rate_limited(7), NotSent, 0),
        (faults.refuse("ratelimited"), NotSent, 0),
        (faults.refuse("message_limit_exceeded"), NotSent, 0),
        (faults.refuse("accesslimited"), NotSent, 0),
        (faults.refuse("is_archived"), Refused, 0),
        (faults.refuse("never_heard_of"), Refused, 0),
        (faults.refuse("token_revoked"), Refused, 0),
    ],
)
async def test_each_way_of_going_wrong_is_told_apart_and_nothing_is_sent_twice(
    club: SlackHarness, fault: Fault, raises: type[Exception], there: int
) -> None:
    club.slack.faults.add("chat.postMessage", fault)
    with pytest.raises(raises):
        await club.gateway.post(ROOM, CARD, key="jc1")
    assert len(club.slack.ledger.calls("chat.postMessage")) == 1
    assert len(club.slack.messages(PAPERS, bot=True)) == there


async def test_a_slow_answer_is_of_unknown_outcome(club: SlackHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.transport.outcomes.TIMEOUT", 0.2)
    club.slack.faults.add("chat.postMessage", faults.slow(3600, applied=True))
    with pytest.raises(OutcomeUnknown):
        await club.gateway.post(ROOM, CARD, key="jc1")


async def test_where_slack_cannot_be_reached_nothing_was_sent(club: SlackHarness) -> None:
    await club.slack.stop()
    await club.gateway._teams.close()
    with pytest.raises(NotSent, match="cannot be reached"):
        await club.gateway.post(ROOM, CARD, key="jc1")


async def test_a_post_under_way_is_finished_when_the_program_stops(club: SlackHarness) -> None:
    club.slack.faults.add("chat.postMessage", faults.slow(3600, applied=True))
    posting = asyncio.create_task(club.gateway.post(ROOM, CARD, key="jc1"))
    await club.slack.wait_for(lambda: club.slack.messages(PAPERS, bot=True))
    stopping = asyncio.create_task(club.stop())
    stopped, _ = await asyncio.wait({stopping}, timeout=0.1)
    assert not stopped, "the connections stay open as long as somebody waits for an answer"
    club.slack.world.clock.advance(3600)
    posted = await posting
    await stopping
    assert posted.url, "it asks for the permalink on a connection of its own"
    assert (await club.gateway.post(ROOM, CARD, key="jc2")).url, "and so does what comes later"


async def test_a_stop_waits_for_what_it_cancels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order, may_end, finish = list[str](), asyncio.Event(), TaskGroup.finish

    async def recount(*_: object) -> int:
        try:
            await asyncio.Event().wait()
        finally:  # as a transaction that is rolled back
            await may_end.wait()
            order.append("recount ended")
        return 0

    async def finished(tasks: TaskGroup, limit: float) -> None:
        await finish(tasks, limit)
        asyncio.get_running_loop().call_soon(may_end.set)

    monkeypatch.setattr("adapters.slack.gateway.recount", recount)
    monkeypatch.setattr(TaskGroup, "finish", finished)
    async with slack_harness(tmp_path) as club:
        close = club.gateway._teams.close

        async def closed() -> None:
            order.append("connections closed")
            await close()

        monkeypatch.setattr(club.gateway._teams, "close", closed)
        await club.stop()
        assert order == ["recount ended", "connections closed"]


async def test_a_pause_is_kept_without_asking_again(club: SlackHarness) -> None:
    club.slack.faults.add("chat.postMessage", faults.rate_limited(30))
    club.gateway._teams.rate_limiter.clock = lambda: 1e8
    for _ in range(5):
        with pytest.raises(NotSent) as caught:
            await club.gateway.post(ROOM, CARD, key="jc1")
        assert caught.value.retry_after == 30
    assert len(club.slack.ledger.calls("chat.postMessage")) == 1
    club.gateway._teams.rate_limiter.clock = lambda: 1e9
    await club.gateway.post(ROOM, CARD, key="jc1")


async def test_messages_in_a_channel_keep_their_distance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clock, "now", lambda clock: MONDAY.timestamp() + clock._ahead)  # it passes while somebody waits
    async with slack_harness(tmp_path, gap=1.1) as club:
        clock = club.slack.world.clock

        async def wait(limiter: RateLimiter, *place: str) -> None:
            clock.advance(limiter._reserve(place))

        monkeypatch.setattr(RateLimiter, "wait", wait)
        club.gateway._teams.rate_limiter.clock = clock.now
        club.slack.rates.channel_seconds = 1.0
        for i in range(3):
            await club.gateway.post(ROOM, CARD, key=f"jc{i}")
        await club.gateway.post(Location("slack", "T1", DIGEST), CARD, key="jc9")
        assert not [call for call in club.slack.ledger.calls("chat.postMessage") if not call.ok]
    assert SlackSettings().gap_seconds > 1


async def test_many_votes_are_few_redraws(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, gap=0.5) as club:
        card = await club.bring()
        before = len(club.slack.ledger.calls("chat.update"))
        people = [club.person(f"Member {i}") for i in range(20)]
        club.slack.quiet = club.slack.patience = 0.0
        delivery_worker, began = asyncio.create_task(club.delivery_worker.run()), monotonic()
        await asyncio.gather(*(person.click(card, "Vote") for person in people))
        await club.slack.wait_for(lambda: "Votes *20*" in str(card.blocks), 30)
        redraws, took = len(club.slack.ledger.calls("chat.update")) - before, monotonic() - began
        delivery_worker.cancel()
        await asyncio.gather(delivery_worker, return_exceptions=True)
        assert redraws <= 1 + took / 0.5, "two a second"


async def test_a_long_call_on_a_posted_card_is_kept_behind_a_short_one(club: SlackHarness) -> None:
    from bot.chat.calls import Call
    from bot.chat.cards import Button, Buttons

    long = Call.of("paper find", "diffusion " * 300)
    await club.gateway.post(ROOM, Card("Show", (Buttons((Button("Find", long),)),)), key="jc1")
    (message,) = club.slack.messages(PAPERS, bot=True)
    assert message.controls[0].element["value"].startswith("kept ")
    await message_with(await club.person("Ada").click(message, "Find"), "may have at most 200 characters")


# -- finding again -----------------------------------------------------------------------------------------
async def test_a_lost_reply_is_reconciled_by_itself_with_the_history_scope(open_club: SlackHarness) -> None:
    club = open_club
    club.slack.faults.add("chat.postMessage", faults.lost_reply())
    await club.person("Ada").command("/paper", "submit 1706.03762", channel=PAPERS)
    await club.settle()
    for i in range(130):
        await club.person("Ben").post(PAPERS, f"chatter {i}")
    club.harness.clock.advance(seconds=61)
    await club.settle()
    assert len(club.slack.messages(PAPERS, bot=True)) == 1
    async with club.harness.app.store.read(club.club.id) as db:
        (delivery,) = await db.deliveries.cards(1)
    assert (delivery.state, delivery.message) == ("sent", club.slack.messages(PAPERS, bot=True)[0].ts)


async def test_a_reply_in_a_thread_is_found_there(open_club: SlackHarness) -> None:
    club = open_club
    header = await club.gateway.post(ROOM, CARD, key="jc5")
    in_thread = replace(ROOM, thread=header.message)
    reply = await club.gateway.post(in_thread, CARD, key="jc6")
    found = await club.gateway.find(in_thread, key="jc6", since=0.0)
    assert found is not None
    assert found.message == reply.message


async def test_without_it_moderators_are_asked_and_nothing_is_sent_before_they_had_time(club: SlackHarness) -> None:
    club.slack.faults.add("chat.postMessage", faults.lost_reply())
    await club.person("Ada").command("/paper", "submit 1706.03762", channel=PAPERS)
    for _ in range(14):
        club.harness.clock.advance(minutes=1)
        await club.settle()
    assert len(club.slack.messages(PAPERS, bot=True)) == 1
    (asked,) = club.slack.messages(MODS, bot=True)
    assert "Attention Is All You Need" in asked.words
    shown = await message_with(
        await club.person("Root", admin=True).command("/clubadmin", "doctor", channel=PAPERS), "I could not check"
    )
    assert "without the history scopes" in shown.words


async def test_of_a_post_made_twice_the_first_stays(open_club: SlackHarness) -> None:
    club = open_club
    for _ in range(3):
        await club.gateway.post(ROOM, CARD, key="jc5")
    await club.gateway.post(ROOM, CARD, key="jc6")
    first = club.slack.messages(PAPERS, bot=True)[0]
    found = await club.gateway.find(ROOM, key="jc5", since=0.0)
    assert found is not None
    assert found.message == first.ts
    assert len(club.slack.messages(PAPERS, bot=True)) == 2


async def test_what_others_post_is_not_taken_for_ours(open_club: SlackHarness) -> None:
    club = open_club
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": "jc5"}}
    user = club.person("Mallory").id
    club.slack.world.post(
        Message("T1", PAPERS, club.slack.world.next_ts(), user, "forged", metadata=metadata), "Mallory"
    )
    assert await club.gateway.find(ROOM, key="jc5", since=0.0) is None


# -- the doctor --------------------------------------------------------------------------------------------
def line(findings: list[DoctorFinding], subject: str) -> DoctorFinding:
    found = [finding for finding in findings if subject in finding.subject]
    assert found, [finding.subject for finding in findings]
    return found[0]


async def test_all_is_well(club: SlackHarness) -> None:
    findings = await club.gateway.doctor("T1", [ROOM, Location("slack", "T1", MODS)])
    assert all(finding.ok for finding in findings), findings
    assert "connected to Reading Room" in line(findings, "Slack").say
    assert "I can count replies" in line(findings, "history").say
    assert {"#reading", "#reading-mods"} <= {finding.subject for finding in findings}


def _only(*scopes: str) -> Callable[[SlackServer], None]:
    return lambda slack: setattr(slack.world.installations["T1"], "scopes", list(scopes))


@pytest.mark.parametrize(
    ("given", "history", "subject", "ok", "say"),
    [
        ([s for s in SCOPES if s != "im:write"], False, "im:write", False, "important news in direct messages"),
        ([*SCOPES], True, "history", False, "JOURNALCLUB_SLACK__HISTORY is yes, but the scope channels:history"),
        ([*SCOPES, *HISTORY], True, "history", True, "I count replies"),
        ([*SCOPES, *HISTORY], False, "history", True, "Set the variable to yes"),
    ],
)
async def test_scopes_given_and_needed(
    tmp_path: Path, given: list[str], history: bool, subject: str, ok: bool, say: str
) -> None:
    async with slack_harness(tmp_path, history=history, change=_only(*given)) as club:
        finding = line(await club.gateway.doctor("T1", []), subject)
        assert finding.ok is ok
        assert say in finding.say


async def test_each_thing_that_is_wrong_says_how_to_mend_it(club: SlackHarness) -> None:
    club.slack.events.archive(DIGEST)
    club.slack.world.channels[MODS].members.clear()
    club.slack.faults.add("apps.connections.open", faults.refuse("invalid_auth"))
    rooms = [Location("slack", "T1", channel) for channel in (DIGEST, MODS, "C0NOWHERE1")]
    findings = await club.gateway.doctor("T1", rooms)
    assert "archived: choose another" in line(findings, "#editions").say
    assert "invite me with /invite" in line(findings, MODS).say
    assert "does not exist" in line(findings, "C0NOWHERE1").say
    assert "connections:write" in line(findings, "Socket Mode").say
    club.slack.world.installations["T1"].trouble = "token_revoked"
    (finding,) = await club.gateway.doctor("T1", [])
    assert "reinstall the app" in finding.say


async def test_a_token_that_slack_does_not_take_ends_the_program_with_a_sentence(tmp_path: Path) -> None:
    async with slack_harness(tmp_path) as club:
        await club.stop()
        club.slack.world.installations["T1"].trouble = "token_revoked"
        with pytest.raises(UserError, match="reinstall the app"):
            await club.gateway.serve()


# -- the parts ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "seconds"),
    [({"Retry-After": "7"}, 7.0), ({"Retry-After": "0"}, 1.0), ({}, 30.0), ({"Retry-After": "soon"}, 30.0),
     ({"Retry-After": "999999"}, 3600.0), ({"Retry-After": None}, 30.0)],
)  # fmt: skip
def test_how_long_slack_asks_to_wait(header: dict[str, Any], seconds: float) -> None:
    assert pause_seconds(header) == seconds


async def test_turns_are_a_second_apart_and_forgotten_when_their_time_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept = 100.0, []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("adapters.slack.transport.rate_limiter.asyncio.sleep", sleep)
    monkeypatch.setattr("adapters.slack.transport.rate_limiter.MAX_KEYS", 3)
    pace = RateLimiter(1.1, lambda: now)
    for _ in range(3):
        await pace.wait("T1", "C1")
    await pace.wait("T1", "C2")
    assert slept == pytest.approx([1.1, 2.2])
    now += 10
    for channel in ("C3", "C4"):
        await pace.wait("T1", channel)
    assert len(pace._next_allowed) <= 3


@pytest.mark.parametrize("history", [False, True])
@pytest.mark.parametrize("http", [False, True])
def test_slack_takes_the_manifest(history: bool, http: bool) -> None:
    slack = SlackServer()
    declared = slack.use_manifest(manifest(all_commands, Settings(), history=history, http=http))
    assert {"/paper", "/my", "/digest", "/curate", "/edition", "/clubadmin", "/help"} <= declared.commands
    assert set(declared.shortcuts.values()) == {"message", "global"}
    assert ("channels:history" in declared.scopes) is history
    assert ("message.channels" in declared.events) is history
    assert declared.home_tab


def test_a_prefix_stands_before_every_command_of_the_manifest() -> None:
    settings = Settings(slack=SlackSettings(command_prefix="jc-"))
    slack = SlackServer()
    declared = slack.use_manifest(manifest(all_commands, settings))
    assert all(name.startswith("/jc-") for name in declared.commands)

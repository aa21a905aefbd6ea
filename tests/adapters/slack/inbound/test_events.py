"""Events: in the inbox before they are handled, handled once, and what each of them means."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.inbound.event_processing import ABANDONED_AFTER, MAX_ATTEMPTS, EventProcessor, key_of
from adapters.slack.inbound.listeners import is_relevant
from adapters.slack.setup.manifest import manifest, scopes
from adapters.slack.transport.task_group import TaskGroup
from bot.chat.gateway import NotSent
from bot.domain.models import InboxEvent as Event
from bot.features.registry import all_commands
from bot.settings import Settings
from bot.store.admin.event_inbox import EventInbox
from tests.adapters.slack.harness import DIGEST, MODS, PAPERS, SlackHarness, message_with, slack_harness
from tests.busy_database import make_busy
from tests.protocol.slack_server import SlackServer, faults


async def inbox(club: SlackHarness) -> list[Event]:
    """Everything that stands in the inbox."""
    async with club.harness.app.store.read_admin_session() as admin:
        found = await admin.events.unhandled("slack", club.harness.clock() + timedelta(days=1))
        return list(found)


# -- once, and not less ------------------------------------------------------------------------------------
async def test_an_event_told_three_times_is_handled_once(club: SlackHarness) -> None:
    await club.bring()
    screen = await club.person("Ben").mention(PAPERS, "submit 2012.12877")
    await message_with(screen, "on the list")
    told = next(sent for sent in club.slack.ledger.sent if sent.name == "app_mention")
    for retry in (1, 2):
        assert (await club.slack.dispatcher.redeliver(told.payload, retry=retry, reason="http_timeout")).ok
    await club.settle()
    assert len(screen.ephemerals) == 1
    assert len(club.slack.messages(PAPERS, bot=True)) == 2


async def test_the_same_message_of_a_shared_channel_is_one_event(club: SlackHarness) -> None:
    event = {"type": "message", "channel": "C1", "ts": "1.2", "user": "U1"}
    assert key_of({"event_id": "Ev1", "event": event}) == key_of({"event_id": "Ev2", "team_id": "T2", "event": event})
    assert key_of({"event_id": "Ev1", "event": event}) != key_of({"event_id": "Ev1", "event": event | {"ts": "1.3"}})
    assert key_of({"event_id": "Ev1", "event": event | {"type": "app_mention"}}) != key_of({"event": event})


async def test_what_a_crash_left_behind_is_handled_after_the_next_start(club: SlackHarness) -> None:
    body: dict[str, Any] = {
        "team_id": "T1",
        "event_id": "EvLEFT",
        "event": {"type": "app_mention", "channel": PAPERS, "ts": "1.1", "user": club.person("Ben").id, "text": "top"},
    }
    async with club.harness.app.store.admin_session() as admin:
        await admin.events.receive(key_of(body), "slack", body, club.harness.clock())
    club.harness.clock.advance(seconds=ABANDONED_AFTER.total_seconds() + 1)
    await club.stop()
    await club.start()
    await club.slack.wait_for(lambda: club.slack.ephemerals(club.person("Ben")))
    await club.stop()  # which waits for what is under way
    assert await inbox(club) == []


async def test_a_stop_waits_for_an_event_that_is_handled_after_a_restart(club: SlackHarness) -> None:
    answered, may_end = asyncio.Event(), asyncio.Event()

    async def handle(body: dict[str, Any]) -> None:
        answered.set()
        await may_end.wait()

    work = TaskGroup()
    harness = club.harness
    box = EventProcessor(harness.app, handle, work)
    body: dict[str, Any] = {"event_id": "Ev1", "event": {"type": "app_mention"}}
    async with harness.app.store.admin_session() as session:
        await session.events.receive(key_of(body), "slack", body, harness.clock())
    harness.clock.advance(seconds=ABANDONED_AFTER.total_seconds() + 1)
    retrying = asyncio.create_task(box.retry_pending())
    await answered.wait()
    retrying.cancel()
    with suppress(asyncio.CancelledError):
        await retrying
    may_end.set()
    await work.finish(5)
    assert await inbox(club) == [], "it would be answered once more after the next start"


async def test_an_event_that_was_answered_while_the_database_was_away_is_not_answered_again(
    club: SlackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: list[str] = []
    make_busy(monkeypatch, EventInbox, "mark_handled")

    async def handle(body: dict[str, Any]) -> None:
        answered.append(body["event_id"])

    work = TaskGroup()
    box = EventProcessor(club.harness.app, handle, work)
    await box.store({"event_id": "Ev1", "event": {"type": "app_mention"}})
    await work.finish(5)
    club.harness.clock.advance(seconds=ABANDONED_AFTER.total_seconds() + 1)
    await box.retry_pending()
    await work.finish(5)
    assert answered == ["Ev1"]
    assert await inbox(club) == []


async def test_what_slack_could_not_be_told_is_tried_again_and_then_given_up(
    club: SlackHarness, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[int] = []

    async def handle(body: dict[str, Any]) -> None:
        tried.append(1)
        raise NotSent("Slack’s rate limit was reached") if len(tried) == 1 else ValueError("broken")

    work = TaskGroup()
    harness = club.harness
    box = EventProcessor(harness.app, handle, work)
    body = {"event_id": "Ev1", "event": {"type": "app_mention"}}
    assert await box.store(body)
    assert not await box.store(body)
    await work.finish(5)
    for _ in range(4):
        harness.clock.advance(seconds=ABANDONED_AFTER.total_seconds() + 1)
        await box.retry_pending()
    assert len(tried) == MAX_ATTEMPTS
    assert "ValueError: broken" in caplog.text
    harness.clock.advance(days=2)
    await box.retry_pending()
    assert await box.store(body), "forgotten in time"
    await work.finish(5)


@pytest.mark.parametrize(
    ("event", "ours"),
    [
        ({"type": "app_mention", "user": "U1"}, True),
        ({"type": "app_mention", "user": "U1", "bot_id": "B1"}, False),
        ({"type": "app_home_opened"}, True),
        ({"type": "message", "user": "U1"}, False),
        ({"type": "message", "user": "U1", "thread_ts": "1"}, True),
        ({"type": "message", "user": "U1", "thread_ts": "1", "bot_id": "B1"}, False),
        ({"type": "message", "user": "U1", "thread_ts": "1", "subtype": "message_changed"}, False),
        ({"type": "message", "user": "U1", "channel_type": "im"}, True),
        ({"type": "message", "subtype": "message_deleted", "previous_message": {"ts": "2", "thread_ts": "1"}}, True),
        ({"type": "message", "subtype": "message_deleted", "previous_message": {"ts": "1", "thread_ts": "1"}}, False),
        ({"type": "message", "subtype": "message_deleted", "previous_message": {"ts": "2"}}, False),
    ],
)
def test_only_what_is_for_us_is_kept(event: dict[str, Any], ours: bool) -> None:
    assert is_relevant(event, "U0BOTT1") is ours


# -- threads -----------------------------------------------------------------------------------------------
async def test_a_mention_in_a_papers_thread_means_that_paper(club: SlackHarness) -> None:
    card = await club.bring()
    ben = club.person("Ben")
    screen = await ben.mention(PAPERS, "vote", thread_ts=card.ts)
    answer = await message_with(screen, "is counted")
    assert answer.thread_ts == card.ts
    assert answer.ephemeral_to == ben.id
    await club.settle()
    assert "Votes *1*" in str(card.blocks)
    assert "In the discussion *1*" in str(card.blocks)


async def test_a_mention_that_lacks_words_offers_its_form(club: SlackHarness) -> None:
    card = await club.bring()
    screen = await club.person("Ben").mention(PAPERS, "report", thread_ts=card.ts)
    asked = await message_with(screen, "I still need: What is wrong?")
    screen = await club.person("Ben").click(asked, "Open the form")
    await screen.until(lambda s: s.view.title == "Report a problem")
    screen = await club.person("Ben").submit_view(screen.view, {"what": "quote"})
    await screen.until(lambda s: "moderators" in s.words)


async def test_a_mention_alone_is_answered_with_help_and_nonsense_with_the_nearest(club: SlackHarness) -> None:
    await message_with(await club.person("Ben").mention(PAPERS), "What I can do")
    await message_with(await club.person("Ben").mention(PAPERS, "sumbit 1706.03762"), "paper submit")


async def test_with_the_history_scope_replies_are_counted(open_club: SlackHarness) -> None:
    club = open_club
    card = await club.bring()
    for name in ("Ben", "Cy", "Ben"):
        last = await club.person(name).post(PAPERS, "I wonder", thread_ts=card.ts)
    await club.person("Cy").post(PAPERS, "elsewhere")
    await club.slack.settled()
    await club.settle()
    assert "Replies *3*" in str(card.blocks)
    assert "In the discussion *2*" in str(card.blocks)
    club.slack.world.delete(last)
    await club.slack.settled()
    await club.settle()
    assert "Replies *2*" in str(card.blocks)


async def test_without_it_slack_tells_nothing_and_nothing_else_changes(club: SlackHarness) -> None:
    card = await club.bring()
    await club.person("Ben").post(PAPERS, "I wonder", thread_ts=card.ts)
    await club.settle()
    assert "Replies" not in card.words
    assert not [sent for sent in club.slack.ledger.sent if sent.name == "message"]


async def test_a_direct_message_is_answered_like_a_mention(open_club: SlackHarness) -> None:
    ben = open_club.person("Ben")
    open_club.slack.world.direct("T1", ben.id)
    await ben.post(ben.direct, "top")
    await open_club.slack.wait_for(lambda: any("Top papers" in m.words for m in open_club.slack.directs(ben)))


# -- comings and goings ------------------------------------------------------------------------------------
async def test_a_channel_that_is_archived_is_told_elsewhere_and_comes_back(club: SlackHarness) -> None:
    root = club.person("Root", admin=True)
    await root.command("/clubadmin", "roles admin Root", channel=PAPERS)
    club.slack.events.archive(DIGEST)
    await club.slack.settled()
    await club.settle()
    assert any("#editions for “Editions”" in m.words for m in club.slack.messages(MODS))
    assert any("#editions for “Editions”" in m.words for m in club.slack.directs(root)), "and the admins directly"
    club.slack.events.archive(DIGEST)
    await club.slack.settled()
    await club.settle()
    assert len([m for m in club.slack.messages(MODS) if "cannot be used" in m.words]) == 1, "said once"
    renamed = {"id": DIGEST, "name": "old-editions"}
    club.slack.events.tell("T1", {"type": "channel_rename", "channel": renamed, "event_ts": club.slack.world.next_ts()})
    await club.slack.settled()
    screen = await root.command("/clubadmin", "channels", channel=PAPERS)
    await message_with(screen, "#old-editions (cannot post: the channel is archived")
    screen = await root.command("/clubadmin", "doctor", channel=PAPERS)
    await message_with(screen, "the channel is archived")
    club.slack.events.unarchive(DIGEST)
    await club.slack.settled()
    async with club.harness.app.store.read(club.club.id) as db:
        assert [room.trouble for room in await db.rooms.all()] == ["", "", ""]


async def test_a_bot_that_is_removed_from_a_channel_says_how_to_bring_it_back(club: SlackHarness) -> None:
    await club.bring()
    club.slack.events.remove_bot(PAPERS)
    await club.slack.settled()
    await club.settle()
    assert any("Invite me there with /invite" in m.words.replace("\n", "") for m in club.slack.messages(MODS))
    club.slack.events.invite_bot(PAPERS)
    await club.slack.settled()
    async with club.harness.app.store.read(club.club.id) as db:
        assert all(room.trouble == "" for room in await db.rooms.all())


async def test_a_removed_app_asks_for_nothing_more_and_keeps_everything(club: SlackHarness) -> None:
    card = await club.bring()
    ben = club.person("Ben")
    club.slack.events.uninstall("T1")
    await club.slack.settled()
    assert (await club.workspace()).left_at is not None
    before = len(club.slack.ledger.asked)
    async with club.harness.app.store.begin(club.club.id) as db:
        await db.deliveries.mark_stale(1)
    for _ in range(10):
        club.harness.clock.advance(minutes=1)
        await club.settle()
    assert len(club.slack.ledger.asked) == before, "no hot loop"
    assert card.words
    club.slack.world.installations["T1"].trouble = ""
    screen = await ben.command("/paper", "top", channel=PAPERS)
    await message_with(screen, "Attention")
    assert (await club.workspace()).left_at is None, "whoever is asked again is back"


async def test_a_revoked_token_is_noticed_by_its_event_or_by_its_refusal(club: SlackHarness) -> None:
    await club.bring()
    club.slack.events.revoke("T1")
    await club.slack.settled()
    assert (await club.workspace()).left_why == "the app’s token was revoked"
    club.slack.events.tell("T1", {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    await club.slack.settled()


async def test_a_post_that_its_channel_refuses_is_tried_more_and_more_rarely(club: SlackHarness) -> None:
    club.slack.faults.add("chat.postMessage", faults.refuse("is_archived"), times=100)
    await club.person("Ada").command("/paper", "submit 1706.03762", channel=PAPERS)
    for _ in range(10):
        club.harness.clock.advance(minutes=1)
        await club.settle()
    tries = [call for call in club.slack.ledger.calls("chat.postMessage") if call.args["channel"] == PAPERS]
    assert len(tries) == 4, "after one minute, after two more, after four more"
    club.slack.faults.clear()


# -- links -------------------------------------------------------------------------------------------------
async def test_who_posts_a_link_to_a_new_paper_is_asked_whether_to_submit_it(tmp_path: Path) -> None:
    def with_links(slack: SlackServer) -> None:
        slack.install("T1", scopes(history=False, links=True))

    async with slack_harness(tmp_path, change=with_links, links=True) as club:
        ben = club.person("Ben")
        await posted_link(club, ben.id, "https://arxiv.org/abs/1706.03762", source="composer")
        await club.settle()
        assert club.slack.ephemerals(ben) == [], "nothing while it is being written"
        await posted_link(club, ben.id, "https://arxiv.org/abs/1706.03762")
        await club.slack.wait_for(lambda: club.slack.ephemerals(ben))
        [asked] = club.slack.ephemerals(ben)
        assert "Submit this paper?" in asked.words
        screen = await ben.click(asked, "Submit it")
        await screen.until(lambda s: s.view.title == "Submit a paper")
        await message_with(await ben.submit_view(screen.view, {"why": "a classic"}), "on the list")
        await club.settle()
        before = len(club.slack.ephemerals(ben))
        await posted_link(club, ben.id, "https://arxiv.org/abs/1706.03762v2")
        await club.settle()
        assert len(club.slack.ephemerals(ben)) == before, "the club has it by now"
        await posted_link(club, ben.id, "https://arxiv.org/abs/1706.03762", "https://arxiv.org/pdf/2012.12877v2")
        await club.slack.wait_for(lambda: len(club.slack.ephemerals(ben)) > before)
        assert "2012.12877" in club.slack.ephemerals(ben)[-1].words, "the new one of two"
        before = len(club.slack.ephemerals(ben))
        await posted_link(
            club, ben.id, *(f"https://arxiv.org/abs/{id}" for id in ("1706.03762", "2012.12877", "2010.11929"))
        )
        await club.slack.wait_for(lambda: len(club.slack.ephemerals(ben)) > before)
        [asked] = club.slack.ephemerals(ben)[before:]
        assert "Submit these papers?" in asked.words
        assert "links to 2 papers that the club does not have yet" in asked.words
        await message_with(await ben.click(asked, "Submit all 2"), "2 links submitted")
        club.check()


async def posted_link(club: SlackHarness, user: str, *urls: str, source: str = "conversations_history") -> None:
    """Slack tells of links, as it does for the domains of the manifest."""
    event = {
        "type": "link_shared",
        "channel": PAPERS,
        "user": user,
        "message_ts": "1764547200.000100",
        "source": source,
        "links": [{"domain": "arxiv.org", "url": url} for url in urls],
        "event_ts": "1764547200.000200",
    }
    await club.slack.dispatcher.report("T1", event)


def test_the_manifest_asks_for_links_only_if_wanted() -> None:
    plain, asked = manifest(all_commands, Settings()), manifest(all_commands, Settings(), links=True)
    assert "unfurl_domains" not in plain["features"]
    assert asked["features"]["unfurl_domains"] == ["arxiv.org"]
    assert "links:read" in asked["oauth_config"]["scopes"]["bot"]
    assert "link_shared" in asked["settings"]["event_subscriptions"]["bot_events"]

"""The local Slack itself, tried with the real slack_bolt and slack_sdk by Socket Mode and by signed HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.protocol.slack_echo import by_http, by_socket
from tests.protocol.slack_server import DEFAULT_SCOPES, HISTORY_SCOPES, ActionUnavailable, SlackServer
from tests.protocol.slack_server.__main__ import Keyboard
from tests.protocol.slack_server.world import Refusal


@pytest.fixture(params=["socket", "http"])
async def running(request: pytest.FixtureRequest) -> AsyncIterator[SlackServer]:
    """A Slack with the tiny club at work in it; what the club does must be without breach."""
    async with SlackServer() as slack:
        slack.app.events = {"app_mention", "app_home_opened", "message.channels"}  # what the club listens to
        if request.param == "socket":
            async with by_socket(slack):
                yield slack
        else:
            async with by_http(slack) as url:
                assert await slack.use_http(url)
                yield slack
        assert slack.violations == []


async def test_a_command_is_answered_by_response_url(running: SlackServer) -> None:
    ada = running.user("Ada")
    seen = await ada.command("/echo", "hello & goodbye")
    assert seen.ack is not None
    assert seen.ack.ok
    assert [m.text for m in seen.ephemerals] == ["You said: hello & goodbye"]


async def test_a_vote_updates_the_card(running: SlackServer) -> None:
    ada = running.user("Ada")
    seen = await ada.command("/paper", "submit 1706.03762")
    message = seen.message("Attention")
    assert message.labels == ["Vote", "Cite", "Report"]
    await ada.click(message, "Vote")
    assert "1 votes" in message.words
    assert len(message.history) == 2
    seen = await ada.click(message, "Report")
    assert seen.ephemerals[0].text == "Chosen: report"


async def test_a_form_keeps_what_was_typed_beside_its_error(running: SlackServer) -> None:
    ada = running.user("Ada")
    seen = await ada.command("/paper")
    view = seen.view
    assert view.title == "Submit a paper"
    seen = await ada.submit_view(view, {"Link": "https://example.org"})
    assert seen.errors == {"link": "That is no paper."}
    assert view.state["link"]["word"]["value"] == "https://example.org"
    seen = await ada.submit_view(view, {"link": "https://arxiv.org/abs/1706.03762", "Topic": "Vision"})
    assert not view.open
    seen = await seen.until(lambda s: s.ephemerals)
    assert seen.ephemerals[-1].text == "Taken: vision"


async def test_mention_and_home(running: SlackServer) -> None:
    ada = running.user("Ada")
    seen = await ada.mention("C1", "help")
    assert seen.posted[0].thread_ts == running.messages("C1")[0].ts
    seen = await ada.open_home()
    assert ada.home is not None
    assert "Your ballot" in ada.home.words


async def test_shortcuts(running: SlackServer) -> None:
    ada = running.user("Ada")
    message = await ada.post("C1", "read https://arxiv.org/abs/1706.03762 & weep")
    seen = await ada.message_shortcut("quote", message)
    assert seen.ephemerals[0].text == "Quoted: read <https://arxiv.org/abs/1706.03762> &amp; weep"
    seen = await ada.global_shortcut("submit")
    assert seen.view.labels == ["Link", "Topic"]
    assert running.views(ada) == [seen.view]
    await ada.close_view(seen.view)
    assert running.views(ada) == []


async def test_menus_with_fixed_and_with_asked_choices(running: SlackServer) -> None:
    ada = running.user("Ada")
    menus = (await ada.command("/pick")).message("Pick")
    seen = await ada.suggest(menus, "Topic", "l")
    assert seen.choices == ["Language"]
    assert (await ada.suggest(menus, "Topic", "")).choices == []  # shorter than min_query_length
    with pytest.raises(ActionUnavailable, match="no choice 'Chess'"):
        await ada.select(menus, "Theme", "Chess")
    await ada.select(menus, "Topic", "Language")
    assert menus.words == "Picked: language"
    menus = (await ada.command("/pick")).message("Pick")
    await ada.select(menus, "theme", "vision")
    assert menus.words == "Picked: vision"


async def test_slow_work_is_seen_when_it_is_done(running: SlackServer) -> None:
    ada = running.user("Ada")
    seen = await ada.command("/later")
    assert seen.words == "At work"
    await seen.until(lambda s: "Done" in s.words)
    with pytest.raises(TimeoutError, match="Ada sees: At work\nDone"):
        await seen.until(lambda s: s.view, 0.01)


async def test_replies_in_threads_are_heard_only_with_a_history_scope(running: SlackServer) -> None:
    ada = running.user("Ada")
    first = await ada.post("C1", "A thread")
    await ada.post("C1", "one", first.ts)
    await running.settled()
    assert running.messages("C1", bot=True) == []
    running.install("T1", [*DEFAULT_SCOPES, *HISTORY_SCOPES])
    await ada.post("C1", "two", first.ts)
    await running.wait_for(lambda: running.messages("C1", bot=True))
    await running.settled()
    assert [m.text for m in running.messages("C1", bot=True)] == ["Heard: two"]
    told = [s.payload["event"]["channel_type"] for s in running.ledger.sent if s.name == "message"]
    assert told == ["channel", "channel"]  # the reply, and the app's own answer


async def test_what_slack_itself_refuses(running: SlackServer) -> None:
    ada, bob = running.user("Ada"), running.user("Bob")
    running.channel("C7", "quiet-room", members=[ada.id])
    first = await ada.post("C1", "A thread")
    seen = await ada.command("/echo", "hi", thread_ts=first.ts)
    assert seen.failure == "/echo is not supported in threads. Sorry!"
    with pytest.raises(ActionUnavailable, match="Bob is not in #quiet-room"):
        await bob.command("/echo", "hi", channel="C7")
    message = (await ada.command("/paper", "x")).message("Attention")
    with pytest.raises(ActionUnavailable, match=r"no 'Veto'; there are \['Vote'"):
        await ada.click(message, "Veto")
    running.events.archive("C2")
    with pytest.raises(ActionUnavailable, match="archived"):
        await ada.post("C2", "hello?")
    view = (await ada.command("/paper")).view
    with pytest.raises(ActionUnavailable, match="does not have this view"):
        await bob.submit_view(view)


async def test_the_same_person_is_found_again_and_workspaces_are_apart(running: SlackServer) -> None:
    running.team("T2", "Other Room")
    running.install("T2")
    running.channel("C20", "papers", team="T2")
    assert running.user("Ada") is running.user("Ada")
    stranger = running.user("Ada", team="T2")
    assert stranger is not running.user("Ada")
    with pytest.raises(Refusal, match="channel_not_found"):
        await stranger.post("C1", "hello")
    assert running.token("T2") != running.token("T1")


async def test_the_keyboard_of_the_server_on_its_own(running: SlackServer) -> None:
    keyboard = Keyboard(running, running.user("Ada"))
    assert await keyboard.line("/echo hello") == "You said: hello"
    assert await keyboard.line("/paper x") == "*Attention* has 0 votes\nVote\n[Vote] [Cite] [Report]"
    assert "has 1 votes" in await keyboard.line("press Vote")
    assert "[Link] [Topic]" in await keyboard.line("/paper")
    assert "no paper" in await keyboard.line("fill Link = https://example.org")
    assert await keyboard.line("say hello") == ""
    assert await keyboard.line("@ hello") == "Here"
    assert await keyboard.line("home") == "Your ballot"
    assert "Type /command" in await keyboard.line("dance")

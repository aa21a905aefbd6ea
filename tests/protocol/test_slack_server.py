"""The local Slack itself, tried with the real slack_bolt and slack_sdk by Socket Mode and by signed HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.protocol.slack_echo import by_http, by_socket
from tests.protocol.slack_server import SlackServer


@pytest.fixture(params=["socket", "http"])
async def running(request: pytest.FixtureRequest) -> AsyncIterator[SlackServer]:
    """A Slack with the tiny club at work in it; what the club does must be without breach."""
    async with SlackServer() as slack:
        if request.param == "socket":
            async with by_socket(slack):
                yield slack
        else:
            async with by_http(slack) as url:
                assert await slack.use_http(url)
                yield slack
        assert slack.breaches == []


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

"""A strict local Slack for tests: Web API, Socket Mode, signed HTTP, OAuth, and people at their keyboards.

    async with SlackServer() as slack:
        ...  # start the app with slack.api_url, slack.token() and slack.app.app_token
        await slack.sockets.connected()  # or: await slack.use_http("http://127.0.0.1:8080/slack/events")
        ada, bob = slack.user("Ada", admin=True), slack.user("Bob")
        seen = await ada.command("/paper", "submit 1706.03762", channel="C1")
        card = seen.message("Attention")
        await bob.click(card, "Vote")
        await slack.wait_for(lambda: "1 vote" in card.words)
        seen = await ada.command("/paper", "submit")
        seen = await ada.submit_view(seen.view, {"Link": "not a link"})
        assert "link" in seen.errors
        slack.faults.add("chat.postMessage", faults.lost_reply())
        slack.world.clock.advance(60)
        assert slack.breaches == []

Whatever a person does gives back what they then see (`Seen`); it goes on filling, so `await seen.until(...)` waits for
slow work. `slack.ledger` holds all that was asked, sent and shown.
"""

from __future__ import annotations

from tests.protocol.slack_server import faults
from tests.protocol.slack_server.forms import ActionUnavailable
from tests.protocol.slack_server.http_mode import RequestUrls
from tests.protocol.slack_server.ledger import Ack, ApiCall, Sent, Violation
from tests.protocol.slack_server.people import Person
from tests.protocol.slack_server.posts import Message, View
from tests.protocol.slack_server.seen import InteractionResult
from tests.protocol.slack_server.server import SlackServer
from tests.protocol.slack_server.things import Channel, Installation, User
from tests.protocol.slack_server.world import DEFAULT_SCOPES, HISTORY_SCOPES

__all__ = [
    "DEFAULT_SCOPES",
    "HISTORY_SCOPES",
    "Ack",
    "ActionUnavailable",
    "ApiCall",
    "Channel",
    "Installation",
    "InteractionResult",
    "Message",
    "Person",
    "RequestUrls",
    "Sent",
    "SlackServer",
    "User",
    "View",
    "Violation",
    "faults",
]

"""Local Slack with a listener in place of an app, and a client of its Web API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_api.client import Listener
from tests.protocol.slack_server import SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        server.patience = 0.0
        server.quiet = 0.0
        yield server


@pytest.fixture
def listener(slack: SlackServer) -> Listener:
    listener = Listener()
    slack.dispatcher.transport = listener
    return listener


@pytest.fixture
def client(slack: SlackServer) -> AsyncWebClient:
    return AsyncWebClient(token=slack.token(), base_url=slack.api_url)

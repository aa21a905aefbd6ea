"""Listener and calls for tests of the local Slack's Web API."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_echo import QUIETLY
from tests.protocol.slack_server import Ack
from tests.protocol.slack_server.delivery import DeliveryAttempt

Json = dict[str, Any]


class Listener:
    """An app that only takes down what it gets, and acknowledges with prepared words."""

    def __init__(self) -> None:
        self.parcels: list[DeliveryAttempt] = []
        self.answers: list[Json] = []

    async def send(self, parcel: DeliveryAttempt) -> Ack:
        self.parcels.append(parcel)
        return Ack(0.0, payload=self.answers.pop(0) if self.answers else None)

    @property
    def last(self) -> Json:
        return self.parcels[-1].payload


async def refused(client: AsyncWebClient, method: str, **args: Any) -> Json:
    """The answer to a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=args)
    answer: Json = caught.value.response.data
    return answer


async def posted(client: AsyncWebClient, **args: Any) -> str:
    """The ts of a new message in C1."""
    answer = await client.chat_postMessage(channel="C1", **({"text": "hello"} | QUIETLY | args))
    return str(answer["ts"])

"""Minimal slack-bolt program: acknowledge, commit one raw SQLite transaction, and echo the text.

python -m benchmarks.slack_echo BASE_URL BOT_TOKEN APP_TOKEN
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.ledger import ledger


async def main(base_url: str, bot_token: str, app_token: str, write: Callable[[str], None]) -> None:
    """Echo until killed."""
    app = AsyncApp(client=AsyncWebClient(token=bot_token, base_url=base_url))

    @app.command(re.compile(".*"))
    async def said(ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        write(command["text"])
        await respond(f"You said: {command['text']}", response_type="ephemeral")

    @app.action(re.compile(".*"))
    async def pressed(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        write(action["action_id"])
        await respond(f"You pressed: {action.get('value')}", response_type="ephemeral", replace_original=False)

    handler: Any = AsyncSocketModeHandler(app, app_token, web_client=AsyncWebClient(base_url=base_url))
    await handler.start_async()


if __name__ == "__main__":
    with ledger() as write:
        asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], write))

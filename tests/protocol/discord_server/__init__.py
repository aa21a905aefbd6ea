"""A strict local Discord: REST and gateway on the loopback, people at a keyboard, faults, and a ledger.

In a test
---------
::

    async with DiscordServer() as discord:
        guild = discord.guild("ML Readers")
        papers = guild.text("papers")
        ada = guild.member("Ada")
        ...start the bot against discord.api and discord.gateway.url with discord.token...
        await discord.connected()
        seen = await ada.command("/paper submit", papers, link="1706.03762")
        assert "Attention Is All You Need" in seen.text
        seen = await ada.click(papers.last, "Vote")
        assert discord.breaches == []

Alone: `python -m tests.protocol.discord_server` prints its addresses and token and takes a person's lines.

How a program is pointed here
-----------------------------
discord.py 2.7.1 has two addresses, both class attributes, both to be set before the client starts:

1. REST, also for interactions and webhooks: `discord.http.Route.BASE = discord.api`
   (`http://127.0.0.1:PORT/api/v10`, no slash at the end).
2. The gateway: `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)`, where `url` is what
   `GET {REST base}/gateway/bot` answers (it needs the token; `ws://127.0.0.1:PORT/gateway`).
   Only an `AutoShardedClient` without `shard_count` asks /gateway/bot by itself. `Client`, and
   `AutoShardedClient` with a count, go straight to `DEFAULT_GATEWAY`; so does every client after an
   invalid session.

In one process, `client.discord_py_at(discord)` does both for a block, and `client.running(bot, discord)` also
logs a client in and out.

After a dropped line discord.py resumes at the `resume_gateway_url` of READY, here another path
(`…/gateway/resume`), so that a test can break one of the two. No other address is used: avatars and
attachments of the CDN are never asked; files that were uploaded carry an address of this server.

The token is `discord.token` (shaped like a real one). The bot's user id is its application id.

What is checked
---------------
Each request is held to Discord's OpenAPI document (`contract`) and to the rules it misses (`message_rules`,
`component_rules`, `command_rules`); what breaks one is refused as Discord would refuse it and noted in
`discord.breaches`. One rule is the club's own: a text without `allowed_mentions.parse == []`, or in which a
mention would ping, is a breach. Refusals that a correct bot can meet (10008, 50013, 40060, …) are not breaches.
"""

from __future__ import annotations

from .faults import Fault, Faults
from .forms import Form, FormRefused
from .guilds import LocalGuild
from .people import Person
from .seen import ActionUnavailable, InteractionResult
from .server import DiscordServer
from .state import Channel, Message, Thread

__all__ = [
    "ActionUnavailable",
    "Channel",
    "DiscordServer",
    "Fault",
    "Faults",
    "Form",
    "FormRefused",
    "InteractionResult",
    "LocalGuild",
    "Message",
    "Person",
    "Thread",
]

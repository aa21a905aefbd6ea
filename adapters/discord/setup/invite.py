"""The invite link, with the fewest permissions that the bot needs."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlencode

import discord

from adapters.discord.transport.client import set_api_urls
from adapters.discord.transport.connection import REJECTED
from bot.errors import UserError
from bot.settings import DiscordSettings

REQUIRED_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
    attach_files=True,
)
"""Permissions to post, open a paper's thread, find a post of unknown outcome and attach an edition's chart; none to
read what people write or to ping them.
"""


async def invite(settings: DiscordSettings) -> str:
    """The invite link. The application's id comes from the settings, the token, or Discord.

    Raises UserError if there is no token or Discord does not accept it.
    """
    if not settings.on:
        raise UserError("There is no token yet: set JOURNALCLUB_DISCORD__TOKEN (docs/discord.md says where it is).")
    token = settings.token.get_secret_value()
    application = settings.application_id or _id_in_token(token) or await _fetch_id(settings, token)
    query = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": REQUIRED_PERMISSIONS.value,
        "integration_type": 0,
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


def _id_in_token(token: str) -> int:
    """The application's id in a token, which begins with the bot's user id; 0 if the token has another form."""
    first = token.partition(".")[0]
    try:
        decoded = base64.b64decode(first + "=" * (-len(first) % 4), validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return 0
    return int(decoded) if decoded.isdigit() and len(decoded) >= 15 else 0


async def _fetch_id(settings: DiscordSettings, token: str) -> int:
    set_api_urls(settings.rest_url, settings.gateway_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        try:
            await client.login(token)
        except discord.LoginFailure as error:
            raise UserError(REJECTED) from error
        except (discord.HTTPException, OSError) as error:
            raise UserError(f"Discord cannot be asked for the application's id just now ({error}).") from error
        assert client.application_id is not None, "there is one after the login"
        return client.application_id

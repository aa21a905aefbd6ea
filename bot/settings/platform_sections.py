"""Settings of the platforms: Slack, Discord, and posts to both."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.settings.section import EMPTY_SECRET, SettingsSection
from bot.settings.value_types import (
    AnyCase,
    BareUrl,
    ClientSecret,
    CommandPrefix,
    DiscordToken,
    FolderUrl,
    SigningSecret,
    SlackAppToken,
    SlackBotToken,
    Snowflake,
    Snowflakes,
    SocketUrl,
)


class SlackSettings(SettingsSection):
    """Slack is on when it has tokens. Socket Mode needs no public address; HTTP serves many workspaces."""

    mode: Annotated[Literal["socket", "http"], AnyCase] = Field(
        default="socket",
        description="The connection with Slack: a socket that the bot opens, or HTTP requests from Slack.",
        examples=["http"],
    )
    bot_token: SlackBotToken = Field(
        default=EMPTY_SECRET,
        description="The bot's token in your workspace (OAuth & Permissions).",
        examples=["xoxb-…"],
    )
    app_token: SlackAppToken = Field(
        default=EMPTY_SECRET,
        description="The app's own token with the scope connections:write (Basic Information); for Socket Mode.",
        examples=["xapp-…"],
    )
    signing_secret: SigningSecret = Field(
        default=EMPTY_SECRET,
        description="Proves that a request comes from Slack (Basic Information → App Credentials); for HTTP.",
        examples=["8f742231b10e8888abcd99yyyzzz85a5"],
    )
    client_id: str = Field(
        default="",
        description="For installing the app into many workspaces, with the client secret.",
        examples=["1234.5678"],
    )
    client_secret: ClientSecret = Field(
        default=EMPTY_SECRET,
        description="For installing the app into many workspaces, with the client id.",
        examples=["0123abcd…"],
    )
    command_prefix: CommandPrefix = Field(
        default="",
        description="A prefix of each command's name, for workspaces in which another app has /paper already.",
        examples=["jc-"],
    )
    history: bool = Field(
        default=False,
        description="Set to yes if the app has the scopes channels:history and groups:history; "
        "with them, the bot checks itself whether an uncertain post arrived.",
        examples=["yes"],
    )
    links: bool = Field(
        default=False,
        description="Set to yes if the app has the scope links:read (`journalclub manifest slack --links`); whoever "
        "posts a link to arXiv in a channel with the bot is then asked privately whether to submit it.",
        examples=["yes"],
    )
    reactions: bool = Field(
        default=False,
        description="Set to yes if the app has the scope reactions:read (`journalclub manifest slack --reactions`); "
        "clubs can then count a reaction to a paper's card as a vote (`/clubadmin settings vote_reaction thumbsup`).",
        examples=["yes"],
    )
    base_url: FolderUrl = Field(
        default="https://slack.com/api/", description="Slack's Web API.", examples=["https://slack.com/api/"]
    )
    gap_seconds: float = Field(
        default=1.1,
        ge=0,
        le=60,
        description="Seconds between two messages in a channel, or updates of one card; Slack allows one a second.",
        examples=[1.1],
    )

    @property
    def on(self) -> bool:
        """True if there are credentials to connect with."""
        return bool(self.bot_token or self.client_secret)


class DiscordSettings(SettingsSection):
    """Discord is on when it has a token."""

    token: DiscordToken = Field(
        default=EMPTY_SECRET, description="The bot's token (Bot → Reset Token).", examples=["MTA1…"]
    )
    application_id: Snowflake | None = Field(
        default=None,
        description="The application's id, for the invitation link; asked of Discord if empty.",
        examples=[123456789],
    )
    reactions: bool = Field(
        default=False,
        description="Set to yes to hear of reactions (the intent GUILD_MESSAGE_REACTIONS, which needs no switch); "
        "clubs can then count a reaction to a paper's card as a vote (`/clubadmin settings vote_reaction thumbsup`).",
        examples=["yes"],
    )
    guild_ids: Snowflakes = Field(
        default=(),
        description="Register the commands only in these servers, for development: changes show at once there.",
        examples=["123456789, 987654321"],
    )
    names_file: str = Field(
        default="",
        description="A JSON file with names of commands and options in other languages, by Discord's codes for them.",
        examples=["names.json"],
    )
    max_shards: int = Field(
        default=0,
        ge=0,
        description="The most shards that this process serves; 0 for all that no other process serves.",
        examples=[8],
    )
    rest_url: BareUrl = Field(
        default="https://discord.com/api/v10",
        description="Discord's REST API.",
        examples=["https://discord.com/api/v10"],
    )
    gateway_url: SocketUrl = Field(
        default="",
        description="Discord's gateway; empty to ask the REST API for it.",
        examples=["wss://gateway.discord.gg"],
    )

    @property
    def on(self) -> bool:
        """True if there is a token to connect with."""
        return bool(self.token)


class PostSettings(SettingsSection):
    """Exactly-once posting."""

    repost_minutes: float = Field(
        default=15,
        ge=0,
        le=1440,
        description="Minutes that moderators have to say whether an uncertain post arrived; without an "
        "answer it is posted again. 0 waits for an answer without a limit.",
        examples=[15],
    )

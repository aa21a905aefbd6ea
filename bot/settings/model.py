"""The settings: each with its type, its default and its description.

docs/settings.md and .env.example are generated from here (`make docs`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings.platform_sections import DiscordSettings, PostSettings, SlackSettings
from bot.settings.section import EMPTY_SECRET, SettingsSection
from bot.settings.source_sections import (
    ArxivSettings,
    CrossrefSettings,
    DataCiteSettings,
    LinkCheckSettings,
    OpenAlexSettings,
    OpenReviewSettings,
    PageSettings,
    StreamSettings,
)
from bot.settings.value_types import AnyCase, ApiKey, BareUrl, DatabaseUrl, Key, Keys, WeekdayAndHour, Zone

PREFIX = "JOURNALCLUB_"
NESTED_DELIMITER = "__"


class LogSettings(SettingsSection):
    """The program's log, written to standard error."""

    level: Annotated[Literal["debug", "info", "warning", "error"], AnyCase] = Field(
        default="info", description="The lowest log level that is written.", examples=["warning"]
    )
    format: Annotated[Literal["auto", "json", "human"], AnyCase] = Field(
        default="auto",
        description="JSON lines or readable text; auto is readable on a terminal and JSON elsewhere.",
        examples=["json"],
    )
    libraries: bool = Field(
        default=False,
        description="Let the libraries for Slack, Discord and the web write their debug lines too. "
        "They contain people's messages: for a developer's own workspace only.",
        examples=["yes"],
    )


class WebSettings(SettingsSection):
    """The web server: health, metrics, the archive of editions, and Slack's requests in HTTP mode."""

    enabled: bool = Field(default=True, description="Run the web server.", examples=["no"])
    host: str = Field(
        default="127.0.0.1",
        description="The address it listens on. The default is for this machine only; in a container it is 0.0.0.0.",
        examples=["0.0.0.0"],  # noqa: S104  an example to read, behind which a proxy is meant to stand
    )
    port: int = Field(
        default=8080, ge=0, le=65535, description="The port it listens on; 0 takes any free one.", examples=[8080]
    )
    public_url: BareUrl = Field(
        default="",
        description="The URL of the archive for people outside, through your proxy; empty if it is not public.",
        examples=["https://papers.example.org"],
    )


class PublishSettings(SettingsSection):
    """Publishing the archive of public clubs as files: after each edition, correction and recall."""

    folder: str = Field(
        default="",
        description="The folder that the archive is written to; empty if it is not published as files. "
        "Files of editions that are no longer public are removed from it.",
        examples=["/srv/www/papers"],
    )
    git: bool = Field(
        default=False,
        description="Commit the folder, which is in a git working tree, and push it if its branch has an upstream.",
        examples=["yes"],
    )
    command: str = Field(
        default="",
        description="A command that is run in the folder afterwards, without a shell; it gets none of the program's "
        "settings.",
        examples=["rsync -a --delete ./ web@example.org:papers/"],
    )


class LlmSettings(SettingsSection):
    """The model that writes summaries: OpenAI's or any server with the same API. Without a key, summaries are sentences
    of the abstracts.
    """

    api_key: ApiKey = Field(
        default=EMPTY_SECRET, description="The API key; any word for a local server that needs none.", examples=["sk-…"]
    )
    base_url: BareUrl = Field(
        default="https://api.openai.com/v1", description="The server.", examples=["http://127.0.0.1:11434/v1"]
    )
    model: str = Field(
        default="gpt-5-mini", description="The model's name, as the server knows it.", examples=["gpt-5-mini"]
    )
    api: Annotated[Literal["auto", "responses", "chat"], AnyCase] = Field(
        default="auto",
        description="The API to use; auto is responses with OpenAI and chat elsewhere.",
        examples=["chat"],
    )
    timeout: float = Field(default=30.0, gt=0, le=600, description="Seconds one answer may take.", examples=[30])
    reasoning_effort: Annotated[Literal["default", "minimal", "low", "medium", "high"], AnyCase] = Field(
        default="default",
        description="How long a reasoning model thinks; default leaves it to the model.",
        examples=["low"],
    )
    max_output_tokens: int = Field(
        default=4_000,
        ge=500,
        le=100_000,
        description="The most tokens of one answer, the model's reasoning included; a summary itself takes 500.",
        examples=[16000],
    )
    wording: Annotated[Literal["close", "free"], AnyCase] = Field(
        default="close",
        description="How the model may write. With close, a sentence stays only if it is one of the paper's, "
        "shortened, and the paper's closest sentence takes the place of any other; free keeps the model's own words "
        "where the checks find nothing wrong.",
        examples=["free"],
    )
    second_reading: bool = Field(
        default=True,
        description="Whether the model reads each summary a second time beside the paper, and sentences that it does "
        "not find there are cut: one more request a paper.",
        examples=["no"],
    )
    parallel: int = Field(
        default=8, ge=1, le=64, description="The most papers that are summarized at a time.", examples=[8]
    )
    monthly_budget: float = Field(
        default=0.0,
        ge=0,
        description="Budget for the model per calendar month and for all clubs, in the currency of the prices; "
        "0 is no limit. Once it is spent, summaries use the abstracts until the month ends.",
        examples=[20],
    )
    club_budget: float = Field(
        default=0.0, ge=0, description="The same for each single club; 0 is no limit.", examples=[5]
    )
    input_price: float = Field(default=0.0, ge=0, description="The price of a million input tokens.", examples=[0.25])
    output_price: float = Field(default=0.0, ge=0, description="The price of a million output tokens.", examples=[2])

    @property
    def on(self) -> bool:
        """True if there is a model to use."""
        return bool(self.api_key)


class ClubDefaults(SettingsSection):
    """Defaults of a new club; its admins change them with `/clubadmin settings`."""

    timezone: Zone = Field(default="UTC", description="The club's time zone.", examples=["Europe/Berlin"])
    digest_at: WeekdayAndHour = Field(
        default="mon 09:00",
        description="When the edition is due, in the club's time zone: a weekday and a time.",
        examples=["fri 17:30"],
    )


class Settings(BaseSettings):
    """All settings. Each can be set in the environment or in a file `.env`; the environment wins."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_default=False,
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED_DELIMITER,
    )

    data_dir: Path = Field(
        default=Path("data"),
        description="The folder for the database, the key and backups.",
        examples=["/var/lib/journalclub"],
    )
    database_url: DatabaseUrl = Field(
        default=EMPTY_SECRET,
        description="The database; empty is a SQLite file in the data folder. "
        "PostgreSQL can be shared by several processes.",
        examples=["postgresql://journalclub:password@localhost/journalclub"],
    )
    secret_key: Key = Field(
        default=EMPTY_SECRET,
        description="Signs button ids and encrypts stored tokens. If empty, one is generated in the data "
        "folder; several processes on one PostgreSQL must be given the same. `openssl rand -base64 32` prints one.",
        examples=["q83v…vN4="],
    )
    former_keys: Keys = Field(
        default=EMPTY_SECRET,
        description="Secret keys used before, with commas between them: tokens that they encrypted are encrypted again "
        "at the next start, after which these keys can be removed.",
        examples=["q83v…vN4="],
    )
    log: LogSettings = LogSettings()
    web: WebSettings = WebSettings()
    publish: PublishSettings = PublishSettings()
    slack: SlackSettings = SlackSettings()
    discord: DiscordSettings = DiscordSettings()
    arxiv: ArxivSettings = ArxivSettings()
    crossref: CrossrefSettings = CrossrefSettings()
    datacite: DataCiteSettings = DataCiteSettings()
    openalex: OpenAlexSettings = OpenAlexSettings()
    openreview: OpenReviewSettings = OpenReviewSettings()
    links: LinkCheckSettings = LinkCheckSettings()
    pages: PageSettings = PageSettings()
    stream: StreamSettings = StreamSettings()
    llm: LlmSettings = LlmSettings()
    posts: PostSettings = PostSettings()
    club: ClubDefaults = ClubDefaults()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only the given values: `load` reads the environment and files, so that tests can build Settings without
        them.
        """
        return (init_settings,)

    @property
    def database(self) -> str:
        """The database's URL with its password, as `Store.open` and Alembic take it."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir / 'journalclub.db'}"

    def secrets(self) -> frozenset[str]:
        """Every secret value that was given, for redaction in the log, and the database's password on its own."""
        password = urlsplit(self.database_url.get_secret_value()).password if self.database_url else None
        return frozenset(filter(None, (*_secrets(self), password, unquote(password or ""))))


def _secrets(section: BaseModel) -> Iterator[str]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from _secrets(value)
        elif isinstance(value, SecretStr):
            yield value.get_secret_value()

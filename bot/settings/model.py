"""The settings: each with its type, its default and its description.

docs/settings.md and .env.example are generated from here (`make docs`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings.value_types import (
    AccountName,
    AnyCase,
    ApiKey,
    BareUrl,
    ClientSecret,
    CommandPrefix,
    DatabaseUrl,
    DiscordToken,
    Email,
    FolderUrl,
    Key,
    Keys,
    Password,
    SigningSecret,
    SlackAppToken,
    SlackBotToken,
    Snowflake,
    Snowflakes,
    SocketUrl,
    Url,
    WeekdayAndHour,
    Zone,
)

PREFIX = "JOURNALCLUB_"
NESTED_DELIMITER = "__"

EMPTY_SECRET = SecretStr("")
"""A secret that was not given; false, like an empty string."""


class SettingsSection(BaseModel):
    """A group of settings."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


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


class ArxivSettings(SettingsSection):
    """The source of papers' details."""

    base_url: Url = Field(
        default="https://export.arxiv.org/api/query",
        description="arXiv's API.",
        examples=["https://export.arxiv.org/api/query"],
    )
    html_url: BareUrl = Field(
        default="",
        description="The base URL of arXiv's papers as web pages; empty is /html on the API's host.",
        examples=["https://export.arxiv.org/html"],
    )
    full_text: bool = Field(
        default=True,
        description="Use the whole paper, if arXiv has it as a web page, and not only the abstract, for summaries by a "
        "model and for `/paper ask`. A paper of twenty pages has some 20,000 tokens.",
        examples=["no"],
    )
    contact: Email = Field(
        default="",
        description="The address for arXiv to write to if your club sends too many requests; sent with each one.",
        examples=["you@example.org"],
    )
    gap_seconds: float = Field(
        default=3.0, ge=0, le=60, description="Seconds between two requests; arXiv asks for 3 or more.", examples=[3]
    )


class CrossrefSettings(SettingsSection):
    """Crossref, the registry of most publishers' DOIs. It also reports retractions and corrections."""

    enabled: bool = Field(default=True, description="Look up DOIs that are not arXiv's.", examples=["no"])
    base_url: BareUrl = Field(
        default="https://api.crossref.org", description="Crossref's API.", examples=["https://api.crossref.org"]
    )
    mailto: Email = Field(
        default="",
        description="An address sent with each request to Crossref, DataCite, OpenAlex and PubMed; "
        "they answer faster if requests contain an address.",
        examples=["you@example.org"],
    )


class DataCiteSettings(SettingsSection):
    """DataCite, the registry of the DOIs of Zenodo, figshare and other archives."""

    enabled: bool = Field(default=True, description="Look up DOIs that Crossref does not know.", examples=["no"])
    base_url: BareUrl = Field(
        default="https://api.datacite.org", description="DataCite's API.", examples=["https://api.datacite.org"]
    )


class OpenAlexSettings(SettingsSection):
    """OpenAlex, an open index of works, for DOIs that neither registry describes."""

    enabled: bool = Field(default=False, description="Look up DOIs that no registry knows.", examples=["yes"])
    base_url: BareUrl = Field(
        default="https://api.openalex.org", description="OpenAlex's API.", examples=["https://api.openalex.org"]
    )
    api_key: ApiKey = Field(default=EMPTY_SECRET, description="An API key; optional.", examples=["q83v…"])


class OpenReviewSettings(SettingsSection):
    """An account at OpenReview, for links to it and for its venues. Without one its API may refuse to answer; then the
    page of a link is read, or its title is asked for.
    """

    username: AccountName = Field(
        default="", description="The address or id of the account; optional.", examples=["you@example.org"]
    )
    password: Password = Field(default=EMPTY_SECRET, description="Its password.", examples=["correct horse…"])
    token: ApiKey = Field(
        default=EMPTY_SECRET, description="A token of the API instead of the password; it expires.", examples=["eyJh…"]
    )


class LinkCheckSettings(SettingsSection):
    """Links to code, demos and project pages that papers name. Only known hosts are ever linked to."""

    check: bool = Field(
        default=False,
        description="Check by a request to its host that such a page exists, and leave out links to missing ones.",
        examples=["yes"],
    )


class PageSettings(SettingsSection):
    """Pages that members link to. Only public addresses are requested, and only the head of a page is read."""

    read: bool = Field(
        default=True,
        description="Read title and authors of linked pages, from YouTube's, GitHub's, OpenReview's or PubMed's API or "
        "from the page itself. If no, such a link is titled by its address.",
        examples=["no"],
    )
    youtube_url: BareUrl = Field(
        default="https://www.youtube.com", description="YouTube's oEmbed API.", examples=["https://www.youtube.com"]
    )
    github_url: BareUrl = Field(
        default="https://api.github.com", description="GitHub's API.", examples=["https://api.github.com"]
    )
    openreview_url: BareUrl = Field(
        default="https://api2.openreview.net",
        description="OpenReview's API; JOURNALCLUB_OPENREVIEW__USERNAME gives it an account.",
        examples=["https://api2.openreview.net"],
    )
    pubmed_url: BareUrl = Field(
        default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
        description="The E-utilities of PubMed and PMC.",
        examples=["https://eutils.ncbi.nlm.nih.gov/entrez/eutils"],
    )


class StreamSettings(SettingsSection):
    """New papers of clubs' sources (`/clubadmin sources`). Each source is read once for all clubs."""

    read: bool = Field(
        default=True,
        description="Read the sources that clubs have chosen. If no, no source can be added.",
        examples=["no"],
    )
    keep_days: int = Field(
        default=180,
        ge=31,
        le=3650,
        description="Days for which new papers are stored; what moderators judged stays. 500 papers a day take some "
        "1.3 MB.",
        examples=[90],
    )
    biorxiv_url: BareUrl = Field(
        default="https://api.biorxiv.org",
        description="The API of bioRxiv and medRxiv.",
        examples=["https://api.biorxiv.org"],
    )
    huggingface_url: BareUrl = Field(
        default="https://huggingface.co",
        description="Hugging Face, for its Daily Papers and for links to its models, data sets and demos.",
        examples=["https://huggingface.co"],
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

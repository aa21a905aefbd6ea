"""Settings from the environment, a file and secret files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import Settings, load
from tests.settings.loading import SLACK, read, wrong


def test_nothing_given_is_a_club_on_sqlite_with_neither_slack_nor_discord() -> None:
    settings = load({}, env_file=None)
    assert settings.database == "sqlite:///data/journalclub.db"
    assert not settings.slack.on
    assert not settings.discord.on
    assert not settings.llm.on
    assert settings.web.host == "127.0.0.1"
    assert settings.club.timezone == "UTC"
    assert settings.club.digest_at == "mon 09:00"


def test_settings_are_nested_typed_and_frozen() -> None:
    settings = load(
        SLACK
        | {
            "JOURNALCLUB_WEB__PORT": "9000",
            "JOURNALCLUB_WEB__PUBLIC_URL": "https://papers.example.org/",
            "JOURNALCLUB_DISCORD__TOKEN": "MTA1.abc.def",
            "JOURNALCLUB_DISCORD__GUILD_IDS": "1, 2 3",
            "JOURNALCLUB_LOG__LEVEL": "DEBUG",
            "JOURNALCLUB_CROSSREF__ENABLED": "yes",
            "JOURNALCLUB_CLUB__TIMEZONE": "europe/berlin",
            "JOURNALCLUB_CLUB__DIGEST_AT": "Friday 9:30",
            "JOURNALCLUB_SLACK__BASE_URL": "http://127.0.0.1:3000/api",
            "journalclub_arxiv__gap_seconds": "4.5",
            "HOME": "/somewhere",
        },
        env_file=None,
    )
    assert settings.web.port == 9000
    assert settings.web.public_url == "https://papers.example.org"
    assert settings.discord.guild_ids == (1, 2, 3)
    assert settings.log.level == "debug"
    assert settings.crossref.enabled
    assert settings.club.timezone == "Europe/Berlin"
    assert settings.club.digest_at == "fri 09:30"
    assert settings.slack.base_url == "http://127.0.0.1:3000/api/"
    assert settings.slack.on
    assert settings.discord.on
    assert settings.arxiv.gap_seconds == 4.5
    with pytest.raises(ValidationError, match="frozen"):
        settings.web.port = 1


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u:p@h/d?sslmode=require", "postgresql+psycopg://u:p@h/d?sslmode=require"),
        ("postgresql+asyncpg:///d?host=/run", "postgresql+psycopg:///d?host=/run"),
        ("sqlite:///club.db", "sqlite:///club.db"),
        ("sqlite+aiosqlite:////var/club.db", "sqlite:////var/club.db"),
    ],
)
def test_the_database_can_be_sqlite_or_postgresql(url: str, database: str) -> None:
    assert read(DATABASE_URL=url).database == database


def test_an_empty_value_is_no_value() -> None:
    assert read(WEB__PORT="", SLACK__BOT_TOKEN=" ") == load({}, env_file=None)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# a comment\nJOURNALCLUB_WEB__PORT=1000\nexport JOURNALCLUB_WEB__HOST='0.0.0.0'\n"
        'POSTGRES_PASSWORD=x\nJOURNALCLUB_LLM__API_KEY="sk-a$b#c"\n'
    )
    settings = load({"JOURNALCLUB_WEB__PORT": "2000"}, env_file=file)
    assert settings.web.port == 2000
    assert settings.web.host == "0.0.0.0"  # noqa: S104  a value to read back
    assert settings.llm.api_key.get_secret_value() == "sk-a$b#c"


def test_a_file_that_cannot_be_read_is_said_by_line(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("JOURNALCLUB_WEB__PORT=1000\n'never closed\n")
    assert wrong({}, file) == (f"{file}, line 2 cannot be read. Write it like NAME=value.",)
    file.write_text(
        'DATABASE_URL=other\n\n{"a": 1}\nJOURNALCLUB_WEB__PORT\nslack__bot_token=xoxb-1\n', encoding="utf-8"
    )
    assert wrong({}, file) == (
        f"{file}, line 3 cannot be read. Write it like NAME=value.",
        f"{file}, line 4 cannot be read. Write it like NAME=value.",
        f"{file}, line 5 sets slack__bot_token. Did you mean JOURNALCLUB_SLACK__BOT_TOKEN?",
    )
    file.write_bytes(b"JOURNALCLUB_WEB__HOST=\xff\n")
    assert wrong({}, file) == (f"{file} cannot be read: it is not text in UTF-8.",)
    assert wrong({}, tmp_path) == (f"{tmp_path} cannot be read: Is a directory.",)


def test_secrets_can_be_files(tmp_path: Path) -> None:
    token, database = tmp_path / "token", tmp_path / "database"
    token.write_text("MTA1.abc.def\n")
    database.write_text("postgresql://u:p@h/d\n")
    settings = read(DISCORD__TOKEN_FILE=str(token), DATABASE_URL_FILE=str(database))
    assert settings.discord.token.get_secret_value() == "MTA1.abc.def"
    assert settings.database == "postgresql+psycopg://u:p@h/d"


def test_a_secret_file_that_cannot_be_used_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "large").write_text("x" * 100_000)
    told = wrong(
        {
            "JOURNALCLUB_SLACK__BOT_TOKEN_FILE": str(tmp_path / "none"),
            "JOURNALCLUB_SLACK__APP_TOKEN_FILE": str(tmp_path / "empty"),
            "JOURNALCLUB_LLM__API_KEY_FILE": str(tmp_path / "large"),
            "JOURNALCLUB_WEB__PORT_FILE": "/run/port",
        }
    )
    assert len(told) == 4
    assert told[0].endswith("none: No such file or directory.")
    assert told[1].endswith("empty: it is empty.")
    assert told[2].endswith("large: it is too large to hold a secret.")
    assert told[3].startswith("JOURNALCLUB_WEB__PORT_FILE is not a setting.")


def test_a_secret_given_twice_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-2")
    told = wrong({"JOURNALCLUB_LLM__API_KEY": "sk-1", "JOURNALCLUB_LLM__API_KEY_FILE": str(tmp_path / "key")})
    assert told == (
        "JOURNALCLUB_LLM__API_KEY is given twice: by itself and as JOURNALCLUB_LLM__API_KEY_FILE. Leave one out.",
    )


def test_whole_sections_are_taken() -> None:
    assert read(SLACK__MODE="http", SLACK__BOT_TOKEN="xoxb-1", SLACK__SIGNING_SECRET="b").slack.mode == "http"
    many = read(
        SLACK__MODE="http",
        SLACK__CLIENT_ID="1.2",
        SLACK__CLIENT_SECRET="a",
        SLACK__SIGNING_SECRET="b",
        WEB__PUBLIC_URL="https://h",
    )
    assert many.slack.on
    assert read(LLM__MONTHLY_BUDGET="20", LLM__OUTPUT_PRICE="2").llm.monthly_budget == 20
    assert read(ARXIV__BASE_URL="http://127.0.0.1:1/api", ARXIV__GAP_SECONDS="0").arxiv.gap_seconds == 0
    assert read(SLACK__BASE_URL="http://127.0.0.1:1/api", SLACK__GAP_SECONDS="0").slack.gap_seconds == 0


def test_no_secret_is_shown_and_all_are_known_to_the_log() -> None:
    given = SLACK | {
        "JOURNALCLUB_DATABASE_URL": "postgresql://u:p%40ssw0rd@h/d",
        "JOURNALCLUB_LLM__API_KEY": "sk-canary",
    }
    settings = load(given, env_file=None)
    for value in ("xoxb-1-abc", "xapp-1-abc", "p%40ssw0rd", "sk-canary"):
        assert value not in repr(settings)
        assert value in settings.secrets()
    assert "p@ssw0rd" in settings.secrets()
    assert "" not in settings.secrets()


def test_building_settings_reads_nothing_from_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNALCLUB_WEB__PORT", "1")
    assert Settings().web.port == 8080
    assert load(env_file=None).web.port == 1
    assert Settings(secret_key=SecretStr("A" * 43 + "=")).secret_key

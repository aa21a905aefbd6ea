from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bot.cli.settings_reference import example, main, page
from bot.errors import UserError
from bot.settings import Settings, SettingsError, current_key, former_keys, load
from bot.settings.descriptions import describe, sections, variable

SLACK = {"JOURNALCLUB_SLACK__BOT_TOKEN": "xoxb-1-abc", "JOURNALCLUB_SLACK__APP_TOKEN": "xapp-1-abc"}


def read(**given: str) -> Settings:
    return load({f"JOURNALCLUB_{name}": value for name, value in given.items()}, env_file=None)


def wrong(environ: dict[str, str], env_file: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as told:
        load(environ, env_file=env_file)
    return told.value.complaints


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


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("WEB__PORT", "eighty", "is “eighty”. It takes a whole number from 0 to 65535, such as 8080."),
        ("WEB__PORT", "70000", "It takes a whole number from 0 to 65535"),
        ("WEB__ENABLED", "maybe", "It takes yes or no"),
        ("WEB__PUBLIC_URL", "papers.example.org", "must begin with http:// or https://"),
        ("WEB__PUBLIC_URL", "https://", "names no host"),
        ("WEB__PUBLIC_URL", "https://u:p@h/", "must not hold a name or a password"),
        ("WEB__PUBLIC_URL", "https://h:99999/", "is not an address"),
        ("LOG__LEVEL", "loud", "one of debug, info, warning, error"),
        ("SLACK__COMMAND_PREFIX", "Club ", "only small letters"),
        ("DISCORD__GATEWAY_URL", "https://h", "must begin with ws:// or wss://"),
        ("ARXIV__CONTACT", "nobody", "is not an e-mail address"),
        ("ARXIV__GAP_SECONDS", "1", "three seconds"),
        ("SLACK__GAP_SECONDS", "0.5", "one message a second"),
        ("ARXIV__BASE_URL", "https://[", "is not an address"),
        ("ARXIV__GAP_SECONDS", "soon", "a number from 0 to 60"),
        ("LLM__TIMEOUT", "0", "a number above 0"),
        ("LLM__MONTHLY_BUDGET", "20", "JOURNALCLUB_LLM__INPUT_PRICE is missing"),
        ("CLUB__TIMEZONE", "berlin", "Did you mean Europe/Berlin? Example"),
        ("CLUB__DIGEST_AT", "0 9 * * 1", "not a weekday"),
        ("CLUB__DIGEST_AT", "1 09:00", "not a weekday"),
    ],
)
def test_a_malformed_setting_is_told_with_what_it_takes(name: str, value: str, says: str) -> None:
    assert says in " ".join(wrong({f"JOURNALCLUB_{name}": value}))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SLACK__BOT_TOKEN", "xapp-1-canary", "it belongs in JOURNALCLUB_SLACK__APP_TOKEN"),
        ("SLACK__BOT_TOKEN", "xoxp-1-canary", "a user's token"),
        ("SLACK__BOT_TOKEN", "canary", "one begins with xoxb-"),
        ("SLACK__APP_TOKEN", "xoxb-1-canary", "it belongs in JOURNALCLUB_SLACK__BOT_TOKEN"),
        ("SLACK__SIGNING_SECRET", "xoxb-1-canary", "this is a token"),
        ("DISCORD__TOKEN", "Bot canary", "leave out the word"),
        ("DISCORD__TOKEN", "123456789012345678", "this is an id"),
        ("DISCORD__TOKEN", "c0ffee00" * 8, "this is the public key"),
        ("DISCORD__TOKEN", "two canaries", "no spaces"),
        ("DATABASE_URL", "mysql://u:canary@h/d", "must begin with sqlite:/// or postgresql://"),
        ("DATABASE_URL", "sqlite:///:memory:", "SQLite needs a file"),
        ("DATABASE_URL", "postgresql://[canary/d", "this is not an address"),
        ("DATABASE_URL", "postgresql://u:canary@ℂ℀/d", "this is not an address"),
        ("SECRET_KEY", "canary", "32 random bytes"),
    ],
)
def test_a_malformed_secret_is_told_without_its_value(name: str, value: str, says: str) -> None:
    told = " ".join(wrong({f"JOURNALCLUB_{name}": value}))
    assert says in told
    assert "cannot be used" in told
    assert value not in told
    assert "canary" not in told


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"SLACK__BOT_TOKEN": "xoxb-1"}, "JOURNALCLUB_SLACK__APP_TOKEN is missing"),
        ({"SLACK__APP_TOKEN": "xapp-1"}, "JOURNALCLUB_SLACK__BOT_TOKEN is missing"),
        ({"SLACK__MODE": "http"}, "JOURNALCLUB_SLACK__BOT_TOKEN is missing"),
        ({"SLACK__MODE": "HTTP", "SLACK__BOT_TOKEN": "xoxb-1"}, "JOURNALCLUB_SLACK__SIGNING_SECRET is missing"),
        ({"SLACK__CLIENT_ID": "1.2"}, "JOURNALCLUB_SLACK__CLIENT_SECRET is missing"),
        ({"SLACK__CLIENT_SECRET": "abc"}, "JOURNALCLUB_SLACK__CLIENT_ID is missing"),
        (
            {
                "SLACK__MODE": "http",
                "SLACK__CLIENT_ID": "1.2",
                "SLACK__CLIENT_SECRET": "a",
                "SLACK__SIGNING_SECRET": "b",
            },
            "JOURNALCLUB_WEB__PUBLIC_URL is missing",
        ),
        (
            {"SLACK__MODE": "http", "SLACK__BOT_TOKEN": "xoxb-1", "SLACK__SIGNING_SECRET": "b", "WEB__ENABLED": "no"},
            "JOURNALCLUB_WEB__ENABLED is no",
        ),
        ({"DISCORD__GUILD_IDS": "1"}, "JOURNALCLUB_DISCORD__TOKEN is missing"),
    ],
)
def test_half_a_section_is_told_by_the_half_that_is_missing(given: dict[str, str], says: str) -> None:
    (told,) = wrong({f"JOURNALCLUB_{name}": value for name, value in given.items()})
    assert told.startswith(says)


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


def test_an_unknown_setting_is_told_with_the_nearest() -> None:
    assert wrong({"JOURNALCLUB_SLACK_BOT_TOKEN": "xoxb-canary", "JOURNALCLUB_ZZZ": "1"}) == (
        "JOURNALCLUB_SLACK_BOT_TOKEN is not a setting. Did you mean JOURNALCLUB_SLACK__BOT_TOKEN?",
        "JOURNALCLUB_ZZZ is not a setting.",
    )
    (told,) = wrong({"JOURNALCLUB_WEB": '{"port": 1}'})
    assert "JOURNALCLUB_WEB is not a setting." in told


def test_everything_wrong_is_told_at_once_in_the_order_of_the_settings() -> None:
    with pytest.raises(UserError) as told:
        load(
            {
                "JOURNALCLUB_NONSENSE": "1",
                "JOURNALCLUB_CLUB__TIMEZONE": "Mars/Olympus",
                "JOURNALCLUB_WEB__PORT": "x",
                "JOURNALCLUB_SLACK__BOT_TOKEN": "xoxb-1",
            },
            env_file=None,
        )
    lines = str(told.value).splitlines()
    assert lines[0] == "4 settings need your attention:"
    assert [line.split()[1] for line in lines[1:-1]] == [
        "JOURNALCLUB_WEB__PORT",
        "JOURNALCLUB_SLACK__APP_TOKEN",
        "JOURNALCLUB_CLUB__TIMEZONE",
        "JOURNALCLUB_NONSENSE",
    ]


def test_a_secret_pasted_into_another_setting_is_not_repeated() -> None:
    (told,) = wrong({"JOURNALCLUB_WEB__PORT": "xoxb-123-canary"})
    assert "canary" not in told


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from([setting.name for setting in describe()]) | st.text(max_size=9).map("JOURNALCLUB_".__add__),
        st.text(max_size=30)
        | st.sampled_from(["yes", "0", "1e999", "nan", "https://[", "http://h:x", "postgresql://", "٣"]),
        max_size=6,
    )
)
def test_any_text_is_taken_or_told_in_words(environ: dict[str, str]) -> None:
    complaints: tuple[str, ...] = ("none",)
    try:
        load(environ, env_file=None)
    except SettingsError as told:
        complaints = told.complaints
    assert complaints
    assert not any("validation error" in complaint for complaint in complaints)


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


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: current_key(settings), range(16)))
    assert len(keys) == 1
    Fernet(keys.pop())
    made = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert os.listdir(made.parent) == ["secret.key"]


def test_a_key_that_was_given_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    standard = "+/" + "A" * 41 + "="
    key = load({"JOURNALCLUB_SECRET_KEY": standard, "JOURNALCLUB_DATA_DIR": str(tmp_path)}, env_file=None)
    assert current_key(key) == b"-_" + b"A" * 41 + b"="
    assert not list(tmp_path.iterdir())


def test_a_key_that_others_can_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    key = tmp_path / "secret.key"
    key.write_text("not a key")
    key.chmod(0o600)
    with pytest.raises(SettingsError, match="holds no key"):
        current_key(settings)
    key.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        current_key(settings)
    key.unlink()
    key.mkdir()
    with pytest.raises(SettingsError, match="Is a directory"):
        current_key(settings)


def test_every_setting_is_described_and_its_example_is_taken() -> None:
    names = [setting.name for setting in describe()]
    assert len(names) == len(set(names))
    assert variable("slack", "bot_token") in names
    assert all(setting.meaning.endswith(".") for setting in describe())
    assert all(sections().values())
    given = {setting.name: setting.example for setting in describe() if not setting.secret}
    given |= {"JOURNALCLUB_DISCORD__TOKEN": "MTA1.a.b", "JOURNALCLUB_WEB__ENABLED": "yes"} | SLACK
    given |= {"JOURNALCLUB_SLACK__CLIENT_SECRET": "a", "JOURNALCLUB_SLACK__SIGNING_SECRET": "b"}
    given |= {"JOURNALCLUB_OPENREVIEW__PASSWORD": "c"}
    load(given, env_file=None)


def test_every_default_that_is_described_is_the_default() -> None:
    given = {setting.name: setting.default for setting in describe() if setting.default}
    assert load(given, env_file=None) == load({}, env_file=None)


def test_the_page_and_the_example_file_fit_the_settings() -> None:
    assert Path("docs/settings.md").read_text(encoding="utf-8") == page()
    assert Path(".env.example").read_text(encoding="utf-8") == example()


def test_an_example_file_just_copied_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(example(), encoding="utf-8")
    assert load({}, env_file=tmp_path / ".env") == load({}, env_file=None)


def test_a_page_that_no_longer_fits_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    assert main(["--check"]) == 1
    assert "docs/settings.md no longer fits" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0


def test_building_settings_reads_nothing_from_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNALCLUB_WEB__PORT", "1")
    assert Settings().web.port == 8080
    assert load(env_file=None).web.port == 1
    assert Settings(secret_key=SecretStr("A" * 43 + "=")).secret_key


def test_former_keys_are_read_one_by_one_and_each_must_be_a_key() -> None:
    one, two = "A" * 43 + "=", "B" * 42 + "A="
    assert former_keys(load({"JOURNALCLUB_FORMER_KEYS": f"{one}, {two}"}, None)) == (one.encode(), two.encode())
    assert former_keys(load({}, None)) == ()
    with pytest.raises(SettingsError, match="FORMER_KEYS"):
        load({"JOURNALCLUB_FORMER_KEYS": f"{one},short"}, None)

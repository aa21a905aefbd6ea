"""Complaints about settings that cannot be used: each in words, without secrets, all at once."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.settings import SettingsError, load
from bot.settings.descriptions import describe
from tests.settings.loading import wrong


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

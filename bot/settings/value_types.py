"""Types of values that a setting can have, each with its description and its check.

A check raises ValueError with half a sentence about the error, which never repeats the value: it may be secret.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from bot.domain.club_settings import zone
from bot.domain.edition_calendar import PublicationTime
from bot.errors import UserError


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type of values with its words in a sentence: "It takes a bot token that begins with xoxb-"."""

    words: str


def _address(*schemes: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError:
            raise ValueError("this is not an address") from None
        if parts.scheme not in schemes or not value.startswith(f"{parts.scheme}://"):
            raise ValueError(f"the address must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        if not parts.hostname or port == 0 or re.search(r"\s", value):
            raise ValueError("the address names no host")
        if parts.username or parts.password:
            raise ValueError("the address must not hold a name or a password")
        return value

    return check


def _ending(*, slash: bool) -> Callable[[str], str]:
    """A URL with a slash at the end or without, so that paths can be appended."""
    return lambda value: value.rstrip("/") + ("/" if slash else "")


def _slack_token(begins: str, others: dict[str, str]) -> Callable[[SecretStr], SecretStr]:
    def check(value: SecretStr) -> SecretStr:
        token = value.get_secret_value()
        for prefix, what in others.items():
            if token.startswith(prefix):
                raise ValueError(what)
        if not token.startswith(begins) or not re.fullmatch(r"[\x21-\x7e]+", token):
            raise ValueError(f"this is not the right token: one begins with {begins} and has no spaces")
        return value

    return check


def _signing_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text.startswith(("xoxb-", "xapp-", "xoxp-")):
        raise ValueError("this is a token; the signing secret is under Basic Information → App Credentials")
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise ValueError("a signing secret has no spaces")
    return value


def _discord_token(value: SecretStr) -> SecretStr:
    token = value.get_secret_value()
    if token.lower().startswith("bot "):
        raise ValueError("leave out the word “Bot” before the token")
    if token.isdigit():
        raise ValueError("this is an id, not a token; the token is under Bot → Reset Token")
    if re.fullmatch(r"[0-9a-f]{64}", token):
        raise ValueError("this is the public key; the token is under Bot → Reset Token")
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise ValueError("a token has no spaces")
    return value


def _database(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    scheme, sign, rest = url.partition("://")
    backend = scheme.partition("+")[0]
    if sign and backend == "sqlite":
        if not rest.startswith("/") or rest.strip("/") in {"", ":memory:"}:
            raise ValueError("SQLite needs a file, after three slashes (four for a path from the root)")
        return SecretStr(f"sqlite://{rest}")
    if sign and backend in {"postgresql", "postgres"}:
        try:
            urlsplit(url)
        except ValueError:  # the driver's own message may repeat the password
            raise ValueError("this is not an address") from None
        return SecretStr(f"postgresql+psycopg://{rest}")
    raise ValueError("the address must begin with sqlite:/// or postgresql://")


def _key(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().replace("+", "-").replace("/", "_")
    try:
        raw = urlsafe_b64decode(text)
    except (NotBase64, ValueError):
        raw = b""
    if len(raw) != 32:
        raise ValueError("a key is 32 random bytes in base64; make one with `openssl rand -base64 32`")
    return SecretStr(urlsafe_b64encode(raw).decode())


def _keys(value: SecretStr) -> SecretStr:
    words = filter(None, re.split(r"[,\s]+", value.get_secret_value()))
    return SecretStr(",".join(_key(SecretStr(word)).get_secret_value() for word in words))


def _zone(value: str) -> str:
    try:
        return zone(value).key
    except UserError as error:
        raise ValueError(str(error)) from None


def _weekday_and_hour(value: str) -> str:
    try:
        return str(PublicationTime.read(value))
    except UserError:
        # A digit would be a weekday of cron, whose numbering differs between programs.
        raise ValueError("this is not a weekday with a time, such as fri 16:00") from None


def _email(value: str) -> str:
    if not re.fullmatch(r"[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+\.[\x21-\x3f\x41-\x7e]+", value):
        raise ValueError("this is not an e-mail address")
    return value


def _account_name(value: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]{1,200}", value):
        raise ValueError("the name of an account has no spaces")
    return value


def _prefix(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]{1,16}", value):
        raise ValueError("only small letters, digits, - and _ make a command's name")
    return value


def _ids(value: object) -> object:
    return [word for word in re.split(r"[,\s]+", value) if word] if isinstance(value, str) else value


def _snowflake(value: int) -> int:
    if not 0 < value < 2**64:
        raise ValueError("this is not a Discord id")
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


AnyCase = BeforeValidator(_lower)
"""Validator that reads words of a list in any case: `DEBUG` is `debug`."""

Url = Annotated[
    str, AfterValidator(_address("http", "https")), ValueType("an address that begins with https:// or http://")
]
BareUrl = Annotated[Url, AfterValidator(_ending(slash=False))]
FolderUrl = Annotated[Url, AfterValidator(_ending(slash=True))]
SocketUrl = Annotated[
    str, AfterValidator(_address("ws", "wss")), ValueType("an address that begins with wss:// or ws://")
]

SlackBotToken = Annotated[
    SecretStr,
    AfterValidator(
        _slack_token(
            "xoxb-",
            {
                "xapp-": "this is the app-level token; it belongs in JOURNALCLUB_SLACK__APP_TOKEN",
                "xoxp-": "this is a user's token; take the Bot User OAuth Token",
            },
        )
    ),
    ValueType("the Bot User OAuth Token, which begins with xoxb-"),
]
SlackAppToken = Annotated[
    SecretStr,
    AfterValidator(
        _slack_token(
            "xapp-",
            {
                "xoxb-": "this is the bot's token; it belongs in JOURNALCLUB_SLACK__BOT_TOKEN",
                "xoxp-": "this is a user's token; make an app-level token with the scope connections:write",
            },
        )
    ),
    ValueType("an app-level token, which begins with xapp-"),
]
SigningSecret = Annotated[SecretStr, AfterValidator(_signing_secret), ValueType("the app's signing secret")]
ClientSecret = Annotated[SecretStr, ValueType("the app's client secret")]
AccountName = Annotated[str, AfterValidator(_account_name), ValueType("the name of an account")]
Password = Annotated[SecretStr, ValueType("a password")]
ApiKey = Annotated[SecretStr, ValueType("a key of the server")]
DiscordToken = Annotated[SecretStr, AfterValidator(_discord_token), ValueType("the bot's token")]
Snowflake = Annotated[int, AfterValidator(_snowflake), ValueType("an id: digits only")]
Snowflakes = Annotated[
    tuple[Snowflake, ...], NoDecode, BeforeValidator(_ids), ValueType("ids, with commas between them")
]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database), ValueType("an address: sqlite:///file or postgresql://…")]
Key = Annotated[SecretStr, AfterValidator(_key), ValueType("32 random bytes in base64")]
Keys = Annotated[
    SecretStr, AfterValidator(_keys), ValueType("keys of 32 random bytes in base64, with commas between them")
]
Zone = Annotated[str, AfterValidator(_zone), ValueType("a time zone")]
WeekdayAndHour = Annotated[str, AfterValidator(_weekday_and_hour), ValueType("a weekday by name and a time of day")]
Email = Annotated[str, AfterValidator(_email), ValueType("an e-mail address")]
CommandPrefix = Annotated[str, AfterValidator(_prefix), ValueType("a few small letters")]

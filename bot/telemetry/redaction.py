"""Redacts secrets in text: by their form, and by their exact value if it is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from math import isfinite
from typing import Any
from urllib.parse import quote

REPLACEMENT = "[redacted]"

MIN_SECRET_LENGTH = 6
"""Characters below which a known secret is not redacted: it would match in ordinary words."""

# Each pattern runs in linear time: no nested repeats, and bounded ones where a match could start anywhere.
_SECRET_PATTERNS = re.compile(
    r"""
      xox[a-z](?:\.xox[a-z])?-[\w.%-]{4,}                          # Slack: bot, user, refresh and configuration tokens
    | xapp-[\w-]{4,}                                               # Slack: app-level tokens
    | (?<=hooks\.slack\.com/)[^\s"'<>\\]+                          # Slack: response_url, incoming webhooks
    | (?<![\w-])[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,45}(?![\w-])    # Discord: bot tokens
    | (?<=/webhooks/)\d{1,20}/[\w-]{20,}                           # Discord: follow-ups and webhooks
    | (?<=/interactions/)\d{1,20}/[\w-]{20,}                       # Discord: callbacks
    | aW50ZXJhY3Rpb246[\w=-]{8,}                                   # Discord: "interaction:" in base64
    | (?<![\w-])sk-[\w-]{8,}                                       # OpenAI and those that speak like it
    | (?<=://)[^\s/:@"'<>]{0,64}:[^\s/"'<>]{1,256}@                # a name and a password in an address
    | (?<=[?&])(?:ticket|token|code|state|access_token|client_secret|sig|signature)=[^&\s"'<>]+
    | (?i:(?<=bearer\ )|(?<=authorization:\ )|(?<=authorization:\ bot\ ))[\w.~+/=-]{8,}
    """,
    re.VERBOSE,
)

_SECRET_FIELD_NAMES = re.compile(
    r"token|secret|password|passwd|authorization|api_?key|response_url|trigger_id|cookie", re.I
)
"""Names of fields whose text is always redacted."""


def redact(text: str, secrets: frozenset[str] = frozenset()) -> str:
    """The text without anything that looks like a secret, and without the given secrets."""
    if secrets and (known := _known_secrets_pattern(secrets)):
        text = known.sub(REPLACEMENT, text)
    return _SECRET_PATTERNS.sub(_replacement, text)


def redact_value(value: Any, secrets: frozenset[str] = frozenset(), name: str = "") -> Any:
    """A value for a log line, without secrets: text, and the text in mappings and sequences.

    Numbers, booleans and None are unchanged; any other value becomes its `str`.
    """
    match value:
        case float():
            return value if isfinite(value) else str(value)  # JSON has no NaN
        case None | bool() | int():
            return value
        case str():
            return REPLACEMENT if value and _SECRET_FIELD_NAMES.search(name) else redact(value, secrets)
        case bytes():
            return redact_value(value.decode("utf-8", "replace"), secrets, name)
        case Mapping():
            return {redact(str(key), secrets): redact_value(each, secrets, str(key)) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redact_value(each, secrets, name) for each in value]
        case _:
            return redact_value(str(value), secrets, name)


def _replacement(found: re.Match[str]) -> str:
    """The replacement, which names the kind of secret."""
    text = found[0]
    for prefix in ("xoxb-", "xoxp-", "xapp-", "sk-"):
        if text.startswith(prefix):
            return f"{prefix}{REPLACEMENT}"
    if text.endswith("@"):
        return f"{text.partition(':')[0]}:{REPLACEMENT}@"
    name, sign, _ = text.partition("=")
    return f"{name}={REPLACEMENT}" if sign and name.islower() and name.replace("_", "").isalpha() else REPLACEMENT


@lru_cache(maxsize=8)
def _known_secrets_pattern(secrets: frozenset[str]) -> re.Pattern[str] | None:
    """A pattern of the secrets, plain and URL-encoded; the longest first."""
    forms = {
        form for secret in secrets for form in (secret, quote(secret, safe="")) if len(secret) >= MIN_SECRET_LENGTH
    }
    return re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))) if forms else None

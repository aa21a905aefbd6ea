"""What Discord asks of a message that its OpenAPI document does not say.

Limits: Discord, "Message Resource" (content 2,000; embeds 6,000 together) and "Component
Reference" (40 components, 4,000 characters under Components V2). The rule on mentions is the club's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .component_rules import check_components
from .errors import Problem
from .reading import embed_texts, text_of
from .state import Flag, Json, Message

CONTENT = 2000
EMBEDS_TOGETHER = 6000

SETTABLE = Flag.SUPPRESS_EMBEDS | Flag.SUPPRESS_NOTIFICATIONS | Flag.COMPONENTS_V2
"""Flags a bot may set on a message; EPHEMERAL is allowed on answers to interactions only."""

PINGS = (
    ("everyone", re.compile(r"@(?:everyone|here)\b")),
    ("users", re.compile(r"<@!?(\d+)>")),
    ("roles", re.compile(r"<@&(\d+)>")),
)


def check_message(body: Json, *, before: Message | None = None, ephemeral_allowed: bool = False) -> list[Problem]:
    """All that is wrong with a message to create, or with an edit of `before`. Emptiness is not asked here."""
    settable = SETTABLE | (Flag.EPHEMERAL if ephemeral_allowed else 0)
    if before is not None:
        settable |= before.flags
    return [
        *_content(body),
        *_embeds(body.get("embeds") or []),
        *_flags(body, settable, before),
        *_nonce(body),
        *check_components(body.get("components") or [], v2=is_v2(body, before)),
        *_mentions(body),
    ]


def is_v2(body: Json, before: Message | None = None) -> bool:
    """Whether the message is, or stays, one of Components V2: the flag cannot be taken off again."""
    return bool((body.get("flags") or 0 | 0) & Flag.COMPONENTS_V2 or (before and before.flags & Flag.COMPONENTS_V2))


def is_empty(message: Message) -> bool:
    """Whether nothing is left to show (error 50006)."""
    return not (message.content or message.embeds or message.components or message.attachments)


def _content(body: Json) -> Iterator[Problem]:
    if len(body.get("content") or "") > CONTENT:
        yield Problem("content", f"Must be {CONTENT} or fewer in length.")


def _embeds(embeds: list[Json]) -> Iterator[Problem]:
    for index, embed in enumerate(embeds):
        where = f"embeds.{index}"
        for number, field in enumerate(embed.get("fields") or ()):
            for part in ("name", "value"):
                if not str(field.get(part) or "").strip():
                    yield Problem(f"{where}.fields.{number}.{part}", "This field is required")
        for path, url in _embed_urls(embed):
            if not re.match(r"(?:https?://[^\s/?#]+|attachment://\S+)", str(url)):
                yield Problem(f"{where}.{path}", f"Not a well formed URL: {url!r}")
        if not (embed_texts(embed) or embed.get("image") or embed.get("thumbnail") or embed.get("video")):
            yield Problem(where, "An embed must show something")
    if sum(len(text) for embed in embeds for text in embed_texts(embed)) > EMBEDS_TOGETHER:
        yield Problem("embeds", f"Embed size exceeds maximum size of {EMBEDS_TOGETHER}")


def _embed_urls(embed: Json) -> Iterator[tuple[str, Any]]:
    if embed.get("url") is not None:
        yield "url", embed["url"]
    for part, names in {
        "image": ("url",),
        "thumbnail": ("url",),
        "author": ("url", "icon_url"),
        "footer": ("icon_url",),
    }.items():
        for name in names:
            if (url := (embed.get(part) or {}).get(name)) is not None:
                yield f"{part}.{name}", url


def _flags(body: Json, settable: int, before: Message | None) -> Iterator[Problem]:
    flags = body.get("flags") or 0
    if flags & ~settable:
        yield Problem("flags", f"flags {flags & ~settable:#x} cannot be set here")
    if is_v2(body, before):
        for part in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(part):
                yield Problem(part, f"{part} cannot be used with the IS_COMPONENTS_V2 flag")
        if before and not before.flags & Flag.COMPONENTS_V2:
            for part, old in (("content", before.content), ("embeds", before.embeds)):
                if old and part not in body:
                    yield Problem(part, f"{part} must be emptied when the message becomes Components V2")


def _nonce(body: Json) -> Iterator[Problem]:
    if body.get("enforce_nonce") and body.get("nonce") in (None, ""):
        yield Problem("enforce_nonce", "needs a nonce")


def _mentions(body: Json) -> Iterator[Problem]:
    """The club never pings by accident: each text goes out with mentions switched off by name.

    Discord itself parses every mention when `allowed_mentions` is absent.
    """
    text = text_of(body.get("content") or "", body.get("embeds") or (), body.get("components") or ())
    if not text:
        return
    allowed = body.get("allowed_mentions")
    if not isinstance(allowed, dict) or allowed.get("parse") != []:
        yield Problem("allowed_mentions", "a text must be sent with allowed_mentions.parse == []")
    for kind, found in live_mentions(text, allowed):
        if kind == "roles" and "roles" not in (allowed or {}).get("parse", ()):
            continue  # a role that is named is meant: the one that a club chose for its new editions
        yield Problem("allowed_mentions", f"{found} would ping ({kind})")


def live_mentions(text: str, allowed: Json | None) -> Iterator[tuple[str, str]]:
    """The mentions in a text that would ping somebody under `allowed_mentions` (absent: all of them)."""
    for kind, pattern in PINGS:
        for match in pattern.finditer(text):
            by_kind = allowed is None or kind in (allowed.get("parse") or ())
            named = match.groups() and match[1] in map(str, (allowed or {}).get(kind) or ())
            if by_kind or named:
                yield kind, match[0]

"""Reading a message as a person does: its words, its buttons, its fields, however deep they are nested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Any

Json = dict[str, Any]


class Kind(IntEnum):
    """Component types (Discord: Component Reference)."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


LEGACY = frozenset({Kind.ACTION_ROW, Kind.BUTTON, *range(Kind.STRING_SELECT, Kind.CHANNEL_SELECT + 1)})
"""What a message may hold without the Components V2 flag."""

SELECTS = frozenset(
    {
        Kind.STRING_SELECT,
        Kind.USER_SELECT,
        Kind.ROLE_SELECT,
        Kind.MENTIONABLE_SELECT,
        Kind.CHANNEL_SELECT,
    }
)

LINK_BUTTON = 5
PREMIUM_BUTTON = 6


def walk(components: Iterable[Json], where: str = "components") -> Iterator[tuple[str, Json]]:
    """Every component with its path, parents before children."""
    for index, component in enumerate(components):
        yield from _walk(component, f"{where}.{index}")


def _walk(component: Json, where: str) -> Iterator[tuple[str, Json]]:
    yield where, component
    yield from walk(component.get("components") or (), f"{where}.components")
    for single in ("accessory", "component"):
        if child := component.get(single):
            yield from _walk(child, f"{where}.{single}")


def text_of(content: str, embeds: Iterable[Json], components: Iterable[Json]) -> str:
    """All the words of a message, top to bottom, a line a piece."""
    pieces = [content]
    for embed in embeds:
        pieces += embed_texts(embed)
    pieces += [str(part["content"]) for _, part in walk(components) if part["type"] == Kind.TEXT_DISPLAY]
    return "\n".join(piece for piece in pieces if piece)


def embed_texts(embed: Json) -> list[str]:
    """The words of an embed that count toward the 6,000 of a message."""
    pieces = [embed.get("author", {}).get("name"), embed.get("title"), embed.get("description")]
    for field in embed.get("fields") or ():
        pieces += [field.get("name"), field.get("value")]
    pieces.append(embed.get("footer", {}).get("text"))
    return [str(piece) for piece in pieces if piece]


def buttons_of(components: Iterable[Json]) -> list[Json]:
    """The buttons of a message in reading order."""
    return [part for _, part in walk(components) if part["type"] == Kind.BUTTON]


def selects_of(components: Iterable[Json]) -> list[Json]:
    """The select menus of a message in reading order."""
    return [part for _, part in walk(components) if part["type"] in SELECTS]


def face_of(button: Json) -> str:
    """What is written on a button: its emoji and its label."""
    emoji = (button.get("emoji") or {}).get("name") or ""
    return f"{emoji} {button.get('label') or ''}".strip()

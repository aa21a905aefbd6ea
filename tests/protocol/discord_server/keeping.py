"""Components and embeds as Discord keeps them: numbered, defaults filled in, media resolved."""

from __future__ import annotations

import copy
from typing import Final

from .errors import Problem
from .reading import SELECTS, Kind, walk
from .routing import Call
from .state import Attachment, Json

DEFAULTS: Final[dict[int, Json]] = {
    Kind.CONTAINER: {"accent_color": None, "spoiler": False},
    Kind.THUMBNAIL: {"description": None, "spoiler": False},
    Kind.FILE: {"name": None, "size": None, "spoiler": False},
    Kind.SEPARATOR: {"spacing": 1, "divider": True},
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
}


def kept_embeds(embeds: list[Json]) -> list[Json]:
    """Embeds with their defaults."""
    kept = copy.deepcopy(embeds)
    for embed in kept:
        for field in embed.get("fields") or ():
            field.setdefault("inline", False)
    return kept


def kept_components(call: Call, components: list[Json], files: list[Attachment]) -> list[Json]:
    """Components with ids, defaults and the addresses of their media."""
    kept = copy.deepcopy(components)
    every = list(walk(kept))
    taken = {part["id"] for _, part in every if part.get("id")}
    free = (number for number in range(1, 2 * len(every) + 1) if number not in taken)
    for where, part in every:
        for key in [key for key, value in part.items() if value is None]:
            del part[key]
        part["id"] = part.get("id") or next(free)
        for key, value in DEFAULTS.get(part["type"], {}).items():
            part.setdefault(key, value)
        match part["type"]:
            case Kind.MEDIA_GALLERY:
                for index, item in enumerate(part["items"]):
                    item.setdefault("description", None)
                    item.setdefault("spoiler", False)
                    item["media"] = _media(call, f"{where}.items.{index}.media", item["media"], files)
            case Kind.THUMBNAIL:
                part["media"] = _media(call, f"{where}.media", part["media"], files)
            case Kind.FILE:
                part["file"] = _media(call, f"{where}.file", part["file"], files)
            case _:
                pass
    return kept


def _media(call: Call, where: str, media: Json, files: list[Attachment]) -> Json:
    url = str(media["url"])
    found = next((file for file in files if url in (f"attachment://{file.filename}", file.url)), None)
    if url.startswith("attachment://") and found is None:
        call.breach([Problem(where, f"The referenced attachment was not found: {url}")], 50035)
    address = found.url if found else url
    body: Json = {"id": str(call.world.ids.next()), "url": address, "proxy_url": address}
    return body | ({"attachment_id": str(found.id)} if found else {})

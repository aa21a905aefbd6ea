"""Names of stored figures: `figures/3f9a…-1200x800.png`, by the hash of their content and their size in pixels.

The same picture has the same name everywhere, so that storing it twice changes nothing, and a page can reserve its
room without opening it. The name is an address relative to the club's pages, and the one in the edition's text.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Literal

ImageEnding = Literal["png", "jpg"]
"""Formats of stored figures."""

FOLDER = "figures/"

_NAME = re.compile(r"figures/[0-9a-f]{24}-([1-9]\d{0,4})x([1-9]\d{0,4})\.(?:png|jpg)")
_IN_ADDRESS = re.compile(rf"https?://[^\s()<>]+/({_NAME.pattern})")


def figure_name(content: bytes, width: int, height: int, ending: ImageEnding) -> str:
    """Name of a figure with this content; width and height in pixels."""
    return f"{FOLDER}{sha256(content).hexdigest()[:24]}-{width}x{height}.{ending}"


def is_figure_name(url: str) -> bool:
    """True for the name of a stored figure, false for the address of a picture elsewhere."""
    return _NAME.fullmatch(url) is not None


def figure_size(url: str) -> tuple[int, int] | None:
    """Width and height in pixels of a stored figure; None for a picture elsewhere."""
    found = _NAME.fullmatch(url)
    return (int(found[1]), int(found[2])) if found else None


def media_type(name: str) -> str:
    """Media type of a stored figure."""
    return "image/png" if name.endswith(".png") else "image/jpeg"


def name_in_address(url: str) -> str:
    """The figure's name at the end of an address, as an exported edition has it; empty if there is none."""
    found = _IN_ADDRESS.fullmatch(url)
    return found[1] if found else ""

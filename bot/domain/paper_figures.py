"""Figures of a paper, and licenses under which a figure may be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class License:
    """A license: its name as readers see it, and its address; both are empty for none."""

    name: str
    url: str = ""


NO_LICENSE = License("")

_CREATIVE_COMMONS = re.compile(
    r"(?:CC[\s-]*(?P<name>0|ZERO|BY(?:[\s-]*(?:NC|ND|SA))*)\b"
    r"|creativecommons\.org/(?:licenses|publicdomain)/(?P<path>[a-z-]+))(?:[\s/-]*v?(?P<version>\d\.\d))?",
    re.IGNORECASE,
)
_LATEST = "4.0"
_VERSIONS = ("1.0", "2.0", "2.5", "3.0", _LATEST)
_CONDITIONS = ("nc", "nd", "sa")
"""Conditions beside BY, in the order of a license's name; ND and SA exclude each other."""


def read_license(text: str) -> License:
    """The license that a text names: "License: CC BY 4.0", an address at creativecommons.org, or words as they are.

    A license that Creative Commons does not have ("CC BY 9.0") has no address.
    """
    words = " ".join(text.split())
    if re.search(r"public[\s-]domain|\bCC[\s-]?0\b|CC[\s-]Zero|publicdomain/zero", words, re.IGNORECASE):
        return License("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
    if found := _CREATIVE_COMMONS.search(words):
        kind = _kind((found["name"] or found["path"]).lower())
        version = found["version"] or _LATEST
        if kind and version in _VERSIONS:
            return License(f"CC {kind.upper()} {version}", f"https://creativecommons.org/licenses/{kind}/{version}/")
    return License(re.sub(r"^licen[cs]e:\s*", "", words, flags=re.IGNORECASE))


def _kind(named: str) -> str:
    """The kind of a license as in its address (`by-nc-sa`), whatever the order of its conditions; empty if none."""
    attribution, *conditions = re.findall(r"[a-z]+", named) or [""]
    known = set(conditions) <= set(_CONDITIONS) and not {"nd", "sa"} <= set(conditions)
    return (
        "-".join(["by", *(word for word in _CONDITIONS if word in conditions)]) if attribution == "by" and known else ""
    )


def permits_showing(license: License) -> bool:
    """True if anybody may show a figure, made smaller and with its credit: CC0, CC BY and CC BY-SA.

    Licenses that forbid commercial use or derivatives are left to people: a club may be either.
    """
    return bool(license.url) and license.name.startswith(("CC0", "CC BY ", "CC BY-SA "))


@dataclass(frozen=True, slots=True)
class PaperFigure:
    """A figure of a paper: its label ("Figure 2"), its caption, and the address of its picture."""

    number: int
    label: str
    caption: str
    url: str


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """The figures of a version of a paper in order, and the license of the paper."""

    license: License
    figures: tuple[PaperFigure, ...]

"""Rich text as values: words with emphasis and links, escaped by each platform when rendered.

A plain `str` is always data: text from a person, arXiv or a model goes into a card unchanged, and no character of it
can become a mention, a link or a format. Emphasis is a value of its own, not a mark in the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

_HOST = re.compile(r"(?<![\w.-])((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?![\w-])(?::\d+)?(?:[/?#]\S*)?")
"""A name with dots, alone or among other words, that a reader would take for where the link leads."""
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61\u2024\ufe52", "."))
_INVISIBLE_IN_NAMES = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_NO_TOP_LEVEL = frozenset(
    ("cpp", "js", "ts", "jl", "txt", "pdf", "csv", "json", "html", "htm", "tex", "exe", "yaml", "toml")
)
"""Endings of files and programs ("Node.js", "llama.cpp") that no site has."""
DASH = "\u2013"
"""Dash between the two ends of a span of time."""
_READ_AS_ADDRESS = 2_000
"""Characters of a label that are looked at; no surface shows more of one."""


LINK_TARGET = r"https?://(?:[^\s()<>\"]|\([^\s()<>\"]{0,300}\)){1,2000}"
"""Pattern of the address in `[label](address)`: brackets in it are closed in it, as in `…/Set_(mathematics)`."""


def whole_address(text: str, end: int, url: str) -> str:
    """A bare address, and the bracket that follows it at `end` in a text if it closes one in the address."""
    return f"{url})" if text[end : end + 1] == ")" and url.count("(") > url.count(")") else url


@dataclass(frozen=True, slots=True)
class Bold:
    """Emphasized text."""

    text: str
    kind: Literal["bold"] = "bold"


@dataclass(frozen=True, slots=True)
class Italic:
    """Text in italics: a title, an aside."""

    text: str
    kind: Literal["italic"] = "italic"


@dataclass(frozen=True, slots=True)
class InlineCode:
    """Text to type. Several lines are a block that is copied unchanged."""

    text: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Link:
    """A link with a label. The URL must be http or https; else only the label is shown."""

    label: str
    url: str
    kind: Literal["link"] = "link"

    @property
    def is_safe(self) -> bool:
        """True if the URL may be shown as a link."""
        bad = any(c.isspace() or c in '<>|"`\\' or ord(c) < 32 for c in self.url)
        return self.url.startswith(("https://", "http://")) and not bad

    @property
    def safe_label(self) -> str:
        """The label, preceded by the actual host if anything in it looks like the address of another site.

        Labels are data (a paper's title may hold a URL), so without this anybody could disguise a link's target. The
        host comes first, so that truncation cannot remove it.
        """
        host = self._host()
        sign = f"({host}) "
        if self.label.startswith(sign) or not any(name != _site(host) for name in _hosts_in(self.label)):
            return self.label
        return sign + self.label

    @classmethod
    def as_shown(cls, label: str, url: str) -> Link:
        """The link that is shown with this label: without the host that `safe_label` puts before it."""
        shown = cls(label, url)
        plain = cls(label.removeprefix(f"({shown._host()}) "), url)
        return plain if plain.safe_label == label else shown

    def _host(self) -> str:
        try:
            return (urlsplit(self.url).hostname or self.url).lower()
        except ValueError:
            return self.url


def _hosts_in(label: str) -> set[str]:
    """The sites that a label names, without their www; signs that look like a dot are read as one."""
    shown = unicodedata.normalize("NFKC", _INVISIBLE_IN_NAMES.sub("", label[:_READ_AS_ADDRESS]).translate(_DOTS))
    names = (found[1].lower() for found in _HOST.finditer(shown))
    return {_site(name) for name in names if name.rpartition(".")[2] not in _NO_TOP_LEVEL}


def _site(host: str) -> str:
    return host.removeprefix("www.")


@dataclass(frozen=True, slots=True)
class LocalTime:
    """A time, or a span of time, that a platform shows in each reader's zone if it can.

    `start` ("Thu 3 Dec 2026, 16:00"), `clock` ("16:00") and `end` ("17:00") are its words in the zone of that name.
    """

    at: datetime
    start: str
    clock: str
    zone: str
    until: datetime | None = None
    end: str = ""
    kind: Literal["time"] = "time"

    @property
    def text(self) -> str:
        """The time in words, for places that show it in one zone: "Thu 3 Dec 2026, 16:00-17:00 (Europe/Berlin)"."""
        return f"{self.start}{self._rest}"

    @property
    def local(self) -> str:
        """The time of day in that zone, for display behind the reader's own: "16:00-17:00 (Europe/Berlin)"."""
        return f"{self.clock}{self._rest}"

    @property
    def _rest(self) -> str:
        return f"{DASH}{self.end} ({self.zone})" if self.end else f" ({self.zone})"


@dataclass(frozen=True, slots=True)
class ChannelName:
    """A channel of the club, which its own platform may show as a link; elsewhere it is its name.

    `id` is the channel's id on that platform, `name` its name without "#".
    """

    name: str
    platform: str
    id: str
    kind: Literal["channel"] = "channel"

    @property
    def text(self) -> str:
        """The name as people write it: "#papers"."""
        return f"#{self.name}"


TextSpan = str | Bold | Italic | InlineCode | Link
"""A piece of text."""
Span = TextSpan | LocalTime | ChannelName
Words = tuple[Span, ...]


def parse_backticks(sentence: str) -> Words:
    """Words of a sentence of this program: text between backticks is code, the rest is text."""
    pieces = sentence.split("`")
    if len(pieces) % 2 == 0:
        return (sentence,)
    return tuple(InlineCode(piece) if i % 2 else piece for i, piece in enumerate(pieces) if piece)


def plain(words: Words) -> str:
    """The words without emphasis and link targets."""
    return "".join(
        span if isinstance(span, str) else span.label if isinstance(span, Link) else span.text for span in words
    )

"""Pictures that come with a text: written out in it, or files beside it. Each gets a name in the folder `figures`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from bot.domain.figure_names import FOLDER

MAX_PICTURES = 60
"""Pictures that are read from one text."""

_DATA = r"data:image/[^\s)>\"']*"
_FILE = r"(?:[^()<>\n\"]|\([^()<>\n]{0,80}\)){1,300}?\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg)(?=[\s)>])"
"""A picture's path, perhaps with blanks and brackets, as some programs write it."""
_ADDRESSES = re.compile(
    rf"""
      (?P<before>!\[(?:\\.|[^\[\]\\\n]){{0,500}}\]\(\s*<?)(?P<address>{_DATA}|{_FILE}|[^\s()<>]{{1,1000}}|(?<=<)[^<>\n]{{1,1000}})
    | (?P<before_tag><img\s[^<>]{{0,1000}}?\bsrc\s*=\s*["'])(?P<address_tag>{_DATA}|[^"'<>]{{1,1000}})
    | (?P<before_link>\)\]\(<?)(?P<address_link>{_DATA}|{_FILE})
    | (?P<before_label>^[ ]{{0,3}}\[[^\]\n]{{1,80}}\]:[ \t]*<?)(?P<address_label>{_DATA})
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_KINDS = ("", "_tag", "_link", "_label")
"""Places of addresses: a picture's in Markdown, in HTML, the link around it, and one that is defined by its label."""
_EMBEDDED = re.compile(r"data:image/(?P<kind>[a-z0-9.+-]+)(?:;[^,;]*)*;base64,(?P<content>.*)\Z", re.I | re.DOTALL)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
"""The beginning of an address that is no file beside the text."""


@dataclass(frozen=True, slots=True)
class DraftWithPictures:
    """A text, and the contents of its pictures by the address that the text gives them."""

    text: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def with_named_pictures(text: str, beside: Mapping[str, bytes]) -> DraftWithPictures:
    """The text with a name in place of each picture that comes with it, by its file's path in `beside` or written out.

    Files that are not there get a name too, so that they can be asked for; addresses on the web stay.
    """
    names = _Names(beside)
    return DraftWithPictures(_ADDRESSES.sub(names.replaced, text), names.found)


def local_addresses(text: str) -> tuple[str, ...]:
    """The pictures of a text that are files beside it, by their paths, at most `MAX_PICTURES`."""
    found = (_address(match) for match in _ADDRESSES.finditer(text))
    paths = dict.fromkeys(unquote(address) for address in found if not _ELSEWHERE.match(address))
    return tuple(paths)[:MAX_PICTURES]


class _Names:
    """Names of the pictures of one text, in the order in which it shows them."""

    def __init__(self, beside: Mapping[str, bytes]) -> None:
        self._beside = {_normal_path(path): content for path, content in beside.items()}
        self._by_last_part: dict[str, list[str]] = {}
        for path in self._beside:
            self._by_last_part.setdefault(path.rpartition("/")[2], []).append(path)
        self._names: dict[str, str] = {}
        self.found: dict[str, bytes] = {}

    def replaced(self, match: re.Match[str]) -> str:
        address = _address(match)
        before: str = next(filter(None, (match[f"before{kind}"] for kind in _KINDS)))
        return f"{before}{self._names.get(address) or self._name(address)}"

    def _name(self, address: str) -> str:
        content, wanted = self._content(address)
        if content is None and _ELSEWHERE.match(address) and not address.lower().startswith(("data:", "cid:", "file:")):
            return address
        if content is None and address.startswith(FOLDER):
            return address
        name = self._free_name(wanted)
        if content is not None and len(self.found) < MAX_PICTURES:
            self.found[name] = content
        self._names[address] = name
        return name

    def _content(self, address: str) -> tuple[bytes | None, str]:
        """The content of a picture, None if it did not come along; and the name of its file."""
        if address.lower().startswith("data:"):
            if not (written := _EMBEDDED.match(address)):
                return None, "picture"
            kind = written["kind"].lower().partition("+")[0].replace("jpeg", "jpg")
            try:
                return base64.b64decode(unquote(written["content"])), f"picture.{kind}"
            except (binascii.Error, ValueError):
                return None, f"picture.{kind}"
        path = _normal_path(address)
        last = path.rpartition("/")[2]
        if path not in self._beside and len(self._by_last_part.get(last, ())) == 1:
            path = self._by_last_part[last][0]
        return self._beside.get(path), last.partition("?")[0]

    def _free_name(self, wanted: str) -> str:
        stem, dot, ending = (re.sub(r"[^\w.-]+", "-", wanted).strip("-.") or "picture").rpartition(".")
        stem, ending = (stem, f".{ending}") if dot else (ending, "")
        taken, number, name = set(self._names.values()), 1, f"{FOLDER}{stem}{ending}"
        while name in taken:
            number += 1
            name = f"{FOLDER}{stem}-{number}{ending}"
        return name


def _address(match: re.Match[str]) -> str:
    address: str = next(filter(None, (match[f"address{kind}"] for kind in _KINDS)))
    return address.strip()


def _normal_path(path: str) -> str:
    """A path as files of an archive have it: with slashes, without the folder itself; addresses of mails stay."""
    path = unquote(path).replace("\\", "/")
    return re.sub(r"^(?:cid:|file:/*|(?:\.{1,2}/)+)", "", path, flags=re.IGNORECASE).lstrip("/")

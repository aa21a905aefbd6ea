"""A reference in one line, as a person types it, in its parts: "M. Cervantes. *Don Quijote*. 1605"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EMPHASIZED = re.compile(r"(?P<mark>\*{1,2})(?P<title>[^*\n]{3,300})(?P=mark)")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_YEAR_AT_END = re.compile(r"[\s.,(]\(?(1[5-9]\d\d|20\d\d)\)?\.?\Z")
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])\. ")
"""A full stop that ends a part: none behind an initial."""
_JOINT = re.compile(r",? and |,? & |, ?|; ?")
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?[ -]?){1,3}\Z")
_NAME = re.compile(
    r"(?:(?:von|van|der|den|de|da|dos|del|di|la|le|bin|ibn|al|ten|ter) |(?![a-zß-ÿ])[^\W\d_][\w.'’-]*(?: |\Z)){1,5}\Z"
)
_ET_AL = re.compile(r"[, ]+et al\.?\Z")
MAX_AUTHORS = 60


@dataclass(frozen=True, slots=True)
class TypedReference:
    """The parts of a reference; `others` is True if "et al." follows the authors. `year` is None if it gives none."""

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    others: bool = False


def read_typed_reference(text: str) -> TypedReference:
    """The parts of a typed reference. Without an emphasized title, names are read only before a title with a year.

    A text that is divided otherwise is its own title, without the marks of emphasis.
    """
    text = " ".join(text.split())
    if found := _EMPHASIZED.search(text):
        names, others = _names(text[: found.start()])
        year = _YEAR.search(text, found.end())
        if names or not text[: found.start()].strip(" .,:;"):
            return TypedReference(found["title"].strip(" .,"), names, int(year[1]) if year else None, others)
    ending = _YEAR_AT_END.search(text)
    body = text[: ending.start()].rstrip(" .,(") if ending else text
    stop = _SENTENCE_END.search(body)
    names, others = _names(body[: stop.start()]) if stop else ((), False)
    if ending and stop and names:
        title = _SENTENCE_END.split(body[stop.end() :], maxsplit=1)[0]
        return TypedReference(title.strip(" .,").replace("*", ""), names, int(ending[1]), others)
    return TypedReference(_EMPHASIZED.sub(r"\g<title>", text), (), int(ending[1]) if ending else None)


def _names(text: str) -> tuple[tuple[str, ...], bool]:
    """Names of people, first names first, and True if "et al." follows them; none if the text is no list of names."""
    text = text.strip(" ,:;")
    others = _ET_AL.search(text) is not None
    pieces = [piece.strip() for piece in _JOINT.split(_ET_AL.sub("", text)) if piece.strip()]
    found: list[str] = []
    for piece in pieces[:MAX_AUTHORS]:
        if found and _INITIALS.match(piece) and " " not in found[-1]:
            found[-1] = f"{piece} {found[-1]}"  # "Cervantes, M."
        elif _NAME.match(piece):
            found.append(piece if _INITIALS.match(piece.rsplit(" ", 1)[-1]) else piece.rstrip("."))
        else:
            return (), False
    return tuple(found), others

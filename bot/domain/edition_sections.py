"""Which sections a club's editions have, in which order and under which headings, as a setting of one line."""

from __future__ import annotations

SECTIONS = ("papers", "news", "code", "meta", "picks")
"""What may be named: the papers, news, code, the rest (newsletters, videos, events), and short picks."""

MAX_HEADING_LENGTH = 60
"""Characters of a heading."""

NONE = "none"
"""The word for no sections of one's own: a setting cannot be said to be empty."""


def parse_sections(line: str) -> tuple[tuple[str, str], ...]:
    """The sections that a line names, in its order, each with its own heading or none: `papers=🔬 Research, news`.

    Of `none`, as of an empty line, there are none: then the template's stand. Raises ValueError, worded for the
    person, for a name that is no section, one named twice, and a line without papers.
    """
    found: dict[str, str] = {}
    if line.strip().lower() == NONE:
        return ()
    for piece in filter(None, (piece.strip() for piece in line.split(","))):
        name, _, heading = (part.strip() for part in piece.partition("="))
        name = name.lower()
        if name not in SECTIONS:
            raise ValueError(f"there is no section {name[:40]}, only {', '.join(SECTIONS)}")
        if name in found:
            raise ValueError(f"{name} is named twice")
        if len(heading) > MAX_HEADING_LENGTH:
            raise ValueError(f"a heading has at most {MAX_HEADING_LENGTH} characters")
        found[name] = " ".join(heading.split())
    if found and "papers" not in found:
        raise ValueError("an edition has papers")
    return tuple(found.items())


def format_sections(sections: tuple[tuple[str, str], ...]) -> str:
    """The line that names these sections."""
    return ", ".join(f"{name}={heading}" if heading else name for name, heading in sections)

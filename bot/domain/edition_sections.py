"""Sections of a club's editions, their order and headings, as a setting in one line."""

from __future__ import annotations

from bot.locale.current import _

SECTIONS = ("papers", "news", "code", "meta", "picks")
"""Names of sections: papers, news, code, meta (newsletters, videos, events), and short picks."""

MAX_HEADING_LENGTH = 60
"""Characters of a heading."""

NONE = "none"
"""Word for "no own sections", because a setting cannot be empty."""


def parse_sections(line: str) -> tuple[tuple[str, str], ...]:
    """Sections of a line, in order, with own headings if given: `papers=🔬 Research, news`.

    Empty for `none` and for an empty line: the template's sections then apply. Raises ValueError, with a message for
    the person, for an unknown section, a repeated one, and a line without papers.
    """
    sections: dict[str, str] = {}
    if line.strip().lower() == NONE:
        return ()
    for piece in filter(None, (piece.strip() for piece in line.split(","))):
        name, _equals, heading = (part.strip() for part in piece.partition("="))
        name = name.lower()
        if name not in SECTIONS:
            raise ValueError(
                _("there is no section {name}, only {sections}", name=name[:40], sections=", ".join(SECTIONS))
            )
        if name in sections:
            raise ValueError(_("{name} is named twice", name=name))
        if len(heading) > MAX_HEADING_LENGTH:
            raise ValueError(_("a heading has at most {most} characters", most=MAX_HEADING_LENGTH))
        sections[name] = " ".join(heading.split())
    if sections and "papers" not in sections:
        raise ValueError(_("an edition needs the section “papers”"))
    return tuple(sections.items())


def format_sections(sections: tuple[tuple[str, str], ...]) -> str:
    """Line for these sections, as `parse_sections` reads it."""
    return ", ".join(f"{name}={heading}" if heading else name for name, heading in sections)

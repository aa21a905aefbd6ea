"""Properties of a page in Notion: lines of a name and a value below the title, which an export writes as text."""

from __future__ import annotations

import re

_PROPERTIES = re.compile(r"\A(\s*# [^\n]+\n\s*\n)((?:[^\W\d_][\w /-]{0,30}: [^\n]*\n){2,40})(?=\s*\n|\Z)")
"""A block of such lines directly below the title."""
_USUAL = re.compile(
    r"^(?:status|tags?|owner|created(?: by| time)?|last edited(?: by| time)?|assign(?:ee)?|priority|due(?: date)?|"
    r"deadline|publish(?:ed| date)?|type|select|multi-select|erstellt(?: von)?|verantwortlich|schlagwörter):",
    re.IGNORECASE | re.MULTILINE,
)
"""A name that such a page gives by itself: lines without any of these are a person's own."""


def properties_of(text: str) -> tuple[str, ...]:
    """The names of a page's properties; none for a text of another program."""
    found = _PROPERTIES.match(text)
    if not found or not _USUAL.search(found[2]):
        return ()
    return tuple(line.partition(":")[0] for line in found[2].splitlines())


def without_properties(text: str) -> str:
    """The text without the properties of its page."""
    return _PROPERTIES.sub(r"\1", text) if properties_of(text) else text

"""Front matter: the fields at the head of a text (YAML, TOML), of which title, subtitle and author are an edition's."""

from __future__ import annotations

import re
from collections.abc import Mapping

_FRONT_MATTER = re.compile(r"\A\s*(---|\+\+\+)[ \t]*\n(.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([\w-]+)[ \t]*[:=][ \t]*(.*?)[ \t]*$")
_POINT = re.compile(r"^[ \t]*-[ \t]+(\S.*?)[ \t]*$")
_FIRST_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
TITLES, SUBTITLES = ("title",), ("subtitle", "sub_title", "subheading", "headline")
AUTHORS = ("author", "authors")


def front_matter(fields: Mapping[str, str]) -> str:
    """Fields as front matter; "" for none."""
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\n{lines}---\n\n" if lines else ""


def fields_of(text: str) -> tuple[dict[str, str], str]:
    """The fields of a text by their names, case-folded, lists with commas; and the text behind them."""
    found = _FRONT_MATTER.match(text)
    if not found or not re.search(r"^[\w-]+[ \t]*[:=]", found[2], re.MULTILINE):
        return {}, text
    fields: dict[str, str] = {}
    name = ""
    for line in found[2].split("\n"):
        if field := _FIELD.match(line):
            name = field[1].casefold()
            fields[name] = _value(field[2])
        elif name and (point := _POINT.match(line)):
            fields[name] = ", ".join(filter(None, (fields[name], _value(point[1]))))
    return fields, text[found.end() :]


def with_fields_as_text(text: str) -> str:
    """The text with the title, subtitle and author of its front matter where a newsletter has them.

    A heading with one mark that comes first is the title, whatever the front matter says.
    """
    fields, rest = fields_of(text)
    if not fields:
        return text
    title = next((fields[name] for name in TITLES if fields.get(name)), "")
    first = _FIRST_HEADING.search(rest)
    own = bool(first and len(first[1]) == 1 and (not title or not _is_section(rest, first)))
    subtitle = next((fields[name] for name in SUBTITLES if fields.get(name)), "")
    author = next((fields[name] for name in AUTHORS if fields.get(name)), "")
    lead = [] if own or not title else [f"# {title}"]
    if subtitle and subtitle.casefold() not in rest.casefold():
        lead.append(f"*{subtitle}*")
    if own and first and lead:
        rest = f"{rest[: first.end()]}\n\n{lead[0]}\n\n{rest[first.end() :]}"
        lead = []
    sections = _FIRST_HEADING.search(rest, rest.find("\n", first.end()) if own and first else 0)
    if author and not re.search(rf"(?<!\w){re.escape(author)}(?!\w)", rest, re.IGNORECASE):
        at = sections.start() if sections else len(rest)
        rest = f"{rest[:at].rstrip()}\n\n— {author}\n\n{rest[at:]}"
    return "\n\n".join([*lead, rest.lstrip("\n")])


def unused_fields(text: str) -> tuple[str, ...]:
    """The names of the fields that no edition has: dates, tags, layouts."""
    used = {*TITLES, *SUBTITLES, *AUTHORS}
    return tuple(name for name, value in fields_of(text)[0].items() if value and name not in used)


def _is_section(text: str, first: re.Match[str]) -> bool:
    """True if the first heading of a text is one of several with one mark, or has other words before it."""
    return len(re.findall(r"^# \S", text, re.MULTILINE)) > 1 or bool(text[: first.start()].strip())


def _value(written: str) -> str:
    """A value without its quotation marks or the brackets of a list."""
    value = written.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    if value.startswith("[") and value.endswith("]"):
        return ", ".join(_value(part) for part in value[1:-1].split(","))
    return value

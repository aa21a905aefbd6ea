"""Links as mails have them: a number where they are cited, and the addresses in a list at the end."""

from __future__ import annotations

import re

from bot.editions.importing.items.references import paper_of
from bot.editions.importing.label_words import SPECIAL_PARTS

_ENTRY = re.compile(r"^[ \t]*\[(\d{1,3})\]:?[ \t]*<?(https?://\S+?)>?[ \t]*$", re.MULTILINE)
_LEAD = re.compile(
    r"^[ \t]*(?:[-*_=# ]{0,6})(?:links?|urls?|footnotes|fußnoten|liens|enlaces)[ \t]*:?[ \t]*$", re.I | re.M
)
_TITLE = re.compile(
    r"^(?P<lead>#{1,6}[ \t]+|[ \t]*(?:\d{1,2}[.)]|[-*+•])[ \t]+)?(?P<title>\S[^\n]{1,200}?)"
    r"[ \t]*\[(?P<n>\d{1,3})\][ \t]*$"
)
_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)


def with_listed_links(text: str) -> str:
    """The text with each title's address behind it; those that its sentences cite become its references.

    It stays as it is if its list of addresses is a list of references already, or nothing cites them, or links
    are written by their numbers, "[the paper][1]".
    """
    entries = list(_ENTRY.finditer(text))
    if not entries or _has_references(text) or re.search(r"\]\[\d{1,3}\]", text):
        return text
    urls = {found[1]: found[2] for found in entries}
    start = _beginning(text, entries)
    body, tail = text[:start], _ENTRY.sub("", text[start:])
    used: set[str] = set()
    lines = body.split("\n")
    for at, line in enumerate(lines):
        found = _TITLE.match(line)
        before = lines[at - 1].strip() if at else ""
        if not found or found["n"] not in urls or (before and not found["lead"]):
            continue
        if not paper_of(urls[found["n"]]) and not found["lead"]:
            continue
        title = found["title"].rstrip()
        url = urls[found["n"]]
        linked = f"[{title}]({url})" if found["lead"] and "](" not in title else f"{title} {url}"
        lines[at] = f"{found['lead'] or ''}{linked}"
        used.add(found["n"])
    body = "\n".join(lines)
    cited = [n for n in urls if re.search(rf"(?<!\w)\[{n}\](?![(:\[])", body)]
    if not used and not cited:
        return text
    rest = [n for n in urls if n in cited or n not in used]
    listed = "\n".join(f"[{n}] {urls[n]}" for n in rest)
    return f"{body.rstrip()}\n\n{tail.strip()}\n" + (f"\n## References\n\n{listed}\n" if listed else "")


def _beginning(text: str, entries: list[re.Match[str]]) -> int:
    """Place of the list in the text, with its lead."""
    start = entries[0].start()
    lead = next((found for found in _LEAD.finditer(text) if not text[found.end() : start].strip()), None)
    return lead.start() if lead and lead.start() < start else start


def _has_references(text: str) -> bool:
    names = (line.strip("#*_ \t:").casefold() for line in text.split("\n") if len(line) < 60)
    return any(SPECIAL_PARTS.get(name) == "references" for name in names)

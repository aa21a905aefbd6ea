"""A file with more than one edition: the first one is read, and the others are named."""

from __future__ import annotations

import re

from bot.editions.importing.markdown.code_fences import with_code_marked

_TITLE = re.compile(r"^#[ \t]+(\S.*?)[ \t]*#*$")
_SECTION = re.compile(r"^##[ \t]+\S")
_ITEM = re.compile(r"^###[ \t]+\S")


def first_edition(text: str) -> tuple[str, tuple[str, ...]]:
    """The text of a file's first edition, and the titles of the others.

    Several headings with one mark are editions where each of them has sections below it, and items below these. If the
    first has none, they are the parts of one edition, below its title.
    """
    lines = text.split("\n")
    titles, levels = list[int](), list[set[int]]()
    for at, (line, is_code) in enumerate(with_code_marked(lines)):
        if is_code:
            continue
        if _TITLE.match(line):
            titles.append(at)
            levels.append(set())
        elif levels and (_SECTION.match(line) or _ITEM.match(line)):
            levels[-1].add(3 if _ITEM.match(line) else 2)
    if len(titles) < 2 or any(found != {2, 3} for found in levels):
        return text, ()
    names = (found[1] for at in titles[1:] if (found := _TITLE.match(lines[at])))
    return "\n".join(lines[: titles[1]]).rstrip() + "\n", tuple(names)

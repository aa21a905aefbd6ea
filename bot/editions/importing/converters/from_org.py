"""Org-mode as Markdown: headings with stars, `[[links]]`, `#+BEGIN_` blocks, drawers and footnotes."""

from __future__ import annotations

import re

from bot.editions.importing.markdown.front_matter import front_matter

_KEYWORD = re.compile(r"^#\+(\w+):[ \t]*(.*)$", re.IGNORECASE)
_BEGIN = re.compile(r"^[ \t]*#\+BEGIN_(\w+)[ \t]*([\w+#.-]*)", re.IGNORECASE)
_END = re.compile(r"^[ \t]*#\+END_\w+", re.IGNORECASE)
_HEADING = re.compile(
    r"^(\*{1,6})[ \t]+(?:(?:TODO|DONE|NEXT|WAITING)[ \t]+)?(?:\[#\w\][ \t]+)?(.*?)[ \t]*(?::[\w@:]+:)?$"
)
_DRAWER = re.compile(r"^[ \t]*:([\w-]+):[ \t]*(.*)$")
_LINK = re.compile(r"\[\[([^\[\]\n]+)\](?:\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\])?\]")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg)\Z", re.IGNORECASE)
_VERBATIM = re.compile(r"(?<![\w=~])([=~])(?=\S)([^\n]{1,300}?)(?<=\S)\1(?![\w=~])")
_BOLD = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,300}?)(?<=\S)\*(?![\w*])")
_ITALIC = re.compile(r"(?<![\w/:.])/(?=[^\s/])([^/\n]{1,300}?)(?<=\S)/(?![\w/])")
_NOTE = re.compile(r"\[fn:([\w-]+)\]")
_RULE = re.compile(r"^\|(?:-+\+?)+\|?[ \t]*$")
_MEANT = {"title": "title", "subtitle": "subtitle", "author": "author", "date": "date"}
_SIGNS = re.compile(r"^#\+(?:TITLE|BEGIN_\w+)\b", re.IGNORECASE | re.MULTILINE)


def is_org(text: str) -> bool:
    """True for a text with keywords of Org-mode, or with its headings and links."""
    has_links = "[[https://" in text and re.search(r"^\*{1,3}[ \t]+\S", text, re.MULTILINE)
    return bool(has_links or _SIGNS.search(text[:20_000])) and not re.search(r"^#{2,3} \S", text, re.MULTILINE)


def org_as_markdown(text: str) -> str:
    """The text as Markdown. Keywords that only steer the export, tags and states of tasks are left out."""
    fields: dict[str, str] = {}
    out: list[str] = []
    block = caption = ""
    for line in text.split("\n"):
        if block and _END.match(line):
            out += ["```"] if block == "code" else []
            out.append("")
            block = ""
        elif block == "code":
            out.append(line)
        elif found := _BEGIN.match(line):
            kind = found[1].casefold()
            block = "quote" if kind in ("quote", "verse") else "code" if kind in ("src", "example") else "plain"
            out += ["", *([f"```{found[2]}"] if block == "code" else [])]
        elif found := _KEYWORD.match(line):
            caption = found[2] if found[1].casefold() == "caption" else caption
            if (key := _MEANT.get(found[1].casefold())) and found[2]:
                fields[key] = found[2]
        elif line.startswith("# ") or (_RULE.match(line) and not out):
            continue
        else:
            words = _line(line, caption)
            caption = "" if words.startswith("![") else caption
            out.append(f"> {words}".rstrip() if block == "quote" else words)
    return front_matter(fields) + "\n".join(_without_drawers(out))


def _without_drawers(lines: list[str]) -> list[str]:
    """The lines without drawers, of which an address is kept as a link."""
    out: list[str] = []
    inside = False
    for line in lines:
        found = _DRAWER.match(line)
        if found and not found[2] and found[1].upper() not in ("END",) and found[1].isupper():
            inside = True
        elif inside:
            if found and found[2].startswith(("http://", "https://")):
                out += [f"Link: {found[2]}", ""]
            inside = not (found and found[1].upper() == "END")
        else:
            out.append(line)
    return out


def _line(line: str, caption: str) -> str:
    if found := _HEADING.match(line):
        return f"{'#' * (len(found[1]) + 1)} {_inline(found[2], '')}"
    if _RULE.match(line):
        return f"|{'---|' * (line.count('+') + 1)}"
    line = re.sub(r"^([ \t]*[-+][ \t]+)(\S.*?)[ \t]+::[ \t]+", r"\1*\2*: ", line)
    if found := re.match(r"^\[fn:([\w-]+)\][ \t]+(.*)$", line):
        return f"[^{found[1]}]: {_inline(found[2], '')}"
    return _inline(line, caption)


def _inline(text: str, caption: str) -> str:
    """Running text; what is between signs of code, and addresses, stays as it is."""
    held: list[str] = []

    def hold(words: str) -> str:
        held.append(words)
        return f"\x00{len(held) - 1}\x00"

    text = _LINK.sub(lambda found: hold(_link(found, caption)), text)
    text = re.sub(r"<?https?://[^\s<>]+>?", lambda found: hold(found[0]), text)
    text = _VERBATIM.sub(lambda found: hold(f"`{found[2]}`"), text)
    text = _BOLD.sub(r"**\1**", _ITALIC.sub(r"_\1_", text))
    text = _NOTE.sub(r"[^\1]", text)
    return re.sub(r"\x00(\d+)\x00", lambda found: held[int(found[1])], text)


def _link(found: re.Match[str], caption: str) -> str:
    target, label = found[1].removeprefix("file:"), found[2]
    if _PICTURE.search(target) and not label:
        return f"![{caption}]({target})"
    if not target.startswith(("http://", "https://")):
        return label or target
    return f"[{label}]({target})" if label else f"<{target}>"

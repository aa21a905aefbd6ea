"""AsciiDoc as Markdown: headings with `=`, `link:…[…]`, delimited blocks, lists with dots and tables."""

from __future__ import annotations

import re

from bot.editions.importing.markdown.front_matter import front_matter

_SIGNS = re.compile(r"^={1,3} \S.*$", re.MULTILINE)
_HEADING = re.compile(r"^(={1,6})[ \t]+(\S.*?)(?:[ \t]+=+)?$")
_ATTRIBUTE = re.compile(r"^:!?[\w-]+!?:(?:[ \t].*)?$")
_DELIMITER = re.compile(r"^(?:(-{4,}|\.{4,}|`{3,})|(_{4,})|([=*+]{4,}|--)|(/{4,}))[ \t]*$")
_BLOCK = re.compile(r"^\[([^\[\]\n]*)\][ \t]*$")
_LINK = re.compile(r"(?:link:)?(https?://[^\s\[\]<>]+)\[((?:[^\[\]\n]|\\\])*)\]")
_PICTURE = re.compile(r"image::?([^\s\[\]]+)\[([^\[\]\n]*)\]")
_CROSS = re.compile(r"<<[^<>,\n]+,[ \t]*([^<>\n]+)>>")
_FOOTNOTE = re.compile(r"footnote:(?:[\w-]+)?\[([^\[\]\n]+)\]")
_POINT = re.compile(r"^[ \t]*(\*{1,5}|-|\.{1,5})[ \t]+(\S.*)$")
_TERM = re.compile(r"^(\S[^\n]{0,80}?)::[ \t]+(\S.*)$")
_BOLD = re.compile(r"(?<![\w*])\*\*?(?=[^\s*])([^*\n]{1,300}?)(?<=\S)\*\*?(?![\w*])")
_AUTHOR = re.compile(r"^[^\W\d_][\w.'’ -]+(?: <[^<>\s]+>)?$")


def is_asciidoc(text: str) -> bool:
    """True for a text whose headings are written with `=` before them, and none with `#`."""
    head = text[:20_000]
    return len(_SIGNS.findall(head)) > 1 and not re.search(r"^#{1,3} \S|^==.*==[ \t]*$", head, re.MULTILINE)


def asciidoc_as_markdown(text: str) -> str:
    """The text as Markdown. Attributes that only steer a program, anchors and comments are left out."""
    fields, lines = _header(text.split("\n"))
    out: list[str] = []
    notes: list[str] = []
    state = credit = language = caption = ""
    for line in lines:
        if found := _DELIMITER.match(line):
            kind = "code" if found[1] else "quote" if found[2] else "comment" if found[4] else ""
            if state:
                out += {"code": ["```", ""], "quote": [f"> — {credit}", ""] if credit else [""]}.get(state, [])
                state = credit = ""
            elif kind:
                state = kind
                out += ["", f"```{language}"] if kind == "code" else [""]
            language = ""
        elif state == "comment" or (state != "code" and (line.startswith("//") or _ATTRIBUTE.match(line))):
            continue
        elif state == "code":
            out.append(line)
        elif found := _BLOCK.match(line):
            name, *rest = [part.strip() for part in found[1].split(",")]
            language = rest[0] if name == "source" and rest else language
            credit = ", ".join(filter(None, rest)) if name in ("quote", "verse") else credit
        elif found := re.match(r"^\.(?=[^\s.])(.+)$", line):
            caption = found[1]
        else:
            words = _line(line, notes)
            out.append(f"> {words}".rstrip() if state == "quote" else words)
            if caption and words.startswith("!["):
                out += ["", f"*{caption}*"]
            elif caption and line.strip():
                out[-1:] = [f"**{caption}**", "", out[-1]]
            caption = "" if line.strip() else caption
    written = "\n".join(f"[^a{n}]: {words}" for n, words in enumerate(notes, 1))
    return front_matter(fields) + "\n".join(_with_tables(out)) + (f"\n\n{written}\n" if written else "")


def _header(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Title, author and date from the first lines, and the other lines."""
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not lines or not lines[start].startswith("= "):
        return {}, lines
    fields = {"title": lines[start][2:].strip()}
    at = start + 1
    if at < len(lines) and _AUTHOR.match(lines[at].strip()):
        fields["author"] = re.sub(r"\s*<[^<>]*>", "", lines[at].strip())
        at += 1
        if at < len(lines) and re.match(r"^v?\d[\w., -]*$", lines[at].strip()):
            fields["date"] = lines[at].strip()
            at += 1
    return fields, lines[at:]


def _line(line: str, notes: list[str]) -> str:
    if found := _HEADING.match(line):
        return f"{'#' * len(found[1])} {_inline(found[2], notes)}"
    if re.fullmatch(r"'{3,}[ \t]*", line):
        return "---"
    if found := _POINT.match(line):
        depth = "   " * (len(found[1]) - 1)
        return f"{depth}{'1.' if found[1][0] == '.' else '-'} {_inline(found[2], notes)}"
    if found := _TERM.match(line):
        return f"- **{found[1]}**: {_inline(found[2], notes)}"
    return "" if line.strip() == "+" else _inline(line, notes)


def _inline(text: str, notes: list[str]) -> str:
    text = re.sub(r"\[\[[\w-]+\]\]|\[#[\w-]+\]", "", text)
    text = _PICTURE.sub(lambda found: f"![{found[2].partition(',')[0]}]({found[1]})", text)
    text = _LINK.sub(lambda found: f"[{label}]({found[1]})" if (label := _label(found[2])) else f"<{found[1]}>", text)
    text = _CROSS.sub(r"\1", text)

    def noted(found: re.Match[str]) -> str:
        notes.append(found[1])
        return f"[^a{len(notes)}]"

    return _BOLD.sub(r"**\1**", _FOOTNOTE.sub(noted, text))


def _label(attributes: str) -> str:
    """The words of a link; a trailing `^` and attributes with a name are no words."""
    words = re.sub(r",\s*\w+=.*$", "", attributes.strip().strip('"'))
    return "" if re.match(r"\w+=", words) else words.removesuffix("^").strip()


def _with_tables(lines: list[str]) -> list[str]:
    """The lines with each table of `|===` as one of Markdown, whose first row names the columns."""
    out: list[str] = []
    rows: list[list[str]] | None = None
    for line in lines:
        if line.strip().startswith("|==="):
            if rows:
                width = max(map(len, rows))
                filled = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
                out += ["", filled[0], f"|{'---|' * width}", *filled[1:], ""]
            rows = [] if rows is None else None
        elif rows is None:
            out.append(line)
        elif line.lstrip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().removeprefix("|").split("|")]
            whole = len(rows) > 0 and len(cells) == 1 and len(rows[-1]) < len(rows[0])
            rows[-1:] = [[*rows[-1], *cells]] if whole else [*rows[-1:], cells]
    return out

"""The markup of Jira and Confluence as Markdown: `h2.` headings, `[label|address]`, `{quote}`, `||tables||`."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.editions.importing.markdown.delimited import with_delimited
from bot.editions.importing.markdown.markdown_lists import markdown_table, with_numbers

_SIGNS = re.compile(r"^h[1-6]\.[ \t]+\S", re.MULTILINE)
_HEADING = re.compile(r"^[ \t]*h([1-6])\.[ \t]+(\S.*?)[ \t]*$")
_CODE = re.compile(r"\{(?P<tag>code|noformat)(?::(?P<given>[^{}\n]{0,100}))?\}")
_QUOTED = re.compile(r"\{quote\}")
_BOX = re.compile(r"\{(panel|info|note|tip|warning|expand|details)(?::([^{}\n]{0,300}))?\}")
_BOX_TITLE = re.compile(r"(?:^|\|)title=([^|]*)")
_HIDDEN = re.compile(r"\{(?:color(?::[^{}\n]{0,40})?|anchor:[^{}\n]{0,80}|toc(?::[^{}\n]{0,100})?|section|column)\}")
_POINT = re.compile(r"^[ \t]*([*#-]+)[ \t]+(\S.*)$")
_LINK = re.compile(
    r"(?<![\\\w])\[(?:([^\[\]|\n]{1,300})\|)?(https?://[^\s\[\]|]+|mailto:[^\s\[\]|]+)(?:\|[^\[\]\n]*)?\]"
)
_NAMED = re.compile(r"(?<![\\\w])\[(?:([^\[\]|\n]{1,300})\|)?[~^#]([^\[\]|\n]{1,200})\]")
"""A member, an attached file or a place on the page."""
_PICTURE = re.compile(
    r"(?<![\w!])!(?=[^\s!])(?P<file>[^\s!|]{1,500}\.(?:png|jpe?g|gif|webp|svg|bmp)(?:\?[^\s!|]{0,300})?)"
    r"(?:\|(?P<given>[^!\n]{0,300}))?!",
    re.IGNORECASE,
)
_ALT = re.compile(r"(?:^|,)\s*alt=\"?([^,\"]*)")
_MONOSPACED = re.compile(r"\{\{(?=\S)([^{}\n]{1,300}?)(?<=\S)\}\}")
_BOLD = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*(?![\w*])")
_ADDED = re.compile(r"(?<![\w+])\+(?=[^\s+])([^+\n]{1,300}?)(?<=[^\s+])\+(?![\w+])")
_STRUCK = re.compile(r"(?<=[\s(])-(?=[^\s-])([^-\n]{1,100}?)(?<=[^\s-])-(?=[\s).,;:]|$)")
_CITED = re.compile(r"\?\?(?=\S)([^?\n]{1,300}?)(?<=\S)\?\?")


def is_jira(text: str) -> bool:
    """True for a text with headings such as `h2. Papers`, and no link of Markdown."""
    return bool(_SIGNS.search(text[:20_000])) and not re.search(r"\]\(https?:", text)


def jira_as_markdown(text: str) -> str:
    """The text as Markdown. Colors, anchors and the list of contents are left out."""
    held: list[str] = []

    def hold(words: str) -> str:
        held.append(words)
        return f"\ue020{len(held) - 1}\ue021"

    text = with_delimited(text, _CODE, _end, lambda found, code: hold(_fenced(found, code)))
    text = with_delimited(text, _QUOTED, "{quote}", lambda _found, words: f"\n{_quote(words)}\n\n")
    text = _HIDDEN.sub("", _BOX.sub(_box, text)).replace("\\\\\n", "\n").replace("\\\\ ", "\n")
    lines = with_numbers([_line(line, hold) for line in _with_tables(text.split("\n"))])
    written = "\n".join(lines)
    while re.search("\ue020[0-9]+\ue021", written):
        written = re.sub("\ue020([0-9]+)\ue021", lambda found: held[int(found[1])], written)
    return written


def _end(found: re.Match[str]) -> str:
    return f"{{{found['tag']}}}"


def _fenced(found: re.Match[str], code: str) -> str:
    given = (found["given"] or "").split("|")[0]
    language = given if found["tag"] == "code" and re.fullmatch(r"[\w+#.-]+", given) else ""
    bare = code.strip("\n")
    return f"\n```{language}\n{bare}\n```\n"


def _quote(words: str) -> str:
    return re.sub(r"^", "> ", words.strip(), flags=re.MULTILINE)


def _box(found: re.Match[str]) -> str:
    """The title of a box, in bold; the end of one, and one without a title, is nothing."""
    given = found[2] or ""
    title = _BOX_TITLE.search(given)
    words = title[1].strip() if title else given if given and "=" not in given else ""
    return f"\n*{words}*\n\n" if words else "\n"


def _with_tables(lines: list[str]) -> list[str]:
    """The lines with the tables as those of Markdown."""
    out: list[str] = []
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        bare = line.strip()
        if re.match(r"^\|{1,2}[^|]", bare) and bare.endswith("|"):
            if not rows and not bare.startswith("||"):
                rows.append([""] * len(_cells(bare)))
            rows.append(_cells(bare))
            continue
        if rows:
            out += ["", *markdown_table(rows), ""]
            rows = []
        out.append(line)
    return out[:-1]


def _cells(row: str) -> list[str]:
    """The cells of a row; a bar within a link ends none."""
    closed = re.sub(r"\[[^\[\]\n]*\]", lambda found: found[0].replace("|", "\ue022"), row.strip())
    return [cell.replace("\ue022", "|").strip() for cell in re.split(r"\|{1,2}", closed.strip("|"))]


def _line(line: str, hold: Callable[[str], str]) -> str:
    if found := _HEADING.match(line):
        return f"\n{'#' * int(found[1])} {_inline(found[2], hold)}\n"
    if re.fullmatch(r"[ \t]*-{4,5}[ \t]*", line):
        return "\n---\n"
    if found := re.match(r"^[ \t]*bq\.[ \t]+(\S.*)$", line):
        return f"\n> {_inline(found[1], hold)}\n"
    if not line.strip():
        return ""
    if line.startswith(("> ", "|")):
        linked = re.sub(r"\[[^\[\]\n]*\]", lambda found: found[0].replace("\\|", "|"), line[2:])
        return line[:2] + _inline(linked, hold)
    if found := _POINT.match(line):
        indent = "   " * (len(found[1]) - 1)
        return f"{indent}{'1.' if found[1][-1] == '#' else '-'} {_inline(found[2], hold)}"
    return _inline(line, hold)


def _inline(text: str, hold: Callable[[str], str]) -> str:
    """Running text; links, pictures and code are kept as they are."""
    text = _MONOSPACED.sub(lambda found: hold(f"`{found[1]}`"), text)
    text = _PICTURE.sub(lambda found: hold(_picture(found)), text)
    text = _LINK.sub(
        lambda found: hold(f"[{_inline(found[1], hold)}]({found[2]})" if found[1] else f"<{found[2]}>"), text
    )
    text = _NAMED.sub(lambda found: found[1] or found[2], text)
    text = re.sub(r"https?://[^\s<>\[\]|\ue020\ue021]+", lambda found: hold(found[0]), text)
    text = _CITED.sub(r"_\1_", _ADDED.sub(r"\1", _STRUCK.sub(r"~~\1~~", text)))
    return re.sub(r"\\([{}\[\]!|*-])", r"\1", _BOLD.sub(r"**\1**", text))


def _picture(found: re.Match[str]) -> str:
    given = _ALT.search(found["given"] or "")
    file = found["file"]
    address = file if file.startswith(("http://", "https://")) else f"figures/{file}"
    return f"![{given[1] if given else ''}]({address})"

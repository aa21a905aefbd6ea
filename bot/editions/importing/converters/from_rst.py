"""reStructuredText as Markdown: headings by their underlines, links in backquotes, directives and footnotes."""

from __future__ import annotations

import re

from bot.editions.importing.markdown.front_matter import front_matter

_ADORNMENT = re.compile(r"^([=\-~^\"'`#*+:.<>_])\1{2,}[ \t]*$")
_SIGNS = re.compile(r"`[^`\n]+<https?://[^`\n]+>`__?|^\.\. [\w-]+::|^\.\. _[^:\n]+: https?://|^\.\. \[[#\w]+\] ", re.M)
_TARGET = re.compile(r"^\.\. _`?([^:`\n]+)`?:[ \t]+(https?://\S+)[ \t]*$", re.MULTILINE)
_NOTE = re.compile(r"^\.\. \[#?([\w*-]*)\][ \t]+(.*)$")
_CITED = re.compile(r"[ ]?\[#?([\w*-]+)\]_(?!\w)")
_DIRECTIVE = re.compile(r"^\.\. ([\w-]+)::[ \t]*(.*)$")
_OPTION = re.compile(r"^[ \t]+:([\w-]+):[ \t]*(.*)$")
_FIELD = re.compile(r"^:(Author|Authors|Date|Subtitle):[ \t]+(\S.*)$", re.IGNORECASE)
_EMBEDDED = re.compile(r"`([^`<\n]*?)[ ]?<(https?://[^`>\n]+)>`__?(?!\w)")
_NAMED = re.compile(r"`([^`\n]+)`__?(?!\w)|(?<![\w`])([A-Za-z][\w-]*)_(?![\w`])")
_ROLE = re.compile(r"(?<![\w:]):([A-Za-z][\w-]{0,30}(?::[\w-]{1,30})?):`([^`\n]+)`")


def is_rst(text: str) -> bool:
    """True for a text with directives or links of reStructuredText, and without headings of Markdown."""
    return bool(_SIGNS.search(text[:20_000])) and not re.search(r"^#{1,3} \S", text, re.MULTILINE)


def rst_as_markdown(text: str) -> str:
    """The text as Markdown. Comments and directives that only steer a program are left out."""
    targets = {name.casefold(): url for name, url in _TARGET.findall(text)}
    fields, lines = _with_headings(_TARGET.sub("", text).split("\n"))
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        body, end = _indented(lines, at)
        if found := _NOTE.match(line):
            out.append(f"[^{found[1]}]: {' '.join([found[2], *(one.strip() for one in body)]).strip()}")
            at = end
        elif found := _DIRECTIVE.match(line):
            out += _directive(found[1], found[2], body)
            at = end
        elif line.startswith(".. ") or line.strip() == "..":
            at = end
        elif line.rstrip().endswith("::") and body and not line.startswith("#"):
            lead = line.rstrip()[:-1] if line.strip() != "::" else ""
            out += [*([lead] if lead.strip(" :") else []), "", "```", *body, "```", ""]
            at = end
        elif body and not line.strip() and (not out or not _is_point(out[-1])):
            out += ["", *(f"> {re.sub(r'^--+[ ]?', '— ', one)}".rstrip() for one in body), ""]
            at = end
        else:
            line = re.sub(r"^([ \t]*)#\. ", r"\g<1>1. ", line)
            out.append(line[2:] if line.startswith("| ") and "|" not in line[2:] else line)
    return front_matter(fields) + _inline("\n".join(out), targets)


def _is_point(line: str) -> bool:
    return bool(re.match(r"^[ \t]*(?:[-*+•]|\(?\d{1,3}[.)])[ \t]|^[ \t]+\S", line))


def _indented(lines: list[str], at: int) -> tuple[list[str], int]:
    """The indented lines from `at` on without their indent, and the place behind them."""
    end = at
    while end < len(lines) and (not lines[end].strip() or lines[end][0] in " \t"):
        end += 1
    body = lines[at:end]
    while body and not body[-1].strip():
        body.pop()
    while body and not body[0].strip():
        body.pop(0)
    depth = min((len(line) - len(line.lstrip()) for line in body if line.strip()), default=0)
    return [line[depth:] for line in body], end


def _directive(name: str, argument: str, body: list[str]) -> list[str]:
    options = {}
    padded = [f" {line}" for line in body]
    while padded and (found := _OPTION.match(padded[0])):
        options[found[1]] = found[2]
        padded.pop(0)
        body = body[1:]
    match name:
        case "code-block" | "code" | "sourcecode" | "highlight":
            return ["", f"```{argument}", *"\n".join(body).strip("\n").split("\n"), "```", ""]
        case "image" | "figure":
            caption = " ".join(" ".join(body).split())
            return ["", f"![{options.get('alt', '')}]({argument})", *([f"*{caption}*"] if caption else []), ""]
        case "epigraph" | "pull-quote" | "highlights":
            return ["", *(f"> {re.sub(r'^--+[ ]?', '— ', line)}".rstrip() for line in body), ""]
        case "contents" | "raw" | "meta" | "toctree" | "sectnum" | "role" | "include":
            return []
        case "math":
            return ["", f"$${' '.join([argument, *body]).strip()}$$", ""]
    title = name.capitalize() if name in ("note", "tip", "warning", "hint", "important") else ""
    lead = [f"**{title}**", ""] if title else []
    return ["", *lead, *([argument] if argument else []), *body, ""]


def _with_headings(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """The lines with headings of Markdown, of as many levels as there are kinds of underlines; and the first fields."""
    levels: list[str] = []
    fields: dict[str, str] = {}
    out: list[str] = []
    at = 0
    while at < len(lines):
        line, below = lines[at], lines[at + 1] if at + 1 < len(lines) else ""
        over = _ADORNMENT.match(line) and at + 2 < len(lines) and lines[at + 2].strip() == line.strip()
        if over and below.strip():
            style, words, at = f"{line[0]}{line[0]}", below.strip(), at + 3
        elif line.strip() and not line[0].isspace() and not _ADORNMENT.match(line) and _ADORNMENT.match(below):
            if len(below.strip()) < len(line.strip()) - 2:
                out.append(line)
                at += 1
                continue
            style, words, at = below[0], line.strip(), at + 2
        elif (found := _FIELD.match(line)) and len(levels) < 2:
            fields[found[1].casefold().removesuffix("s")] = found[2]
            at += 1
            continue
        else:
            out.append(line)
            at += 1
            continue
        if style not in levels:
            levels.append(style)
        out += ["", f"{'#' * (levels.index(style) + 1)} {words}", ""]
    return fields, out


def _inline(text: str, targets: dict[str, str]) -> str:
    text = _EMBEDDED.sub(lambda found: f"[{found[1]}]({found[2]})" if found[1] else f"<{found[2]}>", text)

    def named(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        url = targets.get(name.casefold())
        return f"[{name}]({url})" if url else found[0]

    text = _CITED.sub(r"[^\1]", _NAMED.sub(named, text))
    return _ROLE.sub(lambda found: f"${found[2]}$" if found[1] == "math" else found[2], text)

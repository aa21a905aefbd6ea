"""MediaWiki's markup as Markdown: headings between `=`, `[[links]]`, `'''bold'''`, tables, references and templates."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.editions.importing.markdown.delimited import with_delimited
from bot.editions.importing.markdown.front_matter import front_matter
from bot.editions.importing.markdown.markdown_lists import markdown_table, with_numbers

_SIGNS = re.compile(r"^(={2,6})[ \t]*[^=\n]{1,300}?[ \t]*\1[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^(={1,6})[ \t]*(\S.*?)[ \t]*\1[ \t]*$")
_CODE = re.compile(r"<(?P<tag>syntaxhighlight|source|pre)(?P<given>[^<>\n]{0,200})>", re.IGNORECASE)
_LANGUAGE = re.compile(r"lang\s*=\s*[\"']?([\w+#.-]+)", re.IGNORECASE)
_COMMENT = re.compile("<!--")
_MAGIC = re.compile(r"__[A-Z]{3,30}__|^[ \t]*\{\{DEFAULTSORT:[^{}\n]*\}\}", re.MULTILINE)
_TITLE = re.compile(r"\{\{DISPLAYTITLE:([^{}\n]{1,300})\}\}")
_CATEGORY = re.compile(
    r"^\[\[(?:Category|Kategorie|Catégorie|Categoría|Categoria|Categorie):[^\[\]\n]*\]\][ \t]*$", re.MULTILINE | re.I
)
_LISTED_NOTES = re.compile(
    r"(?:^={2,6}[^=\n]{1,100}={2,6}[ \t]*\n\s{0,20})?"
    r"(?:<references[^<>]{0,100}/?>|\{\{(?:reflist|references)[^{}]{0,100}\}\})",
    re.MULTILINE | re.IGNORECASE,
)
"""The place where a wiki prints its references, with the heading above it."""
_NOTE = re.compile(r"[ \t]{0,3}<ref(?P<given>(?:[ \t][^<>/\n]{0,100})?)>", re.IGNORECASE)
_NOTE_AGAIN = re.compile(r"[ \t]{0,3}<ref(?P<given>[ \t][^<>/\n]{1,100})/[ \t]*>", re.IGNORECASE)
_NAME = re.compile(r"name\s*=\s*(?:\"([^\"]+)\"|'([^']+)'|([^\s/>]+))", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{([^{}|\n]{1,60}?)\s*\|((?:[^{}]){1,3000})\}\}")
_QUOTED = re.compile(r"<blockquote[^<>]{0,100}>", re.IGNORECASE)
_TABLE_ROW = re.compile(r"^\|-")
_ATTRIBUTES = re.compile(r"^(?:[ \t]*[\w-]+[ \t]*=[ \t]*(?:\"[^\"]*\"|'[^']*'|[^\s|]+))+[ \t]*\|(?!\|)")
_POINT = re.compile(r"^([*#:;]+)[ \t]*(.*)$")
_FILE = re.compile(
    r"\[\[(?:File|Image|Datei|Bild|Fichier|Archivo|Imagen|Bestand|Ficheiro):[ ]?([^\[\]|\n]{1,300})"
    r"((?:\|(?:[^\[\]\n]|\[[^\[\]\n]{0,500}\]|\[\[[^\[\]\n]{0,300}\]\]){0,1000})?)\]\]",
    re.IGNORECASE,
)
_PICTURE_SETTING = re.compile(
    r"(?:thumb(?:nail)?|frame(?:d|less)?|border|left|right|center|none|upright(?:=[\d.]+)?|\d*x?\d+px|mini|miniatur|"
    r"(?:link|class|page|lang)=.*)",
    re.IGNORECASE,
)
_INNER_LINK = re.compile(r"\[\[:?([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,300}))?\]\]")
_LINK = re.compile(r"\[(https?://[^\s\[\]<>]+)(?:[ \t]+([^\[\]\n]+))?\]")
_BOLD_ITALIC = re.compile(r"'{5}(?=\S)(.{1,300}?)(?<=\S)'{5}")
_BOLD = re.compile(r"'{3}(?=\S)(.{1,300}?)(?<=\S)'{3}(?!')")
_ITALIC = re.compile(r"'{2}(?=\S)(.{1,300}?)(?<=\S)'{2}(?!')")
_MATH = re.compile(r"<math[^<>]{0,100}>", re.IGNORECASE)
_PLAIN = re.compile("<nowiki>", re.IGNORECASE)
_EMPTY = re.compile(r"<nowiki[ \t]*/>|~{3,5}", re.IGNORECASE)


def is_mediawiki(text: str) -> bool:
    """True for a text with headings between `=` and with another sign of a wiki, and none of Markdown's headings."""
    head = text[:20_000]
    others = re.search(
        r"\[\[[^\[\]\n]+\]\]|\[https?://\S+[ \t][^\[\]\n]+\]|'''?\S|^\{\||<ref|^\*+ ?\S", head, re.MULTILINE
    )
    return bool(_SIGNS.search(head) and others) and not re.search(r"\]\(https?:", head)


def mediawiki_as_markdown(text: str) -> str:
    """The text as Markdown. Categories and words that only steer the wiki are left out; other templates stay."""
    held: list[str] = []

    def hold(found: str) -> str:
        held.append(found)
        return f"\ue020{len(held) - 1}\ue021"

    title = found[1].strip() if (found := _TITLE.search(text)) else ""
    text = with_delimited(text, _COMMENT, "-->", lambda _found, _words: "")
    text = with_delimited(text, _CODE, _end, lambda found, code: f"\n{hold(_fenced(found, code))}\n")
    text = _EMPTY.sub("", with_delimited(text, _PLAIN, "</nowiki>", lambda _found, words: hold(words)))
    text = with_delimited(text, _MATH, "</math>", lambda _found, words: hold(f"${' '.join(words.split())}$"))
    text = _CATEGORY.sub("", _MAGIC.sub("", _TITLE.sub("", text)))
    text = _templates(_LISTED_NOTES.sub("", text))
    text, notes = _with_notes(text)
    text = with_delimited(text, _QUOTED, "</blockquote>", lambda _found, words: f"\n{_quote(words)}\n\n")
    text = text if title else _with_title(text)
    lines = _with_terms(_with_tables(text.split("\n")))
    body = "\n".join(with_numbers([_line(line, hold) for line in lines]))
    listed = "\n\n".join(f"[^{name}]: {_inline(words, hold)}" for name, words in notes.items())
    written = front_matter({"title": title} if title else {}) + body + (f"\n\n{listed}\n" if listed else "")
    while re.search("\ue020[0-9]+\ue021", written):
        written = re.sub("\ue020([0-9]+)\ue021", lambda found: held[int(found[1])], written)
    return written


def _with_title(text: str) -> str:
    """The text with its first heading as the title where it alone has its level, and others are below it."""
    levels = [len(found[1]) for found in _SIGNS.finditer(text)]
    if len(levels) < 3 or levels[0] != 2 or levels.count(2) > 1:
        return text
    return _SIGNS.sub(lambda found: found[0].strip()[1:-1], text)


def _end(found: re.Match[str]) -> str:
    return f"</{found['tag']}>"


def _fenced(found: re.Match[str], code: str) -> str:
    language = _LANGUAGE.search(found["given"])
    bare = code.rstrip().removeprefix("\n")
    return f"```{language[1] if language else ''}\n{bare}\n```"


def _quote(words: str) -> str:
    return re.sub(r"^", "> ", words.strip(), flags=re.MULTILINE)


def _templates(text: str) -> str:
    """The text with the templates of sources, identifiers and quotes as words; the innermost first."""
    for _depth in range(3):
        text = _TEMPLATE.sub(_template, text)
    return text


def _template(found: re.Match[str]) -> str:
    name = found[1].strip().casefold()
    given = [part.partition("=") for part in found[2].split("|")]
    fields = {key.strip().casefold(): value.strip() for key, sign, value in given if sign and value.strip()}
    first, *others = [key.strip() for key, sign, _value in given if not sign] or [""]
    if name.startswith(("cite", "citation", "literatur", "internetquelle", "lien web", "ouvrage", "article")):
        return _source(fields)
    if name in ("doi", "arxiv") and first:
        return f"https://doi.org/{first}" if name == "doi" else f"https://arxiv.org/abs/{first}"
    if name in ("quote", "zitat", "citation bloc", "cquote", "blockquote"):
        words, by = fields.get("text", fields.get("1", first)), fields.get("author", " ".join(others[:1]))
        return f"\n<blockquote>{words}\n— {by}</blockquote>\n" if by else f"\n<blockquote>{words}</blockquote>\n"
    return found[0]


def _source(fields: dict[str, str]) -> str:
    """The words of a source: people, linked title, where and when it appeared."""

    def people(at: str) -> str:
        last, given = fields.get(f"last{at}", ""), fields.get(f"first{at}", "")
        return " ".join(filter(None, (given, last)))

    names = [name for at in ("", *map(str, range(1, 10))) if (name := people(at) or fields.get(f"author{at}", ""))]
    names = names or [fields[key] for key in ("autor", "auteur", "authors", "vauthors") if key in fields]
    title = next((fields[key] for key in ("title", "titel", "titre") if key in fields), "")
    identified = (
        ("doi", "https://doi.org/"),
        ("arxiv", "https://arxiv.org/abs/"),
        ("eprint", "https://arxiv.org/abs/"),
    )
    url = fields.get("url") or next((place + fields[key] for key, place in identified if key in fields), "")
    linked = f"[{url} {title}]" if url and title else url or title
    where = next((fields[key] for key in ("journal", "work", "website", "werk", "publisher") if key in fields), "")
    when = next((fields[key] for key in ("date", "year", "datum", "jahr", "année") if key in fields), "")
    return ". ".join(filter(None, (", ".join(names), linked, ", ".join(filter(None, (where, when))))))


def _with_notes(text: str) -> tuple[str, dict[str, str]]:
    """The text with marks of footnotes in the place of its references; and the words of each by its name."""
    notes: dict[str, str] = {}

    def named(given: str) -> str:
        found = _NAME.search(given)
        return re.sub(r"[^\w-]+", "-", next(filter(None, found.groups()))) if found else f"wiki-{len(notes) + 1}"

    def marked(found: re.Match[str], words: str) -> str:
        name = named(found["given"])
        notes[name] = " ".join(words.split())
        return f"[^{name}]"

    text = with_delimited(text, _NOTE, "</ref>", marked)
    return _NOTE_AGAIN.sub(lambda found: f"[^{named(found['given'])}]", text), notes


def _with_tables(lines: list[str]) -> list[str]:
    """The lines with the tables as those of Markdown."""
    out: list[str] = []
    rows: list[list[str]] | None = None
    headed = False
    for line in lines:
        bare = line.strip()
        if rows is None:
            if bare.startswith("{|"):
                rows, headed = [[]], False
            else:
                out.append(line)
        elif bare.startswith("|}"):
            filled = [row for row in rows if row]
            out += ["", *markdown_table(filled if headed or not filled else [[""] * len(filled[0]), *filled]), ""]
            rows = None
        elif bare.startswith("|+"):
            out += ["", f"'''{_ATTRIBUTES.sub('', bare[2:]).strip()}'''", ""]
        elif _TABLE_ROW.match(bare):
            rows.append([])
        elif bare.startswith(("|", "!")):
            headed = headed or (bare[0] == "!" and len(list(filter(None, rows))) <= 1)
            cells = re.split(r"\|\||!!" if bare[0] == "!" else r"\|\|", bare[1:])
            rows[-1] += [_ATTRIBUTES.sub("", cell).strip() for cell in cells]
        elif bare and rows[-1]:
            rows[-1][-1] = f"{rows[-1][-1]} {bare}".strip()
    return out


def _with_terms(lines: list[str]) -> list[str]:
    """The lines with each term and what follows it (`; term : meaning`) as a point."""
    out: list[str] = []
    for line in lines:
        if found := re.match(r"^;[ \t]*(\S.*?)(?:[ \t]+:[ \t]*(\S.*))?$", line):
            out.append(f"* '''{found[1]}'''{f': {found[2]}' if found[2] else ''}")
        elif (found := re.match(r"^:[ \t]*(\S.*)$", line)) and out and re.match(r"^\* '''[^\n]*'''$", out[-1]):
            out[-1] += f": {found[1]}"
        else:
            out.append(line)
    return out


def _line(line: str, hold: Callable[[str], str]) -> str:
    if not line.strip():
        return ""
    if found := _HEADING.match(line):
        return f"\n{'#' * len(found[1])} {_inline(found[2], hold)}\n"
    if re.fullmatch(r"-{4,}[ \t]*", line):
        return "\n---\n"
    if line.startswith(("> ", "|")):
        return line[:2] + _inline(line[2:], hold)
    if (found := _POINT.match(line)) and found[2]:
        marks, words = found[1], _inline(found[2], hold)
        listed = marks.rstrip(":")
        if not listed:
            return f"{words}\n"
        indent = "   " * (len(listed) - 1)
        return f"{indent}   {words}" if listed != marks else f"{indent}{'1.' if listed[-1] == '#' else '-'} {words}"
    return _inline(line.lstrip(" "), hold)


def _inline(text: str, hold: Callable[[str], str]) -> str:
    text = _FILE.sub(lambda found: hold(_picture(found, hold)), text)
    text = _LINK.sub(
        lambda found: hold(f"[{_inline(found[2], hold)}]({found[1]})" if found[2] else f"<{found[1]}>"), text
    )
    text = re.sub(r"https?://[^\s<>\[\]\ue020\ue021]+", lambda found: hold(found[0]), text)
    text = _INNER_LINK.sub(lambda found: found[2] or found[1].partition("#")[0] or found[1].lstrip("#"), text)
    text = re.sub(r"(?<![\\*])\*(?=\S)", r"\\*", text)
    return _ITALIC.sub(r"*\1*", _BOLD.sub(r"**\1**", _BOLD_ITALIC.sub(r"***\1***", text)))


def _picture(found: re.Match[str], hold: Callable[[str], str]) -> str:
    parts = [part.strip() for part in found[2].split("|") if part.strip()]
    alt = next((part.partition("=")[2].strip() for part in parts if part.casefold().startswith("alt=")), "")
    said = [part for part in parts if not _PICTURE_SETTING.fullmatch(part) and not part.casefold().startswith("alt=")]
    caption = _inline(said[-1], hold) if said else ""
    name = re.sub(r"\s+", "_", found[1].strip())
    shown = re.sub(r"[\[\]*_]", "", alt or re.sub("\ue020[0-9]+\ue021", "", caption) or name)
    return f"\n\n![{shown}](figures/{name})\n\n" + (f"*{caption}*\n\n" if caption else "")

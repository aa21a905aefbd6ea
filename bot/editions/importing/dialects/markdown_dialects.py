"""Other ways to write the same Markdown, brought into the one that the reader knows: every word is kept.

Headings with lines below them, front matter, links by reference, footnotes, HTML within the text, tables, headings in
bold, skipped levels of headings, and `:newspaper:` for an emoji. What single programs write is in `program_dialects`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from bot.chat.rich_text import LINK_TARGET
from bot.editions.importing.converters.embedded import with_linked_frames
from bot.editions.importing.converters.from_html import markdown_of
from bot.editions.importing.converters.superscripts import lowered, raised
from bot.editions.importing.dialects.formulas import with_formulas_as_text
from bot.editions.importing.dialects.grouped_papers import with_groups_as_sections
from bot.editions.importing.dialects.labeled_lines import with_own_lines
from bot.editions.importing.dialects.listed_links import with_listed_links
from bot.editions.importing.dialects.page_properties import without_properties
from bot.editions.importing.dialects.program_dialects import in_common_form, with_named_sections
from bot.editions.importing.dialects.single_papers import with_papers_as_items
from bot.editions.importing.dialects.site_generators import without_site_marks
from bot.editions.importing.dialects.tables import with_tables_as_lists
from bot.editions.importing.label_words import SPECIAL_PARTS
from bot.editions.importing.markdown.code_fences import with_code_marked
from bot.editions.importing.markdown.front_matter import with_fields_as_text
from bot.editions.text_analysis.counted_lines import with_counted_points

_SETEXT = re.compile(r"^(?![ \t]*(?:[#>|*+-]|\d+[.)]))([^\n]{1,300})\n[ \t]{0,3}(=+|-{3,})[ \t]*$", re.MULTILINE)
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?!\^)([^\]\n]{1,80})\]:[ \t]+<?((?:https?://|figures/)\S+?)>?"
    r"(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*$",
    re.M,
)
_BY_REFERENCE = re.compile(r"(!?)\[((?:[^\[\]\\]|\\.)*)\](?:\[([^\[\]\n]*)\])(?!\()")
_FOOTNOTE = re.compile(r"^\[\^([^\]\n]{1,40})\]:[ \t]+(.+(?:\n[ \t]+\S.*)*)$", re.MULTILINE)
_FOOTNOTE_MARK = re.compile(r"\[\^([^\]\n]{1,40})\](?!:)")
_NUMBERS = re.compile(r"^[ \t]*(?:[-*+•][ \t]+)?(?:\\?\[(?=\d{1,3}\\?\])|(?=\d{1,3}[.)] ))(\d{1,3})", re.MULTILINE)
"""Numbers of the entries of a list of references."""
_HTML_BLOCK = re.compile(r"^[ \t]*<(?P<tag>ul|ol|table|blockquote|h[1-6])(?=[\s>])", re.MULTILINE | re.IGNORECASE)
_ANCHOR = re.compile(
    r"<a\s[^>]{0,300}?href=[\"'](https?://[^\"'\s]+)[\"'][^>]{0,300}>(.{0,500}?)</a>", re.DOTALL | re.IGNORECASE
)
_IMAGE = re.compile(r"<img\s[^>]{0,1000}>", re.IGNORECASE)
_TITLED = re.compile(
    rf"(?P<picture>!\[(?:\\.|[^\[\]\\\n]){{0,500}}\]\([^()\n]{{0,1000}}\))|(?<=\]\()<?(?P<target>{LINK_TARGET})>?"
    r"[ \t]+(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|\([^()\n]{0,300}\))[ \t]*(?=\))"
)
"""A link's address with the words that a browser shows at it; or a picture, whose own may be its caption."""
_TAGS = (
    (re.compile(r"</?(?:b|strong)(?:\s[^<>]*)?>", re.IGNORECASE), "**"),
    (re.compile(r"</?(?:i|em)(?:\s[^<>]*)?>", re.IGNORECASE), "*"),
    (re.compile(r"</?(?:code|tt)>", re.IGNORECASE), "`"),
    (re.compile(r"<br\s*/?>\n?", re.IGNORECASE), "\n"),
    (re.compile(r"<hr\s*/?>", re.IGNORECASE), "\n\n---\n\n"),
    (
        re.compile(r"</?(?:details|summary|p|div|center|figure|figcaption|section|article|aside)(?:\s[^<>]*)?>", re.I),
        "\n\n",
    ),
    (re.compile(r"</?(?:span|u|small|sub|sup|font|mark|kbd|a|del|s|ins|q|abbr|wbr|nobr)(?:\s[^<>]*)?/?>", re.I), ""),
)
_RAISED = re.compile(r"<(sup|sub)(?:\s[^<>]*)?>([^<>\n]{1,80})</\1>", re.IGNORECASE)
_CODE_PLACE = re.compile("\ue010[0-9]+\ue011")
_PANDOC_LOW = re.compile(r"(?<=[A-Za-z)\]])~([0-9+-]{1,4}|[a-z]{1,3})~(?![~\w]*~)")
"""Pandoc's `H~2~O`; below, its `10^5^`."""
_PANDOC_HIGH = re.compile(r"(?<=[\w)])\^([0-9+−-]{1,5}|[a-z]{1,3})\^")
_BREAK = re.compile(r"(?<![ \t])[ \t]*<br[ \t]*/?>[ \t]*", re.IGNORECASE)
_HEADING_LINE = re.compile(r"^#{1,6}[ \t].*$", re.MULTILINE)
_TASK = re.compile(r"^([ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+)\[([ xX])\][ \t]+", re.MULTILINE)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,6}|[a-z]{2,8});", re.IGNORECASE)
_BOLD_LINE = re.compile(r"^(?:\*\*|__)(?=\S)(.+?)(?<=\S)(?:\*\*|__)[ \t]*:?[ \t]*$")
_LINKED = re.compile(r"^\[[^\[\]]+\]\(\S+\)$")
_LINK_BELOW = re.compile(r"^<?(?:https?://\S+|\[[^\[\]]+\]\(https?://\S+\))>?[ \t]*$")
"""A line that is only a link: what stands above it is its title."""
_SUMMARY_LINE = re.compile(
    r"<summary>[ \t]*([^\n<]{1,200}?)[ \t]*</summary>\s*(?=(\S.*)$)", re.MULTILINE | re.IGNORECASE
)
_HEADING = re.compile(r"^(#{1,6})[ \t]+\S", re.MULTILINE)
_WORK_ID = re.compile(r"https?://|\barxiv:\s?\d{4}\.\d|\b10\.\d{4,9}/", re.IGNORECASE)
_SHORTCODE = re.compile(r":([a-z0-9_+-]{2,30}):")
_EMOJI = {
    "newspaper": "📰", "books": "📚", "book": "📖", "computer": "💻", "rocket": "🚀", "bulb": "💡", "memo": "📝",
    "link": "🔗", "fire": "🔥", "star": "⭐", "sparkles": "✨", "wrench": "🔧", "hammer_and_wrench": "🛠️",
    "page_facing_up": "📄", "microscope": "🔬", "robot": "🤖", "robot_face": "🤖", "brain": "🧠", "movie_camera": "🎥",
    "studio_microphone": "🎙️", "mega": "📣", "wave": "👋", "question": "❓", "chart_with_upwards_trend": "📈",
}  # fmt: skip


MAX_HTML_BLOCKS = 500
"""Elements of HTML within a text that are read as such; later ones stay as they are."""


def in_known_form(text: str) -> str:
    """The text in the form that the reader knows. Code between fences stays as it is."""
    text, code = _without_code(without_site_marks(with_listed_links(without_properties(with_fields_as_text(text)))))
    text = "".join(part if is_code else _converted(part) for is_code, part in _by_fences(text))
    text = with_named_sections(_with_bold_headings(_with_footnotes(_with_links(text))))
    text = with_papers_as_items(with_groups_as_sections(_with_even_levels(text)))
    return _CODE_PLACE.sub(lambda found: code.get(found[0], found[0]), text)


def _without_code(text: str) -> tuple[str, dict[str, str]]:
    """The text with a placeholder in each code block, and the code by placeholder.

    The fences stay, so that the block is still seen as one; its lines can then be no heading, link or footnote.
    """
    parts: list[str] = []
    code: dict[str, str] = {}
    for is_code, lines in groupby(with_code_marked(text.split("\n")), key=itemgetter(1)):
        block = [line for line, _ in lines]
        if is_code and len(block) > 2:
            place = f"\ue010{len(code)}\ue011"
            code[place] = "\n".join(block[1:-1])
            block[1:-1] = [place]
        parts += block
    return "\n".join(parts), code


def _by_fences(text: str) -> Iterator[tuple[bool, str]]:
    """The text in parts: True with code and its fences, False with what is around them."""
    for is_code, lines in groupby(with_code_marked(text.splitlines(keepends=True)), key=itemgetter(1)):
        yield is_code, "".join(line for line, _ in lines)


def _converted(text: str) -> str:
    """A part without code in common Markdown. HTML comes first: its content is converted like the text around it."""
    text = in_common_form(_with_html_blocks(with_linked_frames(_without_comments(text))))
    text = with_formulas_as_text(_SUMMARY_LINE.sub(_fold, text))
    text = _HEADING_LINE.sub(lambda found: _BREAK.sub(" ", found[0]), text)
    text = _TASK.sub(lambda found: f"{found[1]}{'☐' if found[2] == ' ' else '☑'} ", text)
    text = _SETEXT.sub(lambda found: f"{'#' if found[2][0] == '=' else '##'} {found[1].strip().lstrip('* ')}", text)
    text = _TITLED.sub(lambda found: found["picture"] or found["target"], text)
    text = _ANCHOR.sub(lambda found: f"[{' '.join(found[2].split())}]({found[1]})", text)
    text = _IMAGE.sub(_image, text)
    text = _PANDOC_LOW.sub(lambda found: lowered(found[1]), _PANDOC_HIGH.sub(lambda found: raised(found[1]), text))
    text = _RAISED.sub(lambda found: raised(found[2]) if found[1].lower() == "sup" else lowered(found[2]), text)
    for tag, mark in _TAGS:
        text = tag.sub(mark, text)
    text = _ENTITY.sub(lambda found: _character(found[0]), text)
    text = with_own_lines("\n".join(with_counted_points(with_tables_as_lists(text).split("\n"))))
    return _SHORTCODE.sub(lambda found: _EMOJI.get(found[1], found[0]), text)


def _with_html_blocks(text: str) -> str:
    """The text with lists, tables, quotes and headings of HTML in Markdown; one that is not closed stays."""
    done: list[str] = []
    at, pieces = 0, 0
    while (found := _HTML_BLOCK.search(text, at)) and pieces < MAX_HTML_BLOCKS:
        pieces += 1
        end = _end_of_element(text, found["tag"], found.start())
        if end is None:
            done.append(text[at : found.end()])
            at = found.end()
            continue
        done += [text[at : found.start()], "\n\n", markdown_of(text[found.start() : end]), "\n"]
        at = end
    return "".join([*done, text[at:]])


def _end_of_element(text: str, tag: str, start: int) -> int | None:
    """Position behind the element that begins at `start`; None if it is not closed."""
    depth = 0
    for found in re.compile(rf"<(/?){tag}(?=[\s>])[^<>]*>", re.IGNORECASE).finditer(text, start):
        depth += -1 if found[1] else 1
        if depth == 0:
            return found.end()
    return None


def _without_comments(text: str) -> str:
    """The text without HTML comments; one that is not closed stays."""
    first, *others = text.split("<!--")
    for number, part in enumerate(others):
        _comment, closed, rest = part.partition("-->")
        first += rest if closed else "<!--" + "<!--".join(others[number:])
        if not closed:
            break
    return first


def _fold(found: re.Match[str]) -> str:
    """The title of a fold: a heading where the link of a work follows it."""
    return f"\n\n### {found[1]}\n\n" if _LINK_BELOW.match(found[2]) else found[0]


def _image(found: re.Match[str]) -> str:
    attributes = dict(re.findall(r"(\w+)=[\"']([^\"']*)[\"']", found[0]))
    return f"![{attributes.get('alt', '')}]({attributes['src']})" if "src" in attributes else ""


def _character(entity: str) -> str:
    """The character of an entity; those that would be markup stay escaped."""
    meant = html.unescape(entity)
    return f"\\{meant}" if meant in "<>*_`[]#" else " " if meant == "\u00a0" else meant


def _with_links(text: str) -> str:
    """The text with the addresses of links by reference in their places."""
    addresses = {label.casefold().strip(): url for label, url in _DEFINITION.findall(text)}
    if not addresses:
        return text

    def linked(found: re.Match[str]) -> str:
        url = addresses.get((found[3] or found[2]).casefold().strip())
        return f"{found[1]}[{found[2]}]({url})" if url else found[0]

    used = _BY_REFERENCE.sub(linked, text)
    shortcut = re.compile(rf"\[({'|'.join(re.escape(label) for label in addresses)})\](?![\[(:])", re.IGNORECASE)
    used = shortcut.sub(
        lambda found: found[0] if found[1].isdigit() else f"[{found[1]}]({addresses[found[1].casefold().strip()]})",
        used,
    )
    return _DEFINITION.sub(
        lambda found: found[0] if found[1].isdigit() and found[0] in text and _cites(used, found[1]) else "", used
    )


def _cites(text: str, number: str) -> bool:
    """True if a text has a citation of this number, so that its definition is an entry of the references."""
    return re.search(rf"(?<!\w)\[{number}\](?![(:\[])", text) is not None


def _with_footnotes(text: str) -> str:
    """The text with its footnotes as references, which are numbered in the order in which they are cited."""
    notes = {name: " ".join(words.split()) for name, words in _FOOTNOTE.findall(text)}
    cited = [name for name in dict.fromkeys(_FOOTNOTE_MARK.findall(_FOOTNOTE.sub("", text))) if name in notes]
    if not cited:
        return text
    body = _FOOTNOTE.sub("", text).rstrip()
    listed = _references(body)
    taken = [int(number) for number in _NUMBERS.findall(body[slice(*listed)])] if listed else []
    numbers = {name: number for number, name in enumerate(cited, max(taken, default=0) + 1)}
    entries = "\n".join(f"[{numbers[name]}] {notes[name]}" for name in cited)
    if listed:
        body = f"{body[: listed[1]].rstrip()}\n{entries}\n{body[listed[1] :]}"
    body = _FOOTNOTE_MARK.sub(lambda found: f" [{numbers[found[1]]}]" if found[1] in numbers else found[0], body)
    if listed:
        return f"{body}\n"
    head, rule, tail = body.rpartition("\n\n---\n")
    section = f"\n\n## References\n\n{entries}"
    closes = rule and not _HEADING.search(tail)  # else the rule only divides sections
    return f"{head}{section}{rule}{tail}\n" if closes else f"{body}{section}\n"


def _references(text: str) -> tuple[int, int] | None:
    """Start and end of the entries of a text's list of references; None if it has no numbered one."""
    for heading in _HEADING_LINE.finditer(text):
        if SPECIAL_PARTS.get(heading[0].strip("# \t:").casefold()) != "references":
            continue
        following = _HEADING.search(text, heading.end())
        end = following.start() if following else len(text)
        if entries := list(_NUMBERS.finditer(text, heading.end(), end)):
            last = text.find("\n\n", entries[-1].end(), end)
            return heading.end(), end if last < 0 else last
    return None


def _with_bold_headings(text: str) -> str:
    """The text with its lines in bold as headings, if it has no others below the title."""
    if (headings := len(_HEADING.findall(text))) > 1:
        return text
    lines = text.split("\n")
    untitled = not headings
    for at, line in enumerate(lines):
        begins = at == 0 or not lines[at - 1].strip()
        if not begins or not (found := _BOLD_LINE.match(line)):
            continue
        alone = at + 1 == len(lines) or not lines[at + 1].strip()
        below = next((later for later in lines[at + 1 : at + 4] if later.strip()), "")
        titles_a_link = bool(_LINKED.match(found[1]) or (alone and _LINK_BELOW.match(below)))
        if titles_a_link or alone:
            level = "###" if titles_a_link else "#" if untitled and not any(map(str.strip, lines[:at])) else "##"
            lines[at] = f"{level} {found[1].rstrip(':')}"
    return "\n".join(lines)


def _has_links(text: str, level: int) -> bool:
    """True if a heading of this level leads to a page or names a work."""
    lines = (line[0] for line in _HEADING_LINE.finditer(text) if line[0].startswith(f"{'#' * level} "))
    return any("](http" in line or _WORK_ID.search(line) for line in lines)


def _with_even_levels(text: str) -> str:
    """The text with the levels of its headings in a row: `#`, `###`, `####` become `#`, `##`, `###`.

    Below `##` that is so only where the deeper headings are those of items, with links.
    """
    levels = sorted({len(marks) for marks in _HEADING.findall(text)})
    if not levels or levels[0] != 1 or len(levels) == 1:
        return text
    if levels[:2] == [1, 2] and (levels[2:3] in ([], [3]) or not _has_links(text, levels[2])):
        return text
    steps = {level: step for step, level in enumerate(levels, 1)}
    return _HEADING.sub(lambda found: "#" * steps[len(found[1])] + found[0][len(found[1]) :], text)

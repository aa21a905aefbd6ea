"""Markdown of single programs (Google Docs, Notion, Obsidian, mail programs) in common form; also bullets of emoji."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from bot.chat.rich_text import LINK_TARGET
from bot.domain.links.urls import without_trackers
from bot.editions.importing.label_words import INSIGHTS, SECTION_KINDS, WHY
from bot.editions.text_analysis.bullets import MARK

_HEADING_ID = re.compile(r"^(#{1,6}[ \t].*?)[ \t]*\\?\{\\?#[^\s{}]*\}[ \t]*$", re.MULTILINE)
_GOOGLE = re.compile(r"https://www\.google\.com/url\?[^\s<>()\"'\]]+")
_EMBEDDED = re.compile(r"^[ ]{0,3}\[([^\]\n]{1,80})\]:[ \t]*<?data:image/[^\s>!\[]*>?[ \t]*$", re.MULTILINE)
_DOUBLE_BRACKETS = re.compile(
    rf"\[\[([^\[\]\n]{{1,60}})\]\]\(<?({LINK_TARGET})>?\)|\\?\[\[([^\[\]\n]{{1,60}})\]\(({LINK_TARGET})\)\\?\]"
)
"""Labels in brackets of their own, as lists of papers have them: "[[pdf]](…)", "[[pdf](…)]"."""
_SUBJECT = re.compile(
    r"\A\s*(?:Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Onderwerp)[ ]?:[ \t]*(\S[^\n]*)\n", re.IGNORECASE
)
_NAMED_SECTION = re.compile(rf"(?<=\n\n)([^\W\d_][^\n:：]{{2,30}})[:：][ \t]*\n(?=[ \t]*{MARK}\S)")
"""A name with a colon on a line of its own, directly above a list."""
_HEADED_BY_EMOJI = re.compile(r"(?<=\n\n)([^\w\s!-~]{1,4})[ \t]*\n(\w[^\n]{2,60})(?=\n\n)")
"""An emoji with the heading of a section below it."""
_BOTH = re.compile(r"(?<!\*)\*{3}(?=[^\s*])([^*\n]{1,300})(?<=\S)\*{3}(?!\*)")
_LIBRARY_LINK = re.compile(r"[ ]?\(\[(?:pdf|snapshot|epub)\]\(zotero://[^()\s]*\)\)", re.IGNORECASE)
FILE_LINK = re.compile(
    r"(?<![!\\\w])\[([^\[\]\n]{1,300})\]\(<?((?!https?:|mailto:|figures/)(?:[a-z][a-z0-9+.-]{1,20}://|\.{0,2}/|[\w%~-])[^()<>\n]{0,300}"
    r"(?:\([^()\n]{0,80}\)[^()<>\n]{0,200})?)>?\)"
)
"""A link to a file, to a page of the writer's own program, or to a place in a library."""
_TOP_LEVEL = (
    "ac|ai|app|at|be|blog|ca|ch|cn|co|com|de|dev|edu|es|eu|fr|gov|in|info|int|io|it|jp|kr|me|net|news|nl|org|pt|se|uk|us"
)
_SITE = rf"(?:www\.)?(?:[a-z0-9-]{{1,63}}\.){{1,5}}(?:{_TOP_LEVEL})"
_WEB_TARGET = re.compile(rf"(?:{_SITE}/|www\.[a-z0-9.-]{{1,80}}\Z)", re.IGNORECASE)
"""The beginning of an address on the web that was typed without `https://`; a file has no site before its folder."""
_TYPED_WORK = re.compile(
    r"(?<![\w/.@:\[`\"'<=-])(?<!\]\()(?:www\.)?"
    r"(?:arxiv\.org/(?:abs|pdf|html)|(?:dx\.)?doi\.org/10\.\d{4,9}|openreview\.net/(?:forum|pdf)|aclanthology\.org"
    r"|(?:bio|med)rxiv\.org/content)[/?][^\s<>\"`|\\\[\]()]{2,300}(?<![.,;:!?*'’”])(?![^\[\]\n`]{0,300}(?:\]\(|`))",
    re.IGNORECASE,
)
"""The address of a paper in running text, typed without `https://`; none within the words of a link or code."""
_NAMED_PICTURE = re.compile(r"!\[([^\]\n]{0,500})\](?:\[([^\]\n]{0,80})\])?(?!\()")
_DATA_PICTURE = re.compile(r"!\[([^\]\n]{0,500})\]\(<?data:image/[^\s)>!\[]*>?(?:[ \t]+\"[^\"\n]*\")?\)")
_WIKI_PICTURE = re.compile(r"!\[\[([^\]\n|]{1,200})(?:\|([^\]\n]{0,200}))?\]\]")
_WIKI_LINK = re.compile(r"\[\[([^\]\n|]{1,200})(?:\|([^\]\n]{1,200}))?\]\]")
_SLACK_LINK = re.compile(r"<(https?://[^|<>\s]{1,2000})\|([^<>\n]{1,300})>")
EMBEDDED_NOTE = re.compile(r"!\[\[([^\]\n|.]{1,200}?)(?:\.md)?(?:#[^\]\n|]*)?(?:\|[^\]\n]{0,200})?\]\]")
"""Another note, which Obsidian shows within this one."""
_NOTE_WITHIN = re.compile(
    r"(?<![\\\]])\^\[(?=[^\[\]\n]*\S[ ]\S)((?:[^\[\]\n]|\[[^\[\]\n]*\](?:\([^()\s]*\))?){1,800})\](?!\()"
)
"""A footnote written where it is cited."""
_EMOJI_IN_BOLD = re.compile(r"^(\*\*|__)([^\w\s*_]{1,4}) ?\1[ \t]*(?=\S)", re.MULTILINE)
_HEADING_WITH_ADDRESS = re.compile(
    r"^(#{2,6}[ \t]+)(\S[^\[\]\n<>]{0,250}?)[ \t]*(?:[:–—|-][ \t]*)?"
    r"(?:<(https?://[^\s<>]+)>|(?<=[ \t])(https?://[^\s<>]+))[ \t]*$",
    re.MULTILINE,
)
"""A title with its bare address behind it."""
_ADDRESS_OF_LINK = re.compile(
    r"(?<=\]\()https?://[^\s<>()?]{1,400}\?[^\s<>]{0,600}?(?=\)|[ \t]+\")|(?<=<)https?://[^\s<>]{1,1000}(?=>)"
)
POLL = re.compile(
    r"(?:^(?:#{3,6}[ \t]+\**|\*\*|(?=[^#\n][^\n]*\?[ \t]*$))(?P<question>[^\n]{3,200}?)\**[ \t]*\n\s{1,3})?"
    r"(?:^[-*+][ \t]+\[[^\[\]\n]{1,200}\]\(https?://[^\s()]{1,500}[?&]poll(?:_choice)?_id=[^\s()]{0,500}\)"
    r"[ \t]*\n){2,20}(?:\s{0,3}^[^\n]{0,300}participate in polls[^\n]{0,100}(?:\n|\Z))?",
    re.MULTILINE,
)
"""A poll of a program for newsletters: its question, a link for each answer, and a note that one must log in."""
_FILE_WORDS = (
    r"untitled|unbenannt|sans titre|sin t[ií]tulo|senza titolo|sem t[ií]tulo|naamloos|image|img|picture|photo|bild|"
    r"foto|screenshot|screen shot|bildschirmfoto|capture d['’]écran|pasted image|clipboard|dsc|unknown"
)
_NAME_OF_FILE = re.compile(
    rf"!\[(?:(?:{_FILE_WORDS})[\s\d_.:()-]*(?:(?:at|um|à)[\s\d_.:-]*)?(?:[ap]m)?"
    r"|[^\[\]\n]{0,120}\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg))\](?=\()",
    re.IGNORECASE,
)
"""A picture whose description is the name that a program gave its file: "Untitled", "image.png", "Pasted image 1"."""
_SIZE = re.compile(r"\d{1,4}(?:x\d{1,4})?")
"""Width of a picture, which Obsidian has at the place of its description."""
_BLOCK_ID = re.compile(r"(?<![ \t])[ \t]+\^[A-Za-z][\w-]{0,40}[ \t]*$", re.MULTILINE)
_HEADING_TAGS = re.compile(r"^(#{1,6}[ \t]+\S.*?)(?:[ \t]+#[^\W\d][\w/-]*)+[ \t]*$", re.MULTILINE)
_CALLOUT = re.compile(r"^>[ \t]*\[!(\w+)\][+-]?[ \t]*(.*)\n((?:>.*(?:\n|\Z))*)", re.MULTILINE)
_HIDDEN = re.compile(r"%%.{0,2000}?%%", re.DOTALL)
_HIGHLIGHT = re.compile(r"==(?=\S)([^=\n]{1,500}?)(?<=\S)==")
_MAIL_LINK = re.compile(
    r"^([ \t]*(?:[-*+][ \t]+|\d{1,3}[.)][ \t]+)?)(\S[^\n()\[\]]{1,200}?) \( (https?://\S+) \)", re.MULTILINE
)
_LOCAL_LINK = re.compile(r"(?<!!)\[([^\[\]\n]{1,300})\]\(#[^()\s]*\)")
_MAIL_ADDRESS = re.compile(r"\[([^\[\]\n]{1,300})\]\(mailto:([^()\s?]+)[^()\s]*\)")
_TABLE_OF_CONTENTS = re.compile(
    r"^(?:[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+\[[^\[\]\n]+\]\(#[^()\s]*\)[ \t]*\n){2,}", re.MULTILINE
)
_MAIL_HEADING = re.compile(r"^\*\*[ \t]+(\S[^\n*]*?)[ \t]*\n-{3,}[ \t]*$", re.MULTILINE)
_FIRST_RULE = re.compile(r"\A\s*[=*_~#-]{5,}[ \t]*\n")
_FRAMED = re.compile(r"^[ \t]*([*=~_-])\1{2,}[ \t]+(\S[^\n]{0,80}?)[ \t]+\1{3,}[ \t]*$", re.MULTILINE)
_MAIL_RULE = re.compile(r"(?<=\n)\n[=*_~#-]{5,}[ \t]*(?=\n)")
_LABEL_POINT = re.compile(r"^[-*+•][ \t]+(\S[^\n]{0,40}?)[ \t]*$")
_HARD_BREAK = re.compile(r"(?<!\\)\\\n")
_KEYCAP = re.compile(r"^(#{1,6}[ \t]+)(\d)\ufe0f?\u20e3[ \t]*", re.MULTILINE)
_PLAIN_BULLETS = "🔹🔸🔷🔶▪▫◾◽◼◻►▸➤➢➜∙·⁃⦿◉○●"
_MEANT_BULLETS = "✅✔❌✖✓✗👉⚠⭐🟢🔴🟡🔵"
_BULLETS = re.compile(rf"(?:^[ \t]*[{_PLAIN_BULLETS}{_MEANT_BULLETS}]\ufe0f?[ \t]*\S.*(?:\n|\Z)){{2,}}", re.MULTILINE)
_BULLET = re.compile(rf"^([ \t]*)([{_PLAIN_BULLETS}{_MEANT_BULLETS}]\ufe0f?)[ \t]*", re.MULTILINE)


def in_common_form(text: str) -> str:
    """The text without the habits of single programs. Words stay; comments and lists of inner links are left out."""
    text = POLL.sub("", _HEADING_ID.sub(r"\1", _FIRST_RULE.sub("", text)))
    text = _FRAMED.sub(r"\n## \2\n", text)
    text = _GOOGLE.sub(lambda found: _target(found[0]), text)
    text = _ADDRESS_OF_LINK.sub(lambda found: without_trackers(found[0]), text)
    text = _with_footnotes_apart(_EMOJI_IN_BOLD.sub(r"\2 ", text))
    text = _without_embedded_pictures(text)
    text = _SUBJECT.sub(r"# \1\n\n", text)
    text = _HEADED_BY_EMOJI.sub(r"## \1 \2", text)
    text = _BOTH.sub(r"**\1**", text)
    text = _DOUBLE_BRACKETS.sub(lambda found: f"[{found[1] or found[3]}]({found[2] or found[4]})", text)
    text = FILE_LINK.sub(_with_scheme, _TYPED_WORK.sub(r"https://\g<0>", text))
    text = FILE_LINK.sub(lambda found: found[1] if is_file(found[2]) else found[0], without_library_links(text))
    text = _SLACK_LINK.sub(r"[\2](\1)", text)
    text = _WIKI_PICTURE.sub(_wiki_picture, EMBEDDED_NOTE.sub(r"\1", text))
    text = _NAME_OF_FILE.sub("![]", text)
    text = _WIKI_LINK.sub(lambda found: found[2] or found[1].rpartition("#")[2].lstrip("^"), text)
    text = _HEADING_WITH_ADDRESS.sub(lambda found: f"{found[1]}[{found[2]}]({found[3] or found[4]})", text)
    text = _HEADING_TAGS.sub(r"\1", _BLOCK_ID.sub("", text))
    text = _CALLOUT.sub(_callout, text)
    text = _HIDDEN.sub("", text)
    text = _HIGHLIGHT.sub(r"\1", text)
    text = _TABLE_OF_CONTENTS.sub("", text)
    text = _LOCAL_LINK.sub(r"\1", text)
    text = _MAIL_ADDRESS.sub(lambda found: found[1] if found[2] in found[1] else f"{found[1]} ({found[2]})", text)
    text = _MAIL_HEADING.sub(r"## \1", _HARD_BREAK.sub("\n", text))
    text = _MAIL_RULE.sub("\n---\n", text)
    text = _MAIL_LINK.sub(r"\1[\2](\3)", text)
    text = _with_label_lines(_KEYCAP.sub(r"\1\2. ", text))
    return _BULLETS.sub(lambda found: f"\n{_BULLET.sub(_as_point, found[0])}\n", text)


def with_named_sections(text: str) -> str:
    """The text with a heading for each list of dates or news below its name with a colon ("Termine:")."""
    return _NAMED_SECTION.sub(_section, text)


def _section(found: re.Match[str]) -> str:
    return f"## {found[1]}\n\n" if SECTION_KINDS.get(found[1].strip().casefold()) == "news" else found[0]


def without_library_links(text: str) -> str:
    """The text without "(pdf)" where that opens a page in Zotero, behind the source of a passage."""
    return _LIBRARY_LINK.sub("", text)


def _with_scheme(link: re.Match[str]) -> str:
    """The link with `https://` before an address that was typed without it; any other link as it is."""
    return f"[{link[1]}](https://{link[2]})" if _WEB_TARGET.match(link[2]) else link[0]


def is_file(target: str) -> bool:
    """True for the address of a file or of another program; a word in brackets behind another is none."""
    if _WEB_TARGET.match(target):
        return False
    return bool(re.match(r"[a-z][a-z0-9+.-]{1,20}://|\.{0,2}/", target) or re.search(r"[/.][\w%-]{1,80}$", target))


def _with_label_lines(text: str) -> str:
    """The text with the points that are only a label ("- Why") as lines of their own, as Notion writes folds."""
    lines = text.split("\n")
    inside = False
    for at, line in enumerate(lines):
        if inside and line.strip() and not line[0].isspace():
            inside = False
        if inside:
            lines[at] = re.sub(r"^(?: {2,4}|\t)", "", line)
        elif (found := _LABEL_POINT.match(line)) and (WHY.match(found[1]) or INSIGHTS.match(found[1])):
            lines[at] = f"\n**{found[1].strip('*: ')}**\n"
            inside = True
    return "\n".join(lines)


def _with_footnotes_apart(text: str) -> str:
    """The text with the footnotes that are written within it as definitions below it."""
    notes: list[str] = []

    def cited(found: re.Match[str]) -> str:
        notes.append(f"[^within-{len(notes) + 1}]: {found[1]}")
        return f"[^within-{len(notes)}]"

    text = _NOTE_WITHIN.sub(cited, text)
    return f"{text.rstrip()}\n\n" + "\n\n".join(notes) + "\n" if notes else text


def _target(url: str) -> str:
    """The address that a link of Google Docs leads to."""
    asked = parse_qs(urlsplit(url).query)
    found = (asked.get("q") or asked.get("url") or [""])[0]
    return found if re.fullmatch(r"https?://[^\s<>()\"]+", found) else url


def _without_embedded_pictures(text: str) -> str:
    """The text with a file in the place of each picture that is written out in it: it is asked for."""
    names = set(_EMBEDDED.findall(text))
    text = _NAMED_PICTURE.sub(
        lambda found: _figure(found[1], name) if (name := found[2] or found[1]) in names else found[0], text
    )
    return _DATA_PICTURE.sub(lambda found: _figure(found[1], found[1] or "picture"), _EMBEDDED.sub("", text))


def _figure(alt: str, name: str) -> str:
    return f"![{alt}](figures/{_file_name(name)})"


def _wiki_picture(found: re.Match[str]) -> str:
    described = found[2] if found[2] and not _SIZE.fullmatch(found[2].strip()) else found[1].rpartition(".")[0]
    return f"![{described or found[1]}](figures/{_file_name(found[1])})"


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-") or "picture"


def _callout(found: re.Match[str]) -> str:
    """A box of Obsidian or GitHub: its title in bold, and its text; a quote with its title as where it stands."""
    title = found[2].strip() or found[1].capitalize()
    if found[1].casefold() in ("quote", "cite"):
        credit = f"> — {found[2].strip()}\n" if found[2].strip() else ""
        return f"\n{found[3].rstrip()}\n{credit}\n"
    body = re.sub(r"^> ?", "", found[3], flags=re.MULTILINE).strip()
    return f"**{title}**\n\n{body}\n\n"


def _as_point(found: re.Match[str]) -> str:
    """A bullet in the place of an emoji; one that says something stays beside it."""
    kept = f"{found[2]} " if found[2][0] in _MEANT_BULLETS else ""
    return f"{found[1]}- {kept}"

"""HTML as Markdown: what a mail program, a browser or a document editor saves becomes text that the reader knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from bot.domain.figure_names import FOLDER
from bot.editions.importing.converters.document_pages import prepare_document_page
from bot.editions.importing.converters.embedded import page_of_frame
from bot.editions.importing.converters.newsletter_cards import prepare_newsletter_page
from bot.editions.importing.converters.superscripts import lowered, raised

SKIPPED = frozenset({"head", "script", "style", "noscript", "template", "title", "meta", "link", "svg", "object"})
"""Elements whose text no reader sees."""
_BUTTON = re.compile(r"\b(?:button-wrapper|subscription-widget\S*|subscribe-\S+|share-\S+|like-button\S*|post-ufi\S*)")
_BUTTON_LENGTH = 200
"""Letters of such an element at most: a longer one has something to say."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "html",
        "main",
        "nav",
        "p",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
"""Elements that begin on a line of their own."""
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "code": "`", "tt": "`", "kbd": "`", "samp": "`"}
MAX_DEPTH = 200
"""Nesting of elements that is followed; the text of deeper ones is taken as it is."""
_MARKUP = re.compile(r"([\\`*_\[\]])")
_FOOTNOTE_ID = re.compile(r"(?:footnote|fn|_ftn|ftnt?|note|endnote)[-_:]?(\d{1,3})", re.IGNORECASE)
_MARK = re.compile(r"\d{1,3}|[*†‡]")
_BRACKETED = re.compile(r"\\?\[")
"""The beginning of a citation or a link, which is set higher only for looks."""
_BACK = re.compile(r"\s*(?:↩︎?|↑|\^)\s*$")
"""The sign that leads back to where a footnote is cited."""
_SPACE = re.compile(r"\s+")


def markdown_of(page: str) -> str:
    """The text of a page or a fragment of one as Markdown; every visible word is in it, in order."""
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(page, parser=parser)
    except etree.ParserError:
        return ""
    prepare_document_page(tree)
    prepare_newsletter_page(tree)
    blocks = _Converter().blocks(tree)
    return "\n\n".join(block for block in blocks if block.strip()) + "\n"


class _Converter:
    """Turns elements into blocks of Markdown."""

    def blocks(self, node: html.HtmlElement, depth: int = 0) -> list[str]:
        """The blocks of an element, without blank lines between them."""
        if not isinstance(node.tag, str) or node.tag in SKIPPED or _is_hidden(node) or _is_button(node):
            return []
        if depth > MAX_DEPTH:
            return [_escaped(node.text_content()).strip()]
        if (name := _footnote_name(node)) and (words := " ".join(self._children(node, depth)).strip()):
            note = _BACK.sub("", " ".join(words.split())).removeprefix(f"{name}. ").removeprefix(f"{name} ").strip()
            note = re.sub(rf"^(?:\\\[{re.escape(name)}\\\]|\[\^{re.escape(name)}\])\s*", "", note)
            return [f"[^{name}]: {note}"] if note else []
        match node.tag:
            case tag if tag in HEADINGS:
                words = self._line(node)
                return [f"{'#' * HEADINGS[tag]} {words}"] if words else []
            case "hr":
                return ["---"]
            case "pre":
                text = node.text_content().strip("\n")
                fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text)), 3)
                return [f"{fence}{_language(node)}\n{text}\n{fence}"] if text.strip() else []
            case "figcaption":
                words = self._line(node)
                return [f"*{words}*" if "*" not in words and "_" not in words else words] if words else []
            case "ul" | "ol":
                return self._list(node, depth)
            case "blockquote":
                inside = "\n\n".join(self._children(node, depth))
                return ["\n".join(f"> {line}".rstrip() for line in inside.split("\n"))] if inside.strip() else []
            case "tr" if cells := self._picture_beside_heading(node, depth):
                return cells
            case "a" if (url := _address(node)) and _holds_blocks(node):
                return self._card(node, url, depth)
            case "table" if _is_data(node):
                return self._table(node)
        return self._children(node, depth)

    def _children(self, node: html.HtmlElement, depth: int) -> list[str]:
        """The blocks in an element: runs of running text, and the elements that are blocks themselves."""
        found: list[str] = []
        run: list[str] = [_escaped(node.text or "")]

        def close() -> None:
            found.extend(_lines("".join(run)))
            run.clear()

        for child in node:
            if isinstance(child.tag, str) and (child.tag in BLOCKS or _holds_blocks(child)):
                close()
                found.extend(self.blocks(child, depth + 1))
            else:
                run.append(self._inline(child, depth + 1))
            run.append(_escaped(child.tail or ""))
        close()
        return found

    def _picture_beside_heading(self, node: html.HtmlElement, depth: int) -> list[str]:
        """The blocks of a row of a picture and a text that begins with a heading: this comes first. Else none."""
        cells = [cell for cell in node if isinstance(cell.tag, str)]
        if len(cells) != 2 or any(cell.find(".//tr") is not None for cell in cells):
            return []
        if cells[0].text_content().strip() or cells[0].find(".//img") is None:
            return []
        pictures, text = (self.blocks(cell, depth + 1) for cell in cells)
        if not text or not text[0].startswith("#"):
            return [*pictures, *text]
        return [text[0], *pictures, *text[1:]]

    def _card(self, node: html.HtmlElement, url: str, depth: int) -> list[str]:
        """A link around a heading or several blocks, such as the card of a page: its first words are the link."""
        found = [block for block in self._children(node, depth) if not re.fullmatch(r"!\[\]\([^()]*\)", block.strip())]
        at = next((n for n, block in enumerate(found) if not re.search(r"\]\(|^[>|`]|^- ", block)), None)
        if at is None:
            return found
        heading = re.match(r"#{1,6} ", found[at])
        lead = heading[0] if heading else ""
        words = found[at].removeprefix(lead)
        linked = f"{lead}[{' '.join(words.replace('**', '').split())}]({url})"
        return [*found[:at], linked, *found[at + 1 :]]

    def _line(self, node: html.HtmlElement) -> str:
        """An element as one line of running text."""
        return " ".join(" ".join(self._children_inline(node, 0).split("\n")).split())

    def _children_inline(self, node: html.HtmlElement, depth: int) -> str:
        inside = _escaped(node.text or "")
        for child in node:
            inside += self._inline(child, depth + 1) + _escaped(child.tail or "")
        return inside

    def _inline(self, node: html.HtmlElement, depth: int) -> str:
        if not isinstance(node.tag, str) or node.tag in SKIPPED or _is_hidden(node) or _is_button(node):
            return ""
        if node.tag == "br":
            return "\n"
        if name := _footnote_mark(node):
            return f"[^{name}]"
        if node.tag == "img":
            return _picture(node)
        if node.tag == "iframe":
            return _frame(node)
        inside = _escaped(node.text_content()) if depth > MAX_DEPTH else self._children_inline(node, depth)
        words = inside.strip()
        if not words:
            return inside
        if node.tag in ("sup", "sub"):
            return inside if _BRACKETED.match(words) else raised(inside) if node.tag == "sup" else lowered(inside)
        before, after = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
        if linked := _address(node):
            if words.startswith("!["):  # a linked picture: the picture is what readers see
                return f"{before}{words}{after}"
            return f"{before}[{' '.join(words.replace('**', '').split())}]({linked}){after}"
        url = node.get("href", "").strip() if node.tag == "a" else ""
        if url.startswith("mailto:"):
            address = url.removeprefix("mailto:").partition("?")[0]
            return f"{before}{words}{'' if address in words else f' ({_escaped(address)})'}{after}"
        mark = MARKS.get(node.tag) or _styled(node)
        # Marks stand at words, within one line, and not within marks of their own kind.
        if mark and "\n" not in words and mark not in words and "](" not in words:
            return f"{before}{mark}{words}{mark}{after}"
        return inside

    def _list(self, node: html.HtmlElement, depth: int) -> list[str]:
        rows: list[str] = []
        number = _start(node) - 1
        for child in node:
            if not isinstance(child.tag, str):
                continue
            if child.tag in ("ul", "ol"):  # a list directly in a list, as some editors write it
                rows += [f"   {line}" for block in self._list(child, depth + 1) for line in block.split("\n")]
                continue
            number += 1
            lead = _lead(node, number) if node.tag == "ol" else "-"
            inside = "\n".join(self._children(child, depth + 1)).strip("\n")
            first, *rest = inside.split("\n")
            if inside.strip():
                rows.append(f"{lead} {first}")
                rows += [f"   {line}" for line in rest]
        return ["\n".join(rows)] if rows else []

    def _table(self, node: html.HtmlElement) -> list[str]:
        rows = [[self._line(cell).replace("|", "\\|") for cell in row.xpath("./td | ./th")] for row in node.iter("tr")]
        rows = [row for row in rows if any(row)]
        if not rows:
            return []
        width = max(map(len, rows))
        lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
        return ["\n".join([lines[0], f"|{'---|' * width}", *lines[1:]])]


def _start(node: html.HtmlElement) -> int:
    """The number of a list's first point."""
    start: str = node.get("start", "")
    return int(start) if node.tag == "ol" and re.fullmatch(r"\d{1,4}", start) else 1


def _lead(node: html.HtmlElement, number: int) -> str:
    """The mark of a numbered list's point; letters and Roman numbers stand behind a bullet."""
    small = "abcdefghijklmnopqrstuvwxyz" if node.get("type") in ("a", "A") else ""
    roman = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x") if node.get("type") in ("i", "I") else ()
    signs = small or roman
    return f"- {signs[number - 1]})" if signs and 1 <= number <= len(signs) else f"{number}."


def _lines(text: str) -> Iterator[str]:
    """The lines of running text, each without doubled blanks; a line break begins a new line."""
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    for paragraph in re.split(r"\n{2,}", text):
        if paragraph.strip():
            yield _at_line_starts(paragraph.strip())


def _at_line_starts(text: str) -> str:
    """Text whose lines do not begin with a mark of Markdown by accident."""
    text = re.sub(r"^(\d{1,3})([.)])(?= )", r"\1\\\2", text, flags=re.MULTILINE)
    return re.sub(r"^(#{1,6}(?= )|>|[-+](?= )|={3,}$|-{3,}$)", r"\\\1", text, flags=re.MULTILINE)


def _escaped(text: str) -> str:
    """Text with the marks of Markdown in it escaped, and its line ends as blanks."""
    return _MARKUP.sub(r"\\\1", _SPACE.sub(" ", text))


def _address(node: html.HtmlElement) -> str:
    """The address of a page that a link leads to; empty for any other element."""
    url: str = node.get("href", "").strip().replace("(", "%28").replace(")", "%29") if node.tag == "a" else ""
    return url if url.startswith(("http://", "https://")) and not re.search(r"[\s<>]", url) else ""


def _frame(node: html.HtmlElement) -> str:
    """A link to what a page within the page shows."""
    url = node.get("src", "").strip()
    return f"<{page_of_frame(url)}>" if re.fullmatch(r"https?://[^\s<>]+", url) else ""


def _picture(node: html.HtmlElement) -> str:
    """A picture; those that only count readers, and have no description, are left out."""
    source, alt = node.get("src", ""), " ".join(node.get("alt", "").split())
    if node.get("width") in ("0", "1") or node.get("height") in ("0", "1") or not source:
        return ""
    if source.startswith(("http://", "https://", FOLDER)) and not re.search(r"[\s<>()]", source):
        return f"\n\n![{_escaped(alt)}]({source})\n\n"
    name = re.sub(r"[^\w.-]+", "-", alt) or "picture"
    return f"\n\n![{_escaped(alt)}](figures/{name})\n\n"


def _footnote_mark(node: html.HtmlElement) -> str:
    """The name of the footnote that a link within running text leads to; empty for any other element."""
    target = node.get("href", "").removeprefix("#") if node.tag == "a" else ""
    words = "".join(node.itertext()).strip("[]() \n")
    return words if _FOOTNOTE_ID.fullmatch(target) and _MARK.fullmatch(words) else ""


def _footnote_name(node: html.HtmlElement) -> str:
    """The name of the footnote that a block is; empty for any other element."""
    own = node if node.tag in ("li", "p", "div", "aside") else None
    if own is None:
        return ""
    begins = own.tag == "p" and len(own) > 0 and own[0].tag == "a" and _FOOTNOTE_ID.fullmatch(own[0].get("id", ""))
    if not (begins or own.get("id") or "footnote" in own.get("class", "").split()):
        return ""
    first = own if own.get("id") else own.find(".//a[@id]")
    found = _FOOTNOTE_ID.fullmatch(first.get("id", "")) if first is not None else None
    return found[1] if found else ""


def _is_hidden(node: html.HtmlElement) -> bool:
    style = re.sub(r"\s", "", node.get("style", "")).lower()
    return "display:none" in style or "visibility:hidden" in style or node.get("hidden") is not None


def _language(node: html.HtmlElement) -> str:
    """Language of a program, by the class that pages give it."""
    classes = " ".join(filter(None, (node.get("class"), *(inner.get("class") for inner in node.iter("code")))))
    found = re.search(r"\b(?:language|lang|highlight-source)-([\w+#.-]{1,30})", classes)
    return found[1] if found else ""


def _is_button(node: html.HtmlElement) -> bool:
    """True for what a newsletter's page has for its readers to press: to subscribe, to share, to like."""
    return len(node.text_content()) <= _BUTTON_LENGTH and bool(_BUTTON.search(node.get("class", "")))


def _styled(node: html.HtmlElement) -> str:
    """The mark of text whose style is bold or italic, as document editors write it."""
    style = re.sub(r"\s", "", node.get("style", "")).lower()
    if node.tag != "span":
        return ""
    if re.search(r"font-weight:(?:bold|[6-9]00)", style):
        return "**"
    return "*" if "font-style:italic" in style else ""


def _holds_blocks(node: html.HtmlElement) -> bool:
    """True for running text with a block in it, such as a link around a heading."""
    return any(isinstance(inner.tag, str) and inner.tag in BLOCKS for inner in node.iterdescendants())


def _is_data(table: html.HtmlElement) -> bool:
    """True for a table of data; mails are laid out by tables too, whose cells hold blocks or stand alone."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return False
    rows = [row.xpath("./td | ./th") for row in table.iter("tr")]
    if any(_holds_blocks(cell) and cell.find(".//p") is None for row in rows for cell in row):
        return False
    return len(rows) > 1 and all(len(row) > 1 for row in rows)

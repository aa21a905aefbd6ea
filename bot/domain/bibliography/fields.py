"""Values of records that several formats share: names, identifiers, and texts with LaTeX or HTML in them."""

from __future__ import annotations

import html
import re
import unicodedata

from bot.domain.authors import clean_authors, is_group
from bot.domain.bibliography.entry import MAX_ABSTRACT, MAX_AUTHORS, MAX_TITLE
from bot.domain.links import arxiv_ids
from bot.errors import UserError
from bot.latex.reader import MAX_LENGTH, latex_to_text

_TAG = re.compile(r"</?(?:[a-z]+:)?(?:i|b|em|strong|sub|sup|sc|span|p|title|jats:[a-z]+)\b[^<>]{0,200}>", re.IGNORECASE)
_BRACES = str.maketrans({"{": None, "}": None, "\ue000": "{", "\ue001": "}"})
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DOI = re.compile(r"(?:https?://)?(?:dx\.)?(?:doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_ARXIV_URL = re.compile(r"(?:https?://)?(?:\w+\.)?arxiv\.org/(?:abs|pdf|html)/(.+?)(?:\.pdf)?", re.IGNORECASE)


def plain(text: str) -> str:
    """The text on one line, without control characters, tags of formatting and HTML entities."""
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return "".join(c for c in " ".join(text.split()) if c.isprintable() or unicodedata.category(c) == "Cf")


def plain_latex(text: str) -> str:
    """The text of a BibTeX field as a reader sees it, on one line and without its braces; texts of any length."""
    text = " ".join(text.replace(r"\\", " ").replace(r"\{", "\ue000").replace(r"\}", "\ue001").split())
    pieces = []
    while len(text) > MAX_LENGTH:
        cut = text.rfind(" ", 0, MAX_LENGTH) + 1 or MAX_LENGTH
        pieces.append(latex_to_text(text[:cut]))
        text = text[cut:]
    return plain("".join((*pieces, latex_to_text(text))).translate(_BRACES))


def title(text: str) -> str:
    """A title of bearable length."""
    return text[:MAX_TITLE].rstrip()


def abstract(text: str) -> str:
    """An abstract of bearable length."""
    return text[:MAX_ABSTRACT].rstrip()


def names(found: list[str], *, ordered: bool = False) -> tuple[str, ...]:
    """Authors in order, "Given Family", without noise between them; `ordered` names are so already."""
    taken = found[:MAX_AUTHORS]
    return clean_authors(taken if ordered else map(natural_order, taken))


def natural_order(name: str) -> str:
    """A name as it is spoken: "Doe, Jane" is "Jane Doe", and "Doe, Jr., John" is "John Doe Jr."."""
    if is_group(name):
        return name.strip()
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and all(parts):
        if re.fullmatch(r"(?:Jr|Sr)\.?|II|III|IV", parts[1]):
            return f"{parts[0]} {parts[1]}"
        return " ".join(parts if _EAST_ASIAN.search(parts[0]) else reversed(parts))
    if len(parts) == 3 and all(parts):
        given, suffix = (
            (parts[2], parts[1]) if re.fullmatch(r"(?:Jr|Sr)\.?|II|III|IV", parts[1]) else (parts[1], parts[2])
        )
        return f"{given} {parts[0]} {suffix}"
    return name.strip()


def identifiers(doi: str, eprint: str, url: str) -> tuple[str, str]:
    """arXiv id without version and DOI in lower case, from the fields that may hold them; "" for none."""
    found = _DOI.fullmatch(doi.strip()) or _DOI.fullmatch(url.strip())
    name = found[1].rstrip(".,;").lower() if found else ""
    arxiv = ""
    for typed in (eprint, *(m[1] for m in (_ARXIV_DOI.fullmatch(name), _ARXIV_URL.fullmatch(url.strip())) if m)):
        bare = re.sub(r"^arxiv:\s*", "", typed.strip(), flags=re.IGNORECASE).partition(" ")[0]
        if not arxiv and bare:
            arxiv = _arxiv_id(bare)
    return arxiv, "" if _ARXIV_DOI.fullmatch(name) else name


def _arxiv_id(text: str) -> str:
    """arXiv id without version; "" if the text is none."""
    try:
        known = arxiv_ids.parse(text)
    except UserError:
        return ""
    return known[0] if known else ""

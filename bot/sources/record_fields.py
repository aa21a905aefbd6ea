"""Reading of untrusted JSON and markup from sources of details: wrong types read as empty, lengths are limited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Any

from lxml import etree

from bot.domain.bibliography.entry import parse_day
from bot.domain.paper_record import fold_whitespace
from bot.domain.publication_date import PublicationDate

MAX_TITLE_LENGTH = 1_000
"""Characters of a title; the rest is cut. No title in Crossref's index is a third as long."""
MAX_ABSTRACT_LENGTH = 20_000
MAX_AUTHORS = 10_000
"""Authors of one paper that are read; the largest collaborations name some 5,000."""
MAX_RELATED = 50

_DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]{1,180}", re.ASCII)  # printable, no blanks; the registrant, then anything
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_ARXIV_ID = re.compile(r"(?:arxiv:)?([0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]+)?", re.IGNORECASE)
_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_NO_TAG = re.compile(
    r"<(?!/?[a-zA-Z][\w:.-]*(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*\s*/?>|!--|\?)"
)
"""A sign "less than" that begins no tag: "a < b", "a<b and c>d"."""
_INLINE_PAIR = re.compile(
    r"<(i|b|em|strong|sub|sup|sc|scp|italic|bold|u|tt|span)(?:\s+[\w-]+=[^<>]{0,80})?>([^<>]*)</\1>", re.IGNORECASE
)
_SCRIPTS = {
    "sup": dict(zip(map(ord, "0123456789+-−–=()ni"), "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ", strict=True)),
    "sub": dict(zip(map(ord, "0123456789+-−–=()"), "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎", strict=True)),
}
"""Signs of exponents and indices by their element."""
_FORMULAS = {"math", "mml:math", "inline-formula", "jats:inline-formula"}
_FORMULA_EDGE = "\ufffc"
_FORMULA_BETWEEN_WORDS = re.compile(rf"(?<=[\w,;:.)]){_FORMULA_EDGE}+(?=[\w(])")
"""Edge of a formula, around which Crossref's titles have lost their spaces."""
_BLOCKS = {"jats:p", "jats:title", "jats:sec", "p", "title", "br", "div", "li"}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Soft hyphens, zero-width characters and direction marks: they hide or reorder text."""
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Control characters and halves of characters, which JSON can name: no database stores them, no markup has them."""


def is_doi(text: str) -> bool:
    """True for a DOI that can be asked for: at most 200 printable ASCII characters."""
    return len(text) <= 200 and _DOI.fullmatch(text) is not None


def text_of(value: object) -> str:
    """The value if it is a text, without what is no character, else ""."""
    return _NO_TEXT.sub("", value) if isinstance(value, str) else ""


def list_of(value: object) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects_of(value: object) -> list[dict[str, Any]]:
    """The JSON objects in a list; everything else in it is left out."""
    return [entry for entry in list_of(value) if isinstance(entry, dict)]


def object_of(value: object) -> dict[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def first_text(value: object) -> str:
    """The first entry of a list if it is a text, else ""."""
    return text_of(next(iter(list_of(value)), ""))


def title_of(markup: str) -> str:
    """A title without markup on one line, at most `MAX_TITLE_LENGTH` characters."""
    return _limited(one_line(markup), MAX_TITLE_LENGTH)


def abstract_of(markup: str) -> str:
    """An abstract without markup and its heading on one line, at most `MAX_ABSTRACT_LENGTH` characters."""
    return _limited(one_line(markup), MAX_ABSTRACT_LENGTH)


def one_line(markup: str) -> str:
    """The words of a text with JATS or HTML marks in it, on one line, without invisible characters."""
    written = _NO_TEXT.sub("", markup[: 4 * MAX_ABSTRACT_LENGTH])
    return fold_whitespace(_INVISIBLE.sub("", _NO_TEXT.sub("", plain_text(written))))


def plain_text(markup: str) -> str:
    """The words of a text with JATS or HTML marks in it, without the heading "Abstract"."""
    if "<" not in markup and "&" not in markup:
        return markup
    markup = _NO_TAG.sub("&lt;", _CDATA.sub(r"\1", markup))
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    root = etree.fromstring(f"<html><body>{markup}</body></html>", parser)
    if root is None:
        return ""
    for heading in root.iter("jats:title", "title"):
        if fold_whitespace("".join(heading.itertext())).casefold() in {"abstract", "summary"}:
            heading.text = ""
    for kind, signs in _SCRIPTS.items():
        for element in root.iter(kind, f"jats:{kind}"):
            _write_script(element, signs)
    text = _FORMULA_BETWEEN_WORDS.sub(" ", "".join(_spaced(root))).replace(_FORMULA_EDGE, "")
    while (decoded := _INLINE_PAIR.sub(r"\2", unescape(text))) != text:  # publishers escape twice: &amp;amp;, &lt;i&gt;
        text = decoded
    return text


def _write_script(element: Any, signs: dict[int, str]) -> None:
    """Write an index or an exponent with the signs that Unicode has for it; an exponent without them after a caret."""
    content = "".join(element.itertext())
    written = content.translate(signs)
    is_written = bool(content) and all(ord(sign) in signs for sign in content)
    if not is_written and element.tag.endswith("sup") and any(map(str.isalnum, content)):
        written = f"^{content}" if len(content) == 1 else f"^({content})"
    elif not is_written:
        written = content
    tail = element.tail
    for child in list(element):
        element.remove(child)
    element.text, element.tail = written, tail


def parts_date(given: object) -> PublicationDate | None:
    """A date from numbers, as far as they go: [2015, 5, 27], [2015, 5], [2015]; None if there is no such date."""
    parts = list_of(given)[:3]
    numbers = [part for part in parts if isinstance(part, int)]
    return PublicationDate.of_parts(*numbers) if len(numbers) == len(parts) else None


def text_date(given: object) -> PublicationDate | None:
    """A date from a text or a year, as far as it goes: "2015-05-27T10:00", "2015/5", 2015; None if it is none."""
    text = str(given).strip()[:60] if isinstance(given, str | int) else ""
    return PublicationDate.of_iso(parse_day(text)) if text else None


def day_of(given: object) -> datetime | None:
    """The beginning of a date from numbers, UTC; None if there is no such date."""
    found = parts_date(given)
    return found.at if found else None


def iso_day(given: object) -> datetime | None:
    """The beginning of a date from a text, UTC; None if it is none."""
    found = text_date(given)
    return found.at if found else None


def doi_of(text: str) -> str:
    """The DOI in a text such as https://doi.org/10.1000/182, in lower case; "" if it holds none."""
    doi = _DOI_PREFIX.sub("", text.strip(), count=1).lower()
    return doi if is_doi(doi) else ""


def work_key(kind: str, identifier: str) -> str:
    """Key of a related work: `arxiv:1706.03762` or `doi:10.1000/182`; "" if the identifier is neither."""
    if kind.casefold() == "arxiv":
        found = _ARXIV_ID.fullmatch(identifier.strip())
        return f"arxiv:{found[1]}" if found else ""
    doi = doi_of(identifier)
    if found := _ARXIV_DOI.fullmatch(doi):
        return work_key("arxiv", found[1])
    return f"doi:{doi}" if doi else ""


def _limited(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _spaced(root: Any) -> Iterator[str]:
    """The text of all elements, with a blank where a paragraph, a heading or a section ends."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            yield _FORMULA_EDGE if element.tag in _FORMULAS else ""
            yield element.text or ""
        else:
            yield _FORMULA_EDGE if element.tag in _FORMULAS else " " if element.tag in _BLOCKS else ""
            yield element.tail or ""

"""Quotation marks of several languages: a text that is one quotation, with its credit, and quotations in a text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from bot.editions.text_analysis.words import UNSPACED

MARKS = {
    '"': '"', "“": "”", "„": "“”", "”": "”", "«": "»", "»": "«", "‹": "›", "›": "‹", "‘": "’", "‚": "‘’",
    "「": "」", "『": "』", "《": "》",
}  # fmt: skip
"""Opening marks with those that may close them."""
MIN_QUOTED_WORDS = 4
"""Words in quotation marks from which they are a quote; fewer may be a word that is only mentioned."""
_ALWAYS_OPEN = "「『《"
"""Marks of writing without spaces, which never close anything."""
_CREDIT = re.compile(r"\s*(?:[—―]{1,2}|--|–)\s*(?P<credit>[^“”„«»\"「」『』]{1,120})\Z")
_PLACE_WORD = (
    r"(?:abstract|introduction|related\ work|methods?|results?|discussion|conclusions?|limitations|appendix|paper"
    r"|preface|sections?|sect?\.?|chapters?|ch\.|pages?|pp?\.?|fig(?:ure)?s?\.?|tables?|tab\.|footnote|§"
    r"|zusammenfassung|kurzfassung|einleitung|ergebnisse|fazit|anhang|abschnitt|abschn\.|kapitel|kap\.|seiten?|s\."
    r"|tabelle|abb(?:ildung)?\.?|résumé|annexe|resumen|sección|página|resumo|seção|riassunto|sezione|pagina"
    r"|samenvatting|sectie|要旨|概要|摘要|第\ ?\d+(?:\.\d+)?\ ?[節节章])"
)
SOURCE_PLACE = rf"(?:the\ |their\ |im\ |in\ )?{_PLACE_WORD}(?![^\W\d_])"
"""Beginning of where in a paper something stands, as a person names it: "abstract", "section 4.1", "p. 4"."""
_AUTHOR_AND_YEAR = r"[^\W\d_][\w'’.&, -]{1,60}?,?\ (?:19|20)\d\d[a-z]?(?![\d\w])"
"""A work as texts cite it: "Hu et al., 2021"."""
_IN_BRACKETS = re.compile(
    rf"\s*[(（](?P<credit>(?:{SOURCE_PLACE}|{_AUTHOR_AND_YEAR})[^()（）\n]{{0,60}})[)）][.。]?\Z", re.IGNORECASE
)
_PAGE_BEHIND = re.compile(
    r"(?P<words>.*\S)?\s*[(（](?P<credit>(?:pp?\.|pages?|s\.|seiten?|páginas?|pagina|blz\.)\s?\d[\d\s,–-]{0,12}|"
    r"(?:im\ )?abstract|zusammenfassung|résumé|resumen)[)）][.。]?\Z",
    re.IGNORECASE | re.DOTALL,
)
"""A page in brackets at the end of a quotation without marks, or alone: no sentence of a paper ends so."""
_AFTER_COMMA = re.compile(
    rf"(?:,\s*|(?<=,[”“»«\"’])\s+)(?P<credit>{SOURCE_PLACE}[^()\n“”„«»\"]{{0,60}}?)\.?\Z", re.IGNORECASE
)
_STOP = re.compile(
    r"\.?\s*(?:\((?:(?:our|my|added)\ )?(?:emphasis|italics|bold|hervorhebung)[^()\n]{0,40}\))?\.?\Z", re.IGNORECASE
)
"""End of a sentence behind a quotation, perhaps with the remark of whoever quotes: "(emphasis mine)."."""
_AUTHORS_BEFORE = (
    r"(?:[^\W\d_][\w’'-]{1,40}\ et\ al\.?|the\ authors|die\ autor(?:en|innen)|les\ auteurs|los\ autores)"
    r"(?:\ \((?:19|20)\d\d[a-z]?\))?"
)
_PLACE_BEFORE = re.compile(
    rf"(?P<credit>{SOURCE_PLACE}(?:\ ?[\dA-Z][\d.,–-]{{0,12}})?|{_AUTHORS_BEFORE}):\ (?=\S)", re.IGNORECASE
)
_SINGLE = re.compile(r"'(?=[^\s'])(?![^\n]*\s')(?P<words>[^\n]{1,2000})(?<=[^\s'])'(?!\w)(?P<rest>[^\n']{0,140})\Z")
"""A text between straight apostrophes, from its first character."""
_EMPHASIS = re.compile(r"\*{1,3}|_{1,2}")
_WORD = re.compile(rf"[{UNSPACED}]{{1,2}}|[^\W_]+(?:['’-][^\W_]+)*")
"""A word; in writing without spaces two characters."""


_BOTH_WAYS = '"”’'
"""Marks that open a quotation in some language as well as they close it."""


@dataclass(frozen=True, slots=True)
class MarkedQuote:
    """The words between quotation marks, and the credit after them."""

    words: str
    credit: str = ""
    start: int = 0
    """Offset of the opening mark in a running text."""
    end: int = 0
    """Offset behind the closing mark."""


def marked_quote(text: str) -> MarkedQuote | None:
    """The quotation that a text is from its first character to its last; None for any other text.

    Marks within it may be nested, and it may be emphasized as a whole. A text that begins with one quotation and ends
    with another is none. The credit follows a dash; a part of the paper may also stand in brackets or after a comma
    behind the quotation, or before it with a colon, as the authors may.
    """
    text = _without_emphasis(text.strip())
    if single := _SINGLE.match(text):
        text = f"“{single['words']}”{single['rest']}"
    if place := _PLACE_BEFORE.match(text):
        quote = marked_quote(text[place.end() :]) if text[place.end() :][:1] in MARKS else None
        return replace(quote, credit=place["credit"]) if quote and not quote.credit else None
    if not text or text[0] not in MARKS or (end := _end(text)) is None:
        return None
    words = text[1:end].strip()
    if _STOP.match(text, end + 1):
        return MarkedQuote(words) if words else None
    found = _CREDIT.match(text, end + 1) or _IN_BRACKETS.match(text, end + 1) or _AFTER_COMMA.match(text, end + 1)
    return MarkedQuote(words, found["credit"].strip()) if found and words else None


def without_page(text: str) -> MarkedQuote | None:
    """A quotation without marks and the page in brackets behind it; its words are empty if a text is only that."""
    found = _PAGE_BEHIND.fullmatch(text.strip())
    return MarkedQuote(found["words"] or "", found["credit"]) if found else None


def quotations_in(text: str) -> list[MarkedQuote]:
    """The quotations in a running text, from its start to its end: the outermost where they are nested.

    A mark that is never closed is none. The credit of each is empty.
    """
    open_marks: list[tuple[str, int]] = []
    awaited = Counter[str]()
    found: list[tuple[int, int]] = []
    for at, sign in enumerate(text):
        if _is_within_word(text, at):
            continue
        before = text[at - 1] if at else " "
        if awaited[sign] and not (sign in _BOTH_WAYS and before.isspace() and text[at + 1 : at + 2].isalnum()):
            while open_marks:
                mark, start = open_marks.pop()
                awaited.subtract(MARKS[mark])
                if sign in MARKS[mark]:
                    found.append((start, at))
                    break
        elif sign in _ALWAYS_OPEN or (sign in MARKS and not before.isalnum()):
            open_marks.append((sign, at))
            awaited.update(MARKS[sign])
    quotes, last = list[MarkedQuote](), len(text)
    for start, end in sorted(found, key=lambda span: -span[1]):
        if end < last and (words := text[start + 1 : end].strip()):
            quotes.append(MarkedQuote(words, start=start, end=end + 1))
        last = min(last, start) if end < last else last
    return quotes[::-1]


def _without_emphasis(text: str) -> str:
    """The text without emphasis around the whole of it, or around the quotation that it begins with."""
    mark = _EMPHASIS.match(text)
    if mark is None or text[mark.end() : mark.end() + 1] not in MARKS:
        return text
    end = text.rfind(mark[0])
    return text[mark.end() : end] + text[end + len(mark[0]) :] if end > mark.end() else text


def count_words(text: str) -> int:
    """Number of words."""
    return len(_WORD.findall(text))


def _end(text: str) -> int | None:
    """Position of the mark that closes the one at the start; None if it is never closed."""
    open_marks = [text[0]]
    for at in range(1, len(text)):
        sign, before = text[at], text[at - 1]
        if _is_within_word(text, at):
            continue
        if sign in MARKS[open_marks[-1]] and not (sign == open_marks[-1] and before.isspace()):
            open_marks.pop()
            if not open_marks:
                return at
        elif sign in _ALWAYS_OPEN or (sign in MARKS and (before.isspace() or before in MARKS or before in "([")):
            open_marks.append(sign)
    return None


def _is_within_word(text: str, at: int) -> bool:
    """True for an apostrophe, or inches: letters or digits on both sides."""
    return at > 0 and text[at] in "’'\"" and text[at - 1].isalnum() and text[at + 1 : at + 2].isalnum()

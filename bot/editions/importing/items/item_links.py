"""Links of an item that lead to its work: behind a click counter, named by the references, or behind its title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.chat.rich_text import Link
from bot.chat.text import one_line
from bot.domain.links import sites, urls
from bot.editions.importing.items.references import paper_of
from bot.editions.importing.label_words import LINK_LINE
from bot.editions.model import prose
from bot.editions.model.document import NumberedReference
from bot.editions.model.prose import Prose
from bot.errors import UserError

_CITED = re.compile(
    r"[(\[]?(?P<name>[^\W\d_a-z][\w'’-]+)(?:,? et al\.?| (?:and|&|und|et|y) [^\W\d_a-z][\w'’-]+)?,? "
    r"[(\[]?(?P<year>(?:19|20)\d\d)[a-z]?[)\]]"
)
"""A work as texts cite it: "(Hu et al., 2021)", "Hu and Li (2021)"."""
_ID = re.compile(r"(?:arxiv:\s?)?\d{4}\.\d{4,5}(?:v\d+)?|(?:doi:\s?)?10\.\d{4,9}/\S+", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s()\[\],;|·•/&]*")
_LEAD = re.compile(r"^[\s)\]]*[:–—,.-]+\s*|^[\s)\]]+")


def is_counter(url: str) -> bool:
    """True for the address of a click counter, or of another wrapper around the page that it leads to."""
    try:
        address = urls.parse(url)
    except UserError:
        return False
    return bool(sites.unwrap(address)) or sites.is_click_counter(address)


def cited_work(title: str, references: Sequence[NumberedReference]) -> str:
    """The address of the one reference that a title names by author and year, or by its own title; "" if none."""
    cited = _CITED.search(title)
    plain = (title[: cited.start()] if cited else title).strip(" (").casefold()
    found = set[str]()
    for entry in references:
        text = one_line(" ".join((*entry.work.authors, entry.work.title, str(entry.work.year or "")))).casefold()
        named = cited and text.startswith(cited["name"].casefold()) and cited["year"] in text
        if entry.work.url and (named or (len(plain.split()) > 1 and plain in text)):
            found.add(entry.work.url)
    return found.pop() if len(found) == 1 else ""


def names_work(link: Link) -> bool:
    """True for a link whose label only says what it leads to: "PDF", an arXiv id, a DOI, its own address."""
    return bool(LINK_LINE.match(link.label) or link.label == link.url or _ID.fullmatch(link.label))


def leading_links(words: Prose, own: str) -> tuple[tuple[Link, ...], Prose]:
    """The links with a usual label ("arXiv", "code") at the start of a text about a work, and the text behind them.

    `own` is the work's address: a text that begins with another link is left as it is.
    """
    found: list[Link] = []
    at = 0
    while at < len(words):
        span = words[at]
        if isinstance(span, Link) and (LINK_LINE.match(span.label) or span.label == span.url == own):
            found.append(span)
        elif not (isinstance(span, str) and _BETWEEN.fullmatch(span)):
            break
        at += 1
    if not found or (at < len(words) and not isinstance(words[at], str)) or all(one.url != own for one in found):
        return (), words
    rest = list(words[at:])
    if rest and isinstance(rest[0], str):
        rest[0] = _LEAD.sub("", rest[0])
    return tuple(one for one in found if one.label != one.url), prose.joined(tuple(span for span in rest if span != ""))


def title_by_address(url: str) -> str:
    """The title of an item whose line has none; "" if its address says none.

    For a work it is the address itself, under which its source knows the title; for a repository its name.
    """
    return url if paper_of(url) else sites.repository(url)


def is_remark(words: str) -> bool:
    """True for words behind an address that are no title: a sentence, or words in parentheses or in lower case."""
    return words[:1].islower() or words.startswith("(") or words.rstrip().endswith((".", "!", "…"))


def remark_behind(words: Prose, link: Link) -> tuple[str, Prose] | None:
    """Title of an item whose line begins with its bare address, and the words behind it; None for any other line.

    A text that is no remark is the title itself, and nothing is behind it.
    """
    if link.label != link.url or not words or words[0] != link or not (title := title_by_address(link.url)):
        return None
    rest = list(words[1:])
    if rest and isinstance(rest[0], str):
        rest[0] = re.sub(r"^[\s>:–—|,.-]+", "", rest[0])
    said = one_line(prose.plain(tuple(rest)))
    return (title, prose.joined(tuple(rest))) if not said or is_remark(said) else (said, ())

"""How a bibliography names a work: BibTeX, RIS and Markdown.

Authors stay in the order of the paper. What comes out of `bibtex` can be given to LaTeX as it is: braces are
balanced, special characters escaped, and only commands of a short list are let through, so that nothing in a title
can do anything but print.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from bot.domain.models import Paper
from bot.domain.withdrawals import paper_withdrawal
from bot.latex.escaping import escape, plain_letters

_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")
_GROUP = re.compile(r"\band\b|,|\b(?:collaboration|consortium|team|group|project|authors)\b", re.IGNORECASE)
_STOP_WORDS = {
    "a",
    "an",
    "the",
    "on",
    "of",
    "in",
    "for",
    "to",
    "and",
    "is",
    "are",
    "how",
    "why",
    "what",
    "with",
    "from",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A work, ready to be cited. `latex_*` is as the authors wrote it on arXiv, the rest is as a reader sees it."""

    title: str
    authors: tuple[str, ...]
    url: str
    latex_title: str
    latex_authors: tuple[str, ...]
    year: int | None = None
    arxiv_id: str = ""
    category: str = ""
    doi: str = ""
    journal: str = ""
    withdrawn: str = ""
    """That its source has withdrawn it, by whom and when: "Withdrawn by its authors on 5 Dec 2025."."""

    @classmethod
    def of(cls, paper: Paper, readable: Callable[[str], str]) -> Self:
        """What a paper's row says. `readable` turns LaTeX into what a reader sees."""
        kind, _, name = paper.key.partition(":")
        return cls(
            title=_one_line(readable(paper.title)),
            authors=tuple(_one_line(readable(author)) for author in paper.authors),
            url=paper.url,
            latex_title=_one_line(paper.title),
            latex_authors=tuple(map(_one_line, paper.authors)),
            year=paper.published_at.year if paper.published_at else None,
            arxiv_id=name if kind == "arxiv" else "",
            category=paper.categories[0] if paper.categories else "",
            doi=paper.doi or (name if kind == "doi" else ""),
            journal=_one_line(paper.journal_ref),
            withdrawn=gone.sentence if (gone := paper_withdrawal(paper)) else "",
        )


def bibtex(work: Reference, *, max_authors: int | None = None, name: str = "") -> str:
    """A BibTeX entry, with arXiv's own fields. Beyond `most` authors it says "and others", as BibTeX does.

    It is cited by `name`, else by its `key`, which two works may share.
    """
    names = [_bibtex_name(author) for author in work.latex_authors[:max_authors]]
    if len(names) < len(work.latex_authors):
        names.append("others")
    published = bool(work.journal) and not work.arxiv_id
    fields = {
        "title": f"{{{escape(work.latex_title)}}}",
        "author": " and ".join(names),
        "year": str(work.year or ""),
        "eprint": work.arxiv_id,
        "archivePrefix": "arXiv" if work.arxiv_id else "",
        "primaryClass": work.category if work.arxiv_id else "",
        "journal": escape(work.journal) if published else "",
        "note": escape(" ".join(filter(None, ("" if published else work.journal, work.withdrawn)))),
        "doi": _verbatim(work.doi),
        "url": _verbatim(work.url),
    }
    width = max(map(len, fields))
    lines = [f"  {name:<{width}} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{'article' if published else 'misc'}{{{name or citation_key(work)},\n" + ",\n".join(lines) + "\n}"


def ris(work: Reference, *, max_authors: int | None = None) -> str:
    """An RIS record, for Zotero, EndNote and Mendeley; every author on a line of their own, family name first.

    RIS has no word for "and others": beyond `most` authors the rest is left out.
    """
    rows = [
        ("TY", "JOUR" if work.journal or not work.arxiv_id else "UNPB"),
        *(("AU", _ris_name(author)) for author in work.authors[:max_authors]),
        ("TI", work.title),
        ("PY", str(work.year or "")),
        ("JO", work.journal),
        ("M1", f"arXiv:{work.arxiv_id}" if work.arxiv_id else ""),
        ("DO", work.doi),
        ("UR", work.url),
        ("N1", work.withdrawn),
    ]
    return "\n".join((*(f"{tag}  - {value}" for tag, value in rows if value), "ER  - "))


def markdown(work: Reference, *, max_authors: int | None = None) -> str:
    """One line of Markdown: authors, linked title, where it appeared, year."""
    people = ", ".join(work.authors[:max_authors]) + (" et al." if max_authors and len(work.authors) > max_authors else "")
    place = work.journal or (f"arXiv:{work.arxiv_id}" if work.arxiv_id else "")
    tail = ", ".join(part for part in (place, str(work.year or "")) if part)
    title = f"[{_escape_markdown(work.title)}](<{_verbatim(work.url)}>)"
    said = ". ".join(part for part in (_escape_markdown(people), title, _escape_markdown(tail)) if part) + "."
    return f"{said} {_escape_markdown(work.withdrawn)}".rstrip()


def citation_key(work: Reference) -> str:
    """A citation key in plain letters and digits: `vaswani2017attention`."""
    family = plain_letters(name_parts(work.authors[0])[0]) if work.authors else ""
    words = (plain_letters(word) for word in work.title.split())
    word = next((word for word in words if word and word not in _STOP_WORDS), "")
    made = f"{family}{work.year or ''}{word}"
    return made if family or word else plain_letters(work.arxiv_id or work.doi or "paper") or "paper"


def _bibtex_name(author: str) -> str:
    """A name as BibTeX splits it rightly: as it stands, in braces for a group, or family name first with a suffix."""
    family, given, suffix = name_parts(author)
    if suffix:
        return f"{escape(family)}, {escape(suffix)}, {escape(given)}"
    if not given and (" " in family or "," in family) and _GROUP.search(family):
        return f"{{{escape(family)}}}"
    return escape(author) or "{Anonymous}"


def _ris_name(author: str) -> str:
    return ", ".join(part for part in name_parts(author) if part)


def name_parts(author: str) -> tuple[str, str, str]:
    """Family name (with "van", "de"), given names, suffix. A group and a single word are all family name."""
    head, comma, tail = author.rpartition(",")
    if comma and _SUFFIX.fullmatch(tail.strip()):
        author = f"{head.strip()} {tail.strip()}"
    words = author.split()
    if _GROUP.search(author) or len(words) < 2:
        return author, "", ""
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    start = next((i for i, word in enumerate(words) if 0 < i < len(words) - 1 and word[0].islower()), len(words) - 1)
    return " ".join(words[start:]), " ".join(words[:start]), suffix


def _one_line(text: str) -> str:
    """The text on one line, without characters that are not printed."""
    return "".join(c for c in " ".join(text.split()) if unicodedata.category(c) not in {"Cc", "Cs"})


def _verbatim(address: str) -> str:
    """An address as BibTeX and Markdown may hold it: what would end it too early is percent-encoded."""
    return quote(address, safe="/:?#[]@!$&'()*+,;=%-._~")


def _escape_markdown(text: str) -> str:
    r"""Text for Markdown: its signs are signs, not format."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text)

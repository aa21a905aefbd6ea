"""Citations of a paper in BibTeX, RIS and Markdown.

Authors keep the order of the paper. The output of `bibtex` is safe for LaTeX: braces are balanced, special characters
are escaped, and only commands from a short list remain, so that a title can do nothing but print.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self
from urllib.parse import quote

from bot.domain.authors import clean_authors, name_parts
from bot.domain.bibliography.kinds import types_of
from bot.domain.links.sites import SiteKind
from bot.domain.models import Paper
from bot.domain.withdrawals import paper_notice, paper_withdrawal
from bot.latex.escaping import escape, plain_letters

_PROCEEDINGS = re.compile(
    r"\b(?:proceedings|proc\.|conference|symposium|workshop|advances in neural information|lecture notes)\b",
    re.IGNORECASE,
)
"""Words in the name of a volume of conference papers, which is no journal."""
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
    """A paper to cite. `latex_*` is as the authors wrote it on arXiv, the rest is readable text."""

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
    """Sentence about a withdrawal or a notice: "Withdrawn by its authors on 5 Dec 2025."; empty if there is none."""
    day: str = ""
    """Date of publication as an ISO text, as far as it is known: `2017-06`; empty if unknown."""
    abstract: str = ""
    """Abstract as readable text."""

    @property
    def any_doi(self) -> str:
        """DOI of the published work, else the one that arXiv registers for each of its papers."""
        return self.doi or (f"10.48550/arXiv.{self.arxiv_id}" if self.arxiv_id else "")

    @classmethod
    def of(cls, paper: Paper, readable: Callable[[str], str]) -> Self:
        """Reference of a paper's row. `readable` converts LaTeX to readable text."""
        kind, _, name = paper.key.partition(":")
        return cls(
            title=_one_line(readable(paper.title)),
            authors=tuple(_one_line(readable(author)) for author in clean_authors(paper.authors)),
            url=paper.url,
            latex_title=_one_line(paper.title),
            latex_authors=tuple(map(_one_line, clean_authors(paper.authors))),
            year=paper.published_at.year if paper.published_at else None,
            arxiv_id=name if kind == "arxiv" else "",
            category=paper.categories[0] if paper.categories else "",
            doi=paper.doi or (name if kind == "doi" else ""),
            journal=_one_line(paper.journal_ref),
            withdrawn=_remark(paper),
            day=paper.published_iso,
            abstract=_one_line(readable(paper.abstract or "")),
        )


def bibtex(
    work: Reference,
    *,
    max_authors: int | None = None,
    name: str = "",
    with_abstract: bool = False,
    kind: SiteKind = SiteKind.PAPER,
    extra: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A BibTeX entry with arXiv's own fields. After `max_authors` authors it ends in "and others", as BibTeX does.

    Its citation key is `name`, else `citation_key`, which two papers may share. The entry's type is that of its kind:
    `software`, `dataset`, `video` or `online` for what is no paper. `extra` are further fields, as text.
    """
    names = [_bibtex_name(author) for author in work.latex_authors[:max_authors]]
    if len(names) < len(work.latex_authors):
        names.append("others")
    published = bool(work.journal) and not work.arxiv_id
    proceedings = is_proceedings(work)
    types = types_of(kind)
    entry = types.bibtex if types else "misc" if not published else "inproceedings" if proceedings else "article"
    fields = {
        "title": f"{{{escape(work.latex_title)}}}",
        "author": " and ".join(names),
        "year": str(work.year or ""),
        "month": str(int(work.day[5:7])) if work.day[5:7] else "",
        "day": str(int(work.day[8:10])) if work.day[8:10] else "",
        "eprint": work.arxiv_id,
        "archivePrefix": "arXiv" if work.arxiv_id else "",
        "primaryClass": work.category if work.arxiv_id else "",
        "booktitle" if proceedings else "journal": escape(work.journal) if published else "",
        "note": escape(" ".join(filter(None, ("" if published else work.journal, work.withdrawn)))),
        "doi": _verbatim(work.any_doi),
        "url": _verbatim(work.url),
        "abstract": escape(work.abstract) if with_abstract else "",
        **{field: escape(value) for field, value in extra.items()},
    }
    width = max(map(len, fields))
    lines = [f"  {name:<{width}} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{entry}{{{name or citation_key(work)},\n" + ",\n".join(lines) + "\n}"


def ris(
    work: Reference,
    *,
    max_authors: int | None = None,
    with_abstract: bool = False,
    kind: SiteKind = SiteKind.PAPER,
    extra: Sequence[tuple[str, str]] = (),
) -> str:
    """A RIS record for Zotero, EndNote and Mendeley, with one line per author, family name first.

    RIS has no "and others": authors after `max_authors` are left out. `extra` are further lines.
    """
    proceedings = is_proceedings(work)
    types = types_of(kind)
    rows = [
        (
            "TY",
            types.ris if types else "CONF" if proceedings else "JOUR" if work.journal or not work.arxiv_id else "UNPB",
        ),
        *(("AU", _ris_name(author)) for author in work.authors[:max_authors]),
        ("TI", work.title),
        ("PY", str(work.year or "")),
        ("DA", work.day.replace("-", "/")),
        ("T2" if proceedings else "JO", work.journal),
        ("M1", f"arXiv:{work.arxiv_id}" if work.arxiv_id else ""),
        ("DO", work.any_doi),
        ("UR", work.url),
        ("AB", work.abstract if with_abstract else ""),
        ("N1", work.withdrawn),
        *extra,
    ]
    return "\n".join((*(f"{tag}  - {value}" for tag, value in rows if value), "ER  - "))


def markdown(work: Reference, *, max_authors: int | None = None) -> str:
    """One line of Markdown: authors, linked title, publication, year."""
    people = ", ".join(work.authors[:max_authors]) + (
        " et al." if max_authors and len(work.authors) > max_authors else ""
    )
    place = work.journal or (f"arXiv:{work.arxiv_id}" if work.arxiv_id else "")
    tail = ", ".join(part for part in (place, str(work.year or "")) if part)
    title = f"[{_escape_markdown(work.title)}](<{_verbatim(work.url)}>)"
    citation = ". ".join(part for part in (_escape_markdown(people), title, _escape_markdown(tail)) if part) + "."
    return f"{citation} {_escape_markdown(work.withdrawn)}".rstrip()


def is_proceedings(work: Reference) -> bool:
    """True if the work appeared in a volume of conference papers."""
    return bool(_PROCEEDINGS.search(work.journal))


def citation_key(work: Reference) -> str:
    """A citation key of letters and digits: `vaswani2017attention`."""
    family = plain_letters(name_parts(work.authors[0]).family) if work.authors else ""
    words = (plain_letters(word) for word in work.title.split())
    word = next((word for word in words if word and word not in _STOP_WORDS), "")
    key = f"{family}{work.year or ''}{word}"
    return key if family or word else plain_letters(work.arxiv_id or work.doi or "paper") or "paper"


def unique_keys(works: Iterable[Reference]) -> Iterator[str]:
    """Citation keys that no two works share: the second of two gets a `b`, and so on through the alphabet."""
    used: set[str] = set()
    for work in works:
        name = base = citation_key(work)
        count = 1
        while name in used:
            count += 1
            name = base + (chr(ord("a") + count - 1) if count <= 26 else str(count))
        used.add(name)
        yield name


def _bibtex_name(author: str) -> str:
    """A name that BibTeX splits correctly: as written, in braces for a group, family name first where it must be."""
    parts = name_parts(author)
    if parts.group:
        return f"{{{escape(author)}}}"
    if parts.suffix:
        return f"{escape(parts.family)}, {escape(parts.suffix)}, {escape(parts.given)}"
    if parts.given and f"{parts.given} {parts.family}" != author:  # family name first, as in "Doe, Jane" and 王 小明
        return f"{escape(parts.family)}, {escape(parts.given)}"
    if parts.family.split()[1:2] and parts.family.split()[1] in ("e", "i", "y"):
        return f"{escape(parts.family)}, {escape(parts.given)}"
    return escape(author) or "{Anonymous}"


def _ris_name(author: str) -> str:
    parts = name_parts(author)
    return ", ".join(part for part in (parts.family, parts.given, parts.suffix) if part)


def _remark(paper: Paper) -> str:
    """Sentence about a withdrawal, or about a notice of the publisher; "" if there is neither."""
    if withdrawal := paper_withdrawal(paper):
        return withdrawal.sentence
    notice = paper_notice(paper)
    return f"{notice}." if notice else ""


def _one_line(text: str) -> str:
    """The text on one line, without control characters."""
    return "".join(c for c in " ".join(text.split()) if unicodedata.category(c) not in {"Cc", "Cs"})


def _verbatim(address: str) -> str:
    """An address for BibTeX and Markdown: characters that would end it are percent-encoded."""
    return quote(address, safe="/:?#[]@!$&'()*+,;=%-._~")


def _escape_markdown(text: str) -> str:
    """Text for Markdown, with its special characters escaped."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text)

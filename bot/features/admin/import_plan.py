"""Plan of an import: works of a list that are new, that the club has, and that are not clear. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from urllib.parse import quote_plus

from bot.chat.text import clean, one_line, truncate
from bot.domain.bibliography.entry import BibliographyEntry, ListProblem, ReadList
from bot.domain.links import identify, sites
from bot.domain.links.sites import SiteKind
from bot.domain.publication_date import PublicationDate
from bot.domain.stream.items import fingerprint
from bot.features.shared.lookup import club_paper_key
from bot.features.shared.papers.paper_list import TITLE_KEY
from bot.latex.reader import latex_to_text
from bot.locale.current import _
from bot.store.papers.reading_history import HistoryPaper, StoredWork

MAX_REASON = 500
"""Characters of a reason, as of a paper that is submitted."""


@dataclass(frozen=True, slots=True)
class KnownWorks:
    """The club's works by everything that tells them apart; the values are their numbers."""

    keys: Mapping[str, int]
    """Numbers by key, and by DOI as a key."""
    prints: Mapping[str, int]
    """Numbers by `fingerprint`, of titles that are long enough."""
    titles: Mapping[str, int]
    """Numbers by folded title, of titles that are long enough."""

    @classmethod
    def of(cls, works: Sequence[StoredWork]) -> KnownWorks:
        """The works of a club."""
        keys: dict[str, int] = {}
        prints: dict[str, int] = {}
        titles: dict[str, int] = {}
        for work in works:
            keys[work.key] = work.number
            if work.doi:
                keys[f"doi:{work.doi.lower()}"] = work.number
            shown = latex_to_text(work.title)
            if mark := fingerprint(shown, [latex_to_text(name) for name in work.authors[:1]]):
                prints[mark] = work.number
                titles[_folded(shown)] = work.number
        return cls(keys, prints, titles)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Works of a list by what an import does with them: new ones are added, the others are not."""

    format: str
    new: Sequence[PlannedPaper]
    known: Sequence[tuple[str, int]]
    """Titles of works that the club has, with their numbers."""
    twice: int
    """Works that are in the list again."""
    unclear: Sequence[ListProblem]

    @property
    def dated(self) -> int:
        """Number of new works whose day of reading is known."""
        return sum(planned.paper.read_at is not None for planned in self.new)


@dataclass(frozen=True, slots=True)
class PlannedPaper:
    """A work to add; its topic is a name, since the club may not have it yet."""

    paper: HistoryPaper
    topic: str = ""


def plan_import(found: ReadList, known: KnownWorks, *, club_id: int, today: date, zone: tzinfo) -> ImportPlan:
    """Sort the works of a list. A work that is there twice counts once, with the first one's details."""
    new: list[PlannedPaper] = []
    had: list[tuple[str, int]] = []
    unclear = list(found.problems)
    seen: set[str] = set()
    twice = 0
    for number, entry in enumerate(found.entries, 1):
        key, url, kind = _identity(entry, club_id)
        names = {key, *([f"doi:{entry.doi}"] if entry.doi else [])}
        if mark := fingerprint(entry.title, entry.authors):
            names.add(mark)
        name = entry.title or url
        title = _("“{text}”", text=truncate(name, 80))
        have = next((known.keys[one] for one in names if one in known.keys), None) or known.prints.get(mark)
        if have is not None:
            had.append((name, have))
        elif names & seen:
            twice += 1
        elif entry.read and entry.read > today:
            unclear.append(
                ListProblem(
                    _("entry {number}", number=number),
                    _("{title} was read on {read}, which is in the future.", title=title, read=entry.read),
                )
            )
        elif (near := known.titles.get(_folded(entry.title))) and not entry.authors:
            unclear.append(
                ListProblem(
                    _("entry {number}", number=number),
                    _("{title} has the same title as #{near}. Is it the same paper?", title=title, near=near),
                )
            )
        elif mark and near and key.startswith("web:"):
            unclear.append(
                ListProblem(
                    _("entry {number}", number=number),
                    _(
                        "{title} has the same title as #{near}, but different authors. Is it the same paper?",
                        title=title,
                        near=near,
                    ),
                )
            )
        else:
            seen |= names
            new.append(PlannedPaper(_history_paper(entry, key, url, kind, zone), one_line(entry.topic)[:60]))
    return ImportPlan(found.format, tuple(new), tuple(had), twice, tuple(unclear))


def _identity(entry: BibliographyEntry, club_id: int) -> tuple[str, str, SiteKind]:
    """Key, address and kind of a work. One without an id and a page leads to a search for its title."""
    link = entry.link
    if isinstance(link, identify.PaperRef):
        return link.key, identify.PaperRef(link.source, link.id).url, SiteKind.PAPER
    if isinstance(link, identify.LinkedItem):
        described = SiteKind.PAPER if entry.authors or entry.abstract else link.kind
        return club_paper_key(club_id, link), link.url, entry.kind or described
    address = f"https://scholar.google.com/scholar?q={quote_plus(entry.title[:300])}"
    return f"web:{club_id}:{TITLE_KEY}{entry.title_key}", address, entry.kind or SiteKind.PAPER


def _history_paper(entry: BibliographyEntry, key: str, url: str, kind: SiteKind, zone: tzinfo) -> HistoryPaper:
    source, _unused, id = key.partition(":")
    name = sites.page_name(url) or url if source == "web" else f"{'arXiv' if source == 'arxiv' else 'DOI'} {id}"
    return HistoryPaper(
        key=key,
        url=url,
        title=one_line(entry.title) or name,
        kind=kind,
        authors=tuple(map(one_line, entry.authors)),
        abstract=clean(entry.abstract),
        categories=entry.categories[:10],
        comment=one_line(entry.comment),
        venue=one_line(entry.venue),
        doi=entry.doi if source != "doi" else "",
        published=PublicationDate.of_iso(entry.day),
        why=truncate(clean(entry.why), MAX_REASON),
        read_at=datetime.combine(entry.read, time(12), zone) if entry.read else None,
    )


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())

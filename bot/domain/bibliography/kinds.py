"""Types of works in BibTeX, RIS and CSL, and the kinds of the club that they are."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.links.sites import SiteKind


@dataclass(frozen=True, slots=True)
class WorkTypes:
    """Name of a kind of work in each format."""

    bibtex: str
    ris: str
    csl: str


WORK_TYPES: dict[SiteKind, WorkTypes] = {
    SiteKind.CODE: WorkTypes("software", "COMP", "software"),
    SiteKind.DATA: WorkTypes("dataset", "DATA", "dataset"),
    SiteKind.VIDEO: WorkTypes("video", "VIDEO", "motion_picture"),
    SiteKind.BLOG: WorkTypes("online", "BLOG", "post-weblog"),
    SiteKind.NEWS: WorkTypes("online", "NEWS", "article-newspaper"),
    SiteKind.DEMO: WorkTypes("online", "ELEC", "webpage"),
}
"""Types of the kinds that are no papers. Kinds that are not here are pages, as a demo is."""

_BIBTEX = {"software": SiteKind.CODE, "dataset": SiteKind.DATA, "video": SiteKind.VIDEO, "online": None}
_RIS = {"COMP": SiteKind.CODE, "DATA": SiteKind.DATA, "VIDEO": SiteKind.VIDEO, "BLOG": SiteKind.BLOG,
        "NEWS": SiteKind.NEWS, "ELEC": None, "WEB": None}  # fmt: skip
_CSL = {"software": SiteKind.CODE, "dataset": SiteKind.DATA, "motion_picture": SiteKind.VIDEO,
        "post-weblog": SiteKind.BLOG, "article-newspaper": SiteKind.NEWS, "webpage": None}  # fmt: skip


def types_of(kind: SiteKind) -> WorkTypes | None:
    """Types of a kind in each format; None for a paper, whose type depends on where it appeared."""
    return None if kind is SiteKind.PAPER else WORK_TYPES.get(kind, WORK_TYPES[SiteKind.DEMO])


def kind_of(named: str, *, bibtex: str = "", ris: str = "", csl: str = "") -> SiteKind | None:
    """Kind by the name that an export of this program gives, else by the format's type; None if it is any page."""
    if named in SiteKind._value2member_map_:
        return SiteKind(named)
    return (
        _BIBTEX.get(bibtex, SiteKind.PAPER) if bibtex
        else _RIS.get(ris, SiteKind.PAPER) if ris
        else _CSL.get(csl, SiteKind.PAPER)
    )  # fmt: skip

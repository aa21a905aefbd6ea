"""Section of an edition about new papers that nobody picked: "Also new this week", marked as chosen by the program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.editions.model.document import Item, Section
from bot.editions.model.templates import Template

EMOJI = "🆕"


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A new paper of the club's sources that is not on its list."""

    key: str
    title: str
    url: str
    authors: str
    venue: str


@dataclass(frozen=True, slots=True)
class NewPapers:
    """The best of a club's new papers, and the number of those that they were chosen from."""

    papers: Sequence[NewPaper] = ()
    considered: int = 0


NO_NEW_PAPERS = NewPapers()


def new_papers_section(found: NewPapers, template: Template, *, emoji: bool, monthly: bool) -> Section | None:
    """The section; None if there are no such papers, or the club leaves out what is neither paper, news nor code."""
    if not found.papers or "meta" not in template.order:
        return None
    words = template.words
    title = words.gettext("Also new this month") if monthly else words.gettext("Also new this week")
    intro = words.ngettext(
        "Chosen by the program from {n} new paper. Nobody in the club has picked it.",
        "Chosen by the program from {n} new papers. Nobody in the club has picked these.",
        max(found.considered, len(found.papers)),
    )
    items = tuple(
        Item(kind="paper", key=paper.key, title=paper.title, url=paper.url, authors=paper.authors, venue=paper.venue)
        for paper in found.papers
    )
    return Section(title, "meta", items, EMOJI if emoji else "", (intro,))

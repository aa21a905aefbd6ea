"""A paper's page, with everything that the club has published about it, and its citations."""

from __future__ import annotations

import re
from dataclasses import replace

from adapters.web.archive.editions import share_card
from adapters.web.archive.meetings import of_paper
from adapters.web.archive.page_request import NotFound, Page, PageRequest, Redirect, encoded
from adapters.web.archive.structured_data import citation_tags, json_ld
from bot.chat.text import one_line, truncate
from bot.domain import citations
from bot.domain.archive_urls import slug
from bot.domain.models import Submission
from bot.domain.withdrawals import paper_notice, paper_withdrawal
from bot.editions.model import prose
from bot.editions.model.document import Document, Item, Section, Work
from bot.editions.model.translation import words_of
from bot.editions.render.outline import Erratum
from bot.editions.render.outline_builder import item_outline
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.papers.similar_papers import most_similar
from bot.latex.reader import latex_to_text
from bot.locale import Translator

CITATIONS = {".bib": "application/x-bibtex", ".ris": "application/x-research-info-systems"}
"""Citation formats by the ending of their URL."""

MOST_SIMILAR, MOST_COMPARED_WITH_IT = 3, 20
"""Similar papers that a page shows, and those among which published ones are looked for."""

DESCRIPTION_LENGTH = 200
"""Characters of a page's description; search engines show fewer."""


async def paper(request: PageRequest, number: int) -> Page:
    """A paper that was in an edition: why it was read, what was said, and its standing today."""
    submission = await _published(request, number)
    entry = request.catalogue.papers[number]
    document = await request.document(request.catalogue.by_number[entry.edition].id)
    section, item = _position(document, entry.key)
    words = words_of(document)
    work = Work.of(submission.paper, latex_to_text)
    return request.draw(
        "paper.html.jinja",
        submission=submission,
        paper=submission.paper,
        item=item_outline(_not_published(item), document),
        brought_by=item.brought_by,
        brought_by_label=words.gettext("Submitted by"),
        section=section,
        issued=request.catalogue.by_number[entry.edition],
        theme=request.catalogue.themes.get(slug(entry.theme)) if entry.theme else None,
        language=document.language,
        abstract=latex_to_text(" ".join(submission.paper.abstract.split())),
        authors=[latex_to_text(name) for name in submission.paper.authors],
        citation=citations.bibtex(work, max_authors=100),
        description=truncate(one_line(prose.plain(item.why)), DESCRIPTION_LENGTH),
        tags=citation_tags(work) if item.kind == "paper" else [],
        data=json_ld(work, request.club.name, request.absolute(request.here)) if item.kind == "paper" else "",
        card=share_card(request, request.catalogue.by_number[entry.edition]),
        corrections=_corrections(document, item, words),
        newer=_newer(submission, item),
        withdrawal=paper_withdrawal(submission.paper),
        publisher_notice=paper_notice(submission.paper),
        meetings=await of_paper(request, submission),
        similar=await _similar(request, submission),
        references_at=request.link(request.at.edition(entry.edition)) if document.shown_references else None,
    )


async def _similar(request: PageRequest, submission: Submission) -> list[tuple[int, str]]:
    """Published papers most like one, as number and title, best first."""
    async with request.app.store.read(request.club.id) as db:
        found = await most_similar(db, submission, MOST_COMPARED_WITH_IT)
    published = [one for one, _unused in found if one.number in request.catalogue.papers]
    return [(one.number, title_of(one)) for one in published[:MOST_SIMILAR]]


async def citation(request: PageRequest, number: int, ending: str) -> Page:
    """A paper's entry for a bibliography, as a file."""
    if ending not in CITATIONS:
        raise NotFound
    work = Work.of((await _published(request, number)).paper, latex_to_text)
    text = (
        citations.bibtex(work, with_abstract=True)
        if ending == ".bib"
        else citations.ris(work, with_abstract=True).replace("\n", "\r\n")
    )
    return Page(encoded(text + "\n"), CITATIONS[ending], name=f"{citations.citation_key(work)}{ending}")


async def _published(request: PageRequest, number: int) -> Submission:
    """The submission of this number, if it was in an edition; one merged into another leads there."""
    async with request.app.store.read(request.club.id) as db:
        found = await db.submissions.by_number(number)
        into = await db.submissions.get(found.merged_into_id) if found and found.merged_into_id else None
    if into and number not in request.catalogue.papers and into.number in request.catalogue.papers:
        raise Redirect(request.at.paper(into.number))
    if found is None or number not in request.catalogue.papers:
        raise NotFound
    return found


def _position(document: Document, key: str) -> tuple[Section, Item]:
    """An item of an edition and the section that it is in."""
    return next((section, item) for section in document.sections for item in section.items if item.key == key)


def _not_published(item: Item) -> Item:
    """The item without the parts that its page shows elsewhere: title, number and place among the references."""
    return replace(item, number=0, reference=0)


def _corrections(document: Document, item: Item, words: Translator) -> list[Erratum]:
    return [Erratum(fix.at, words.short_date(document.local(fix.at)), fix.say) for fix in document.fixes(item)]


def _newer(submission: Submission, item: Item) -> int:
    """The paper's current version if the text was written about an older one; else 0."""
    read = re.search(r" v(\d+)$", item.provenance.source) if item.provenance else None
    return submission.paper.version if read and int(read[1]) < submission.paper.version else 0

"""An edition's page, and its forms to take away."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from adapters.web.archive.addresses import slug
from adapters.web.archive.visit import Missing, Page, Visit, encoded
from bot.editions import bibliography, email, markdown
from bot.editions.document import Document, to_json

GONE = 410
"""HTTP's word for what was here and was taken away on purpose."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which an edition can be taken away: how it is written, what it is for."""

    write: Callable[[Document, str], str]
    type: str
    label: str


FORMS = {
    ".md": Form(lambda document, url: markdown.render(document, url=url), "text/markdown", "Markdown"),
    ".mail.html": Form(lambda document, url: email.render(document, url=url), "text/html", "E-mail"),
    ".bib": Form(lambda document, _: bibliography.bibtex(document), "application/x-bibtex", "BibTeX"),
    ".ris": Form(lambda document, _: bibliography.ris(document), "application/x-research-info-systems", "RIS"),
    ".csl.json": Form(
        lambda document, _: bibliography.csl_json(document), "application/vnd.citationstyles.csl+json", "CSL-JSON"
    ),
    ".json": Form(
        lambda document, _: json.dumps(to_json(document), ensure_ascii=False, indent=2) + "\n",
        "application/json",
        "JSON",
    ),
}
"""The forms by the ending of their address."""


async def edition(visit: Visit, number: int) -> Page:
    """An edition as it stands, with where to go from it."""
    if number in visit.catalogue.recalled:
        return visit.draw("recalled.html.jinja", status=GONE, number=number)
    document = await _document(visit, number)
    before, after = visit.catalogue.around(number)
    return visit.draw(
        "edition-page.html.jinja",
        document=document,
        labels=document.labels,
        before=before,
        after=after,
        forms=FORMS,
        paper_pages={item.submission: item.brought for item in document.items if item.submission and item.brought},
    )


async def form(visit: Visit, number: int, ending: str) -> Page:
    """An edition as a file."""
    if ending not in FORMS:
        raise Missing
    document = await _document(visit, number)
    chosen = FORMS[ending]
    text = chosen.write(document, visit.absolute(visit.at.edition(number)))
    return Page(encoded(text), chosen.type, name=f"{slug(visit.club.name)}-{number}{ending}")


async def _document(visit: Visit, number: int) -> Document:
    issued = visit.catalogue.by_number.get(number)
    if issued is None:
        raise Missing
    return await visit.document(issued.id)

"""Machine-readable facts on a paper's page: `citation_*` tags for reference managers, and JSON-LD for search engines.

The tags are those that Zotero and Google Scholar read; the JSON-LD is schema.org's ScholarlyArticle.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.chat.rich_text import Link
from bot.editions.model.document import Work
from bot.editions.render.html_page import trusted_markup

if TYPE_CHECKING:
    from markupsafe import Markup

MAX_AUTHORS = 100
"""Authors of a paper that are listed; some physics papers have thousands."""
_HTML_CHARACTERS = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026", "\u2028": r"\u2028"})


def citation_tags(work: Work) -> list[tuple[str, str]]:
    """Names and contents of the tags of a work, in order; nothing unknown is among them."""
    tags = [("citation_title", work.title)]
    tags += [("citation_author", author) for author in work.authors[:MAX_AUTHORS]]
    date = work.day.replace("-", "/") or (str(work.year) if work.year else "")
    tags += [
        ("citation_publication_date", date),
        ("citation_journal_title", work.journal),
        ("citation_doi", work.any_doi),
        ("citation_arxiv_id", work.arxiv_id),
        ("citation_abstract_html_url", work.url if Link("", work.url).is_safe else ""),
        ("citation_pdf_url", f"https://arxiv.org/pdf/{work.arxiv_id}" if work.arxiv_id else ""),
    ]
    return [(name, content) for name, content in tags if content]


def json_ld(work: Work, club: str, page: str) -> Markup:
    """The work as JSON-LD for a script element, with every character escaped that HTML gives a meaning.

    `page` is the absolute address of the club's page about it; empty if there is none.
    """
    identifiers = [f"https://doi.org/{work.any_doi}"] if work.any_doi else []
    value = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": work.title,
        "author": [{"@type": "Person", "name": author} for author in work.authors[:MAX_AUTHORS]],
        "datePublished": work.day or (str(work.year) if work.year else ""),
        "abstract": work.abstract,
        "identifier": work.any_doi,
        "sameAs": ([work.url] if Link("", work.url).is_safe else []) + identifiers,
        "isPartOf": {"@type": "Periodical", "name": work.journal} if work.journal else None,
        "subjectOf": {"@type": "WebPage", "url": page, "publisher": {"@type": "Organization", "name": club}}
        if page
        else None,
    }
    known = {name: content for name, content in value.items() if content}
    return trusted_markup(json.dumps(known, ensure_ascii=False).translate(_HTML_CHARACTERS))

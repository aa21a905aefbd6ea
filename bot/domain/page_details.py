"""Details of a web page, as the page itself or its site's API describes it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.publication_date import PublicationDate


@dataclass(frozen=True, slots=True)
class PageDetails:
    """Title, authors and identifiers of a page; a missing text is "".

    `doi` is in lower case, `arxiv_id` has no version.
    """

    title: str
    authors: tuple[str, ...] = ()
    description: str = ""
    venue: str = ""
    doi: str = ""
    arxiv_id: str = ""
    published: PublicationDate | None = None

"""Articles of PubMed and PMC by NCBI's E-utilities (https://www.ncbi.nlm.nih.gov/books/NBK25501)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from bot.domain.page_details import PageDetails
from bot.domain.publication_date import PublicationDate
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import JsonSource, SourceMalformed
from bot.sources.record_fields import MAX_AUTHORS, doi_of, object_of, objects_of, one_line, text_date, text_of, title_of

_PUBMED = re.compile(
    r"https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/([0-9]{1,9})(?![0-9])"
)
_PMC = re.compile(
    r"https?://(?:www\.)?(?:pmc\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pmc)/articles/PMC([0-9]{1,9})(?![0-9])",
    re.IGNORECASE,
)


class PubMedClient(JsonSource):
    """Looks up articles at PubMed and PMC."""

    name = "pubmed"
    label = "PubMed"

    def knows(self, url: str) -> bool:
        """True for the page of an article."""
        return _database_and_id(url) is not None

    async def details(self, url: str) -> PageDetails | None:
        """Title, authors, journal and DOI of an article. Raises SourceUnavailable or SourceMalformed."""
        found = _database_and_id(url)
        if found is None:
            return None
        database, number = found
        query = {"db": database, "id": number, "retmode": "json", "tool": "journalclub", "email": self.contact}
        answer = await self.get(f"/esummary.fcgi?{urlencode({name: value for name, value in query.items() if value})}")
        result = object_of(answer.get("result")) if answer else {}
        article = object_of(result.get(number))
        if "error" in article or (answer and "error" in answer):
            return None
        if text_of(article.get("uid")) != number:
            raise SourceMalformed(self.label, TranslatableText("it is about another article"))
        title = title_of(text_of(article.get("title"))).removesuffix(".")
        if not title:
            raise SourceMalformed(self.label, TranslatableText("it has no title"))
        authors = [one_line(text_of(author.get("name"))) for author in objects_of(article.get("authors"))[:MAX_AUTHORS]]
        return PageDetails(
            title,
            tuple(filter(None, authors)),
            venue=one_line(text_of(article.get("fulljournalname"))),
            doi=_doi(article),
            published=_published(article),
        )


def _published(article: dict[str, Any]) -> PublicationDate | None:
    """Date of publication as far as it is known. The dates for sorting have a day even where nobody knows it."""
    given = [text_of(article.get(name)).partition("-")[0] for name in ("epubdate", "pubdate")]
    return next((day for text in given if (day := text_date(text) or text_date(text[:4]))), None)


def _doi(article: dict[str, Any]) -> str:
    ids = objects_of(article.get("articleids"))
    return next((doi_of(text_of(entry.get("value"))) for entry in ids if entry.get("idtype") == "doi"), "")


def _database_and_id(url: str) -> tuple[str, str] | None:
    for database, pattern in (("pubmed", _PUBMED), ("pmc", _PMC)):
        if found := pattern.match(url):
            return database, found[1]
    return None

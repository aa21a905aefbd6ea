"""Submissions at OpenReview by its API (version 2), with an account or without."""

from __future__ import annotations

from urllib.parse import urlencode

from bot.domain.links import urls
from bot.domain.page_details import PageDetails
from bot.domain.publication_date import PublicationDate
from bot.errors import UserError
from bot.locale.translatable import TranslatableText
from bot.sources.json_host import SourceMalformed
from bot.sources.openreview_fields import field_value, moment_of
from bot.sources.openreview_session import OpenReviewSource
from bot.sources.record_fields import (
    MAX_AUTHORS,
    abstract_of,
    list_of,
    object_of,
    objects_of,
    one_line,
    text_of,
    title_of,
)


class OpenReviewClient(OpenReviewSource):
    """Looks up submissions at OpenReview."""

    def knows(self, url: str) -> bool:
        """True for the forum of a submission."""
        return bool(_forum(url))

    async def details(self, url: str) -> PageDetails | None:
        """Title, authors and venue of a submission. Raises SourceUnavailable or SourceMalformed.

        Authors of a submission under double-blind review are not given.
        """
        forum = _forum(url)
        answer = await self.get(f"/notes?{urlencode({'id': forum})}")
        notes = objects_of(answer.get("notes")) if answer else []
        if not notes:
            return None
        if notes[0].get("id") != forum:
            raise SourceMalformed(self.label, TranslatableText("it is about another submission"))
        content = object_of(notes[0].get("content"))
        title = title_of(text_of(field_value(content, "title")))
        if not title:
            raise SourceMalformed(self.label, TranslatableText("it has no title"))
        names = [
            one_line(name) for name in list_of(field_value(content, "authors"))[:MAX_AUTHORS] if isinstance(name, str)
        ]
        moment = moment_of(notes[0].get("pdate") or notes[0].get("cdate"))
        return PageDetails(
            title,
            tuple(name for name in names if name and name.casefold() != "anonymous"),
            abstract_of(text_of(field_value(content, "abstract"))),
            one_line(text_of(field_value(content, "venue"))),
            published=PublicationDate(moment) if moment else None,
        )


def _forum(url: str) -> str:
    try:
        address = urls.parse(url)
    except UserError:
        return ""
    return address.value("id")[:100] if address.site == "openreview.net" and address.path == "/forum" else ""

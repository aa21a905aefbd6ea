"""Reads items as Zotero's API and the add-on Better BibTeX write them: `itemType`, `creators`, `DOI`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.bibliography import fields
from bot.domain.bibliography.entry import BibliographyEntry, parse_day
from bot.domain.links.sites import SiteKind
from bot.locale.current import _

_PARTS = ("attachment", "note", "annotation")
_KINDS = {
    "computerProgram": SiteKind.CODE, "dataset": SiteKind.DATA, "videoRecording": SiteKind.VIDEO,
    "blogPost": SiteKind.BLOG, "newspaperArticle": SiteKind.NEWS, "webpage": None,
}  # fmt: skip
_VENUES = ("publicationTitle", "proceedingsTitle", "conferenceName", "bookTitle")


def is_zotero_item(record: object) -> bool:
    """True for an item of Zotero's, a work or a part of one."""
    return isinstance(record, dict) and isinstance(record.get("itemType"), str)


def is_part_of_item(record: Mapping[str, Any]) -> bool:
    """True for a file, a note or an annotation, which is no work of its own."""
    return record["itemType"] in _PARTS


def zotero_entry(record: Mapping[str, Any]) -> BibliographyEntry:
    """The work of an item. Raises ValueError, with a sentence, if there is nothing to know it by."""

    def get(*names: str) -> str:
        return next((value for name in names if isinstance(value := record.get(name), str) and value.strip()), "")

    extra = dict(re.findall(r"^(arXiv|DOI):\s*(\S+)", get("extra"), re.MULTILINE | re.IGNORECASE))
    archived = get("archiveID")
    eprint = archived if archived.lower().startswith("arxiv:") else extra.get("arXiv", "")
    arxiv_id, doi = fields.identifiers(get("DOI") or extra.get("DOI", ""), eprint, get("url"))
    title = fields.title(fields.plain(get("title")))
    if not (title or arxiv_id or doi or get("url")):
        raise ValueError(_("It has no title, no id and no link."))
    creators = record.get("creators")
    people = [one for one in creators if isinstance(one, dict)] if isinstance(creators, list) else []
    authors = [one for one in people if one.get("creatorType", "author") == "author"] or people
    return BibliographyEntry(
        title=title,
        authors=fields.names([_name(one) for one in authors], ordered=True),
        abstract=fields.abstract(fields.plain(get("abstractNote"))),
        day=parse_day(get("date")),
        arxiv_id=arxiv_id,
        doi=doi,
        url=get("url"),
        venue="" if get("publicationTitle").lower().startswith("arxiv") else fields.plain(get(*_VENUES)),
        kind=_KINDS.get(record["itemType"], SiteKind.PAPER),
    )


def _name(creator: Mapping[str, Any]) -> str:
    parts = [creator.get(part) for part in ("firstName", "lastName", "name")]
    return fields.plain(" ".join(part for part in parts if isinstance(part, str) and part))

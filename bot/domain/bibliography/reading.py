"""Reads a list of works in whichever format it is."""

from __future__ import annotations

import re

from bot.domain.bibliography.bibtex import read_bibtex
from bot.domain.bibliography.entry import ReadList
from bot.domain.bibliography.json_lists import read_json
from bot.domain.bibliography.markdown_list import read_markdown_list
from bot.domain.bibliography.pipe_table import pipe_table_as_csv
from bot.domain.bibliography.ris import read_ris
from bot.domain.bibliography.table import is_table, read_table
from bot.domain.bibliography.tagged_list import is_endnote, is_pubmed, read_endnote, read_pubmed
from bot.errors import UserError
from bot.locale.current import _, mark_text

FORMATS = mark_text("BibTeX, RIS, CSL-JSON, CSV, a Markdown list, or this program’s own export")
"""Formats that are read, in words."""

_LIST_START = re.compile(
    r"\s*(?:@[a-z]{2,20}\s?[{(]|TY {1,2}- [A-Z]|PMID ?- ?\d|%0 \w|\[\s*\{"
    r"|\{\s*\"|[-*+•]\s+\S|\d{1,4}[.)]\s+\S|#{1,6}\s+\S)",
    re.IGNORECASE,
)
"""Starts of BibTeX, RIS, PubMed's and EndNote's lists, JSON and Markdown."""


def read_bibliography(text: str) -> ReadList:
    """Works of a text in any of the formats. Raises UserError if it is in none of them, or has no works."""
    text = text.lstrip("\ufeff").strip("\n")
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise UserError(
            _("That is a web page or XML, not a list of papers. I read {formats}.", formats=_(FORMATS)), field="file"
        )
    try:
        found = _read(text)
    except ValueError as error:
        raise UserError(str(error), field="file") from None
    if not found.entries and not found.problems:
        raise UserError(_("There are no papers in that. I read {formats}.", formats=_(FORMATS)), field="file")
    return found


def is_pasted_list(text: str) -> bool:
    """True for a text that can only be a list of papers, and not the name of a file."""
    return bool(_LIST_START.match(text)) or ("\n" in text.strip() and is_table(text))


def _read(text: str) -> ReadList:
    if re.match(r"\s*[\[{]\s*[\[{\"\]}]", text):
        return read_json(text)
    if is_pubmed(text):
        return read_pubmed(text)
    if is_endnote(text):
        return read_endnote(text)
    if re.search(r"^TY {1,2}- ", text, re.MULTILINE):
        return read_ris(text)
    if re.search(r"^[ \t]*@\s*[A-Za-z]+\s*[{(]", text, re.MULTILINE):
        return read_bibtex(text)
    if (table := pipe_table_as_csv(text)) and is_table(table):
        return read_table(table)
    return read_table(text) if is_table(text) else read_markdown_list(text)

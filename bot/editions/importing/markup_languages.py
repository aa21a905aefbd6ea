"""Texts in other markup languages than Markdown (Org-mode, AsciiDoc, reStructuredText), recognized by their signs."""

from __future__ import annotations

from bot.editions.importing.from_asciidoc import asciidoc_as_markdown, is_asciidoc
from bot.editions.importing.from_org import is_org, org_as_markdown
from bot.editions.importing.from_rst import is_rst, rst_as_markdown


def as_markdown(text: str) -> str:
    """The text as Markdown; one in no such language as it is."""
    if is_org(text):
        return org_as_markdown(text)
    if is_rst(text):
        return rst_as_markdown(text)
    return asciidoc_as_markdown(text) if is_asciidoc(text) else text

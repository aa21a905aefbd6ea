"""Texts in other markup languages than Markdown (Org-mode, LaTeX, wikis …) or forms of programs."""

from __future__ import annotations

from collections.abc import Callable

from bot.editions.importing.converters.from_asciidoc import asciidoc_as_markdown, is_asciidoc
from bot.editions.importing.converters.from_jira import is_jira, jira_as_markdown
from bot.editions.importing.converters.from_latex import is_latex, latex_as_markdown
from bot.editions.importing.converters.from_mediawiki import is_mediawiki, mediawiki_as_markdown
from bot.editions.importing.converters.from_org import is_org, org_as_markdown
from bot.editions.importing.converters.from_readwise import is_readwise, readwise_as_markdown
from bot.editions.importing.converters.from_rows import is_rows, rows_as_markdown
from bot.editions.importing.converters.from_rst import is_rst, rst_as_markdown

_LANGUAGES: tuple[tuple[Callable[[str], bool], Callable[[str], str]], ...] = (
    (is_readwise, readwise_as_markdown),
    (is_rows, rows_as_markdown),
    (is_latex, latex_as_markdown),
    (is_org, org_as_markdown),
    (is_rst, rst_as_markdown),
    (is_asciidoc, asciidoc_as_markdown),
    (is_jira, jira_as_markdown),
    (is_mediawiki, mediawiki_as_markdown),
)
"""For each language: whether a text is in it, and the text as Markdown."""


def as_markdown(text: str) -> str:
    """The text as Markdown; one in no such language as it is."""
    return next((convert(text) for is_written, convert in _LANGUAGES if is_written(text)), text)

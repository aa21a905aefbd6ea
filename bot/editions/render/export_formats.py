"""An edition as files: a web page, Markdown, JSON and others, to keep or to publish elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.editions.model.document import Document, to_json
from bot.editions.render import bibliography, email, html_page, markdown

Format = Literal["markdown", "html", "json", "email", "bibtex", "ris", "csl-json"]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A form in which an edition can be taken away: the ending of its file, what it is, how it is written.

    It is written from the edition and from the address of its page on the web, empty where it has none.
    """

    extension: str
    media_type: str
    label: str
    write: Callable[[Document, str], str]


EXPORT_FORMATS: dict[Format, ExportFormat] = {
    "markdown": ExportFormat(
        ".md", "text/markdown", "Markdown", lambda document, url: markdown.render(document, url=url)
    ),
    "email": ExportFormat(".mail.html", "text/html", "E-mail", lambda document, url: email.render(document, url=url)),
    "bibtex": ExportFormat(".bib", "application/x-bibtex", "BibTeX", lambda document, _: bibliography.bibtex(document)),
    "ris": ExportFormat(
        ".ris", "application/x-research-info-systems", "RIS", lambda document, _: bibliography.ris(document)
    ),
    "csl-json": ExportFormat(
        ".csl.json",
        "application/vnd.citationstyles.csl+json",
        "CSL-JSON",
        lambda document, _: bibliography.csl_json(document),
    ),
    "json": ExportFormat(
        ".json",
        "application/json",
        "JSON",
        lambda document, _: json.dumps(to_json(document), ensure_ascii=False, indent=2) + "\n",
    ),
    "html": ExportFormat(".html", "text/html", "Web page", lambda document, url: html_page.render(document, url=url)),
}
"""Every form, by the name that people ask for it with."""

ARCHIVED_FORMATS: tuple[Format, ...] = ("html", "markdown", "json")
"""The forms in which a published edition is left in a folder."""


def file_name(document: Document, form: ExportFormat) -> str:
    """What a file of an edition is called."""
    return f"edition-{document.number}{form.extension}"


def write(document: Document, folder: Path, *, url: str = "") -> list[Path]:
    """Write `edition-3.html`, `.md` and `.json` into a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for form in (EXPORT_FORMATS[kept] for kept in ARCHIVED_FORMATS):
        file = folder / file_name(document, form)
        file.write_text(form.write(document, url), "utf-8")
        written.append(file)
    return written

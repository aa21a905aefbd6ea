"""Export formats of an edition: web page, Markdown, JSON and others."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.editions.model.document import Document, to_json
from bot.editions.render import bibliography, email, html_page, markdown
from bot.editions.render.attachments import NO_FIGURES
from bot.editions.render.figure_addresses import BESIDE_TEXT, FigureAddress
from bot.locale.current import mark_text

Format = Literal["markdown", "html", "json", "email", "bibtex", "ris", "csl-json"]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """An export format: file extension, media type, label, and its writer.

    The writer gets the edition, the address of its web page, which is empty if it has none, those of its figures, and
    the club's color.
    """

    extension: str
    media_type: str
    label: str
    write: Callable[[Document, str, FigureAddress, str], str]


EXPORT_FORMATS: dict[Format, ExportFormat] = {
    "markdown": ExportFormat(
        ".md",
        "text/markdown",
        "Markdown",
        lambda document, url, figures, _: markdown.render(document, url=url, figures=figures),
    ),
    "email": ExportFormat(
        ".mail.html",
        "text/html",
        mark_text("E-mail"),
        lambda document, url, figures, accent: email.render(document, url=url, figures=figures, accent=accent),
    ),
    "bibtex": ExportFormat(
        ".bib", "application/x-bibtex", "BibTeX", lambda document, *_: bibliography.bibtex(document)
    ),
    "ris": ExportFormat(
        ".ris", "application/x-research-info-systems", "RIS", lambda document, *_: bibliography.ris(document)
    ),
    "csl-json": ExportFormat(
        ".csl.json",
        "application/vnd.citationstyles.csl+json",
        "CSL-JSON",
        lambda document, *_: bibliography.csl_json(document),
    ),
    "json": ExportFormat(
        ".json",
        "application/json",
        "JSON",
        lambda document, *_: json.dumps(to_json(document), ensure_ascii=False, indent=2) + "\n",
    ),
    "html": ExportFormat(
        ".html",
        "text/html",
        "Web page",
        lambda document, url, figures, accent: html_page.render(document, url=url, figures=figures, accent=accent),
    ),
}
"""All formats, by the name used in commands."""

ARCHIVED_FORMATS: tuple[Format, ...] = ("html", "markdown", "json")
"""The forms in which a published edition is left in a folder."""


def file_name(document: Document, export_format: ExportFormat) -> str:
    """File name of an exported edition."""
    return f"edition-{document.number}{export_format.extension}"


def write(
    document: Document, folder: Path, *, url: str = "", figures: Mapping[str, bytes] = NO_FIGURES, accent: str = ""
) -> list[Path]:
    """Write `edition-3.html`, `.md` and `.json` into a folder, which is made where it is missing.

    Its stored figures are written into `figures` below it. Returns the three files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in figures.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    written = []
    for export_format in (EXPORT_FORMATS[format_name] for format_name in ARCHIVED_FORMATS):
        file = folder / file_name(document, export_format)
        file.write_text(export_format.write(document, url, BESIDE_TEXT, accent), "utf-8")
        written.append(file)
    return written

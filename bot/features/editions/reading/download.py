"""Download of an edition as a file: Markdown, a web page, or data."""

from __future__ import annotations

import asyncio

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Card, File, Part, note
from bot.domain.models import Edition
from bot.editions.model.document import Document
from bot.editions.render import export_formats
from bot.editions.render.export_formats import EXPORT_FORMATS, Format
from bot.errors import UserError
from bot.features.shared.editions.edition_lookup import edition_url
from bot.features.shared.editions.figure_loading import figures_of_file
from bot.locale.current import _, formatted, mark_text

FORMAT_LABEL = mark_text("download as a file")
"""Label of the parameter for the file's format."""


def download_buttons(number: int) -> tuple[Button, ...]:
    """Buttons that download an edition in the most used formats."""
    forms: tuple[Format, ...] = ("markdown", "html", "json", "bibtex")
    return tuple(
        Button(_("Download: {label}", label=EXPORT_FORMATS[form].label), Call.of("digest read", number, form))
        for form in forms
    )


def refuse_to_share(share: bool) -> None:
    """Raises UserError if a file is to be shared: platforms show a file either to everyone, or in a direct message."""
    if share:
        raise UserError(_("Files are sent only to you. Leave out `share` or `format`."), field="share")


async def edition_file(ctx: Context, edition: Edition, document: Document, form: Format) -> Card:
    """Card that delivers an edition as a file."""
    url = edition_url(ctx.app.installation.public_url, ctx.club, edition.number)
    chosen = EXPORT_FORMATS[form]
    figures = await figures_of_file(ctx, document, form, url)
    content = await asyncio.to_thread(chosen.write, document, url, figures, ctx.settings.accent)
    parts: tuple[Part, ...] = (
        note(_("{label}, {content_count} characters.", label=chosen.label, content_count=formatted(len(content), ","))),
        File(export_formats.file_name(document, chosen), content, document.title),
    )
    return Card(_("No. {edition_number} as a file", edition_number=edition.number), parts)

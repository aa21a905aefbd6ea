"""Previews of the current edition as a chat platform, the web archive or a Markdown reader gets it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ChartPart, FigurePart, File, Part, Points, Tone, note, text
from bot.chat.completeness_check import missing_words
from bot.chat.gateway import PayloadPreview
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, Words
from bot.chat.text import truncate
from bot.domain.models import Room
from bot.editions.model.document import Document
from bot.editions.render.export_formats import EXPORT_FORMATS, Format
from bot.errors import UserError
from bot.features.shared.editions.figure_loading import figures_of_file
from bot.features.shared.paged_lists import ROWS_PER_PAGE, pager
from bot.locale.current import _, _n, formatted

Platform = Literal["slack", "discord", "web", "markdown"]

PAGE_FORMATS: dict[str, Format] = {"web": "html", "markdown": "markdown"}
"""Previews that are one text of any length, with the format of each."""


@dataclass(frozen=True, slots=True)
class PreviewPost:
    """Preview of one post of the edition on a platform, with the words that would be cut."""

    title: str
    sketch: PayloadPreview
    missing: tuple[str, ...]
    pictures: int

    @property
    def line(self) -> Words:
        """Size of the post, with the words that would be cut."""
        sizes = ", ".join(
            _("{size} of {limit} {unit}", size=formatted(size, ","), limit=formatted(limit, ","), unit=unit)
            for unit, size, limit in self.sketch.sizes
        )
        pictures = (
            _(", with {pictures}", pictures=_n("{n} picture", "{n} pictures", self.pictures)) if self.pictures else ""
        )
        verdict = (
            _("cut"),
            f": {_n('{n} word', '{n} words', len(self.missing))}, “{truncate(' '.join(self.missing), 100)}”",
        )
        verdict_words = (Bold(verdict[0]), verdict[1]) if self.missing else (_("whole"),)
        return (Bold(truncate(self.title, 80)), f" — {sizes}{pictures}; ", *verdict_words)


def chat_platforms(ctx: Context) -> list[Platform]:
    """Chat platforms that this process serves and that can be previewed."""
    on: tuple[Platform, ...] = ("slack", "discord")
    return [platform for platform in on if platform in ctx.app.gateways]


def preview_choices(ctx: Context) -> Buttons:
    """Buttons that show the previews of the other platforms."""
    choices: list[Platform] = [*chat_platforms(ctx), "web", "markdown"]
    labels = {p: _("As it will look on {platform}", platform=p.title()) for p in choices}
    labels |= {"web": _("As a web page"), "markdown": _("As Markdown")}
    return Buttons(tuple(Button(labels[p], Call.of("edition preview", platform=p)) for p in choices))


async def render_preview(
    ctx: Context, number: int, posts: Sequence[Card], rooms: Sequence[Room], platform: Platform, page: int
) -> Card:
    """Preview of an edition's posts on a chat platform: their number, their sizes, and what would be cut.

    Without a page it includes a file of all payloads. Raises UserError if this process does not serve the platform.
    """
    gateway = ctx.app.gateways.get(platform)
    if gateway is None:
        raise UserError(
            _(
                "{platform} is not connected here, so I cannot show its preview. Try `platform=markdown`.",
                platform=platform.title(),
            ),
            field="platform",
        )
    platform_rooms = [room for room in rooms if room.workspace.platform == platform]
    workspace = platform_rooms[0].workspace.external_id if platform_rooms else ""
    previews = [_preview_post(card, gateway.sketch(workspace, card)) for card in posts]
    return _preview_card(number, platform, previews, platform_rooms, page)


def _preview_post(card: Card, sketch: PayloadPreview) -> PreviewPost:
    pictures = sum(isinstance(part, ChartPart | FigurePart) for part in card.parts)
    return PreviewPost(card.title, sketch, tuple(missing_words(card, sketch.body)), pictures)


def _preview_card(
    number: int, platform: Platform, previews: Sequence[PreviewPost], rooms: Sequence[Room], page: int
) -> Card:
    cut_short = [place for place, post in enumerate(previews, 1) if post.missing]
    places = ", ".join(f"#{room.name or room.external_id} ({room.workspace.name})" for room in rooms)
    parts: list[Part] = [
        text(
            *phrase(
                "{messages} per channel. {text}",
                messages=_n("{n} message", "{n} messages", len(previews)),
                text=_("They go to {places}.", places=places) if places else _("No channel is set yet."),
            )
        ),
        text(
            *phrase(
                "{text}post {map} would be cut short.", text=Bold(_("Too long: ")), map=", ".join(map(str, cut_short))
            )
        )
        if cut_short
        else text(_("Nothing would be cut.")),
    ]
    number_of_page = max(page, 1)
    some = list(enumerate(previews, 1))[(number_of_page - 1) * ROWS_PER_PAGE : number_of_page * ROWS_PER_PAGE]
    parts.append(Points(tuple((f"{place}. ", *post.line) for place, post in some)))
    turn = Call.of("edition preview", platform=platform)
    if page_buttons := pager(turn, number_of_page, more=len(previews) > number_of_page * ROWS_PER_PAGE, empty=not some):
        parts.append(page_buttons)
    if page < 1:
        payload = json.dumps([post.sketch.body for post in previews], ensure_ascii=False, indent=2)
        parts.append(File(f"preview-{number}-{platform}.json", payload + "\n"))
    return Card(
        _("No. {number} as it will look on {platform}", number=number, platform=platform.title()),
        tuple(parts),
        Tone.BAD if cut_short else Tone.PLAIN,
    )


async def as_page(ctx: Context, number: int, document: Document, platform: Platform, url: str) -> Card:
    """Preview for the web or Markdown: one text, of which nothing is cut."""
    form = EXPORT_FORMATS[PAGE_FORMATS[platform]]
    figures = await figures_of_file(ctx, document, PAGE_FORMATS[platform], url)
    content = await asyncio.to_thread(form.write, document, url, figures, ctx.settings.accent)
    parts = tuple(_page_notes(len(content), platform, url, is_public=ctx.settings.public))
    file = File(f"preview-{number}{form.extension}", content, document.title)
    return Card(
        _("No. {number} as {text}", number=number, text=_("a web page") if platform == "web" else "Markdown"),
        (*parts, file),
    )


def _page_notes(length: int, platform: Platform, url: str, *, is_public: bool) -> Iterator[Part]:
    yield text(_("One text of {length} characters, all of it in the file.", length=formatted(length, ",")))
    if platform != "web":
        return
    if url:
        yield note(_("Once published, it will be at {url}.", url=url))
    elif is_public:
        yield note(_("The program has no address on the web, so there is no link."))
    else:
        yield note(_("The club has no public archive, so there is no link."))

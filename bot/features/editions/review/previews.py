"""The edition in the making as one platform, the web or a reader of Markdown would get it, before it goes out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ChartPart, File, Part, Points, Tone, note, text
from bot.chat.completeness_check import missing_words
from bot.chat.gateway import PayloadPreview
from bot.chat.rich_text import Bold, Words
from bot.chat.text import plural, truncate
from bot.domain.models import Room
from bot.editions.model.document import Document
from bot.editions.render.export_formats import EXPORT_FORMATS, Format
from bot.errors import UserError
from bot.features.shared.paged_lists import PAGE, pager

Platform = Literal["slack", "discord", "web", "markdown"]

PAGES: dict[str, Format] = {"web": "html", "markdown": "markdown"}
"""What is one text, however long, and the form in which it is that."""


@dataclass(frozen=True, slots=True)
class PreviewPost:
    """One post of the edition as a platform would get it, and the words of it that would be left out."""

    title: str
    sketch: PayloadPreview
    gone: tuple[str, ...]
    pictures: int

    @property
    def line(self) -> Words:
        """How large it is, and whether it is whole."""
        sizes = ", ".join(f"{size:,} of {most:,} {what}" for what, size, most in self.sketch.sizes)
        pictures = f", {plural(self.pictures, 'picture')} beside it" if self.pictures else ""
        verdict = ("cut", f": {plural(len(self.gone), 'word')}, “{truncate(' '.join(self.gone), 100)}”")
        said = (Bold(verdict[0]), verdict[1]) if self.gone else ("whole",)
        return (Bold(truncate(self.title, 80)), f" — {sizes}{pictures}; ", *said)


def gateways(ctx: Context) -> list[Platform]:
    """The chat platforms that are on in this program and that an edition can be rehearsed for."""
    on: tuple[Platform, ...] = ("slack", "discord")
    return [platform for platform in on if platform in ctx.app.gateways]


def preview_choices(ctx: Context) -> Buttons:
    """Buttons below a preview that show what each place would get."""
    asked: list[Platform] = [*gateways(ctx), "web", "markdown"]
    labels = {"web": "As a web page", "markdown": "As Markdown"}
    return Buttons(
        tuple(Button(labels.get(p, f"As {p.title()} gets it"), Call.of("edition preview", platform=p)) for p in asked)
    )


async def render_preview(
    ctx: Context, number: int, posts: Sequence[Card], rooms: Sequence[Room], platform: Platform, page: int
) -> Card:
    """What a chat platform would be given for the posts of an edition: how many, how large, and what would be cut.

    Without a page it comes with all of it as a file. UserError where this program does not speak to the platform.
    """
    gateway = ctx.app.gateways.get(platform)
    if gateway is None:
        raise UserError(
            f"This program does not speak to {platform.title()}, so it cannot tell what that would be given. "
            "Ask where the bot runs with it, or look at `platform=markdown`.",
            field="platform",
        )
    here = [room for room in rooms if room.workspace.platform == platform]
    workspace = here[0].workspace.external_id if here else ""
    drawn = [_post(card, gateway.sketch(workspace, card)) for card in posts]
    return _shown(number, platform, drawn, here, page)


def _post(card: Card, sketch: PayloadPreview) -> PreviewPost:
    pictures = sum(isinstance(part, ChartPart) for part in card.parts)
    return PreviewPost(card.title, sketch, tuple(missing_words(card, sketch.body)), pictures)


def _shown(number: int, platform: Platform, drawn: Sequence[PreviewPost], rooms: Sequence[Room], page: int) -> Card:
    cut_short = [place for place, post in enumerate(drawn, 1) if post.gone]
    places = ", ".join(f"{room.name or room.external_id} ({room.workspace.name})" for room in rooms)
    parts: list[Part] = [
        text(
            f"{plural(len(drawn), 'message')} a room. ", f"They go to {places}." if places else "No room is there yet."
        ),
        text(Bold("Cut: "), f"post {', '.join(map(str, cut_short))}.") if cut_short else text("Nothing would be cut."),
    ]
    at = max(page, 1)
    some = list(enumerate(drawn, 1))[(at - 1) * PAGE : at * PAGE]
    parts.append(Points(tuple((f"{place}. ", *post.line) for place, post in some)))
    turn = Call.of("edition preview", platform=platform)
    if page_buttons := pager(turn, at, more=len(drawn) > at * PAGE):
        parts.append(page_buttons)
    if page < 1:
        payload = json.dumps([post.sketch.body for post in drawn], ensure_ascii=False, indent=2)
        parts.append(File(f"preview-{number}-{platform}.json", payload + "\n"))
    return Card(f"No. {number} as {platform.title()} gets it", tuple(parts), Tone.BAD if cut_short else Tone.PLAIN)


async def as_page(number: int, document: Document, platform: Platform, url: str) -> Card:
    """What the web, or a reader of Markdown, would get: one text, which nothing is cut from."""
    form = EXPORT_FORMATS[PAGES[platform]]
    content = await asyncio.to_thread(form.write, document, url)
    parts = tuple(_describe_losses(len(content), platform, url))
    file = File(f"preview-{number}{form.extension}", content, document.title)
    return Card(f"No. {number} as {'a web page' if platform == 'web' else 'Markdown'}", (*parts, file))


def _describe_losses(length: int, platform: Platform, url: str) -> Iterator[Part]:
    yield text(f"One text of {length:,} characters, all of it in the file.")
    if platform == "web":
        yield note(
            f"Once it is out it is at {url}." if url else "The club has no public archive, so it has no address."
        )

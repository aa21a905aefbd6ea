"""Command `edition draft`: makes the draft of the next edition, or makes it again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Style, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.chat.text import truncate
from bot.domain.models import Edition
from bot.editions.edit.changes import Change, ImportChange
from bot.features.editions.draft.draft_card import draft_card
from bot.features.editions.draft.draft_changes import DraftInProgress
from bot.features.editions.draft.draft_pipeline import PipelineStep, draft
from bot.features.editions.draft.draft_state import load_draft_view
from bot.features.editions.draft.named_edition import CurrentEdition, check_current_number
from bot.features.shared.progress_bar import progress_bar
from bot.locale.current import _, _n, mark_text

commands = Commands(
    about={
        "edition": mark_text("For moderators: draft, edit, approve and correct editions."),
        "edition item": mark_text("Add, change or remove items of the draft."),
    }
)

TemplateName = Literal["weekly-update", "best-of"]


@commands("edition draft", audience=Audience.MODERATOR, examples=("/edition draft best-of", "/edition draft fresh=yes"))
async def make_draft(
    ctx: Context,
    template: Annotated[TemplateName | None, ParameterHint("the template; the club’s own if empty")] = None,
    edition: CurrentEdition = None,
    fresh: Annotated[bool, ParameterHint("discard manual changes and imports")] = False,
    sure: Annotated[bool, ParameterHint("yes, discard them")] = False,
) -> AsyncIterator[Card]:
    """Create the draft of the next edition, or draft it again.

    Picks come first, then the papers with the most votes since the last edition. Every paper is summarized; finished
    summaries are kept. Changes by hand and an import stay, unless you start over with `fresh=yes`;
    `/edition undo` restores them. Approvals of an older draft are removed.
    """
    async with ctx.read() as db:
        await check_current_number(db, edition, again=Call.of("edition draft", template=template))
        current = await db.editions.current() if fresh else None
        if not sure and current and (changes := DraftInProgress.of(current).changes):
            yield _start_over_card(current, changes, template)
            return
    made: Edition | None = None
    dropped: tuple[str, ...] = ()
    async for step in draft(ctx.app, ctx.club.id, template=template or "", by=ctx.member.id, fresh=fresh):
        made, dropped = step.edition, step.dropped_changes
        if made is None:
            yield _progress(step)
    assert made is not None
    say = (
        _("Changes that no longer apply were left out: {dropped}", dropped=truncate(" ".join(dropped), 400))
        if dropped
        else ""
    )
    if fresh and DraftInProgress.of(made).discarded:
        say = _("The manual changes were discarded. `/edition undo` restores them.")
    async with ctx.read() as db:
        rooms = await db.rooms.with_purpose("moderators")
        if any(room.external_id == ctx.where.room and room.workspace_id == ctx.workspace_id for room in rooms):
            # The draft's own post is in this channel: it is not shown a second time.
            parts = [text(*parse_backticks(say))] if say else [text(_("Its card is in this channel."))]
            yield Card(
                _("The draft of No. {edition_number} is ready", edition_number=made.number), tuple(parts), Tone.GOOD
            )
            return
        yield draft_card(await load_draft_view(db, made, ctx.now), say=say)


def _start_over_card(edition: Edition, changes: Sequence[Change], template: str | None) -> Card:
    """Card that asks before the changes of a draft are discarded."""
    what = _n("{n} manual change", "{n} manual changes", len(changes))
    if any(isinstance(change, ImportChange) for change in changes):
        what = _("{what}, including what was imported", what=what)
    say = _("This discards {what}. `/edition undo` restores them.", what=what)
    call = Call.of("edition draft", template=template, fresh="yes", sure="yes")
    row = Buttons((Button(_("Start over"), call, Style.DANGER), Button(_("Keep them"), Call.of("edition edit"))))
    return Card(_("Start No. {number} over?", number=edition.number), (text(*parse_backticks(say)), row))


def _progress(step: PipelineStep) -> Card:
    parts: list[Part] = [text(f"{step.say} …")]
    if step.total:
        parts.append(note(progress_bar(step.done, step.total)))
    return Card(_("Drafting the edition"), tuple(parts), Tone.QUIET)

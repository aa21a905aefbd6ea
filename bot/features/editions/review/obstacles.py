"""Cards for a draft that cannot be approved as it is, and for starting it over: each way out has a button."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Points, Style, Tone, note, text
from bot.chat.rich_text import Bold, parse_backticks
from bot.chat.text import truncate
from bot.domain.models import Edition
from bot.editions.edit.changes import Change, ImportChange
from bot.features.editions.draft.draft_changes import DraftInProgress
from bot.features.editions.editor.item_lookup import item_reference
from bot.features.editions.review.approval import UnpublishableItems
from bot.locale.current import _, _n

MAX_REMOVABLE = 8
"""Items with a button that removes them; when those are gone, the next ones are shown."""


def unpublishable_card(refusal: UnpublishableItems) -> Card:
    """Card with the items that cannot be published, a button that removes each, and ways to make the draft again."""
    shown = refusal.found[:MAX_REMOVABLE]
    rows = tuple((Bold(truncate(unfit.item.title, 80)), f": {unfit.problem}.") for unfit in shown)
    more = [note(_("And {left} more.", left=left))] if (left := len(refusal.found) - len(shown)) > 0 else []
    removals = tuple(
        Button(
            _("Remove “{title}”", title=truncate(unfit.item.title, 40)),
            Call.of("edition item drop", item_reference(unfit.item)),
            Style.MAIN,
        )
        for unfit in shown
    )
    changes = DraftInProgress.of(refusal.edition).changes
    others = [Button(_("Draft again"), Call.of("edition draft")), Button(_("Edit"), Call.of("edition edit"))]
    say = _("Remove them, or draft it again: that leaves them out and keeps the rest.")
    if changes:
        others.append(Button(_("Start over…"), Call.of("edition draft", fresh="yes")))
        say += " " + _("Starting over also discards the manual changes and what was imported.")
    return Card(
        _("No. {number} has items that cannot be published", number=refusal.edition.number),
        (Points(rows), *more, text(say), Buttons(removals), Buttons(tuple(others))),
        Tone.BAD,
    )


def start_over_card(edition: Edition, changes: Sequence[Change], template: str | None) -> Card:
    """Card that asks before the changes of a draft are discarded."""
    what = _n("{n} manual change", "{n} manual changes", len(changes))
    if any(isinstance(change, ImportChange) for change in changes):
        what = _("{what}, including what was imported", what=what)
    say = _("This discards {what}. `/edition undo` restores them.", what=what)
    call = Call.of("edition draft", template=template, fresh="yes", sure="yes")
    row = Buttons((Button(_("Start over"), call, Style.DANGER), Button(_("Keep them"), Call.of("edition edit"))))
    return Card(_("Start No. {number} over?", number=edition.number), (text(*parse_backticks(say)), row))

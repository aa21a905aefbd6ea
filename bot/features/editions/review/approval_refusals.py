"""Cards for a draft that cannot be approved as it is: each way out has a button."""

from __future__ import annotations

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Points, Style, Tone, note, text
from bot.chat.rich_text import Bold
from bot.chat.text import truncate
from bot.editions.verification.claim_texts import claim_text
from bot.features.editions.draft.draft_changes import DraftInProgress
from bot.features.editions.editor.item_lookup import item_reference
from bot.features.editions.review.approval import UnpublishableItems
from bot.features.editions.review.deadline_safety import UnsupportedText, UnverifiedQuotes
from bot.locale.current import _

MAX_REMOVABLE = 8
"""Items with a button that removes them; when those are gone, the next ones are shown."""
MAX_CLAIMS = 12
"""Quotes or claims that a refused approval lists."""


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


def unverified_card(unverified: UnverifiedQuotes) -> Card:
    """Card with all quotes that must be settled before the edition can be approved."""
    rows = tuple(
        (Bold(truncate(claim.item.title, 60)), f": “{truncate(claim.description, 120)}”")
        for claim in unverified.found[:MAX_CLAIMS]
    )
    more = [note(_("And {left} more.", left=left))] if (left := len(unverified.found) - MAX_CLAIMS) > 0 else []
    row = Buttons(
        (
            Button(_("Check the quotes"), Call.of("edition quotes"), Style.MAIN),
            Button(_("Change it"), Call.of("edition edit")),
            Button(_("Preview"), Call.of("edition preview")),
        )
    )
    lead = text(
        _("These quotes were not found in any source. Use the closest passage, vouch for them, or remove them.")
    )
    return Card(_("Not approved yet"), (lead, Points(rows), *more, row), Tone.BAD)


def unsupported_card(unsupported: UnsupportedText, when: str | None) -> Card:
    """Card with the unsupported claims that a moderator must see before approving, for the time that was typed."""
    rows = tuple(
        (Bold(truncate(claim.item.title, 60)), f": {truncate(claim_text(claim.description), 120)}")
        for claim in unsupported.found[:MAX_CLAIMS]
    )
    more = (
        [note(_("And {found_count} more; the preview has them all.", found_count=len(unsupported.found) - MAX_CLAIMS))]
        if len(unsupported.found) > MAX_CLAIMS
        else []
    )
    row = Buttons(
        (
            Button(_("Approve anyway"), Call.of("edition approve", when=when, sure="yes"), Style.MAIN),
            Button(_("Change it"), Call.of("edition edit")),
            Button(_("Preview"), Call.of("edition preview")),
        )
    )
    lead = text(_("This was not found in the sources. Please check it before you approve."))
    return Card(_("Not approved yet"), (lead, Points(rows), *more, row), Tone.BAD)

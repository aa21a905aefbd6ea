"""Approval of a draft: approve, freeze, withdraw the approval, schedule. Each can be repeated.

An approved edition is frozen: its papers are claimed, so that no other edition takes them, and its document's hash is
stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, text, to_json
from bot.chat.error_cards import NothingToChange
from bot.chat.text import truncate
from bot.domain.club_settings import ClubSettings, zone
from bot.domain.edition_calendar import format_moment
from bot.domain.models import DeliveryKind, Edition, EditionState, SuggestionState
from bot.editions.compose.composer import dated, submissions, suggestions
from bot.editions.model.document import Document, Item, from_json, sha256
from bot.editions.model.document import to_json as document_json
from bot.errors import UserError
from bot.features.editions.draft.draft_card import deadline
from bot.features.editions.draft.draft_changes import DraftInProgress, no_draft
from bot.features.editions.draft.draft_state import release_items, show_draft
from bot.features.editions.draft.unpublishable_items import UnpublishableItem, unpublishable_items
from bot.features.editions.review.deadline_safety import check_before_approval, remove_unsupported
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence
from bot.features.shared.languages import club_language
from bot.features.shared.papers.record_refresh import keys_of, unanswered_since
from bot.features.shared.papers.withdrawals import refresh_current_edition
from bot.locale.current import _, _n
from bot.store import UnitOfWork

APPROVE = Call.of("edition approve")


@dataclass(frozen=True, slots=True)
class ApprovalResult:
    """Result of an approval: the number of approvals, the required number, and the time of publication once frozen."""

    number: int
    count: int
    needed: int
    goes_out: datetime | None = None
    unanswered: datetime | None = None
    """Time since which a source has not answered about a paper of the edition; None if all answered."""
    due_before: datetime | None = None
    """Time of publication before the approval; None if it had none, or if the approval did not change it."""
    sets_time: bool = False
    """True if the approval set the time that was given with it."""


class PublicationTimeNeeded(UserError):
    """Refusal of the last approval that an edition needs while it has no time of publication."""

    def __init__(self, number: int) -> None:
        super().__init__(_("When should No. {number} be published?", number=number))


class ApprovalsMissing(UserError):
    """Refusal of an earlier time for a draft that lacks approvals: it would be published without them then."""

    def __init__(self, number: int, missing: int) -> None:
        super().__init__(
            _n(
                "No. {number} needs {missing} more approval before it can be published earlier.",
                "No. {number} needs {missing} more approvals before it can be published earlier.",
                missing,
                number=number,
                missing=missing,
            )
        )
        self.number = number


class UnpublishableItems(UserError):
    """Refusal of a draft because of items that can no longer be published."""

    def __init__(self, edition: Edition, found: Sequence[UnpublishableItem]) -> None:
        problems = "; ".join(unfit.problem for unfit in found)
        super().__init__(
            _("This draft cannot be published: {unfit}. Draft it again with `/edition draft`.", unfit=problems)
        )
        self.edition = edition
        self.found = found


async def approve(
    app: App, club_id: int, member_id: int, *, sure: bool = False, when: datetime | None = None
) -> ApprovalResult:
    """Approve the current draft; with enough approvals it is frozen. A repeated approval counts once.

    The sources of its papers are asked first. `when` also sets the time of publication; an earlier one only with the
    last approval that is needed, since a draft whose time has come may be published as it is. Raises UserError if there
    is no draft; UnpublishableItems if a paper of it cannot be published any more; UnverifiedQuotes if quotes are in no
    source and nobody vouches for them; UnsupportedText if another claim has no source and the moderator is not `sure`;
    PublicationTimeNeeded if it would be frozen without a time of publication.
    """
    await refresh_current_edition(app, club_id)
    now = app.now()
    try:
        async with app.store.begin(club_id) as db:
            edition = await _draft(db, now)
            rules = ClubSettings.of((await db.club()).settings)
            needed = rules.approvals
            await _refuse_unpublishable(db, edition)
            await check_before_approval(db, from_json(edition.document), sure=sure)
            due_before = await _time_of(db, edition)
            before = await db.editions.approvals(edition.id)
            waits = when is not None and (when <= now or _skips_approvals(rules, due_before, when))
            if (when is None or waits) and before < needed and await db.editions.has_approved(edition.id, member_id):
                raise NothingToChange(_approved_card(edition, before, needed))
            count = await db.editions.approve(edition.id, member_id, now)
            sets_time = when is not None and (count >= needed or not waits)
            if when is not None and sets_time:
                await _set_time(db, edition, member_id, when, now)
            if count >= needed and await _time_of(db, edition) is None:
                raise PublicationTimeNeeded(edition.number)
            await db.audit_log.append("approve", member_id, now, edition_id=edition.id, after={"approvals": count})
            goes_out = await _freeze(db, edition, now) if count >= needed else None
            await show_draft(app, db, edition)
            unanswered = await unanswered_since(db, keys_of(from_json(edition.document)))
            return ApprovalResult(
                edition.number, count, needed, goes_out, unanswered, due_before if sets_time else None, sets_time
            )
    except IntegrityError:
        raise UserError(_("A paper in this draft is now in another edition. Draft it again.")) from None


def _approved_card(edition: Edition, count: int, needed: int) -> Card:
    say = _(
        "{count} of {needed} approvals; {missing} more needed from other moderators.",
        count=count,
        needed=needed,
        missing=needed - count,
    )
    return Card(_("Nothing to change: you have already approved No. {number}", number=edition.number), (text(say),))


async def _already_approved_card(db: UnitOfWork, edition: Edition, now: datetime) -> Card:
    """Answer to an approval that comes after the last one that was needed."""
    title = _("Nothing to change: No. {number} is already approved", number=edition.number)
    due = await _time_of(db, edition)
    if due is None or due <= now:
        return Card(title, (text(_("It is being posted now.")),))
    moment = format_moment(due, zone((await db.club()).timezone))
    row = Buttons(
        (
            Button(_("Publish now"), Call.of("edition schedule", "now"), Style.MAIN),
            Button(_("Withdraw approval"), Call.of("edition unapprove")),
        )
    )
    return Card(title, (text(_("It will be published {format_moment}.", format_moment=moment)), row))


def _scheduled_card(edition: Edition, when: datetime, club_zone: ZoneInfo) -> Card:
    moment = format_moment(when, club_zone)
    return Card(
        _("Nothing to change"),
        (text(_("No. {number} is already set for {moment}.", number=edition.number, moment=moment)),),
    )


async def freeze(app: App, club_id: int, edition_id: int) -> None:
    """Freeze a draft at its deadline, as the club's settings say. Does nothing if it is not a draft any more.

    The sources of its papers are asked first. Raises UserError if a paper of it cannot be published any more, so that
    it must be drafted again.
    """
    await refresh_current_edition(app, club_id)
    now = app.now()
    async with app.store.begin(club_id) as db:
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None or edition.state != EditionState.DRAFT:
            return
        await _refuse_unpublishable(db, edition)
        changed, texts = await remove_unsupported(app, db, edition)
        await _freeze(db, edition, now)
        await db.audit_log.append("approve", None, now, edition_id=edition.id, after=log_sentence(LogSentence.DEADLINE))
        say = _("Nobody approved it in time. The club’s settings publish it anyway.")
        if changed:
            titles = "; ".join(truncate(title, 80) for title in changed[:8])
            say = _(
                "Nobody approved it in time. It is being published, with only the abstract for uncertain "
                "items: {titles}.",
                titles=titles,
            )
        await show_draft(app, db, edition, say=say, texts=texts)


async def unapprove(app: App, club_id: int, member_id: int) -> int:
    """Withdraw all approvals, for a draft again. Returns its number. Raises UserError once posts are planned."""
    async with app.store.begin(club_id) as db:
        edition = await db.editions.current(lock=True)
        if edition is None:
            raise await no_draft(db)
        if await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id):
            raise UserError(_("No. {edition_number} is already being posted.", edition_number=edition.number))
        before = await db.editions.approvals(edition.id)
        slot = await db.slots.get(edition.slot_id) if edition.slot_id else None
        due = deadline(edition, slot)
        if edition.state == EditionState.APPROVED and due and due <= app.now():
            raise UserError(
                _(
                    "No. {edition_number} is due. Set another time first with `/edition schedule`.",
                    edition_number=edition.number,
                )
            )
        if edition.state == EditionState.DRAFT and not before:
            raise UserError(_("Nobody has approved No. {edition_number} yet.", edition_number=edition.number))
        await db.editions.clear_approvals(edition.id)
        if edition.state == EditionState.APPROVED:
            await _unfreeze(db, edition)
        await db.audit_log.append(
            "unapprove", member_id, app.now(), edition_id=edition.id, before={"approvals": before}
        )
        await show_draft(app, db, edition)
        return edition.number


async def remind(app: App, club_id: int, edition_id: int) -> None:
    """Remind the moderators of a draft that is due and held for approval.

    Each reminder is a post of its own: at the due time, after one day, after three days, and then every week.
    """
    async with app.store.begin(club_id) as db, club_language(db):
        edition = await db.editions.get(edition_id)
        if edition is None or edition.state != EditionState.DRAFT:
            return
        slot = await db.slots.get(edition.slot_id) if edition.slot_id else None
        due = deadline(edition, slot) or app.now()
        reminder = _reminder(app.now() - due)
        say = text(
            _(
                "{edition_title} was due {moment}. It will be published as soon as it is approved.",
                edition_title=edition.title,
                moment=format_moment(due, zone((await db.club()).timezone)),
            )
        )
        row = Buttons((Button(_("Preview"), Call.of("edition preview")), Button(_("Approve"), APPROVE)))
        for room in await db.rooms.with_purpose("moderators"):
            card = to_json(
                Card(_("No. {edition_number} is overdue", edition_number=edition.number), (say, row), Tone.BAD)
            )
            await db.deliveries.plan(DeliveryKind.OVERDUE_NOTICE, edition.id, room, app.now(), part=reminder, card=card)
        await show_draft(app, db, edition)
    app.wake_up.set()


def _reminder(held: timedelta) -> int:
    """Index of the reminder that is due for an edition held this long; the first is 0."""
    return (held >= timedelta(days=1)) + (held >= timedelta(days=3)) + max(held // timedelta(days=7), 0)


async def schedule(app: App, club_id: int, member_id: int, when: datetime) -> tuple[Edition, datetime | None]:
    """Set the time of publication of the current edition, and its date. Raises UserError if there is none;
    ApprovalsMissing if it lacks approvals of others, and would be published without them at the earlier time.

    Returns the edition, and its time of publication before.

    An edition published before it is due leaves its due time open for another one.
    """
    async with app.store.begin(club_id) as db:
        edition = await db.editions.current(lock=True)
        if edition is None:
            raise await no_draft(db)
        if await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id):
            raise UserError(_("No. {edition_number} is already being posted.", edition_number=edition.number))
        before = await _time_of(db, edition)
        if before == when and edition.publish_at == when:
            raise NothingToChange(_scheduled_card(edition, when, zone((await db.club()).timezone)))
        rules = ClubSettings.of((await db.club()).settings)
        missing = rules.approvals - await db.editions.approvals(edition.id)
        if edition.state == EditionState.DRAFT and missing > 0 and _skips_approvals(rules, before, when):
            raise ApprovalsMissing(edition.number, missing)
        await _set_time(db, edition, member_id, when, app.now())
        await show_draft(app, db, edition)
        return edition, before


def _skips_approvals(rules: ClubSettings, before: datetime | None, when: datetime) -> bool:
    """True if one moderator, by setting an earlier time, would have a draft published without the others' approvals."""
    return rules.approvals > 1 and rules.at_deadline == "publish" and (before is None or when < before)


async def _time_of(db: UnitOfWork, edition: Edition) -> datetime | None:
    """Time of publication of an edition; None if it has none yet."""
    return deadline(edition, await db.slots.get(edition.slot_id) if edition.slot_id else None)


async def _set_time(db: UnitOfWork, edition: Edition, member_id: int, when: datetime, now: datetime) -> None:
    """Set an edition's time of publication and its date, and log it. The edition's row is locked."""
    before, edition.publish_at = await _time_of(db, edition), when
    slot = await db.slots.get(edition.slot_id) if edition.slot_id else None
    if slot and when <= now < slot.due_at:
        edition.slot_id = None
    await _date(db, edition, max(when, now))
    await db.audit_log.append(
        "schedule",
        member_id,
        now,
        edition_id=edition.id,
        before={"when": before.isoformat() if before else None},
        after={"when": when.isoformat()},
    )


async def _date(db: UnitOfWork, edition: Edition, at: datetime) -> None:
    """Set an edition's date to its time of publication; an approved one is frozen again with it."""
    rules = ClubSettings.of((await db.club()).settings)
    document = dated(from_json(edition.document), rules, at)
    if edition.making:
        making = DraftInProgress.of(edition)
        edition.making = DraftInProgress(dated(making.composed, rules, at), making.changes).to_json()
    edition.document, edition.title = document_json(document), document.title
    if edition.state == EditionState.APPROVED:
        edition.sha = sha256(edition.document)


async def _draft(db: UnitOfWork, now: datetime) -> Edition:
    edition = await db.editions.current(lock=True)
    if edition is None:
        raise await no_draft(db)
    if edition.state == EditionState.APPROVED:
        raise NothingToChange(await _already_approved_card(db, edition, now))
    return edition


async def _refuse_unpublishable(db: UnitOfWork, edition: Edition) -> None:
    if unfit := await unpublishable_items(db, edition, from_json(edition.document)):
        raise UnpublishableItems(edition, tuple(unfit))


async def _freeze(db: UnitOfWork, edition: Edition, now: datetime) -> datetime:
    """Claim the papers, store the hash, and set the time. The edition's row is locked."""
    document = reviewed(from_json(edition.document), await db.editions.approvers(edition.id))
    document = replace(document, club=(await db.club()).name)  # it may have another name since the draft was made
    slot = await db.slots.get(edition.slot_id) if edition.slot_id else None
    await db.editions.claim_items(edition.id, submissions(document))
    for id in suggestions(document):
        if suggestion := await db.suggestions.get(id):
            suggestion.state, suggestion.edition_id = SuggestionState.USED, edition.id
    edition.document = document_json(document)
    edition.sha = sha256(edition.document)
    edition.state, edition.approved_at = EditionState.APPROVED, now
    due = deadline(edition, slot)
    if due is None or due < now:
        edition.publish_at = now
    return deadline(edition, slot) or now


async def _unfreeze(db: UnitOfWork, edition: Edition) -> None:
    """Make an approved edition a draft again."""
    await release_items(db, edition)
    document = reviewed(from_json(edition.document), ())
    edition.document, edition.sha = document_json(document), ""
    edition.state, edition.approved_at = EditionState.DRAFT, None


def reviewed(document: Document, names: Sequence[str]) -> Document:
    """The document with the reviewers' names on every generated text."""
    by = ", ".join(names)

    def reviewed_by(item: Item) -> Item:
        return replace(item, provenance=replace(item.provenance, reviewer=by)) if item.provenance else item

    return document.map_items(reviewed_by)

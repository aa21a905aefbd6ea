"""Adding of a submission, or of a co-submitter if the paper is on the list already; in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import tzinfo

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Style, Tone, note, text
from bot.chat.confirmations import question_before
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, Link, Words, parse_backticks
from bot.chat.text import one_line, truncate
from bot.domain.links import identify, sites
from bot.domain.links.identify import SiteKind
from bot.domain.models import DeliveryKind, DeliveryState, Paper, Submission, SubmissionState, Topic, at_start
from bot.domain.page_details import PageDetails
from bot.domain.paper_record import PaperRecord
from bot.errors import UserError
from bot.features.papers.similar import close_paper_notes
from bot.features.papers.similar_titles import find_lookalike, question_card
from bot.features.shared.delivery.unseen_cards import unseen
from bot.features.shared.lookup import club_paper_key, topic_named
from bot.features.shared.papers.paper_cards import meeting_day, thread_link, title_of
from bot.features.shared.quotas import check_quota
from bot.features.shared.stream.shortlist_posts import redraw_posts_with
from bot.features.shared.votes.voting_window import next_edition_sentence
from bot.latex.reader import latex_to_text
from bot.locale.current import _, formatted
from bot.store import UnitOfWork
from bot.store.papers.reading_history import DAY_UNKNOWN


@dataclass(frozen=True, slots=True)
class SubmissionInput:
    """Reason, topic and anonymity of a submission. An anonymous submitter is named nowhere.

    `title` is that of a page which no source knows, or of a DOI until its details come; else it is ignored.
    """

    why: str = ""
    topic: str = ""
    anonymous: bool = False
    title: str = ""
    distinct: bool = False
    """True if it is known to be another work than one with the same title."""

    @classmethod
    def about(cls, submission: Submission) -> SubmissionInput:
        """Input of an existing submission."""
        return cls(submission.why, submission.topic.name if submission.topic else "", submission.anonymous)

    def call(self, link: str) -> Call:
        """Call that submits a link with this input."""
        anonymous = "yes" if self.anonymous else None
        given = {"why": self.why or None, "topic": self.topic or None, "title": self.title or None}
        return Call.of("paper submit", link, **given, anonymous=anonymous, distinct="yes" if self.distinct else None)


async def add_submission(
    ctx: Context,
    link: identify.PaperRef | identify.LinkedItem,
    record: PaperRecord | None,
    details: SubmissionInput,
    page: PageDetails | None = None,
    silent: str = "",
) -> Card:
    """Add the paper behind a link to the list, with its record; repeatable. Raises UserError for an unknown topic.

    `silent` is the name of the source that did not answer.
    """
    async with ctx.begin() as db:
        topic = await topic_named(db, details.topic) if details.topic else None
        paper = await _paper(ctx, db, link, record, page, details.title)
        existing = await db.submissions.by_paper(paper)
        if existing is None and not details.distinct and (found := await find_lookalike(db, paper)):
            return question_card(found, paper, replace(details, distinct=True).call(link.url))
        if existing is not None:
            existing = await db.submissions.get(existing.merged_into_id or existing.id, lock=True) or existing
            return await resubmit(ctx, db, existing, details, topic)
        await check_quota(ctx, db, "submission")
        submission = await _add(ctx, db, paper, link, details, topic)
        card = _confirmation_card(submission, await next_edition_sentence(ctx, db), await unseen(ctx, db), silent)
    first, *rest = card.parts
    return replace(card, parts=(first, *await close_paper_notes(ctx, submission.number), *rest))


async def _paper(
    ctx: Context,
    db: UnitOfWork,
    link: identify.PaperRef | identify.LinkedItem,
    record: PaperRecord | None,
    page: PageDetails | None,
    title: str,
) -> Paper:
    """Row of the paper behind a link. A page has the title that was given, else its name; a reason is no title.

    Where the page itself was not read, what a source of the club announced of it stands in.
    """
    if isinstance(link, identify.LinkedItem):
        if not (page and page.title) and (entry := await db.stream.by_key(link.key)):
            page = PageDetails(entry.title, entry.author_names, entry.abstract)
        key = club_paper_key(ctx.club.id, link)
        name = (
            sites.repository(link.url)
            or (page.title if page else "")
            or sites.page_name(link.url)
            or _address(link.url)
        )
        shown = one_line(title) or name
        paper = await db.papers.get_or_create_own(key, link.url, link.kind, shown, details=page, now=ctx.now)
        if title and paper.title == name:
            paper.title = shown
        return paper
    if record:
        return await db.papers.listed_same_work(record) or await db.papers.save_record(record, now=ctx.now)
    stored = await db.papers.by_key(link.key)
    if stored and not (stored.pending and await db.submissions.by_paper(stored) is None):
        return stored  # else its details may be those that another club has imported, and nobody has checked
    return await db.papers.save_placeholder(
        link.key, link.url, f"{'arXiv' if link.source == 'arxiv' else 'DOI'} {link.id}", now=ctx.now
    )


def _address(url: str) -> str:
    return truncate(url.split("://", 1)[-1], 120)


async def _add(
    ctx: Context,
    db: UnitOfWork,
    paper: Paper,
    link: identify.PaperRef | identify.LinkedItem,
    details: SubmissionInput,
    topic: Topic | None,
) -> Submission:
    """Add a submission, and plan its card. Until its details come it has the title that was given or announced."""
    title = one_line(details.title) if paper.key.startswith("doi:") else ""
    if paper.pending and not title and (entry := await db.stream.by_key(paper.key)):
        title = latex_to_text(entry.title)
    submission = await db.submissions.add(
        Submission(
            paper_id=paper.id,
            member_id=ctx.member.id,
            anonymous=details.anonymous,
            why=details.why,
            topic_id=topic.id if topic else None,
            version=link.version if isinstance(link, identify.PaperRef) else None,
            link=link.url,
            title=title if paper.pending else "",
            submitted_at=ctx.now,
        )
    )
    await post_card(ctx, db, submission)
    await redraw_posts_with(db, paper.key)
    return submission


async def post_card(ctx: Context, db: UnitOfWork, submission: Submission) -> None:
    """Plan the card of a submission in every channel for papers; in the channel of the request if the club has none."""
    rooms = await db.rooms.with_purpose("papers")
    if not rooms and ctx.where.room:
        rooms = [await db.rooms.assign(ctx.workspace_id, ctx.where.room, "visit", "")]
    for room in rooms:
        await db.deliveries.plan(DeliveryKind.CARD, submission.id, room, ctx.now, submission_id=submission.id)


def removed_by_moderators(submission: Submission, *, field: str) -> UserError:
    """Refusal of what only a moderator may do with a paper that moderators removed."""
    reason = f" ({submission.state_why})" if submission.state_why else ""
    return UserError(
        _(
            "#{existing_number} was removed by a moderator{reason}. Ask a moderator to restore it.",
            existing_number=submission.number,
            reason=reason,
        ),
        field=field,
    )


async def resubmit(
    ctx: Context, db: UnitOfWork, existing: Submission, details: SubmissionInput, topic: Topic | None
) -> Card:
    """Submit a paper that is on the list already: a withdrawn one comes back, else the requester is credited.

    Returns the answer. A paper that the club has read is shown unchanged. Raises UserError if it was dropped.
    """
    if existing.state == SubmissionState.DROPPED:
        raise removed_by_moderators(existing, field="link")
    if existing.state == SubmissionState.READ:
        number = (await db.editions.numbers_by_submission([existing.id])).get(existing.id, 0)
        return read_before_card(existing, ctx.zone, edition=number)
    if existing.state == SubmissionState.WITHDRAWN:
        await _submit_withdrawn(ctx, db, existing, details, topic)
        return _confirmation_card(existing, await next_edition_sentence(ctx, db), await unseen(ctx, db))
    parts: list[Part] = [text(Bold(f"#{existing.number}"), " ", Link(title_of(existing), existing.paper.url))]
    existing.topic = existing.topic or topic
    if existing.member_id == ctx.member.id:
        reason_changed = bool(details.why) and details.why != existing.why
        existing.why = details.why or existing.why
        parts.append(text(_("You submitted it.") + (_(" Your new reason was saved.") if reason_changed else "")))
    else:
        parts.append(
            text(
                *phrase(
                    "{credit} submitted it first. {credit_2}",
                    credit=at_start(existing.credit),
                    credit_2=await _credit(ctx, db, existing, details),
                )
            )
        )
    if read := [m for m in await db.meetings.of_paper(existing.id) if m.starts_at <= ctx.now]:
        parts.append(text(_("The club read it at a meeting: {meeting_day}.", meeting_day=meeting_day(read[0]))))
    await db.deliveries.mark_stale(existing.id)
    if jump := await _link_to_post(ctx, db, existing):
        parts.append(text(*phrase("Discussion: {jump}", jump=jump)))
    row = (
        Button(_("Vote"), Call.of("paper vote", existing.number), Style.MAIN),
        Button(_("Discuss"), Call.of("paper discuss", existing.number)),
    )
    return Card(_("This paper is already on the list"), (*parts, Buttons(row)))


async def _submit_withdrawn(
    ctx: Context, db: UnitOfWork, existing: Submission, details: SubmissionInput, topic: Topic | None
) -> None:
    """Put a withdrawn paper on the list again, as the requester's. Their own earlier reason stays, nobody else's.

    One that moderators held back is held back again.
    """
    is_same = existing.member_id == ctx.member.id and existing.anonymous == details.anonymous
    existing.why = details.why or (existing.why if is_same else "")
    decisions = [act.after for act in await db.audit_log.latest(submission_id=existing.id) if "state" in act.after]
    is_held = bool(decisions) and decisions[0]["state"] == SubmissionState.HELD
    existing.state = SubmissionState.HELD if is_held else SubmissionState.NEW
    existing.state_why = decisions[0].get("reason", "") if is_held else ""
    existing.member_id, existing.anonymous = ctx.member.id, details.anonymous
    existing.topic = topic or existing.topic
    await db.submissions.remove_co_submitter(existing.id, ctx.member.id)
    await db.votes.reevaluate(existing)
    await post_card(ctx, db, existing)
    await db.deliveries.mark_stale(existing.id)


def read_before_card(existing: Submission, zone: tzinfo, *, edition: int = 0) -> Card:
    """Card of a paper that the club read before: it is not submitted again.

    `edition` is the number of the edition that it was in; 0 if it was in none.
    """
    known = existing.state_why != DAY_UNKNOWN
    when = (
        _(" on {submitted_at}", submitted_at=formatted(existing.submitted_at.astimezone(zone), "%-d %b %Y"))
        if known
        else ""
    )
    say = (
        _("It was in edition No. {edition}.", edition=edition)
        if edition
        else _(
            "The club read it{when}. A moderator can still pick it: `/curate pick {existing_number}`.",
            when=when,
            existing_number=existing.number,
        )
    )
    row = Buttons((Button(_("Show it"), Call.of("paper show", existing.number)),))
    name = text(Bold(f"#{existing.number}"), " ", Link(title_of(existing), existing.paper.url))
    return Card(_("The club has read this paper"), (name, text(*parse_backticks(say)), row))


async def _credit(ctx: Context, db: UnitOfWork, existing: Submission, details: SubmissionInput) -> str:
    """Credit a co-submitter. Returns a sentence about it. An anonymous credit without a reason adds nothing."""
    if details.anonymous and not details.why:
        return _(
            "It is already on the list. You submitted it anonymously and without a reason, so nothing was added to it."
        )
    changed = await db.submissions.add_co_submitter(
        existing, ctx.member.id, details.why, ctx.now, anonymous=details.anonymous
    )
    if not changed:
        return _("Your reason is already on it.") if details.why else _("You are already credited.")
    if details.anonymous:
        return _("Your reason was added to it anonymously.")
    return _("Your reason was added to it.") if details.why else _("You are now credited too.")


async def _link_to_post(ctx: Context, db: UnitOfWork, existing: Submission) -> Link | str:
    """Link to the paper's thread, else to its card, in the requester's workspace first; empty if there is none.

    On platforms without message links, such as the terminal, it is the channel's name.
    """
    places = [(d.workspace, d.url, d.room) for d in await db.discussions.by_submission(existing.id)]
    cards = await db.deliveries.cards(existing.id)
    places += [(d.room.workspace, d.url, d.room.name) for d in cards if d.state == DeliveryState.SENT]
    places = [place for place in places if place[1] or place[0].id == ctx.workspace_id]
    places.sort(key=lambda place: (place[0].id != ctx.workspace_id, not place[1]))
    if not places:
        return ""
    workspace, url, room = places[0]
    return thread_link(url, workspace.platform) if url else f"#{room}"


def _pending_sentence(silent: str) -> str:
    """Sentence about a paper that was taken without its details; `silent` is the source that did not answer."""
    if silent:
        return _(
            "{source} is not answering right now. The paper was added; its details will follow by themselves.",
            source=silent,
        )
    return _(
        "There are no details for this DOI yet. The paper was added; its details will follow. If the DOI "
        "has a typo, withdraw the paper and submit it with the right DOI."
    )


def _is_untitled(submission: Submission) -> bool:
    """True if an address or an id stands for the title."""
    paper = submission.paper
    if submission.title:
        return False
    guesses = (_address(paper.url), sites.page_name(paper.url))
    return (paper.pending and paper.key.startswith("doi:")) or (bool(paper.owner_club_id) and paper.title in guesses)


def _confirmation_card(submission: Submission, due: str, unseen_note: Words, silent: str = "") -> Card:
    """Answer to a new submission. `due` and `unseen_note` are sentences about the next edition and the posted card."""
    parts: list[Part] = [text(Bold(f"#{submission.number}"), " ", Link(title_of(submission), submission.paper.url))]
    if submission.paper.pending:
        parts.append(note(_pending_sentence(silent or ("arXiv" if submission.paper.key.startswith("arxiv:") else ""))))
    untitled = _is_untitled(submission)
    if untitled and not submission.paper.pending:
        parts.append(note(_("I could not find a title on the page, so its address is shown instead.")))
    if unseen_note:
        parts.append(text(*unseen_note))
    if due:
        parts.append(note(due))
    if not submission.why:
        parts.append(note(_("Tell the others why: submit the same link again with your reason.")))
    withdraw = Call.of("paper withdraw", submission.number)
    row: tuple[Button, ...] = (
        Button(_("Show it"), Call.of("paper show", submission.number)),
        Button(_("Withdraw"), withdraw, confirm=question_before(withdraw)),
    )
    if untitled:
        row = (Button(_("Give its title"), Call.of("paper title", submission.number)), *row)
    what = _("paper") if submission.paper.kind == SiteKind.PAPER else _("link")
    return Card(_("Your {what} is on the list", what=what), (*parts, Buttons(row)), Tone.GOOD)

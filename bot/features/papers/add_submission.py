"""A paper comes onto the club's list, or is there already: one transaction, and what whoever brought it is told."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Style, Tone, note, text
from bot.chat.rich_text import Bold, Link
from bot.chat.text import one_line, truncate
from bot.domain.links import identify, sites
from bot.domain.links.identify import SiteKind
from bot.domain.models import DeliveryKind, Paper, Submission, SubmissionState, Topic
from bot.domain.paper_record import PaperRecord
from bot.errors import UserError
from bot.features.shared.lookup import club_paper_key, topic_named
from bot.features.shared.paper_cards import title_of
from bot.features.shared.unseen_cards import unseen
from bot.features.shared.voting_window import coming
from bot.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class SubmissionInput:
    """What goes with a link that somebody brings. Whoever asks not to be named is named by no way the paper takes."""

    why: str = ""
    topic: str = ""
    anonymous: bool = False

    @classmethod
    def about(cls, brought: Submission) -> SubmissionInput:
        """What was said when a paper was brought."""
        return cls(brought.why, brought.topic.name if brought.topic else "", brought.anonymous)

    def call(self, link: str) -> Call:
        """The call that brings a link with this."""
        anonymous = "yes" if self.anonymous else None
        return Call.of("paper submit", link, why=self.why or None, topic=self.topic or None, anonymous=anonymous)


async def add_submission(
    ctx: Context, link: identify.PaperRef | identify.LinkedItem, record: PaperRecord | None, said: SubmissionInput
) -> Card:
    """Put what a link means on the list, with what its source said of it; safe to do again."""
    async with ctx.begin() as db:
        topic = await topic_named(db, said.topic) if said.topic else None
        paper = await _paper(ctx, db, link, record, said.why)
        there = await db.submissions.of_paper(paper)
        if there is None:
            brought = await _add(ctx, db, paper, link, said, topic)
            return _confirmation(brought, await coming(ctx, db), await unseen(ctx, db))
        there = await db.submissions.get(there.merged_into_id or there.id, lock=True) or there
        return await already_submitted_card(ctx, db, there, said, topic)


async def _paper(
    ctx: Context, db: UnitOfWork, link: identify.PaperRef | identify.LinkedItem, record: PaperRecord | None, why: str
) -> Paper:
    """The row of the work behind a link."""
    if isinstance(link, identify.LinkedItem):
        key = club_paper_key(ctx.club.id, link)
        title = one_line(why)[:200] or sites.repository(link.url) or _address(link.url)
        return await db.papers.own(key, link.url, link.kind, title, now=ctx.now)
    if record:
        return await db.papers.save_record(record, now=ctx.now)
    if known := await db.papers.by_key(link.key):
        return known
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
    said: SubmissionInput,
    topic: Topic | None,
) -> Submission:
    """A new submission, and its card to every room for papers (or here, where there is none)."""
    brought = await db.submissions.add(
        Submission(
            paper_id=paper.id,
            member_id=ctx.member.id,
            anonymous=said.anonymous,
            why=said.why,
            topic_id=topic.id if topic else None,
            version=link.version if isinstance(link, identify.PaperRef) else None,
            link=link.url,
            submitted_at=ctx.now,
        )
    )
    await announce(ctx, db, brought)
    return brought


async def announce(ctx: Context, db: UnitOfWork, brought: Submission) -> None:
    """Have the card of a submission posted in every room for papers; where the club has none, where it was said."""
    rooms = await db.rooms.for_("papers")
    if not rooms and ctx.where.room:
        rooms = [await db.rooms.use(ctx.workspace_id, ctx.where.room, "visit", "")]
    for room in rooms:
        await db.deliveries.plan(DeliveryKind.CARD, brought.id, room, ctx.now, submission_id=brought.id)


async def already_submitted_card(
    ctx: Context, db: UnitOfWork, there: Submission, said: SubmissionInput, topic: Topic | None
) -> Card:
    """A paper that is there already: credit the second reader, and send them to the conversation."""
    if there.state == SubmissionState.DROPPED:
        reason = f" ({there.state_why})" if there.state_why else ""
        raise UserError(
            f"#{there.number} was here and a moderator took it off the list{reason}. Ask a moderator to restore it.",
            field="link",
        )
    if there.state == SubmissionState.WITHDRAWN:
        there.state, there.member_id, there.why, there.anonymous = (
            SubmissionState.NEW,
            ctx.member.id,
            said.why,
            said.anonymous,
        )
        there.topic = topic or there.topic
        await db.submissions.second_no_more(there.id, ctx.member.id)
        await db.votes.recount_for_submitter(there)
        await announce(ctx, db, there)
        await db.deliveries.refresh(there.id)
        return _confirmation(there, await coming(ctx, db), await unseen(ctx, db))
    parts: list[Part] = [text(Bold(f"#{there.number}"), " ", Link(title_of(there), there.paper.url))]
    there.topic = there.topic or topic
    if there.member_id == ctx.member.id:
        new = bool(said.why) and said.why != there.why
        there.why = said.why or there.why
        parts.append(text("You brought it yourself." + (" It has your new reason now." if new else "")))
    else:
        parts.append(
            text(
                f"{there.by.capitalize() if there.anonymous else there.by} brought it first. ",
                await _credit(ctx, db, there, said),
            )
        )
    await db.deliveries.refresh(there.id)
    if jump := await _link_to_post(ctx, db, there):
        parts.append(text("Join the conversation: ", jump))
    row = (
        Button("Vote", Call.of("paper vote", there.number), Style.MAIN),
        Button("Discuss", Call.of("paper discuss", there.number)),
    )
    return Card("That paper is already here", (*parts, Buttons(row)))


async def _credit(ctx: Context, db: UnitOfWork, there: Submission, said: SubmissionInput) -> str:
    """Credit somebody who brought a paper that is there; says how. A nameless credit without a reason says nothing."""
    if said.anonymous and not said.why:
        return "You asked not to be named, so nothing was added."
    await db.submissions.add_co_submitter(there, ctx.member.id, said.why, ctx.now, anonymous=said.anonymous)
    if said.anonymous:
        return "Your reason was added to it, without your name."
    return "Your reason was added to it." if said.why else "You are credited too."


async def _link_to_post(ctx: Context, db: UnitOfWork, there: Submission) -> Link | str:
    """Where the thread is, or else the card: in the workspace of who asks, else elsewhere. "" if nowhere yet.

    A link, or the room's name on a platform without links to messages, which the terminal is.
    """
    places = [(d.workspace_id, d.url, d.room) for d in await db.discussions.of(there.id)]
    places += [(d.room.workspace_id, d.url, d.room.name) for d in await db.deliveries.cards(there.id)]
    places = [place for place in places if place[1] or place[0] == ctx.workspace_id]
    places.sort(key=lambda place: place[0] != ctx.workspace_id)
    if not places:
        return ""
    _, url, room = places[0]
    return Link("go there", url) if url else f"#{room}"


def _confirmation(brought: Submission, due: str, unseen: str) -> Card:
    parts: list[Part] = [text(Bold(f"#{brought.number}"), " ", Link(title_of(brought), brought.paper.url))]
    if brought.paper.pending:
        parts.append(note("arXiv cannot be asked right now. The paper is taken; its details follow by themselves."))
    if unseen:
        parts.append(text(unseen))
    if due:
        parts.append(note(due))
    if not brought.why:
        parts.append(note("A word on why helps the others: submit the same link again with your reason."))
    row = (
        Button("Show it", Call.of("paper show", brought.number)),
        Button("Take it back", Call.of("paper withdraw", brought.number), confirm="Take this paper off the list?"),
    )
    what = "paper" if brought.paper.kind == SiteKind.PAPER else "link"
    return Card(f"Your {what} is on the list", (*parts, Buttons(row)), Tone.GOOD)

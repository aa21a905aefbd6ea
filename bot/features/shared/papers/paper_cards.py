"""Cards of a submission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.chat.calls import Call
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    Facts,
    LinkRow,
    Note,
    Part,
    Style,
    Text,
    Tone,
    note,
    text,
)
from bot.chat.form_texts import option_label
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, Italic, Link, Words
from bot.chat.text import join_names, one_line, truncate
from bot.domain.acceptance import acceptance
from bot.domain.links.sites import SiteKind
from bot.domain.models import CoSubmission, Discussion, Meeting, Paper, PaperLink, Submission, SubmissionState
from bot.domain.publication_date import short_pattern
from bot.domain.reader_platform import is_elsewhere
from bot.domain.withdrawals import Withdrawal, paper_notice, paper_withdrawal
from bot.editions.verification.paper_links import found_links, link_key
from bot.features.shared.editions.edition_lookup import edition_number
from bot.latex.reader import latex_to_text
from bot.locale.current import _, _n, formatted, mark_text
from bot.store import UnitOfWork
from bot.store.papers.votes import VoteTarget

MAX_NAMED_LINKS = 3
"""Links of a card that only the paper itself names."""
MAX_CO_SUBMISSIONS = 3
"""Members on a card who submitted the paper too."""
BADGES = {
    "paper": mark_text("Paper"),
    "code": mark_text("Code"),
    "demo": mark_text("Demo"),
    "blog": mark_text("Blog"),
    "project": mark_text("Project page"),
    "data": mark_text("Data"),
    "video": mark_text("Video"),
    "news": mark_text("News"),
    "colab": "Colab",
}
"""Label of each kind of link."""


STATE_TEXT = {
    SubmissionState.SHORTLISTED: mark_text("on the shortlist"),
    SubmissionState.PICKED: mark_text("picked for the next edition"),
    SubmissionState.HELD: mark_text("held back"),
    SubmissionState.READ: mark_text("already read"),
}


def state_text(submission: Submission) -> str:
    """State of a submission as part of a sentence: "held back"."""
    if submission.state in STATE_TEXT:
        return _(STATE_TEXT[submission.state])
    return _("withdrawn") if submission.state == SubmissionState.WITHDRAWN else _("removed from the list")


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A submission with everything that its card shows."""

    submission: Submission
    links: Sequence[PaperLink] = ()
    co_submissions: Sequence[CoSubmission] = ()
    discussions: Sequence[Discussion] = ()
    edition: int | None = None
    into: Submission | None = None
    """Merge target, if it was a duplicate."""
    meetings: Sequence[Meeting] = ()
    """Meetings that read it, latest first."""


async def load_submission_view(db: UnitOfWork, submission: Submission) -> SubmissionView:
    """Load everything that the card of a submission shows."""
    return SubmissionView(
        submission,
        await db.submissions.links(submission.id),
        await db.submissions.co_submitters(submission.id),
        await db.discussions.by_submission(submission.id),
        await edition_number(db, submission),
        await db.submissions.get(submission.merged_into_id) if submission.merged_into_id else None,
        await db.meetings.of_paper(submission.id),
    )


def title_of(submission: Submission | VoteTarget) -> str:
    """The club's heading of a submission, as plain text."""
    return latex_to_text(submission.heading)


def byline(submission: Submission) -> str:
    """Authors, venue and date: "Ada Lovelace, Alan Turing et al. · cs.CL · 12 Jun 2017"."""
    paper = submission.paper
    bits = [join_names([latex_to_text(name) for name in paper.authors])]
    if paper.journal_ref:
        bits.append(truncate(latex_to_text(paper.journal_ref), 80))
    elif paper.key.startswith("arxiv:") and (accepted := acceptance(paper.comment)):
        bits.append(truncate(latex_to_text(accepted), 80))
    elif paper.categories:
        bits.append(paper.categories[0])
    if paper.published_at:
        bits.append(formatted(paper.published_at, short_pattern(paper.published_precision)))
    return " · ".join(bit for bit in bits if bit)


def paper_card(view: SubmissionView) -> Card:
    """Public card of a submission, with its current tally and its buttons."""
    submission, paper = view.submission, view.submission.paper
    parts: list[Part] = []
    if view.into:
        pointer = note(
            _("A duplicate of #{into_number}, where its votes and discussion continue.", into_number=view.into.number)
        )
        row = Buttons(
            (Button(_("Open #{into_number}", into_number=view.into.number), Call.of("paper show", view.into.number)),)
        )
        return Card(title_of(submission), (pointer, row), Tone.QUIET)
    if submission.state in (SubmissionState.DROPPED, SubmissionState.WITHDRAWN):
        by_submitter = submission.state == SubmissionState.WITHDRAWN
        say = _("was withdrawn by the member who submitted it") if by_submitter else _("was removed from the list")
        return Card(title_of(submission), (note(f"#{submission.number} {say}."),), Tone.QUIET)
    if line := byline(submission):
        parts.append(text(line))
    if paper.pending:
        waiting = (
            _("arXiv is not answering right now")
            if paper.key.startswith("arxiv:")
            else _("its DOI is being looked up again")
        )
        parts.append(note(_("Details will follow: {waiting}.", waiting=waiting)))
    if paper.withdrawn:
        parts += withdrawal_of(paper)
    elif notice := paper_notice(paper):
        parts.append(note(_("Crossref says: “{comment}”", comment=notice)))
    parts += _reasons(view)
    parts.append(LinkRow(tuple(badges(submission, view.links))))
    parts.append(_facts(view))
    parts.append(action_buttons(submission))
    if threads := [d for d in view.discussions if d.url]:
        parts.append(discussion_note(threads))
    return Card(title_of(submission), tuple(parts), url=paper.url)


def discussion_note(threads: Sequence[Discussion]) -> Note:
    """Links to a paper's threads, by platform; by workspace or server where a platform has several. Of a single thread
    the platform is named where the readers are on another.
    """
    if len(threads) == 1:
        return Note((_("Discussion: "), thread_link(threads[0].url, threads[0].workspace.platform)))
    links = [Link(name, thread.url) for name, thread in zip(workspace_names(threads), threads, strict=True)]
    return Note((_("Discussion: "), *join_links(links)))


def workspace_names(threads: Sequence[Discussion]) -> list[str]:
    """Names of the places of threads: of the platform; of the workspace or server where a platform has several."""
    platforms = Counter(thread.workspace.platform for thread in threads)
    return [
        (thread.workspace.name if platforms[thread.workspace.platform] > 1 else "") or thread.workspace.platform.title()
        for thread in threads
    ]


def thread_link(url: str, platform: str) -> Link:
    """Link to a thread, with its platform for those who read it on another one."""
    if is_elsewhere(platform):
        return Link(_("open the thread on {platform}", platform=platform.title()), url)
    return Link(_("open the thread"), url)


def withdrawal_of(paper: Paper) -> list[Part]:
    """Lines about a withdrawal: who withdrew the paper and when, and the source's note."""
    withdrawal = paper_withdrawal(paper)
    if withdrawal is None:
        return []
    parts: list[Part] = [text(*withdrawal_line(withdrawal))]
    return (
        [*parts, note(_("{source} says: “{note}”", source=withdrawal.source, note=withdrawal.note))]
        if withdrawal.note
        else parts
    )


def withdrawal_line(withdrawal: Withdrawal) -> Words:
    """Sentence about a withdrawal, with its first word in bold."""
    word = _(withdrawal.verb)
    return Bold(f"{word[:1].upper()}{word[1:]}"), withdrawal.phrase.removeprefix(word), "."


def badges(submission: Submission, links: Sequence[PaperLink]) -> list[Link]:
    """Links to the paper itself, then to its code, demo and so on: those of members, and those that it names itself."""
    paper = submission.paper
    first = Link(_badge(paper.kind), paper.url)
    known = {link_key(link.url) for link in links}
    named = found_links(f"{paper.comment} {paper.abstract}") if paper.kind == SiteKind.PAPER else ()
    others = [(str(link.kind), link.url) for link in links]
    others += [(link.kind, link.url) for link in named if link_key(link.url) not in known][:MAX_NAMED_LINKS]
    return [first, *(Link(_badge(kind), url) for kind, url in others)]


def _badge(kind: str) -> str:
    return _(BADGES[kind]) if kind in BADGES else option_label("kind", kind)


def action_buttons(submission: Submission | VoteTarget) -> Buttons:
    """Buttons of a submission for members."""
    n = submission.number
    if submission.state == SubmissionState.READ:
        calls = (
            (_("Save"), "my save"),
            (_("Summary"), "paper summary"),
            (_("Cite"), "paper cite"),
            (_("Similar papers"), "paper similar"),
        )
        return Buttons(tuple(Button(label, Call.of(name, n)) for label, name in calls))
    row = (
        Button(_("Vote"), Call.of("paper vote", n), Style.MAIN),
        Button(_("Not for us"), Call.of("paper skip", n)),
        Button(_("Save"), Call.of("my save", n)),
        Button(_("Discuss"), Call.of("paper discuss", n)),
    )
    more = (
        Button(_("Summary"), Call.of("paper summary", n)),
        Button(_("Ask the paper"), Call.of("paper ask", n)),
        Button(_("Why this rank?"), Call.of("paper why", n)),
        Button(_("Take my vote back"), Call.of("paper vote", n, back="yes")),
        Button(_("Cite"), Call.of("paper cite", n)),
        Button(_("Similar papers"), Call.of("paper similar", n)),
        Button(_("Report a problem"), Call.of("paper report", n)),
    )
    return Buttons(row, more)


def tally(submission: Submission) -> str:
    """Tally in words: "3 votes · 2 in the discussion"; without numbers that are zero."""
    votes = [_n("{n} vote", "{n} votes", submission.votes)] if submission.votes else []
    voices = [_("{voices} in the discussion", voices=submission.voices)] if submission.voices else []
    return " · ".join((*votes, *voices))


def _facts(view: SubmissionView) -> Facts:
    submission = view.submission
    counts = ((_("Votes"), submission.votes), (_("In the discussion"), submission.voices))
    pairs = [(name, str(count)) for name, count in counts if count]
    pairs.append((_("Paper"), f"#{submission.number}"))
    if replies := sum(discussion.replies for discussion in view.discussions):
        pairs.append((_("Replies"), str(replies)))
    if submission.topic:
        pairs.append((_("Topic"), submission.topic.name))
    if view.edition:
        pairs.append((_("Edition"), _("No. {edition}", edition=view.edition)))
    elif submission.state in STATE_TEXT:
        pairs.append((_("State"), _(STATE_TEXT[submission.state])))
    if view.meetings:
        pairs.append((_("Meeting"), meeting_day(view.meetings[0])))
    return Facts(tuple(pairs))


def meeting_day(meeting: Meeting) -> str:
    """Number and day of a meeting, in its own time zone: "3, on 4 Dec 2025"."""
    return _(
        "{meeting_number}, on {starts_at}",
        meeting_number=meeting.number,
        starts_at=formatted(meeting.starts_at.astimezone(ZoneInfo(meeting.timezone)), "%-d %b %Y"),
    )


def reason_line(submission: Submission, credit: str = "") -> Text:
    """The submitter's reason with their name; the name alone if the reason is the title."""
    credit = credit or submission.credit
    if not submission.why or one_line(submission.why) == submission.heading:
        return text(*phrase("Submitted by {credit}.", credit=Bold(credit)))
    return text(submission.why, " — ", Italic(credit))


def _reasons(view: SubmissionView) -> list[Part]:
    if view.submission.state == SubmissionState.READ:
        parts: list[Part] = [text(view.submission.why)] if view.submission.why else []
        day = (
            ""
            if view.submission.state_why
            else _(" on {submitted_at}", submitted_at=formatted(view.submission.submitted_at, "%-d %b %Y"))
        )
        parts.append(note(_("Already read by the club{day}.", day=day)))
    else:
        parts = [reason_line(view.submission, view.submission.credit)]
    parts.extend(
        text(other.why, " — ", Italic(other.credit))
        if other.why
        else note(*phrase("Also submitted by {credit}", credit=other.credit))
        for other in view.co_submissions[:MAX_CO_SUBMISSIONS]
    )
    if (more := len(view.co_submissions) - MAX_CO_SUBMISSIONS) > 0:
        parts.append(
            note(
                _(
                    "And {more_members} submitted it too.",
                    more_members=_n("{n} more member", "{n} more members", more),
                )
            )
        )
    return parts


def join_links(links: Sequence[Link]) -> Words:
    """Links separated by commas."""
    words: list[str | Link] = []
    for link in links:
        words += [", ", link] if words else [link]
    return tuple(words)

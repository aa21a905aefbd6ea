"""The cards of a submission: alone, and on what was posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from bot.chat.rich_text import Bold, Italic, Link, Words
from bot.chat.text import join_names, one_line, plural, truncate
from bot.domain.models import CoSubmission, Discussion, Paper, PaperLink, Submission, SubmissionState
from bot.domain.withdrawals import paper_withdrawal
from bot.latex.reader import latex_to_text
from bot.store import UnitOfWork
from bot.store.papers.vote_statements import VoteTarget

BADGES = {
    "paper": "Paper",
    "code": "Code",
    "demo": "Demo",
    "blog": "Blog",
    "project": "Project page",
    "data": "Data",
    "video": "Video",
    "news": "News",
    "colab": "Colab",
}
"""What a link of each kind is called on a badge."""


STATE_TEXT = {
    SubmissionState.SHORTLISTED: "on the shortlist",
    SubmissionState.PICKED: "picked for the next edition",
    SubmissionState.HELD: "held for later",
}


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A submission with all that its card tells."""

    submission: Submission
    links: Sequence[PaperLink] = ()
    seconds: Sequence[CoSubmission] = ()
    discussions: Sequence[Discussion] = ()
    edition: int | None = None
    into: Submission | None = None
    """What it was merged into, if it was a duplicate."""


async def view(db: UnitOfWork, submission: Submission) -> SubmissionView:
    """Gather what the card of a submission tells."""
    item = await db.submissions.edition_item(submission.id)
    edition = await db.editions.get(item.edition_id) if item else None
    return SubmissionView(
        submission,
        await db.submissions.links(submission.id),
        await db.submissions.co_submitters(submission.id),
        await db.discussions.by_submission(submission.id),
        edition.number if edition else None,
        await db.submissions.get(submission.merged_into_id) if submission.merged_into_id else None,
    )


def title_of(submission: Submission | VoteTarget) -> str:
    """What the club calls a submission, as plain readable text."""
    return latex_to_text(submission.heading)


def byline(submission: Submission) -> str:
    """Who wrote it, where and when: "Ada Lovelace, Alan Turing et al. · cs.CL · 12 Jun 2017"."""
    paper = submission.paper
    bits = [join_names([latex_to_text(name) for name in paper.authors])]
    if paper.journal_ref:
        bits.append(truncate(latex_to_text(paper.journal_ref), 80))
    elif paper.categories:
        bits.append(paper.categories[0])
    if paper.published_at:
        bits.append(f"{paper.published_at:%-d %b %Y}")
    return " · ".join(bit for bit in bits if bit)


def paper_card(shown: SubmissionView) -> Card:
    """The public card of a submission, with its live tally and what can be done with it."""
    submission, paper = shown.submission, shown.submission.paper
    parts: list[Part] = []
    if shown.into:
        gone = note(f"A duplicate of #{shown.into.number}, where its votes and its discussion go on.")
        row = Buttons((Button(f"Open #{shown.into.number}", Call.of("paper show", shown.into.number)),))
        return Card(title_of(submission), (gone, row), Tone.QUIET)
    if submission.state in (SubmissionState.DROPPED, SubmissionState.WITHDRAWN):
        own = submission.state == SubmissionState.WITHDRAWN
        say = "was taken back by the member who brought it" if own else "was taken off the list"
        return Card(title_of(submission), (note(f"#{submission.number} {say}."),), Tone.QUIET)
    if line := byline(submission):
        parts.append(text(line))
    if paper.pending:
        parts.append(note("Details to follow: arXiv cannot be asked right now."))
    if paper.withdrawn:
        parts += withdrawal_of(paper)
    parts += _reasons(shown)
    parts.append(LinkRow(tuple(badges(submission, shown.links))))
    parts.append(_facts(shown))
    parts.append(actions(submission))
    if threads := [d for d in shown.discussions if d.url]:
        where = [Link(d.workspace.name or d.workspace.platform.title(), d.url) for d in threads]
        parts.append(Note(("Discussion: ", *_joined(where))))
    return Card(title_of(submission), tuple(parts), url=paper.url)


def withdrawal_of(paper: Paper) -> list[Part]:
    """What a card says of a paper that its source has withdrawn: by whom and when, and the source's own words."""
    gone = paper_withdrawal(paper)
    if gone is None:
        return []
    said: list[Part] = [text(Bold("Withdrawn"), gone.phrase.removeprefix("withdrawn"), ".")]
    return [*said, note(f"{gone.source} says: “{gone.note}”")] if gone.note else said


def badges(submission: Submission, links: Sequence[PaperLink]) -> list[Link]:
    """The paper itself, then its code, demo and so on."""
    kind = submission.paper.kind
    first = Link(BADGES.get(kind, kind.title()), submission.paper.url)
    return [first, *(Link(BADGES.get(link.kind, link.kind.title()), link.url) for link in links)]


def actions(submission: Submission | VoteTarget) -> Buttons:
    """What a member can do with a submission, by button."""
    n = submission.number
    row = (
        Button("Vote", Call.of("paper vote", n), Style.MAIN),
        Button("Not for us", Call.of("paper skip", n)),
        Button("Save", Call.of("my save", n)),
        Button("Discuss", Call.of("paper discuss", n)),
    )
    more = (
        Button("Summary", Call.of("paper summary", n)),
        Button("Why this rank?", Call.of("paper why", n)),
        Button("Take my vote back", Call.of("paper vote", n, back="yes")),
        Button("Cite", Call.of("paper cite", n)),
        Button("Wrong?", Call.of("paper report", n)),
    )
    return Buttons(row, more)


def tally(submission: Submission) -> str:
    """The standing in words: "3 votes · 2 came to discuss"."""
    voices = f" · {submission.voices} came to discuss" if submission.voices else ""
    return plural(submission.votes, "vote") + voices


def _facts(shown: SubmissionView) -> Facts:
    submission = shown.submission
    pairs = [
        ("Votes", str(submission.votes)),
        ("Discussing", str(submission.voices)),
        ("Paper", f"#{submission.number}"),
    ]
    if replies := sum(discussion.replies for discussion in shown.discussions):
        pairs.append(("Replies", str(replies)))
    if submission.topic:
        pairs.append(("Topic", submission.topic.name))
    if shown.edition:
        pairs.append(("Edition", f"No. {shown.edition}"))
    elif submission.state in STATE_TEXT:
        pairs.append(("Standing", STATE_TEXT[submission.state]))
    return Facts(tuple(pairs))


def reason(submission: Submission) -> Text:
    """Why it is here, in the words of who brought it; their name alone where the words are its title already."""
    if not submission.why or one_line(submission.why) == submission.heading:
        return text("Brought by ", Bold(submission.credit), ".")
    return text(submission.why, " — ", Italic(submission.credit))


def _reasons(shown: SubmissionView) -> list[Part]:
    said: list[Part] = [reason(shown.submission)]
    said.extend(
        text(second.why, " — ", Italic(second.credit)) if second.why else note("Also brought by ", second.credit)
        for second in shown.seconds[:3]
    )
    if len(shown.seconds) > 3:
        said.append(note(f"And {plural(len(shown.seconds) - 3, 'more member')} brought it too."))
    return said


def _joined(links: Sequence[Link]) -> Words:
    words: list[str | Link] = []
    for link in links:
        words += [", ", link] if words else [link]
    return tuple(words)

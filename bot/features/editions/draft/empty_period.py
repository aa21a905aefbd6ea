"""Reasons why a period has no edition, each with a sentence of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import Card, Part, Tone, note, text
from bot.chat.rich_text import parse_backticks
from bot.chat.text import truncate
from bot.domain.models import Edition, Submission, SubmissionState
from bot.domain.withdrawals import paper_withdrawal
from bot.features.editions.draft.material import EditionMaterial
from bot.latex.reader import latex_to_text
from bot.locale.current import _, _n, mark_text
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES, SubmissionOutcome

SUBMIT_HINT = mark_text("Add one with `/paper submit` for the next edition.")
MAX_PAPERS_NAMED = 3
"""Maximum number of withdrawn papers that are named; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Reason for a missing edition: `title`, `say` and `hint` for the channel, and `why` in a few words for the log."""

    title: str
    say: str
    why: str
    hint: str = SUBMIT_HINT

    @property
    def card(self) -> Card:
        """Card that is posted in place of the edition."""
        parts: list[Part] = [text(self.say)]
        if self.hint:
            parts.append(note(*parse_backticks(_(self.hint))))
        return Card(self.title, tuple(parts), Tone.QUIET)


async def reason_for(db: UnitOfWork, material: EditionMaterial) -> Reason:
    """Reason why the material makes no edition: a quorum was missed, all papers are withdrawn, or there are none."""
    submissions = list(material.submissions.values())
    if waiting := [submission for submission in submissions if not submission.paper.withdrawn]:
        return _quorum_missed(len(waiting), material.rules.quorum)
    outcomes = await db.submissions.outcomes(material.since, material.until)
    fates = [outcome for outcome in outcomes if outcome.state != SubmissionState.READ]
    last = await db.editions.latest()
    withdrawn = [submission for submission in submissions if submission.paper.withdrawn]
    if withdrawn:
        closed = [fate for fate in fates if fate.id not in material.submissions and not fate.published]
        return _withdrawn(withdrawn, closed)
    if closed := [fate for fate in fates if not fate.published]:
        return _all_closed(closed, last)
    return _nothing_submitted(last, material)


def _quorum_missed(count: int, quorum: int) -> Reason:
    votes = _n("{n} vote", "{n} votes", quorum)
    say = (
        _(
            "{papers} are on the list, but none has the {votes} that this club asks for. They stay on the list.",
            papers=_n("{n} paper", "{n} papers", count),
            votes=votes,
        )
        if count > 1
        else _(
            "One paper is on the list, but it does not have the {votes} that this club asks for. It stays on the list.",
            votes=votes,
        )
    )
    return Reason(
        _("No edition this time"),
        say,
        _("no paper had {votes}", votes=votes),
        _("`/paper top` lists papers to vote for."),
    )


def _withdrawn(papers: Sequence[Submission], closed: Sequence[SubmissionOutcome]) -> Reason:
    sentences = [
        _(
            "“{title}” was {withdrawal_phrase}",
            title=truncate(latex_to_text(submission.heading), 120),
            withdrawal_phrase=withdrawal.phrase,
        )
        for submission in papers
        if (withdrawal := paper_withdrawal(submission.paper))
    ]
    say = "; ".join(sentences[:MAX_PAPERS_NAMED]) + (
        _("; and {sentences_count} more", sentences_count=len(sentences) - MAX_PAPERS_NAMED)
        if len(sentences) > MAX_PAPERS_NAMED
        else ""
    )
    lead = (
        _("The only paper for this edition was withdrawn: ")
        if len(papers) == 1
        else _("All its papers were withdrawn: ")
    )
    closing = (
        _(
            " Other papers that were submitted for it are no longer on the list: {count_by_fate}.",
            count_by_fate=_count_by_fate(closed),
        )
        if closed
        else ""
    )
    return Reason(_("No edition this time"), f"{lead}{say}.{closing}", _("its papers were withdrawn at their sources"))


def _all_closed(fates: Sequence[SubmissionOutcome], last: Sequence[Edition]) -> Reason:
    added = _n(
        "{n} paper was added{since_last_edition}",
        "{n} papers were added{since_last_edition}",
        len(fates),
        since_last_edition=_since_last_edition(last),
    )
    say = _(
        "{added}, but none can be in this edition: {count_by_fate}.", added=added, count_by_fate=_count_by_fate(fates)
    )
    return Reason(_("No edition this time"), say, _("none of the submitted papers is on the list any more"))


def _nothing_submitted(last: Sequence[Edition], material: EditionMaterial) -> Reason:
    say = _(
        "Nobody submitted a paper{since_last_edition}, so there is no edition this time.",
        since_last_edition=_since_last_edition(last),
    )
    return Reason(
        _("A quiet week") if material.rules.cadence == "weekly" else _("A quiet month"), say, _("nothing was submitted")
    )


def _since_last_edition(last: Sequence[Edition]) -> str:
    return _(" since No. {number} came out", number=last[0].number) if last else ""


def _count_by_fate(fates: Sequence[SubmissionOutcome]) -> str:
    """Numbers of the papers that are not available, by cause: "2 withdrawn by their submitters, 1 held back"."""
    kinds = {
        _("withdrawn at their sources"): sum(fate.withdrawn for fate in fates),
        _("merged into others"): sum(fate.merged and not fate.withdrawn for fate in fates),
    }
    states = {
        SubmissionState.WITHDRAWN: _("withdrawn by their submitters"),
        SubmissionState.DROPPED: _("removed from the list"),
        SubmissionState.HELD: _("held back"),
    }
    plain = [fate for fate in fates if not fate.withdrawn and not fate.merged]
    kinds |= {words: sum(fate.state == state for fate in plain) for state, words in states.items()}
    kinds[_("on the list")] = sum(fate.state in OPEN_STATES for fate in plain)
    return ", ".join(f"{count} {words}" for words, count in kinds.items() if count)

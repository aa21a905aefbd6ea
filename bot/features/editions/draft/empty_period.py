"""Reasons why a period has no edition, each with a sentence of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import Card, Part, Tone, note, text
from bot.chat.rich_text import parse_backticks
from bot.chat.text import plural, truncate
from bot.domain.models import Edition, Submission
from bot.domain.withdrawals import paper_withdrawal
from bot.features.editions.draft.material import EditionMaterial
from bot.latex.reader import latex_to_text
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES, SubmissionOutcome

SUBMIT_HINT = "Add one with `/paper submit` for the next edition."
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
            parts.append(note(*parse_backticks(self.hint)))
        return Card(self.title, tuple(parts), Tone.QUIET)


async def reason_for(db: UnitOfWork, material: EditionMaterial) -> Reason:
    """Reason why the material makes no edition: a quorum was missed, all papers are withdrawn, or there are none."""
    submissions = list(material.submissions.values())
    if waiting := [submission for submission in submissions if not submission.paper.withdrawn]:
        return _quorum_missed(len(waiting), material.rules.quorum)
    fates = await db.submissions.outcomes(material.since, material.until)
    last = await db.editions.latest()
    withdrawn = [submission for submission in submissions if submission.paper.withdrawn]
    if withdrawn:
        closed = [fate for fate in fates if fate.id not in material.submissions and not fate.published]
        return _withdrawn(withdrawn, closed)
    if closed := [fate for fate in fates if not fate.published]:
        return _all_closed(closed, last)
    return _nothing_submitted(last, material)


def _quorum_missed(count: int, quorum: int) -> Reason:
    votes = plural(quorum, "vote")
    say = (
        f"{plural(count, 'paper')} are on the list, but none has the {votes} that this club asks for. "
        "They stay on the list."
        if count > 1
        else f"One paper is on the list, but it does not have the {votes} that this club asks for. "
        "It stays on the list."
    )
    return Reason("No edition this time", say, f"no paper had {votes}", "`/paper top` lists papers to vote for.")


def _withdrawn(papers: Sequence[Submission], closed: Sequence[SubmissionOutcome]) -> Reason:
    sentences = [
        f"“{truncate(latex_to_text(submission.heading), 120)}” was {withdrawal.phrase}"
        for submission in papers
        if (withdrawal := paper_withdrawal(submission.paper))
    ]
    say = "; ".join(sentences[:MAX_PAPERS_NAMED]) + (
        f"; and {len(sentences) - MAX_PAPERS_NAMED} more" if len(sentences) > MAX_PAPERS_NAMED else ""
    )
    lead = "The only paper for this edition was withdrawn: " if len(papers) == 1 else "All its papers were withdrawn: "
    closing = f" The others are off the list: {_count_by_fate(closed)}." if closed else ""
    return Reason("No edition this time", f"{lead}{say}.{closing}", "its papers were withdrawn by their sources")


def _all_closed(fates: Sequence[SubmissionOutcome], last: Sequence[Edition]) -> Reason:
    verb = "was" if len(fates) == 1 else "were"
    added = f"{plural(len(fates), 'paper')} {verb} added{_since_last_edition(last)}"
    say = f"{added}, and none is for this edition: {_count_by_fate(fates)}."
    return Reason("No edition this time", say, "nothing that was added is on the list")


def _nothing_submitted(last: Sequence[Edition], material: EditionMaterial) -> Reason:
    when = "week" if material.rules.cadence == "weekly" else "month"
    say = f"Nobody added a paper{_since_last_edition(last)}, so there is no edition this time."
    return Reason(f"A quiet {when}", say, "nothing was added")


def _since_last_edition(last: Sequence[Edition]) -> str:
    return f" since No. {last[0].number} came out" if last else ""


def _count_by_fate(fates: Sequence[SubmissionOutcome]) -> str:
    """Numbers of the papers that are not available, by cause: "2 withdrawn by who added them, 1 held for later"."""
    kinds = {
        "withdrawn by their sources": sum(fate.withdrawn for fate in fates),
        "merged into others": sum(fate.merged and not fate.withdrawn for fate in fates),
    }
    states = {"withdrawn": "withdrawn by who added them", "dropped": "removed from the list", "held": "held for later"}
    plain = [fate for fate in fates if not fate.withdrawn and not fate.merged]
    kinds |= {words: sum(fate.state == state for fate in plain) for state, words in states.items()}
    kinds["on the list"] = sum(fate.state in OPEN_STATES for fate in plain)
    return ", ".join(f"{count} {words}" for words, count in kinds.items() if count)

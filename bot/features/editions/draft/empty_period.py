"""Why a period has no edition, in a sentence that is true of this very period: each cause has its own."""

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

ADD = "Add one with `/paper submit`, and the next edition will have it."
SHOWN = 3
"""Withdrawn papers that are named; of more it is said how many there are."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no edition: for the room (`title`, `say`, `hint`), and in a few words for the log (`why`)."""

    title: str
    say: str
    why: str
    hint: str = ADD

    @property
    def card(self) -> Card:
        """As it is posted where the edition would have been."""
        parts: list[Part] = [text(self.say)]
        if self.hint:
            parts.append(note(*parse_backticks(self.hint)))
        return Card(self.title, tuple(parts), Tone.QUIET)


async def reason_for(db: UnitOfWork, material: EditionMaterial) -> Reason:
    """Why nothing of what there is makes an edition: a quorum was missed, all is withdrawn, or there is nothing."""
    there = list(material.submissions.values())
    if waiting := [one for one in there if not one.paper.withdrawn]:
        return _quorum_missed(len(waiting), material.rules.quorum)
    fates = await db.submissions.outcomes(material.since, material.until)
    last = await db.editions.latest()
    withdrawn = [one for one in there if one.paper.withdrawn]
    if withdrawn:
        gone = [fate for fate in fates if fate.id not in material.submissions and not fate.published]
        return _withdrawn(withdrawn, gone)
    if left := [fate for fate in fates if not fate.published]:
        return _gone(left, last)
    return _nobody(last, material)


def _quorum_missed(count: int, quorum: int) -> Reason:
    votes = plural(quorum, "vote")
    say = (
        f"{plural(count, 'paper')} can be voted for, but none has the {votes} that this club asks for. "
        "They stay on the list."
        if count > 1
        else f"One paper can be voted for, but it does not have the {votes} that this club asks for. "
        "It stays on the list."
    )
    return Reason("No edition this time", say, f"no paper had {votes}", "`/paper top` shows what can be voted for.")


def _withdrawn(papers: Sequence[Submission], gone: Sequence[SubmissionOutcome]) -> Reason:
    told = [
        f"“{truncate(latex_to_text(one.heading), 120)}” was {w.phrase}"
        for one in papers
        if (w := paper_withdrawal(one.paper))
    ]
    say = "; ".join(told[:SHOWN]) + (f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else "")
    lead = "The only paper for this edition was withdrawn: " if len(papers) == 1 else "All its papers were withdrawn: "
    rest = f" The others are off the list: {_counted(gone)}." if gone else ""
    return Reason("No edition this time", f"{lead}{say}.{rest}", "its papers were withdrawn by their sources")


def _gone(left: Sequence[SubmissionOutcome], last: Sequence[Edition]) -> Reason:
    said = "was" if len(left) == 1 else "were"
    say = f"{plural(len(left), 'paper')} {said} added{_since(last)}, and none is for this edition: {_counted(left)}."
    return Reason("No edition this time", say, "nothing that was added is on the list")


def _nobody(last: Sequence[Edition], material: EditionMaterial) -> Reason:
    when = "week" if material.rules.cadence == "weekly" else "month"
    say = f"Nobody added a paper{_since(last)}, so there is no edition this time."
    return Reason(f"A quiet {when}", say, "nothing was added")


def _since(last: Sequence[Edition]) -> str:
    return f" since No. {last[0].number} came out" if last else ""


def _counted(fates: Sequence[SubmissionOutcome]) -> str:
    """What became of them, in numbers: "2 taken back by who added them, 1 held for later"."""
    kinds = {
        "withdrawn by their sources": sum(fate.withdrawn for fate in fates),
        "merged into others": sum(fate.merged and not fate.withdrawn for fate in fates),
    }
    states = {"withdrawn": "taken back by who added them", "dropped": "taken off the list", "held": "held for later"}
    plain = [fate for fate in fates if not fate.withdrawn and not fate.merged]
    kinds |= {words: sum(fate.state == state for fate in plain) for state, words in states.items()}
    kinds["on the list"] = sum(fate.state in OPEN_STATES for fate in plain)
    return ", ".join(f"{count} {words}" for words, count in kinds.items() if count)

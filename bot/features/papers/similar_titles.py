"""A paper of the club that has the title of a new one, or nearly: perhaps the same work under another link."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, text
from bot.chat.rich_text import Link
from bot.chat.text import join_names, truncate
from bot.domain.authors import name_parts
from bot.domain.models import Paper, Submission
from bot.features.shared.papers.paper_cards import title_of
from bot.latex.reader import latex_to_text
from bot.locale.current import _
from bot.recommender import similar
from bot.store import UnitOfWork
from bot.store.base.search_folding import fold
from bot.store.papers.submissions import CLOSED_STATES

NEARLY = 0.92
"""Likeness of two titles of one first author, 0 to 1, from which people are asked: a typo, a plural, a dash."""
_NUMBERED = re.compile(r"\b(?:\w*\d\w*|i{1,3}|iv|vi{0,3})\b")
MIN_WORDS = 4
"""Words from which a title identifies a work."""


async def find_lookalike(db: UnitOfWork, paper: Paper) -> Submission | None:
    """The submission whose paper is probably the same work; None if there is none."""
    title = _folded(paper.title)
    if paper.pending or len(title.split()) < MIN_WORDS:
        return None
    words = similar.profile(paper.title, "")
    sharing = await db.similar.sharing(similar.distinctive(words), but=0)
    ranked = [(_likeness(title, _folded(other)), id) for id, other, _unused in sharing]
    ranked += [(1.0, found.id) for found in await db.search.by_title(title) if _folded(found.paper.title) == title]
    close = [id for likeness, id in sorted(ranked, reverse=True) if likeness >= NEARLY]
    for found in await db.similar.load(close[:3]):
        if (
            found.paper_id != paper.id
            and found.state not in CLOSED_STATES
            and _same_author(paper, found.paper, same_title=_bare(found.paper.title) == _bare(paper.title))
        ):
            return found
    return None


def question_card(found: Submission, paper: Paper, anyway: Call) -> Card:
    """Card that asks, with a button for each answer; `anyway` submits the new one."""
    names = join_names([latex_to_text(name) for name in found.paper.authors])
    line = (f"#{found.number} ", Link(truncate(title_of(found), 150), found.paper.url), f" · {names}" if names else "")
    say = _(
        "You sent “{title}”. The club has a paper with the same or almost the same title.",
        title=truncate(latex_to_text(paper.title), 150),
    )
    known = Button(_("Yes, show it"), Call.of("paper show", found.number))
    return Card(
        _("Is it this one?"), (text(say), ListEntry(line), Buttons((known, Button(_("No, submit mine"), anyway))))
    )


def _folded(title: str) -> str:
    """A title by its words alone."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(latex_to_text(title)).casefold()).split())


def _bare(title: str) -> str:
    return _folded(title).replace(" ", "")


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if _NUMBERED.findall(one) != _NUMBERED.findall(other):
        return 0.0  # two parts of one series
    compared = SequenceMatcher(None, one, other, autojunk=False)
    return compared.ratio() if compared.real_quick_ratio() >= NEARLY <= compared.quick_ratio() else 0.0


def _same_author(one: Paper, other: Paper, *, same_title: bool) -> bool:
    """True if the first authors have one family name; of equal titles also if those of one are not known."""
    first, second = (_family(paper.authors[0]) if paper.authors else "" for paper in (one, other))
    return first == second if first and second else same_title


def _family(author: str) -> str:
    return fold(latex_to_text(name_parts(author).family)).casefold()

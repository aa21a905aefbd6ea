"""Command `paper similar`, and the sentence about a paper close to one that was just submitted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Card, Part, note
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.text import truncate
from bot.domain.models import Submission
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.paged_lists import submission_list
from bot.features.shared.paper_cards import title_of
from bot.locale.current import _
from bot.shortlist import similar
from bot.store import UnitOfWork

commands = Commands()

LONGEST = 5
"""Similar papers that are shown."""


@commands("paper similar", examples=("/paper similar 12",))
async def show_similar(
    ctx: Context, paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title)] = ""
) -> Card:
    """Show the papers of this club that are most like one."""
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper)
        found = [submission for submission, _unused in await most_similar(db, chosen, LONGEST)]
    about = f"#{chosen.number} {truncate(title_of(chosen), 80)}"
    empty = (
        _("No paper here is like {about}.", about=about)
        if chosen.paper.abstract
        else _("{about} has no abstract, so nothing can be compared with it.", about=about)
    )
    return submission_list(
        _("Papers like {about}", about=about), found, Call.of("paper similar", chosen.number), 1, empty=empty
    )


async def most_similar(db: UnitOfWork, chosen: Submission, limit: int) -> Sequence[tuple[Submission, float]]:
    """Submissions most like one, with how alike they are (0 to 1), best first."""
    words = similar.profile(chosen.paper.title, chosen.paper.abstract)
    sharing = await db.similar.sharing(similar.distinctive(words), but=chosen.id)
    ranked = similar.most_similar(words, sharing, limit)
    nearness = dict(ranked)
    return [(found, nearness[found.id]) for found in await db.similar.load([id for id, _unused in ranked])]


async def close_paper_notes(ctx: Context, number: int) -> Sequence[Part]:
    """Note that names the paper of the club that is close to a new one; none if no paper is close enough."""
    async with ctx.read() as db:
        submission = await db.submissions.by_number(number)
        if submission is None or not submission.paper.abstract:
            return ()
        for found, nearness in await most_similar(db, submission, 1):
            if nearness >= similar.CLOSE:
                title = truncate(title_of(found), 100)
                return (
                    note(
                        _(
                            "The club already has #{found_number} “{title}”, which is close to it.",
                            found_number=found.number,
                            title=title,
                        )
                    ),
                )
    return ()

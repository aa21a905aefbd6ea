"""Isolation of clubs: IDs of another club's rows, put into calls by hand, show and change nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from bot.app import RequestKind
from bot.domain.models import Table
from tests.features.conversation import ATTENTION, DISTILLATION, code_in, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, words

SECRET = "our own affair"
EVE: dict[str, Any] = {"workspace": "W2", "admin": True}
FORGED = (
    "paper vote 1", "paper vote 1 back=yes", "paper skip 1", "paper show 1", "paper why 1", "paper summary 1",
    "paper discuss 1", "paper cite 1", "paper report 1 spam", "paper withdraw 1",
    "paper add-link 1 code https://github.com/a/b", f"paper show {ATTENTION}", "paper show attention",
    "my save 1", "my done 1", "my quote 1 words=hm", "my unquote 1",
    "curate show 1", "curate case 1", "curate case 1 resolve", "curate case 1 reject", "curate pick 1",
    "curate unpick 1", "curate hold 1", "curate shortlist 1", "curate drop 1 spam tell_submitter=yes",
    "curate restore 1", "curate merge 1 2 sure=yes", "curate edit 1 title=Mine", "curate log 1", "curate log who=Ada",
    "edition preview", "edition approve", "edition skip why", "digest read 1",
)  # fmt: skip
EMPTY = (
    "curate queue", "curate queue reported", "curate log", "my quotes", "paper top", "paper find affair", "my home",
    "digest list", "clubadmin roles", "clubadmin channels", "clubadmin settings", "my list",
)  # fmt: skip


async def row_counts(club: Harness) -> dict[str, int]:
    """Number of rows of the first club in each table."""
    found = {}
    async with club.app.store.read_admin_session() as admin:
        for name, table in Table.metadata.tables.items():
            if "club_id" in table.columns:
                own = select(func.count()).where(table.c.club_id == 1)
                found[name] = await admin._session.scalar(own) or 0
    return found


async def test_nothing_of_another_club_can_be_reached(club: Harness) -> None:
    await set_moderators_channel(club)
    await club.say("Eve", "/help", **EVE)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    for line in (
        "paper vote 1", f"paper report 1 spam {SECRET}", f"my quote 1 words={SECRET}",
        f"digest suggest news https://example.org/x {SECRET}", f"paper submit https://example.org/y {SECRET}",
    ):  # fmt: skip
        assert not (await club.say("Ada", line)).failed, line
    await club.say("Mo", f"curate hold 2 {SECRET}", moderator=True)
    await club.say("Mo", "edition draft", moderator=True)
    code, before = code_in(await club.say("Ada", "/my link")), await row_counts(club)
    for line in FORGED:
        answer = await club.say("Eve", line, via=RequestKind.CLICK, room="papers", message="m1", **EVE)
        assert answer.failed, line
        assert SECRET not in words(answer), line
    for line in EMPTY:
        answer = await club.say("Eve", line, **EVE)
        assert not {SECRET, "Ada", "Attention"} & {w for w in (SECRET, "Ada", "Attention") if w in words(answer)}, line
    assert (await club.say("Eve", f"/my link {code}", **EVE)).failed
    assert await row_counts(club) == before, "the first club is as it was"

"""`python -m benchmarks.messages`: messages of a standard week, per channel, as it was and as it is.

The week has 30 papers, 200 votes, 40 acts of moderators in 10 sittings, and one edition. "Before" is one message a
paper and one message an act; the program itself plays both.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import table
from bot.features.shared.audit import entries
from tests.features.conversation import ATTENTION, set_moderators_channel, submit_papers
from tests.features.edition_steps import publish_edition
from tests.stand_ins import Harness, open_harness

PAPERS, VOTES, ACTS, ACTS_A_SITTING = 30, 200, 40, 4
VOTERS = 10
GOALS = {"papers": "40", "digest": "3", "digest, in the thread": "", "mods": "15"}
NAMES = {
    "papers": "#papers",
    "digest": "#digest",
    "digest, in the thread": "#digest, in threads",
    "mods": "#moderators",
}


async def play(club: Harness) -> Counter[str]:
    """Play the week. Returns the number of messages in each channel."""
    await set_moderators_channel(club)
    [record] = (await club.paper_source.records([ATTENTION])).values()
    ids = [f"2511.{number:05}" for number in range(1, PAPERS + 1)]
    club.paper_source.put(
        *(replace(record, key=f"arxiv:{id}", title=f"{record.title}, part {n}") for n, id in enumerate(ids, 1))
    )
    await submit_papers(club, "Ada", *ids)
    for vote in range(VOTES):
        await club.say(f"Reader{vote % VOTERS}", f"/paper vote {1 + vote // VOTERS}")
    for act in range(ACTS):
        if act % ACTS_A_SITTING == 0:
            club.clock.advance(hours=3)
        club.clock.advance(seconds=45)
        number = 1 + act % PAPERS
        verb = "hold" if act < PAPERS else "restore"
        answer = await club.say("Mo", f"/curate {verb} {number}", moderator=True)
        assert not answer.failed, answer.card
    await publish_edition(club)
    await club.delivery_worker.drain()
    return Counter(
        f"{where.room}, in the thread" if where.thread and where.room == "digest" else where.room
        for where, _ in club.gateway.posts
    )


async def week(*, before: bool) -> Counter[str]:
    """The messages of the week; `before`: as they were without layouts and gathering."""
    gathering = entries.GATHERING_TIME
    with TemporaryDirectory() as folder:
        async with open_harness(Path(folder)) as club:
            try:
                if before:
                    entries.GATHERING_TIME = timedelta(0)
                    await set_moderators_channel(club)
                    await club.say("Root", "/clubadmin settings layout messages", admin=True)
                return await play(club)
            finally:
                entries.GATHERING_TIME = gathering


def main() -> None:
    """Print the table."""
    before, after = asyncio.run(week(before=True)), asyncio.run(week(before=False))
    print(
        table(
            ("channel", "before", "now", "at most"),
            [(NAMES[room], before[room], after[room], GOALS[room]) for room in GOALS],
        )
    )


if __name__ == "__main__":
    main()

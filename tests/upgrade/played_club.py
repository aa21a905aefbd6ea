"""Some weeks of a club, through the real commands, store, schedule and workers: rows in every table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain.figure_names import figure_name
from bot.domain.models import InboxState, Installation, MemberRole, Quarantine
from bot.domain.stream.source_kinds import StreamSourceKind
from bot.domain.summary_values import Passage
from bot.runtime.notification_worker import NotificationWorker
from bot.runtime.scheduler import Scheduler
from bot.runtime.stream_worker import StreamWorker
from bot.sources.recorded_arxiv import recorded_papers
from bot.sources.stream.arxiv_listing import ArxivStreamReader
from tests.features.conversation import press
from tests.sources.stream.recorded import RecordedListing
from tests.stand_ins import Harness, open_harness

LONG_WHY = "Ein Grund, der länger ist als jeder Knopf – with “quotes”, an emoji 🦊, a Greek β and a line of 漢字. " * 4

FIRST_WEEK: Sequence[tuple[str, str]] = (
    ("Root", "/clubadmin setup papers=papers digest=digest moderators=mods timezone=Europe/Berlin"),
    ("Root", "/clubadmin settings anonymous yes"),
    ("Root", "/clubadmin topics add Reasoning"),
    ("Root", "/clubadmin topics add Ágents"),
    ("Ada", '/paper submit 1706.03762 topic=Reasoning why="It began with attention: ‘all you need’"'),
    ("Ada", "/paper submit 2012.12877"),
    ("Ben", "/paper submit 2010.11929 anonymous=yes"),
    ("Ben", "/paper submit 1706.03762 I want to read it too"),
    ("Cy", "/paper submit https://github.com/thinking-machines-lab/tinker-cookbook Recipes for fine-tuning"),
    ("Cy", "/paper submit 2009.03393"),
    ("Cy", "/paper submit 2012.11538"),
    ("Ben", "/my follow topic Reasoning how=instant"),
    ("Ben", "/my follow keyword attention"),
    ("Cy", "/my follow paper 2 how=daily"),
    ("Ben", "/paper vote 1"),
    ("Cy", "/paper vote 1"),
    ("Cy", "/paper vote 2"),
    ("Ada", "/paper vote 3"),
    ("Ada", "/paper skip 4 reason=elsewhere"),
    ("Cy", "/paper vote 3 back=yes"),
    ("Ben", "/paper discuss 1"),
    ("Cy", "/paper discuss 1"),
    ("Ada", "/paper add-link 1 kind=code url=https://github.com/tensorflow/tensor2tensor"),
    ("Cy", "/paper report 4 what=off-topic note=code, no paper"),
    ("Ada", "/my save 2"),
    ("Ada", '/my note 2 text="mine alone"'),
    ("Ada", '/my quote 1 words="The ablation is the best part" credit=@ada'),
    ("Ben", '/my quote 1 words="Taken back later"'),
    ("Cy", '/digest suggest section=news url=https://example.org/news title="A prize" note="for quanta"'),
    ("Ada", "/my prefs voted=yes timezone=Asia/Tokyo"),
    ("Ada", "/my link"),
    ("Root", "/clubadmin roles moderator Cy"),
)

CURATION: Sequence[str] = (
    '/curate pick 1 place=1 theme="Attention, all of it" why="The origin" note="With 2."',
    "/curate shortlist 2",
    '/curate hold 5 reason="nobody has read it yet"',
    "/curate drop 4 reason=off-topic",
    "/curate merge 6 into=5 sure=yes",
    '/edition quote 1 text="We propose a new simple network architecture, the Transformer" '
    'section="1" source="We propose a new simple network architecture, the Transformer, and nothing else."',
    "/edition draft",
    '/edition write part=intro text="Hello, readers."',
    "/edition approve now",
)

SECOND_WEEK: Sequence[tuple[str, str]] = (
    ("Mo", '/edition correct part=intro text="Hello again." erratum="A greeting was missing."'),
    ("Ada", "/paper submit 2510.04871"),
    ("Ben", "/paper vote 7"),
)


MEETINGS_AND_BALLOTS: Sequence[tuple[str, str]] = (
    ("Mo", "/curate meeting plan every second Thursday 16:00 place=Library size=2 paper=1"),
    ("Ada", "/club rsvp yes"),
    ("Ben", "/club rsvp maybe"),
    ("Ada", "/club present"),
    ("Ada", "/club hand-over Ben"),
    ("Ben", "/club ask Does the proof need the bound?"),
    ("Ada", "/club upvote 1"),
    ("Ada", "/club calendar new"),
    ("Ada", "/club nominate 3 why=Pictures as words"),
    ("Ben", "/club nominate 7"),
    ("Mo", "/curate ballot open"),
    ("Ada", "/club choose 3 7"),
    ("Ada", "/paper ask 1 What is the Transformer based on?"),
    ("Mo", "/curate member Cy note a Ω of their own: “quick to answer”"),
)

SOURCES: Sequence[tuple[str, str]] = (
    ("Root", "/clubadmin sources add cs.CL"),
    ("Root", "/clubadmin settings shortlist daily"),
    ("Ben", "/my follow keyword language how=daily"),
    ("Ben", "/my papers on"),
)


async def play(folder: Path, url: str) -> None:
    """Let a club live for some weeks on an empty, migrated database, until no table is empty."""
    async with open_harness(folder, url=url, public_url="https://papers.test") as club:
        for name, line in FIRST_WEEK:
            club.clock.advance(minutes=7)
            await _say(club, name, line)
        await press(club, await club.say("Ben", "/my quotes"), "Withdraw", "Ben")
        refused = await club.say("Cy", f"/paper submit https://arxiv.org/abs/2510.99999 {LONG_WHY}")
        assert refused.failed, "what was typed is kept"
        club.clock.advance(days=1)
        for line in CURATION:
            await _say(club, "Mo", line)
        await _tick(club)
        club.clock.advance(days=1)
        for name, line in SECOND_WEEK:
            await _say(club, name, line)
        for name, line in MEETINGS_AND_BALLOTS:
            await _say(club, name, line)
        await _read_sources(club)
        await _what_platforms_leave(club)
        await _tick(club)


async def _say(club: Harness, name: str, line: str) -> None:
    said = await club.say(name, line, admin=name == "Root", moderator=name == "Mo")
    assert not said.failed, (line, said.card)


async def _tick(club: Harness) -> None:
    """Have the scheduler, the delivery worker and the notification worker do what is due."""
    for _ in range(3):
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()
        await NotificationWorker(club.app).round()


async def _read_sources(club: Harness) -> None:
    """Read a recorded arXiv, post the shortlist, and have a moderator and a member judge new papers."""
    club.change(stream_readers={StreamSourceKind.ARXIV: ArxivStreamReader(RecordedListing(club.clock))})
    for name, line in SOURCES:
        await _say(club, name, line)
    for days in (0, 1):
        club.clock.advance(days=days, minutes=1)
        await StreamWorker(club.app).round()
        await _tick(club)
    listed = await club.say("Mo", "/curate candidates", moderator=True)
    await press(club, listed, "Less like this", "Mo", moderator=True)
    await press(club, await club.say("Ben", "/my papers"), "Less like this", "Ben")


async def _what_platforms_leave(club: Harness) -> None:
    """Rows that come of Slack, Discord, models and other processes, through the store that they use."""
    now, store = club.clock(), club.app.store
    async with store.admin_session() as admin:
        await admin.rate_gates.reserve("arxiv", timedelta(seconds=3), now)
        await admin.leases.take("discord:0", "machine:1", now, timedelta(minutes=2))
        await admin.events.receive("slack:Ev1", "slack", {"type": "app_mention", "text": "héllo"}, now)
        await admin.events.receive("slack:Ev2", "slack", {}, now, state=InboxState.DONE)
        await admin.installations.start_attempt("a" * 64, "b" * 64, now, now + timedelta(minutes=10))
        await admin.installations.save(
            Installation(
                platform="slack",
                external_id="T1",
                name="Readers",
                token="gAAAAA-encrypted",
                bot_user="U0",
                bot_id="B0",
                scopes=["commands", "chat:write"],
                installed_by="U1",
                at=now,
            )
        )
        other = await admin.directory.create_club("A club that was left", "UTC", now)
        await admin.directory.join(other, "discord", "G1", "Left")
        await admin.directory.leave("discord", "G1", "removed", now)
        await admin.facts.store("discord:commands", "0" * 64)
        admin._session.add(
            Quarantine(club_id=other.id, backed_up_at=now, entered_at=now, found=0, unread=[], unknown=[])
        )
        workspace = await admin.directory.workspace("wall", "W1")
        assert workspace is not None
    async with store.begin(1) as db:
        first = await db.submissions.by_number(1)
        assert first is not None
        await db.roles.grant("wall", "S1", MemberRole.MODERATOR, "@reading-leads")
        await db.full_texts.save(first.paper_id, 7, [Passage("1 Introduction", "Attention – it’s all.")], now)
        await db.spending_log.add(first.paper_id, now, model="test-1", tokens_in=1200, tokens_out=340, cost=0.0125)
        [record] = [record for record in recorded_papers() if record.key == first.paper.key]
        newer = replace(record, version=record.version + 1, title=f"{record.title} (β)", doi="10.5555/3295222.3295349")
        await db.papers.save_record(newer, now=now)
        await db.card_reactions.change(first.id, first.member_id, "papers/m1", present=True, at=now)
        await db.meeting_events.claim(1, workspace.id, "machine:1", now, timedelta(minutes=2))
        picture = b"\x89PNG\r\n\x1a\n\x00\xff"
        await db.figures.save(figure_name(picture, 1200, 800, "png"), picture, first.member_id, now)

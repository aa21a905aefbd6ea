"""Pruning: each table has a rule, and of those that only grow the outdated rows go, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.cli.retention_reference import PAGE, page
from bot.domain.models import (
    AuditEntry,
    CalendarFeed,
    Delivery,
    DeliveryKind,
    Edition,
    EntryVerdict,
    InboxEvent,
    InstallAttempt,
    Lease,
    ModelSpending,
    OneTimeCode,
    Paper,
    PaperQuestion,
    PaperText,
    Quarantine,
    RateGateState,
    Report,
    SavedCall,
    ShortlistPost,
    StoredQuote,
    StoredSummary,
    StreamEntry,
    StreamVerdict,
    Submission,
    Table,
)
from bot.domain.retention import RETENTION
from bot.runtime import pruning_worker
from bot.runtime.pruning_worker import PruningWorker
from bot.store.admin.pruning import AGES, CONDITIONS
from tests.features.conversation import CLUB, publish_papers
from tests.features.edition_steps import set_up_week
from tests.stand_ins import Harness, open_harness


def test_every_table_has_one_rule_and_the_page_shows_it() -> None:
    ruled = [mapped.__tablename__ for rule in RETENTION for mapped in rule.tables]
    assert sorted(ruled) == sorted(Table.metadata.tables)
    assert AGES.keys() == CONDITIONS.keys()
    text = (Path(__file__).parents[3] / PAGE).read_text(encoding="utf-8")
    assert page(text) == text, "run `make docs`"


@pytest.fixture
async def club(url: str, tmp_path: Path) -> AsyncIterator[Harness]:
    async with open_harness(tmp_path, url=url) as club:
        await set_up_week(club)
        yield club


async def add(club: Harness, *rows: Table) -> None:
    async with club.app.store.admin_session() as admin:
        for row in rows:
            admin._session.add(row)
            await admin._session.flush()


async def count(club: Harness, table: type[Any], *conditions: Any) -> int:
    async with club.app.store.read_admin_session() as admin:
        return await admin._session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def rows_at(at: datetime, mark: str) -> list[Table]:
    """One row of each table that is pruned by its time alone."""
    return [
        SavedCall(club_id=CLUB, call="/help", at=at),
        PaperQuestion(club_id=CLUB, submission_id=1, member_id=1, question=mark, digest="", answer={}, at=at),
        InboxEvent(key=mark, platform="slack", payload={}, at=at),
        OneTimeCode(hash=mark, club_id=CLUB, purpose="link", member_id=1, expires_at=at),
        InstallAttempt(state=mark, cookie="", expires_at=at),
        Lease(name=mark, owner="", until=at),
        RateGateState(name=mark, next_at=at),
        CalendarFeed(club_id=CLUB, hash=mark, created_at=at, revoked_at=at),
        ModelSpending(club_id=CLUB, paper_id=1, at=at, model="m", tokens_in=1, tokens_out=1, cost=1.0),
        ShortlistPost(club_id=CLUB, period=mark, at=at),
        AuditEntry(club_id=CLUB, verb="alarm", why=mark, at=at),
    ]


async def test_what_is_over_goes_batch_by_batch_and_what_is_young_stays(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning_worker, "BATCH", 2)
    now = club.clock()
    tables = [type(row) for row in rows_at(now, "")]
    before = {table: await count(club, table) for table in tables}
    for number in range(5):
        await add(club, *rows_at(now - timedelta(days=401 + number), f"old {number}"))
    await add(club, *rows_at(now, "young"), CalendarFeed(club_id=CLUB, hash="used", created_at=now - timedelta(900)))
    worker = PruningWorker(club.app)
    deleted = await worker.round()
    assert {table.__tablename__: 5 for table in tables}.items() <= deleted.items()
    left = {table: await count(club, table) - before[table] for table in tables}
    assert left == {table: 2 if table is CalendarFeed else 1 for table in tables}
    assert await worker.round() == {}, "once a day"
    club.clock.advance(days=1)
    deleted = await PruningWorker(club.app).round()
    assert {name for name, number in deleted.items() if number} <= {"inbox", "code", "install_visit", "lease", "turn"}


async def notice(club: Harness, kind: DeliveryKind, subject: int, at: datetime, **values: Any) -> Delivery:
    async with club.app.store.read(CLUB) as db:
        [room] = await db.rooms.with_purpose("moderators")
    given = {"state": "sent", "card": {}, "message": "m", **values}
    row = Delivery(club_id=CLUB, room_id=room.id, kind=kind, subject_id=subject, not_before=at, **given)
    await add(club, row)
    return row


async def test_notices_go_once_they_are_over_and_posts_that_are_redrawn_stay(club: Harness) -> None:
    await club.delivery_worker.drain()
    old = club.clock() - timedelta(days=181)
    making = Edition(club_id=CLUB, number=9, template="t", title="", since=old, until=old, drafted_at=old, document={})
    report = Report(club_id=CLUB, submission_id=1, member_id=1, what="spam", at=old)
    done = Report(club_id=CLUB, submission_id=1, member_id=1, what="spam", state="resolved", at=old)
    await add(club, making, report, done)
    going = [
        await notice(club, DeliveryKind.AUDIT, 900, old),
        await notice(club, DeliveryKind.ADMIN_ALERT, 901, old, state="failed"),
        await notice(club, DeliveryKind.DELAY_NOTICE, 902, old),
        await notice(club, DeliveryKind.REPORT, done.id, old),
    ]
    staying = [
        await notice(club, DeliveryKind.AUDIT, 910, old, state="unknown"),
        await notice(club, DeliveryKind.AUDIT, 911, old, state="ready"),
        await notice(club, DeliveryKind.AUDIT, 912, old, stale=True),
        await notice(club, DeliveryKind.AUDIT, 913, old + timedelta(days=2)),
        await notice(club, DeliveryKind.DELAY_NOTICE, making.id, old),
        await notice(club, DeliveryKind.REPORT, report.id, old),
        await notice(club, DeliveryKind.CARD, 3, old),
        await notice(club, DeliveryKind.EDITION, 4, old),
    ]
    async with club.app.store.admin_session() as admin:
        await admin._session.execute(update(Delivery).where(Delivery.kind == DeliveryKind.CARD).values(not_before=old))
        admin._session.add(Quarantine(club_id=CLUB, backed_up_at=old, entered_at=old, unread=[], unknown=[]))
    await PruningWorker(club.app).round()
    assert await count(club, Delivery, Delivery.id.in_([row.id for row in going])) == len(going), "in quarantine"
    async with club.app.store.admin_session() as admin:
        await admin._session.delete(await admin._session.get_one(Quarantine, CLUB))
    club.clock.advance(hours=23)
    assert (await PruningWorker(club.app).round())["delivery"] == len(going)
    assert await count(club, Delivery, Delivery.id.in_([row.id for row in staying])) == len(staying)
    assert await count(club, Delivery, Delivery.id.in_([row.id for row in going])) == 0


async def test_what_people_did_stays_and_what_a_quarantine_asks_about(club: Harness) -> None:
    old = club.clock() - timedelta(days=500)
    asked = AuditEntry(club_id=CLUB, verb="restored", at=old)
    await add(
        club,
        asked,
        AuditEntry(club_id=CLUB, verb="settings", member_id=1, at=old),
        AuditEntry(club_id=CLUB, verb="source-withdrawn", submission_id=1, at=old),
        AuditEntry(club_id=CLUB, verb="alarm", at=old),
    )
    await add(club, Quarantine(club_id=CLUB, backed_up_at=old, entered_at=old, act_id=asked.id, unread=[], unknown=[]))
    await PruningWorker(club.app).round()
    async with club.app.store.read(CLUB) as db:
        verbs = {entry.verb for entry in await db.audit_log.latest(limit=50) if entry.at == old}
    assert verbs == {"restored", "settings", "source-withdrawn"}


async def test_texts_and_summaries_of_papers_go_once_nobody_needs_them(club: Harness) -> None:
    old = club.clock() - timedelta(days=200)
    await publish_papers(club, 1, 2)
    async with club.app.store.read(CLUB) as db:
        found = [await db.submissions.by_number(number) for number in (1, 2, 3)]
    papers = [submission.paper for submission in found if submission]
    await add(
        club,
        *(PaperText(paper_id=paper.id, version=1, passages=[["1", "text"]], at=old) for paper in papers),
        StoredQuote(
            club_id=CLUB, key=papers[1].key, text="q", passage="1", source="s", start=0, end=1, member_id=1, at=old
        ),
        *(
            StoredSummary(paper_id=papers[0].id, version=1, writer="w", prompt="p", digest=digest, body={}, at=old)
            for digest in ("first", "second", "newest")
        ),
    )
    deleted = await PruningWorker(club.app).round()
    assert (deleted["paper_text"], deleted["summary"]) == (1, 2)
    assert await count(club, PaperText, PaperText.paper_id == papers[0].id) == 0, "published, and not quoted"
    assert await count(club, StoredSummary, StoredSummary.digest == "newest") == 1
    assert await count(club, Paper) == await count(club, Submission) == 3


async def test_papers_of_the_stream_go_though_no_club_reads_sources_any_more(club: Harness) -> None:
    old = club.clock() - timedelta(days=181)
    entries = [
        StreamEntry(key=key, url="u", title=key, published_at=old, listed_at=old) for key in ("arxiv:1", "arxiv:2")
    ]
    await add(club, *entries)
    verdict = EntryVerdict(club_id=CLUB, entry_id=entries[0].id, verdict=StreamVerdict.MORE, at=old)
    await add(club, verdict)
    await PruningWorker(club.app).round()
    assert await count(club, StreamEntry) == await count(club, StreamEntry, StreamEntry.key == "arxiv:1") == 1


async def test_one_of_several_processes_prunes(club: Harness) -> None:
    await add(club, *rows_at(club.clock() - timedelta(days=500), "old"))
    async with club.app.store.admin_session() as admin:
        assert await admin.leases.take(pruning_worker.NAME, "another", club.clock(), timedelta(minutes=1))
    assert await PruningWorker(club.app).round() == {}
    club.clock.advance(minutes=2)
    assert (await PruningWorker(club.app).round())["kept"] == 1

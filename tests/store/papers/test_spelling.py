"""Names and titles in every alphabet are found as typed, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.models import Submission
from bot.domain.paper_record import PaperRecord
from bot.store import Store
from tests.store.papers.test_votes import opened

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)

RECORD = PaperRecord(
    key="arxiv:2501.00001",
    version=1,
    title="Über neuronale Netze: Машинное обучение",
    authors=("Jörg Müller", "Émile Borel"),
    abstract="Größe.",
    categories=("cs.LG",),
    published=NOW,
    updated=NOW,
)
FOUND = (
    "über",
    "uber",
    "ÜBER",
    "Über",
    "машинное",
    "МАШИННОЕ",
    "müller",
    "jörg MÜLLER",
    "émile",
    "größe",
    "100 %_\\",
    "%",
)
NOT_FOUND = ("100_%", '"', "mu_ller", "\\u00fc")


async def test_names_in_every_alphabet_are_found(url: str) -> None:
    async with opened(url) as store:
        club = await _club(store)
        async with store.read(club) as db:
            assert [typed for typed in FOUND if not await db.search.papers(typed)] == []
            assert [typed for typed in NOT_FOUND if await db.search.papers(typed)] == []
            assert await db.search.by_title("über NEURONALE")
            assert await db.search.papers("netze", author="Émile", topic="ökonomie")
            assert await db.submissions.most_voted(since=None, topic="Ökonomie")
            assert not await db.submissions.most_voted(since=None, topic="Okonomie")
            for typed in ("åsa", "Åsa Öberg", "ÖBERG", "öberg"):
                assert [member.name for member in await db.members.search(typed)] == ["Åsa Öberg"], typed


async def _club(store: Store) -> int:
    """A club with a paper, a member and a topic with non-English names."""
    async with store.admin_session() as admin:
        club = await admin.directory.create_club("Readers", "UTC", NOW)
    async with store.begin(club.id) as db:
        member = await db.members.get_or_create("wall", "u1", "Åsa Öberg", "W1", NOW)
        await db.topics.add("Ökonomie")
        topic = await db.topics.by_name("ÖKONOMIE")
        assert topic is not None
        paper = await db.papers.save_record(RECORD, now=NOW)
        why, at = "100 %_\\ wahr", NOW
        brought = Submission(paper_id=paper.id, member_id=member.id, submitted_at=at, topic_id=topic.id, why=why)
        await db.submissions.add(brought)
    return club.id

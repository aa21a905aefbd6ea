"""A club with years of editions behind it, made at once: real papers under numbers of their own, and people's votes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, cycle, islice
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club, Edition, EditionItem, Member, Paper, Submission, Vote
from bot.domain.paper_record import PaperRecord
from bot.domain.summary_values import SourceQuote, WrittenSummary
from bot.domain.vote_ranking import Terms
from bot.editions.compose.composer import EditionContext, Participation, compose
from bot.editions.compose.item_builder import SelectedPaper
from bot.editions.compose.selection import Candidate
from bot.editions.model.document import Document, sha256, to_json
from bot.sources.recorded_arxiv import recorded_papers

WEEK = timedelta(weeks=1)
PEOPLE = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Katherine", "Donald", "Frances", "Tony", "Margaret")
REASONS = (
    "Seven people asked me about this one, and I had no answer.",
    "The appendix alone is worth the hour.",
    "I do not believe table 3. Who has tried it?",
    "Short, honest, and with code that runs.",
    "",
)


def fill(
    url: str,
    *,
    editions: int,
    papers: int = 10,
    votes: int = 6,
    until: datetime = datetime(2025, 12, 1, 9, tzinfo=UTC),
    template: str = "weekly-update",
    name: str = "Thursday Readers",
    public: bool = True,
) -> int:
    """Add a club with so many weekly editions to the (migrated) database, the last of them `until`; its id."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with Session(engine) as session, session.begin():
        founded = until - WEEK * (editions + 1)
        rules = {"public": public, "template": template}
        club = Club(name=name, timezone="Europe/Berlin", settings=rules, created_at=founded)
        session.add(club)
        session.flush()
        members = [Member(club_id=club.id, name=one, role="member", prefs={}, created_at=founded) for one in PEOPLE]
        session.add_all(members)
        session.flush()
        numbers, shelf, chance = count(1), cycle(recorded_papers()), Random(7)
        for number in range(1, editions + 1):
            at = until - WEEK * (editions - number)
            some = list(islice(shelf, papers))
            brought = [
                _submissions(session, club, chance.choice(members), next(numbers), at, record, chance)
                for record in some
            ]
            session.flush()
            for submission in brought:
                others = [member for member in members if member.id != submission.member_id]
                for voter in chance.sample(others, submission.votes):
                    row = {"submission_id": submission.id, "member_id": voter.id, "club_id": club.id}
                    session.add(Vote(**row, stance="vote", ranks=True, at=at - timedelta(days=chance.random() * 6)))
            document = _document(club, number, brought, at, votes)
            _publish(session, club, document, brought, at)
            session.flush()
            session.expunge_all()
        session.get_one(Club, club.id).next_number = next(numbers)
        made = club.id
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))  # work that a database does by itself within minutes
    engine.dispose()
    return made


def _submissions(
    session: Session, club: Club, member: Member, number: int, at: datetime, record: PaperRecord, chance: Random
) -> Submission:
    paper = Paper(
        key=f"arxiv:{club.id:02}{number // 100_000:02}.{number % 100_000:05}",
        url=record.url,
        title=record.title,
        authors=list(record.authors),
        abstract=record.abstract,
        categories=list(record.categories),
        comment=record.comment,
        journal_ref=record.journal_ref,
        doi=record.doi,
        version=record.version,
        published_at=record.published,
        updated_at=record.updated,
        details_at=at,
    )
    submission = Submission(
        club_id=club.id,
        number=number,
        paper=paper,
        member=member,
        why=chance.choice(REASONS),
        submitted_at=at - timedelta(days=1 + chance.random() * 5),
        votes=chance.randint(1, 9),
        voices=chance.randint(0, 4),
    )
    session.add(submission)
    return submission


def _document(club: Club, number: int, submissions: Sequence[Submission], at: datetime, votes: int) -> Document:
    rules = ClubSettings.of(club.settings)
    frame = EditionContext(
        club=club.name,
        number=number,
        template=rules.template,
        settings=rules,
        zone=ZoneInfo(club.timezone),
        since=at - WEEK,
        until=at,
        issued=at,
        now=at,
        participation=Participation(len(submissions), votes * len(submissions), len(PEOPLE)),
    )
    chosen = [
        SelectedPaper(
            submission,
            Candidate(
                submission.id,
                Terms(submission.votes, submission.voices, submission.submitted_at),
                tuple(submission.paper.categories),
            ),
            written=_written(submission.paper, at),
        )
        for submission in submissions
    ]
    return compose(frame, chosen)


def _written(paper: Paper, at: datetime) -> WrittenSummary:
    """Sentences of the abstract, with their positions."""
    found = list(_sentences(paper.abstract)) or [SourceQuote(paper.title, "title", 0, len(paper.title))]
    said = [quote.text for quote in found]
    quotes = tuple(found[-2:])
    source = f"abstract v{paper.version or 1}"
    return WrittenSummary(said[0], tuple(said[1:4]), quotes, (), "", None, "extractive", "1", source, at)


def _sentences(text: str) -> Iterator[SourceQuote]:
    for found in re.finditer(r"\S.*?(?:[.!?](?=\s)|\Z)", text, re.DOTALL):
        yield SourceQuote(" ".join(found[0].split()), "abstract", found.start(), found.end())


def _publish(session: Session, club: Club, document: Document, submissions: Sequence[Submission], at: datetime) -> None:
    value = to_json(document)
    edition = Edition(
        club_id=club.id,
        number=document.number,
        template=document.template,
        title=document.title,
        state="published",
        since=at - WEEK,
        until=at,
        document=value,
        sha=sha256(value),
        drafted_at=at,
        approved_at=at,
        published_at=at,
    )
    session.add(edition)
    session.flush()
    session.add_all(
        EditionItem(submission_id=one.id, edition_id=edition.id, club_id=club.id, place=place)
        for place, one in enumerate(submissions, 1)
    )

"""A synthetic large club: 100,000 papers and 1,000,000 votes over two years.

Titles and abstracts are shuffled from recorded arXiv papers, with words that occur in only one paper, so that searches
for common, rare and absent words can be measured separately. The numbers of votes have a long tail, and most votes
follow soon after the submission. The same seed gives the same club.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random

import psycopg
from sqlalchemy import make_url
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from bot.domain.models import Table
from bot.domain.vote_ranking import Terms
from bot.sources.recorded_arxiv import recorded_papers
from bot.store import Store

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
SPAN = timedelta(days=730)
CLUB = 1
MEMBERS = 2_000
TOPICS = ("vision", "language", "speech", "robots", "theory", "graphs", "agents", "safety", "biology", "physics")
EDITION = timedelta(days=7)
PER_EDITION = 10

Row = tuple[object, ...]
Ballot = tuple[int, int, datetime]
"""Submission, member, when."""


@dataclass(frozen=True, slots=True)
class SubmissionPlan:
    """Data of a submission that is needed to generate its votes."""

    id: int
    member: int
    at: datetime
    votes: int
    voices: int


class SyntheticClub:
    """The rows of such a club, table by table, in an order that foreign keys allow."""

    def __init__(self, papers: int = 100_000, votes: int = 1_000_000, *, seed: int = 7) -> None:
        self._random = Random(seed)
        self._papers = papers
        self._votes = votes
        self._submission_plans = list(self._submissions())
        self._ballots = list(self._generate_ballots())

    def tables(self) -> Iterator[tuple[str, Sequence[str], Iterable[Row]]]:
        """Each table's name, columns and rows."""
        start = NOW - SPAN
        yield (
            "club",
            ("id", "name", "timezone", "settings", "created_at", "next_number"),
            [(CLUB, "Crowd", "UTC", "{}", start, self._papers + 1)],
        )
        yield (
            "workspace",
            ("id", "club_id", "platform", "external_id", "name", "left_why"),
            [
                (number, CLUB, platform, "W1", "Crowd", "")
                for number, platform in enumerate(("wall", "slack", "discord"), 1)
            ],
        )
        members = range(1, MEMBERS + 1)
        yield "member", MEMBER, ((n, CLUB, f"Member {n}", "member", "{}", start) for n in members)
        yield "account", ACCOUNT, ((n, CLUB, n, "wall", f"u{n}", "W1", f"Member {n}") for n in members)
        yield "topic", ("id", "club_id", "name"), ((n, CLUB, name) for n, name in enumerate(TOPICS, 1))
        yield "paper", PAPER, self._paper_rows()
        yield "submission", SUBMISSION, self._submission_rows()
        yield "edition", EDITIONS, self._edition_rows()
        yield "edition_item", ("submission_id", "edition_id", "club_id", "place"), self._item_rows()
        yield "vote", ("submission_id", "member_id", "club_id", "stance", "ranks", "at"), self._vote_rows()
        yield "vote_event", EVENT, self._event_rows()
        yield "voice", ("submission_id", "member_id", "club_id", "at"), self._voice_rows()

    def _submissions(self) -> Iterator[SubmissionPlan]:
        """Time, member and number of votes of each paper: a long-tailed distribution with a given total."""
        weights = [1 / (rank + 20) ** 0.8 for rank in range(self._papers)]
        self._random.shuffle(weights)
        scale = self._votes / sum(weights)
        counts = [min(int(weight * scale + self._random.random()), MEMBERS - 1) for weight in weights]
        while (missing := self._votes - sum(counts)) > 0:
            for at in self._random.sample(range(self._papers), min(missing, self._papers)):
                counts[at] += counts[at] < MEMBERS - 1
        moments = sorted(NOW - SPAN * self._random.random() for _ in range(self._papers))
        for id, (moment, votes) in enumerate(zip(moments, counts, strict=True), 1):
            voices = min(self._random.choice((0, 0, 0, 1, 2, 5)), votes)
            yield SubmissionPlan(id, self._random.randint(1, MEMBERS), moment, votes, voices)

    def _paper_rows(self) -> Iterator[Row]:
        known = recorded_papers()
        vocabulary = [word for record in known for word in record.title.split()]
        sentences = [line for record in known for line in record.abstract.split(". ") if 40 < len(line) < 300]
        people = sorted({name for record in known for name in record.authors})
        draw = self._random
        for brought in self._submission_plans:
            title = " ".join([*draw.sample(vocabulary, draw.randint(5, 10)), unique_word(brought.id)])
            abstract = ". ".join(draw.sample(sentences, draw.randint(6, 10)))
            authors = json.dumps(draw.sample(people, draw.randint(1, 8)))
            key = f"arxiv:{2300 + brought.id // 20000:04d}.{brought.id % 20000:05d}"
            url = f"https://arxiv.org/abs/{key.removeprefix('arxiv:')}"
            at = brought.at
            yield (brought.id, key, "paper", url, title, authors, abstract, '["cs.CL"]', at, at, at, at)

    def _submission_rows(self) -> Iterator[Row]:
        draw = self._random
        for it in self._submission_plans:
            state = draw.choices(("new", "shortlisted", "held", "dropped"), (90, 5, 2, 3))[0]
            heat = Terms(it.votes, it.voices, it.at).score
            topic = draw.randint(1, len(TOPICS)) if draw.random() < 0.7 else None
            why = "worth a look" if draw.random() < 0.5 else ""
            yield (it.id, CLUB, it.id, it.id, it.member, why, topic, state, it.at, it.votes, it.voices, heat)

    def _edition_rows(self) -> Iterator[Row]:
        weeks = SPAN // EDITION
        for number in range(1, weeks + 1):
            until = NOW - EDITION * (weeks - number + 1)
            since = until - EDITION
            yield (
                number,
                CLUB,
                number,
                "weekly-update",
                f"No. {number}",
                "published",
                since,
                until,
                "{}",
                until,
                until,
            )

    def _item_rows(self) -> Iterator[Row]:
        """Ten papers of each week have been in that week's edition."""
        weeks = SPAN // EDITION
        by_week: dict[int, list[int]] = {}
        for brought in self._submission_plans:
            by_week.setdefault(weeks - (NOW - brought.at) // EDITION, []).append(brought.id)
        for week, ids in by_week.items():
            if 1 <= week < weeks:
                for place, id in enumerate(sorted(self._random.sample(ids, min(PER_EDITION, len(ids)))), 1):
                    yield (id, week + 1, CLUB, place)

    def _generate_ballots(self) -> Iterator[Ballot]:
        """Voter, paper and time of each vote: any member but the submitter, mostly in the following days."""
        draw = self._random
        others = range(1, MEMBERS)
        for it in self._submission_plans:
            age = (NOW - it.at).total_seconds()
            for voter in draw.sample(others, it.votes):
                wait = min(draw.expovariate(1 / 864_000), age * draw.random())
                yield it.id, voter + (voter >= it.member), it.at + timedelta(seconds=wait)

    def _vote_rows(self) -> Iterator[Row]:
        return ((id, member, CLUB, "vote", True, at) for id, member, at in self._ballots)

    def _event_rows(self) -> Iterator[Row]:
        ballots = enumerate(self._ballots, 1)
        return ((number, CLUB, id, member, "vote", "", at) for number, (id, member, at) in ballots)

    def _voice_rows(self) -> Iterator[Row]:
        for it in self._submission_plans:
            for member in range(1, it.voices + 1):
                yield (it.id, member, CLUB, it.at)


MEMBER = ("id", "club_id", "name", "role", "prefs", "created_at")
ACCOUNT = ("id", "club_id", "member_id", "platform", "external_id", "workspace", "name")
EVENT = ("id", "club_id", "submission_id", "member_id", "stance", "reason", "at")
PAPER = (
    "id", "key", "kind", "url", "title", "authors", "abstract", "categories",
    "published_at", "updated_at", "details_at", "asked_at",
)  # fmt: skip
SUBMISSION = (
    "id", "club_id", "number", "paper_id", "member_id", "why", "topic_id", "state", "submitted_at",
    "votes", "voices", "heat",
)  # fmt: skip
EDITIONS = (
    "id", "club_id", "number", "template", "title", "state", "since", "until", "document",
    "drafted_at", "published_at",
)  # fmt: skip


def unique_word(number: int) -> str:
    """A word that only the title of this paper contains: "Zubexa17"."""
    syllables = ("zu", "be", "xa", "qo", "ri", "vel", "mon", "ta")
    return "".join(syllables[number // 8**place % 8] for place in range(4)).title() + str(number)


def load(url: str, club: SyntheticClub) -> None:
    """Insert the generated club into an empty database, in bulk and without the program's own code.

    The program builds its search index itself, as for papers from before the index existed.
    """
    if make_url(url).get_backend_name() == "sqlite":
        _load_sqlite(str(make_url(url).database), club)
        asyncio.run(_write_lookups(url))
        return
    _load_postgres(url, club)
    with psycopg.connect(url, autocommit=True) as connection:
        index = connection.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'lookup_index'").fetchone()
        assert index is not None
        connection.execute("DROP INDEX lookup_index")  # ten times as fast if created in bulk
        asyncio.run(_write_lookups(url))
        connection.execute(index[0].encode())
        connection.execute("VACUUM ANALYZE")


async def _write_lookups(url: str) -> None:
    store = Store.open(url)
    try:
        await store.rebuild_search_index()
    finally:
        await store.close()


def _complete(name: str, columns: Sequence[str]) -> tuple[Sequence[str], Row]:
    """All columns, with the models' defaults for missing values."""
    defaults: dict[str, object] = {}
    for column in Table.metadata.tables[name].columns:
        if column.name in columns or column.default is None:
            continue
        value = column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
        defaults[column.name] = "[]" if value is None else value
    return (*columns, *defaults), tuple(defaults.values())


def _load_sqlite(path: str, club: SyntheticClub) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for name, columns, rows in club.tables():
            columns, rest = _complete(name, columns)
            marks = ", ".join("?" * len(columns))
            plain = (tuple(map(_as_text, chain(row, rest))) for row in rows)
            connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", plain)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")


def _as_text(value: object) -> object:
    """Times as SQLAlchemy stores them on SQLite."""
    return value.replace(tzinfo=None).isoformat(" ", "microseconds") if isinstance(value, datetime) else value


def _load_postgres(url: str, club: SyntheticClub) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for name, columns, rows in club.tables():
            columns, rest = _complete(name, columns)
            with connection.cursor().copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row((*row, *rest))
            if "id" in columns:
                last = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
                connection.execute(last.encode())

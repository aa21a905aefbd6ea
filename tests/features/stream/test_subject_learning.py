"""Themes by words of the stream: learned once a week, in a process of its own, and used by the next edition."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.editions.compose.subject_words import LabeledText, SubjectWords, learn_subject_words
from bot.features.stream import subject_learning
from bot.runtime.stream_worker import StreamWorker
from bot.runtime.subject_learning import LEARNED_FOR, FileSubjectLearner
from tests.editions.compose.test_subject_words import GRIPPERS, SHELVES, stream
from tests.features.stream.conftest import Reading
from tests.features.stream.test_shortlist import add_source
from tests.sources.stream.recorded import recorded_week


class StubLearner:
    """Learner that records what it is given and knows what the test says; it is due when it was given nothing yet."""

    def __init__(self, known: SubjectWords | None) -> None:
        self.known = known
        self.given: list[Sequence[LabeledText]] = []

    def is_due(self, now: datetime) -> bool:
        return not self.given

    async def learn(self, papers: Sequence[LabeledText], now: datetime) -> bool:
        self.given.append(papers)
        return True

    def words(self) -> SubjectWords | None:
        return self.known


async def test_the_stream_teaches_once_and_the_next_edition_groups_by_it(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    club = reading.club
    learner = StubLearner(None)
    club.change(subject_learner=learner)
    reading.worker = StreamWorker(club.app)
    monkeypatch.setattr(subject_learning, "MOST_PAPERS", 20)
    await add_source(reading)
    await reading.pass_time(minutes=1)
    await reading.pass_time(hours=3)
    [papers] = learner.given
    assert 10 <= len(papers) <= 20, "spread evenly over all that are stored"
    known = {record.title: record for _, record in recorded_week()}
    for title, abstract, categories in papers:
        assert (abstract, tuple(categories)) == (known[title].abstract, known[title].categories)

    record = recorded_week()[0][1]
    for number, paper in enumerate((GRIPPERS, SHELVES)):
        club.paper_source.put(
            replace(record, key=f"arxiv:2511.7000{number}", title=paper.title, abstract=paper.abstract,
                    authors=(f"A. Name{number}",), categories=("cs.LG",)),
        )  # fmt: skip
        assert not (await club.say("Ada", f"/paper submit 2511.7000{number}")).failed
        assert not (await club.say("Mod", f"/curate pick {number + 1}", moderator=True)).failed
    assert await themes_of_draft(reading) == {"Machine learning"}
    learner.known = learn_subject_words(stream(1_500), club.clock())
    assert await themes_of_draft(reading) == {"Robotics"}


async def themes_of_draft(reading: Reading) -> set[str]:
    answer = await reading.club.say("Mod", "/edition draft", moderator=True)
    assert not answer.failed, answer.card
    async with reading.club.app.store.read(1) as db:
        current = await db.editions.current()
    assert current is not None
    return {section["title"] for section in current.document["sections"] if section["kind"] == "theme"}


async def test_words_are_learned_in_a_process_and_kept_for_a_week(tmp_path: Path) -> None:
    folder, now = tmp_path / "shortlist", datetime(2025, 12, 1, 9, tzinfo=UTC)
    learner = FileSubjectLearner(folder)
    assert learner.is_due(now)
    assert learner.words() is None
    assert await learner.learn(stream(1_500), now)
    assert learner.words() == learn_subject_words(stream(1_500), now)
    assert not FileSubjectLearner(folder).is_due(now + LEARNED_FOR - timedelta(hours=1)), "another process, too"
    assert learner.is_due(now + LEARNED_FOR)
    assert learner.is_due(now - timedelta(days=2)), "the clock was wrong then"
    assert [path.name for path in folder.iterdir()] == ["subject-words.json.gz"]
    [path] = folder.iterdir()
    content = path.read_bytes()
    path.write_bytes(content[:100])
    os.utime(path, (now.timestamp(), now.timestamp()))
    assert learner.words() is None, "a broken file is as none"
    assert not await learner.learn(stream(30), now)
    assert learner.words() is None
    assert not learner.is_due(now + timedelta(hours=23)), "too few papers are not read again each minute"
    assert learner.is_due(now + timedelta(days=1))

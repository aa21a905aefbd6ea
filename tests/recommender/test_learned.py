"""The learned ranker: trained, kept in a file, and replaced by the plain one where it cannot serve."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.recommender import ranking
from bot.recommender.values import ReasonKind, StreamPaper, Taste
from tests.recommender.papers import NOW, agents, fish, paper, week

PICKED = tuple(paper(f"p{n}", *agents(n), authors=("Ada Lovelace", f"Coauthor {n}"), days=10 + n) for n in range(12))
TASTE = Taste(picked=PICKED, background=tuple(week(fish, 260, start=15)))


def ranked(
    papers: Sequence[StreamPaper], taste: Taste, path: Path | None = None, now: datetime = NOW
) -> ranking.Ranking:
    return ranking.rank_with_weights(papers, taste, now=now, limit=10, path=path)


def test_without_the_extra_the_plain_ranker_serves_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "LEARNS", False)
    found = ranked(week(agents, 5), TASTE)
    assert found.ranker == ranking.PLAIN
    assert "journalclub[shortlist]" in found.notice
    assert len(found.papers) == 5


@pytest.mark.skipif(not ranking.LEARNS, reason="the extra `shortlist` is not installed")
class TestLearned:
    def test_it_learns_from_picks_and_keeps_dated_weights(self, tmp_path: Path) -> None:
        path = tmp_path / "club" / "weights.npz"
        known = paper("known", *agents(3), authors=("Ada Lovelace",), signals={"hf_votes": 12.0})
        papers = [*week(fish, 40), *week(agents, 5), known]
        first = ranked(papers, TASTE, path)
        assert first.ranker.endswith("2026-03-06")
        assert not first.notice
        assert {one.paper.key for one in first.papers[:4]} <= {f"agents-{n}" for n in range(5)} | {"known"}
        kinds = {reason.kind: reason for one in first.papers if one.paper is known for reason in one.reasons}
        assert kinds[ReasonKind.AUTHORS].names == ("Ada Lovelace",)
        assert kinds[ReasonKind.SIMILAR].key.startswith("p")
        written = path.stat().st_mtime_ns
        assert ranking.weights_serve(path, NOW)
        assert not ranking.weights_serve(path, NOW + timedelta(days=2))
        assert ranked(papers, replace(TASTE, background=()), path).papers == first.papers, "no past papers are needed"
        assert ranked(papers, TASTE, path) == first
        assert path.stat().st_mtime_ns == written
        assert ranked(papers, TASTE) == first
        ranked(papers, TASTE, path, NOW + timedelta(days=2))
        assert path.stat().st_mtime_ns != written

    def test_weights_of_another_version_or_broken_are_said_and_trained_again(self, tmp_path: Path) -> None:
        numpy = pytest.importorskip("numpy")
        path = tmp_path / "weights.npz"
        ranked(week(agents, 5), TASTE, path)
        with numpy.load(path) as file:
            parts = dict(file)
        label = json.loads(bytes(parts["label"])) | {"version": 99}
        numpy.savez(path, **parts | {"label": numpy.frombuffer(json.dumps(label).encode(), dtype=numpy.uint8)})
        found = ranked(week(agents, 5), TASTE, path)
        assert "another version" in found.notice
        assert found.ranker.startswith("learned")
        assert not ranked(week(agents, 5), TASTE, path).notice
        path.write_bytes(path.read_bytes()[:100])
        assert not ranking.weights_serve(path, NOW)
        broken = ranked(week(agents, 5), TASTE, path)
        assert "could not be read" in broken.notice
        assert len(broken.papers) == 5

    def test_too_few_votes_leave_the_plain_ranking(self) -> None:
        found = ranked(week(agents, 5), Taste(voted={"agents-1": 1.0}, background=TASTE.background))
        assert found.ranker == ranking.PLAIN
        assert found.notice == ranking.TOO_LITTLE

    def test_the_more_votes_alone_teach_the_more_the_crowds_second_stage_counts(self, tmp_path: Path) -> None:
        from bot.recommender.learned.weights import load

        votes = {one.key: 2.0 for one in PICKED}
        voting = Taste(voted=votes, background=(*TASTE.background, *PICKED))
        both = Taste(picked=PICKED[:6], voted=votes, background=voting.background)
        papers, shares, scores = [*week(fish, 20), *week(agents, 3)], [], []
        for number, taste in enumerate((TASTE, both, voting)):
            path = tmp_path / f"{number}.npz"
            scores.append([one.score for one in ranked(papers, taste, path).papers])
            shares.append(load(path).voted_share)
        assert shares == [0.0, 0.5, 1.0]
        assert scores[0] != scores[2]

    def test_a_tree_gives_each_row_the_value_of_its_leaf(self) -> None:
        numpy = pytest.importorskip("numpy")
        from bot.recommender.learned.second_stage import Tree

        tree = Tree((1, 0, 1), (0.5, 2.0, 7.0), (1, -1, -3), (2, -2, -4), (1.0, 2.0, 3.0, 4.0))
        rows = numpy.array([[2.0, 0.5], [2.5, 0.0], [0.0, 7.0], [0.0, 7.5]])
        assert list(tree.score(rows)) == [1.0, 2.0, 3.0, 4.0]
        assert list(Tree((), (), (), (), (5.0,)).score(rows)) == [5.0] * 4

    def test_what_the_club_asks_for_counts_beside_what_was_learned(self) -> None:
        papers = [*week(fish, 20), *week(agents, 2), paper("zz-asked", *fish(1), authors=("Bo",))]
        asking = Taste(PICKED, background=TASTE.background, followed_authors=("Bo",), words=("sonar",))
        found = {one.paper.key: one for one in ranked(papers, asking).papers[:3]}
        assert [reason.kind for reason in found["zz-asked"].reasons][:2] == [ReasonKind.FOLLOWED, ReasonKind.WORDS]
        before = {one.paper.key: one for one in ranked(papers, TASTE).papers}
        assert "zz-asked" not in before or before["zz-asked"].score < found["zz-asked"].score - 2

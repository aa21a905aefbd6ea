"""Composing an edition: no repeated sentences, everything in its section."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.chat.rich_text import Italic
from bot.domain.club_settings import ClubSettings
from bot.domain.models import (
    CoSubmission,
    Discussion,
    Member,
    Paper,
    PaperLink,
    Pick,
    Submission,
    Suggestion,
    Workspace,
)
from bot.domain.summary_values import Check, FoundLink, SourceQuote, WrittenSummary
from bot.domain.vote_ranking import Terms
from bot.editions.compose.composer import EditionContext, Participation, compose, submissions, suggestions
from bot.editions.compose.item_builder import SelectedPaper
from bot.editions.compose.selection import Candidate
from bot.editions.edit.apply_changes import apply
from bot.editions.edit.changes import Drop
from bot.editions.model.blocks import ListBlock, Paragraph, Point, Quotation, RemarkBlock
from bot.editions.model.derived_fields import headline, short_title
from bot.editions.model.document import Document, from_json, to_json
from bot.editions.model.templates import template_for
from bot.editions.model.translation import IN_ENGLISH
from bot.editions.render.captions import provenance
from bot.editions.render.card_renderer import render_cards
from bot.editions.render.pagination import LIMIT, size

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WRITTEN = WrittenSummary(
    why="Why it matters.",
    insights=("It is fast.", "It is small!", "Nobody knows why."),
    quotes=(SourceQuote("It is  small", "abstract", 10, 22), SourceQuote("We were surprised", "section 4.1", 5, 22)),
    links=(FoundLink("code", "https://github.com/a/b"), FoundLink("demo", "https://a.example.org")),
    theme="Surprises",
    confidence=0.9,
    writer="gpt-5-mini",
    prompt="2",
    source="abstract v3",
    at=NOW,
    checks=(Check("numbers", True), Check("model", True)),
)


def chosen(id: int, kind: str = "paper", **more: object) -> SelectedPaper:
    """A selected submission by a member called Ada."""
    paper = Paper(
        id=id,
        key=f"arxiv:2601.{id:05}" if kind == "paper" else f"web:1:{id}",
        kind=kind,
        url=f"https://arxiv.org/abs/2601.{id:05}" if kind == "paper" else f"https://example.org/{id}",
        title=f"Paper {id}: on $O(n^{id})$",
        authors=[f"Author {n}" for n in range(1, id + 2)],
        abstract="It all began. It is small.",
        categories=["cs.LG", "cs.CV" if id % 2 else "cs.CL"],
        version=3,
        journal_ref="",
        comment="",
        doi="",
        withdrawn=False,
        published_at=NOW - timedelta(days=9),
    )
    submission = Submission(id=id, number=id, why="", anonymous=False, title="", voices=1, submitted_at=NOW)
    submission.paper, submission.member, submission.topic = paper, Member(id=1, name="Ada"), None
    made = SelectedPaper(submission, Candidate(id, Terms(id, 1, NOW), tuple(paper.categories)), written=WRITTEN)
    return replace(made, **more)  # type: ignore[arg-type]  # keywords of one value


def frame(template: str = "weekly-update", **rules: object) -> EditionContext:
    """The context of a weekly edition of a club called Paper Cats."""
    return EditionContext(
        club="Paper Cats",
        number=3,
        template=template,
        settings=ClubSettings.of(dict(rules)),
        zone=ZoneInfo("Europe/Berlin"),
        since=NOW - timedelta(days=7),
        until=NOW,
        issued=NOW,
        now=NOW,
        participation=Participation(4, 9, 3),
    )


def test_weekly_update_is_carried_by_themes_quotes_and_remarks() -> None:
    made = compose(frame(), [chosen(1), chosen(2), chosen(3)])
    assert [(s.title, [i.brought for i in s.items]) for s in made.sections] == [
        ("Computer vision", [1, 3]),
        ("Natural language processing", [2]),
    ]
    assert [theme.line for theme in made.themes] == ["Computer vision", "Natural language processing"]
    first = made.items[0]
    assert (first.number, first.reference, first.title) == (0, 1, "Paper 1: on O(n¹)")
    assert [b.text for b in first.passages if isinstance(b, Quotation)] == ["It is  small", "We were surprised"]
    assert first.insights == (ListBlock(tuple(_points("It is fast.", "Nobody knows why."))),)
    assert made.title == "Weekly Update — 23 November 2026"


def test_best_of_is_carried_by_numbered_papers_with_why_and_insights() -> None:
    made = compose(frame("best-of", cadence="monthly"), [chosen(2), chosen(1)])
    assert made.title == "Best of November 2026"
    [section] = made.sections
    assert (section.heading, [i.number for i in section.items]) == ("🔬 Research", [1, 2])
    assert section.items[0].insights == (ListBlock(tuple(_points(*WRITTEN.insights))),)
    assert [b.text for b in section.items[0].passages if isinstance(b, Quotation)] == ["We were surprised"]


def _points(*texts: str) -> list[Point]:
    return [Point((text,)) for text in texts]


def test_news_and_code_stand_where_the_template_wants_them() -> None:
    links = [chosen(4, "code"), chosen(5, "news"), chosen(6, "video"), chosen(1)]
    weekly = [s.kind for s in compose(frame(), links).sections]
    best = [s.kind for s in compose(frame("best-of"), links).sections]
    assert weekly == ["theme", "code", "news", "meta"]
    assert best == ["news", "code", "theme", "meta"]
    assert [s.heading for s in compose(frame(emoji=False), links).sections][1:] == ["Code", "News", "Around the field"]


def test_a_link_suggested_and_submitted_is_in_it_once() -> None:
    same = Suggestion(id=7, section="code", kind="code", title="Code 4", url="https://example.org/4", note="")
    other = Suggestion(id=8, section="news", kind="news", title="", url="https://example.org/9", note="*Look*")
    same.member = other.member = Member(id=2, name="Ben")
    made = compose(frame(), [chosen(4, "code"), chosen(1)], [same, other])
    assert [i.title for s in made.sections if s.kind in ("code", "news") for i in s.items] == [
        "Paper 4: on O(n⁴)",
        "example.org/9",
    ]
    assert (submissions(made), suggestions(made)) == ((1, 4), (8,))


def test_a_moderators_word_stands_first_and_the_writers_follows() -> None:
    pick = Pick(submission_id=1, why="Read it *now*.", note="See [this](https://example.org).", theme="", at=NOW)
    item = compose(frame("best-of"), [chosen(1, pick=pick)]).items[0]
    assert item.why == ("Read it ", Italic("now"), ".")
    assert isinstance(item.insights[0], ListBlock)
    assert item.insights[0].points[0].words == ("Why it matters.",)
    assert isinstance(item.passages[-1], RemarkBlock)
    assert item.passages[-1].by == ""


def test_who_brought_it_and_why_is_told_unless_they_wish_no_name() -> None:
    one = chosen(1, co_submissions=(_second("Ben", "me too"),))
    one.submission.why, one.submission.anonymous = "I liked it", True
    item = compose(frame(), [one]).items[0]
    assert item.brought_by == ("a member", "Ben")
    assert [(b.by, b.text) for b in item.passages if isinstance(b, RemarkBlock)] == [
        ("a member", "I liked it"),
        ("Ben", "me too"),
    ]
    assert "Ada" not in str(compose(frame(), [one]))


def _second(name: str, why: str) -> CoSubmission:
    second = CoSubmission(submission_id=1, why=why, at=NOW)
    second.member = Member(id=3, name=name)
    return second


def test_without_a_writer_the_abstract_stands_for_itself() -> None:
    one = chosen(1, written=None)
    one.submission.why = "I liked it"
    item = compose(frame(), [one]).items[0]
    assert (item.why, item.insights) == (("I liked it",), ())
    assert [b.text for b in item.passages] == ["It all began. It is small."]
    assert item.provenance is not None
    assert provenance(item.provenance, IN_ENGLISH) == "The abstract v3, as its authors wrote it"


def test_badges_are_the_paper_then_what_members_added_then_what_was_found() -> None:
    link = PaperLink(submission_id=1, kind="code", url="https://github.com/a/b")
    item = compose(frame(emoji=False), [chosen(1, links=(link,))]).items[0]
    assert [(b.label, b.url) for b in item.badges] == [
        ("Paper", "https://arxiv.org/abs/2601.00001"),
        ("Code", "https://github.com/a/b"),
        ("Demo", "https://a.example.org"),
    ]


def test_threads_are_named_by_workspace() -> None:
    thread = Discussion(submission_id=1, url="https://slack.test/t", workspace_id=1)
    thread.workspace = Workspace(id=1, platform="slack", external_id="T1", name="")
    item = compose(frame(), [chosen(1, discussions=(thread,))]).items[0]
    assert [(t.workspace, t.url) for t in item.threads] == [("Slack", "https://slack.test/t")]


def test_three_thousand_authors_are_a_line_and_a_hundred_names() -> None:
    one = chosen(1)
    one.submission.paper.authors = [f"A. Physicist {n}" for n in range(3000)]
    made = compose(frame(), [one])
    assert made.items[0].authors.count(",") == 6
    assert made.items[0].authors.endswith("et al.")
    assert (len(made.references[0].work.authors), made.references[0].et_al) == (100, True)


@pytest.mark.parametrize("count", [0, 1, 10, 60])
def test_any_number_of_papers(count: int) -> None:
    made = compose(frame(items=60), [chosen(n) for n in range(1, count + 1)])
    assert len(made.items) == len(made.references) == count
    assert sorted(i.reference for i in made.items) == list(range(1, count + 1))
    assert [i.reference for i in made.items] == [r.number for r in made.references]
    assert from_json(to_json(made)) == made
    assert isinstance(made, Document)


def test_the_headline_is_made_of_names_that_are_short() -> None:
    assert short_title("TransGAN: Two Transformers Can Make One Strong GAN") == "TransGAN"
    assert short_title("AI: a view") == "AI: a view"
    long = "Towards a Very General and Very Long Title of Something Without a Colon"
    assert headline([], IN_ENGLISH) == ""
    assert headline([long], IN_ENGLISH) == long
    assert headline([long, long], IN_ENGLISH) == f"{long} and 1 more"
    assert headline(["TransGAN: x", long], IN_ENGLISH) == "TransGAN and 1 more"
    assert headline(["TransGAN: x", "ADOP: y"], IN_ENGLISH) == "TransGAN and ADOP"
    assert headline(["TransGAN", "ADOP: y", "PAQ: z", long], IN_ENGLISH) == "TransGAN, ADOP, PAQ, and 1 more"


def test_a_single_insight_is_a_paragraph() -> None:
    few = replace(WRITTEN, insights=("Only this.",), quotes=())
    assert compose(frame(), [chosen(1, written=few)]).items[0].insights == (Paragraph(("Only this.",)),)


def test_the_intro_counts_what_the_club_did() -> None:
    made = compose(frame(), [chosen(1), chosen(2)])
    assert made.intro == (
        "4 links submitted and 9 votes cast by 3 members of Paper Cats. "
        "These are the 2 papers the club wanted to read.",
    )
    quiet = replace(frame(), participation=Participation(1, 0, 1))
    assert compose(quiet, [chosen(1)]).intro == (
        "1 link submitted by 1 member of Paper Cats. This is the paper the club wanted to read.",
    )


@pytest.mark.parametrize("template", ["weekly-update", "best-of"])
@pytest.mark.parametrize("count", [0, 1, 10, 40, 60])
def test_any_number_of_papers_of_one_theme_makes_an_edition(count: int, template: str) -> None:
    made = compose(frame(template), [same_theme_paper(n) for n in range(1, count + 1)])
    assert [item.brought for item in made.items] == list(range(1, count + 1))
    assert [len(section.items) for section in made.sections] == ([count] if count else [])
    shape = template_for(template, ClubSettings.of({}))
    assert bool(made.headline) is bool(count)
    assert max(sum(map(size, sheet.card.parts)) for sheet in render_cards(made)) <= LIMIT
    for item in made.items:
        made = apply(made, Drop(item.key), shape)
    assert (made.items, made.references, made.sections, made.headline, made.intro[1:]) == ((), (), (), "", ())


def same_theme_paper(n: int) -> SelectedPaper:
    """A paper that belongs to the single theme."""
    one = chosen(n)
    return replace(one, candidate=replace(one.candidate, theme="One and the same"))

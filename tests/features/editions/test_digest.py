"""Making an edition in the chat: drafted, previewed, approved, posted part by part, and read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.cards import Card, Facts, Points
from bot.chat.rich_text import plain
from bot.domain.links.identify import SiteKind
from bot.domain.models import Suggestion
from bot.editions.model.blocks import RemarkBlock
from bot.editions.model.document import from_json, sha256
from bot.errors import Unavailable
from bot.features.editions.publishing import publish as publishing
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import CLUB, acts, bring, mods_room, numbered, press
from tests.features.edition_steps import (
    AGENTS,
    THEOREMS,
    ask,
    brought,
    current,
    document,
    edition,
    published,
    said_on,
    shown,
    week,
    without_turns,
)
from tests.stand_ins import FirstSentence, House, words


async def test_a_draft_tells_how_far_it_is_and_what_it_holds(club: House) -> None:
    await week(club)
    cards = await shown(club, "/edition draft")
    said = [said_on(card) for card in cards]
    assert said[0] == "Read 3 papers …"
    assert said[1:4] == ["1 of 3 written …", "2 of 3 written …", "3 of 3 written …"]
    assert cards[-1].title == "A draft to review"
    made = await document(club)
    assert brought(made) == [2, 3, 1], "by votes, and under their themes"
    assert [section.title for section in made.sections] == ["Computer vision", "Architectures"]


async def test_moderators_are_shown_the_draft_and_what_becomes_of_it(club: House) -> None:
    await week(club)
    await ask(club, "/edition draft")
    [card] = drafts(club)
    assert card.title == "A draft to review"
    assert [button.label for button in card.buttons()] == ["Preview", "Approve", "Edit", "Draft anew", "Skip"]
    await ask(club, "/edition draft best-of")
    assert len(drafts(club)) == 1, "made anew, the draft is drawn anew"
    await ask(club, "/edition approve")
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    assert [card.title for where, card in club.wall.edits if where.room == "mods"][-1] == "Published"


async def test_picks_come_first_with_their_theme_and_note(club: House) -> None:
    await week(club)
    await bring(club, "Ben", THEOREMS)
    await ask(
        club,
        '/curate pick 4 place=1 theme=Proofs why="Because it is true" note="Compare [Lean](https://lean-lang.org)"',
    )
    await ask(club, "/edition draft")
    made = await document(club)
    assert brought(made) == [4, 2, 3, 1]
    first = made.sections[0]
    assert (first.title, first.items[0].why) == ("Proofs", ("Because it is true",))
    remark = first.items[0].passages[-1]
    assert isinstance(remark, RemarkBlock)
    assert remark.links[0].url == "https://lean-lang.org"


async def test_the_club_decides_how_many_how_wanted_and_in_what_shape(club: House) -> None:
    await week(club)
    for setting in ("items 2", "template best-of", "emoji no"):
        assert not (await club.say("Root", f"/clubadmin settings {setting}", admin=True)).failed
    await ask(club, "/edition draft")
    made = await document(club)
    assert [(item.number, item.brought) for item in made.items] == [(1, 2), (2, 1)]
    assert [section.heading for section in made.sections] == ["Research"]
    await club.say("Root", "/clubadmin settings quorum 2", admin=True)
    await ask(club, "/edition draft")
    assert brought(await document(club)) == [2]


async def test_what_is_previewed_is_what_each_room_gets(club: House) -> None:
    await week(club)
    await ask(club, "/edition draft")
    first = await ask(club, "/edition preview")
    rows = next(part for part in first.card.parts if isinstance(part, Points)).items
    assert [plain(row)[0] for row in rows] == ["✓"] * 9
    pages = [await press(club, first, "Next", "Mo", moderator=True)]
    while any(button.label == "Next →" for button in pages[-1].card.buttons()):
        pages.append(await press(club, pages[-1], "Next", "Mo", moderator=True))
    await ask(club, "/edition approve")
    assert [without_turns(page.card) for page in pages] == club.wall.cards("digest")


async def test_an_approved_edition_is_posted_part_by_part_and_published(club: House) -> None:
    await week(club)
    await published(club)
    posts = club.wall.cards("digest")
    assert [post.title for post in posts] == [
        "Weekly Update — 1 December 2025",
        "Training data-efficient image transformers & distillation through attention",
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
        "Attention Is All You Need",
        "References",
    ]
    assert (await edition(club)).state == "published"
    assert "Edition" in words(await club.say("Ada", "/paper show 1"))
    verbs = [act.verb for act in await acts(club) if act.edition_id]
    assert verbs == ["publish", "approve", "draft"]


async def test_a_vote_below_a_posted_part_changes_its_tally_and_not_its_text(club: House) -> None:
    await week(club)
    await published(club)
    where, before = next(
        (where, card)
        for where, card in club.wall.posts
        if where.room == "digest" and card.title.startswith("Attention")
    )
    message = f"m{[card for _, card in club.wall.posts].index(before) + 1}"
    said = await press(club, before, "Vote", "Dee", room=where.room, message=message)
    assert words(before).replace("'1 vote'", "'2 votes'") == words(said)


async def test_a_thread_is_named_once_on_a_post_and_a_later_one_is_added(club: House) -> None:
    await week(club)
    await club.say("Ben", "/paper discuss 1", room="papers")
    await published(club)
    post = next(card for card in club.wall.cards("digest") if card.title.startswith("Attention"))
    assert words(post).count("https://wall.test/t-") == 1
    await club.say("Cy", "/paper discuss 2", room="papers")
    drawn = [card for where, card in club.wall.edits if where.room == "digest" and card.title.startswith("Training")]
    assert words(drawn[-1]).count("https://wall.test/t-") == 1


async def test_without_a_room_for_editions_the_rooms_for_papers_get_them(club: House) -> None:
    await club.say("Root", "/clubadmin channels papers papers", admin=True)
    await bring(club, "Ada", THEOREMS)
    await published(club)
    assert [post.title for post in club.wall.cards("papers")][1] == "Weekly Update — 1 December 2025"


async def test_no_paper_is_in_two_editions(club: House) -> None:
    await week(club)
    await ask(club, "/curate pick 3")
    await published(club)
    club.clock.on(days=7)
    await bring(club, "Ada", AGENTS)
    await club.say("Dee", "/paper vote 1")
    await published(club)
    assert brought(await document(club, 2)) == [4]


async def test_the_window_begins_where_the_last_one_ended(club: House) -> None:
    await week(club)
    await published(club)
    club.clock.on(days=7)
    await bring(club, "Ada", AGENTS)
    await ask(club, "/edition draft")
    assert (await edition(club, 2)).since == (await edition(club)).until


async def test_two_approvals_if_the_club_wants_two(club: House) -> None:
    await week(club)
    await club.say("Root", "/clubadmin settings approvals 2", admin=True)
    await ask(club, "/edition draft")
    assert "1 more" in words(await ask(club, "/edition approve"))
    assert "1 more" in words(await ask(club, "/edition approve")), "the same moderator counts once"
    assert (await edition(club)).state == "draft"
    await ask(club, "/edition approve", name="Nia")
    made = await edition(club)
    assert (made.state, made.sha) == ("approved", sha256(made.document))
    assert {i.provenance.reviewer for i in from_json(made.document).items if i.provenance} == {"Mo, Nia"}


async def test_a_draft_made_anew_must_be_approved_anew(club: House) -> None:
    await week(club)
    await club.say("Root", "/clubadmin settings approvals 2", admin=True)
    await ask(club, "/edition draft")
    await ask(club, "/edition approve")
    await ask(club, "/edition draft")
    assert "1 more" in words(await ask(club, "/edition approve", name="Nia"))


async def test_an_approval_can_be_taken_back_before_anything_is_posted(club: House) -> None:
    await week(club)
    await Scheduler(club.app).tick()
    await ask(club, "/edition draft")
    await ask(club, "/edition approve")
    assert (await edition(club)).state == "approved"
    await ask(club, "/edition unapprove")
    made = await edition(club)
    assert (made.state, made.sha) == ("draft", "")
    async with club.app.store.read(CLUB) as db:
        assert await db.submissions.published((await numbered(club, 1)).id) is None
    await ask(club, "/edition schedule now")
    await ask(club, "/edition approve")
    assert len(club.wall.cards("digest")) == 5
    said = await club.say("Mo", "/edition unapprove", moderator=True)
    assert said.failed
    assert "being posted" in words(said)


@pytest.mark.parametrize(
    ("line", "why"),
    [("/curate drop 1 off topic", "#1 is dropped"), ("/curate merge 1 2", "#1 was merged into another")],
)
async def test_a_paper_that_left_since_the_draft_stops_the_approval(club: House, line: str, why: str) -> None:
    await week(club)
    await ask(club, "/edition draft")
    await ask(club, line)
    if "merge" in line:
        await ask(club, f"{line} sure=yes")
    assert "✗" in words(await ask(club, "/edition preview"))
    said = await club.say("Mo", "/edition approve", moderator=True)
    assert said.failed
    assert why in words(said)
    await ask(club, "/edition draft")
    assert brought(await document(club)) == [2, 3]
    await ask(club, "/edition approve")


async def test_a_withdrawn_paper_stays_out_and_one_without_details_goes_in_with_what_is_known(club: House) -> None:
    await week(club)
    club.shelf.down = Unavailable("arXiv cannot be asked right now.")
    said = await club.say("Ada", f"/paper submit {THEOREMS} proofs by machine")
    assert not said.failed
    async with club.app.store.begin(CLUB) as db:
        submission = await db.submissions.by_number(2)
        assert submission is not None
        submission.paper.withdrawn = True
    await ask(club, "/edition draft")
    made = await document(club)
    assert brought(made) == [1, 3, 4]
    [waiting] = [item for item in made.items if item.pending]
    assert (waiting.brought, waiting.url, waiting.why) == (
        4,
        f"https://arxiv.org/abs/{THEOREMS}",
        ("proofs by machine",),
    )
    assert "still to follow: #4" in words(await ask(club, "/edition preview"))
    club.shelf.down = None
    await ask(club, "/edition draft")
    made = await document(club)
    assert brought(made) == [1, 3, 4]
    assert not [item for item in made.items if item.pending]


async def test_it_goes_out_when_it_is_scheduled(club: House) -> None:
    await week(club)
    await ask(club, "/edition draft")
    assert "Tue 2 Dec 2025, 10:00" in words(await ask(club, "/edition schedule tue 10:00"))
    await ask(club, "/edition approve")
    schedule = Scheduler(club.app)
    await schedule.tick()
    assert club.wall.cards("digest") == []
    club.clock.on(days=1, hours=1)
    await schedule.tick()
    await club.delivery_worker.drain()
    assert len(club.wall.cards("digest")) == 5


async def test_now_dates_an_edition_today_and_leaves_the_next_due_time_as_it_is(club: House) -> None:
    await week(club)
    schedule = Scheduler(club.app)
    await schedule.tick()
    await ask(club, "/edition draft")
    assert (await document(club)).issued == datetime(2025, 12, 8, 9, tzinfo=UTC), "it is made for the next due time"
    await ask(club, "/edition schedule now")
    await ask(club, "/edition approve")
    await schedule.tick()
    made = await document(club)
    assert (await edition(club)).state == "published"
    assert (made.issued, made.title) == (club.clock(), "Weekly Update — 1 December 2025")
    async with club.app.store.read(CLUB) as db:
        slot = await db.slots.next()
    assert slot
    assert (slot.state, slot.key) == ("due", "2025-W50")
    club.clock.on(days=7)
    await schedule.tick()
    await club.delivery_worker.drain()
    notice = club.wall.cards("digest")[-1]
    assert "Nobody added a paper since No. 1 came out" in words(notice)


@pytest.mark.parametrize(("rule", "state"), [("publish", "published"), ("hold", "draft"), ("skip", "skipped")])
async def test_now_on_a_draft_that_nobody_approved_goes_by_the_clubs_rule(club: House, rule: str, state: str) -> None:
    await week(club)
    schedule = Scheduler(club.app)
    await schedule.tick()
    await club.say("Root", f"/clubadmin settings at_deadline {rule}", admin=True)
    await ask(club, "/edition draft")
    await ask(club, "/edition schedule now")
    for _ in range(3):
        await schedule.tick()
        await club.delivery_worker.drain()
    async with club.app.store.read(CLUB) as db:
        made = await db.editions.get(1)
        slot = await db.slots.next()
    assert made
    assert made.state == state
    assert slot
    assert slot.key == "2025-W50"


async def test_what_was_approved_is_what_goes_out_or_nothing_does(club: House) -> None:
    await week(club)
    await ask(club, "/edition draft")
    await ask(club, "/edition schedule tue 10:00")
    await ask(club, "/edition approve")
    async with club.app.store.begin(CLUB) as db:
        changed = await db.editions.current(lock=True)
        assert changed is not None
        changed.document = changed.document | {"headline": "Changed behind everyone's back"}
    club.clock.on(days=2)
    with pytest.raises(RuntimeError, match="not what was approved"):
        await publishing.publish(club.app, CLUB, 1)
    assert club.wall.cards("digest") == []


async def test_a_skipped_edition_says_so_and_leaves_its_number_and_papers(club: House) -> None:
    await week(club)
    await Scheduler(club.app).tick()
    await ask(club, "/edition draft")
    await ask(club, "/edition skip a holiday week")
    [notice] = club.wall.cards("digest")
    assert (notice.title, said_on(notice)) == ("No edition this time", "a holiday week")
    assert await current(club) is None
    assert words(club.wall.edits[-1]).count("Given up")
    await ask(club, "/edition draft")
    assert brought(await document(club, 1)) == [2, 3, 1]
    assert len(drafts(club)) == 2, "a new draft is a new post"


async def test_news_and_code_that_members_suggest_are_in_it_once(club: House) -> None:
    await week(club)
    await club.say("Ada", '/digest suggest news https://2021.emnlp.org/ title="EMNLP is held" note="In *two* places"')
    await club.say("Ben", "/digest suggest code https://github.com/google-research/scenic")
    await club.say("Ben", "/paper submit https://github.com/google-research/vision_transformer The code of ViT")
    await club.say("Cy", '/digest suggest theme title="Reasoning" note="everyone talks of it"')
    again = await club.say("Cy", "/digest suggest code https://github.com/google-research/scenic")
    assert "suggested already" in again.card.title
    await ask(club, "/edition draft")
    made = await document(club)
    found = {section.title: [item.title for item in section.items] for section in made.sections}
    assert found["News"] == ["EMNLP is held"]
    assert found["Code"] == ["The code of ViT", "github.com/google-research/scenic"]
    assert [theme.line for theme in made.themes][-1] == "Reasoning (everyone talks of it)"
    await ask(club, "/edition approve")
    await Scheduler(club.app).tick()
    assert await waiting(club) == ["theme"]
    club.clock.on(days=7)
    await bring(club, "Ada", AGENTS)
    await ask(club, "/edition draft")
    assert [section.title for section in (await document(club, 2)).sections] == ["Robotics"]


async def test_suggestions_come_back_when_an_edition_is_given_up(club: House) -> None:
    await week(club)
    await club.say("Ada", "/digest suggest news https://2021.emnlp.org/")
    await ask(club, "/edition draft")
    await ask(club, "/edition schedule tue 10:00")
    await ask(club, "/edition approve")
    assert await waiting(club) == []
    await ask(club, "/edition skip not now")
    assert await waiting(club) == ["news"]


def drafts(club: House) -> list[Card]:
    """The drafts that moderators were shown, each posted once."""
    return [card for card in club.wall.cards("mods") if card.title == "A draft to review"]


async def waiting(club: House) -> list[str]:
    """The sections of what members suggested and no edition took up."""
    async with club.app.store.read(CLUB) as db:
        found: list[Suggestion] = list(await db.suggestions.waiting())
    return [suggestion.section for suggestion in found]


async def test_an_edition_is_read_part_by_part(club: House) -> None:
    await week(club)
    await published(club)
    first = await club.say("Ada", "/digest read")
    assert "Part 1 of 5" in words(first)
    second = await press(club, first, "Next", "Ada")
    assert second.card.title.startswith("Training data-efficient")
    last = await club.say("Ada", "/digest read 1 page=99")
    assert [button.label for button in last.card.buttons()] == ["← Back"]
    assert (await club.say("Ada", "/digest latest")).card.title == "Weekly Update — 1 December 2025"
    assert "No. 1: Weekly Update" in words(await club.say("Ada", "/digest list"))


async def test_the_mods_card_holds_no_more_than_a_message_may(club: House) -> None:
    await mods_room(club)
    async with club.app.store.begin(CLUB) as db:
        for n in range(30):
            await db.papers.own(
                f"web:1:{n}", f"https://example.org/{n}", SiteKind.BLOG, f"Post {n} " + "x" * 80, now=club.clock()
            )
    for n in range(30):
        await club.say("Ada", f"/paper submit https://example.org/{n} Post {n} {'x' * 80}")
        club.clock.on(minutes=5)
    last = (await shown(club, "/edition draft"))[-1]
    assert sum(len(plain(row)) for part in last.parts if isinstance(part, Points) for row in part.items) < 3000
    assert not [part for part in last.parts if isinstance(part, Facts)]


async def test_files_are_written_for_the_web(club: House, tmp_path: Path) -> None:
    await week(club)
    await published(club)
    written = await publishing.export(club.app, CLUB, 1, tmp_path)
    assert [file.suffix for file in written] == [".html", ".md", ".json"]
    assert all("Attention Is All You Need" in file.read_text("utf-8") for file in written)


async def test_the_link_to_the_web_is_shown_where_the_archive_is_public(club: House) -> None:
    club.change(installation=replace(club.app.installation, public_url="https://papers.example.org"))
    await week(club)
    await published(club)
    assert "papers.example.org" not in words(await club.say("Ada", "/digest read"))
    await club.say("Root", "/clubadmin settings public yes", admin=True)
    assert "https://papers.example.org/clubs/1/editions/1" in words(await club.say("Ada", "/digest read"))


async def test_a_draft_costs_no_time_to_make_again(club: House) -> None:
    """What a writer with a name has written is kept: a second draft asks it nothing."""

    class Paid(FirstSentence):
        name, prompt = "first-sentence", "1"

    paid = Paid(club.clock)
    club.change(writer=paid)
    await week(club)
    await ask(club, "/edition draft")
    assert len(paid.asked) == 3
    await ask(club, "/edition draft best-of")
    await club.say("Ada", "/paper summary 1")
    assert len(paid.asked) == 3
    club.clock.on(seconds=1)
    assert (await edition(club)).drafted_at + timedelta(seconds=1) == club.clock()

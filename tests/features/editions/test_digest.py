"""Making an edition in the chat: drafted, previewed, approved, posted part by part, and read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.chat.cards import Facts, Points
from bot.chat.rich_text import plain
from bot.domain.links.identify import SiteKind
from bot.editions.model.blocks import RemarkBlock
from bot.errors import Unavailable
from bot.features.editions.publishing import publish as publishing
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import (
    CLUB,
    audit_entries,
    press,
    set_moderators_channel,
    submit_papers,
)
from tests.features.edition_steps import (
    AGENTS,
    THEOREMS,
    cards_shown,
    document_of,
    draft_cards,
    edition_numbered,
    paragraphs,
    publish_edition,
    say_as_moderator,
    set_up_week,
    submission_numbers,
    without_page_buttons,
)
from tests.stand_ins import FirstSentenceWriter, Harness, words


async def test_a_draft_tells_how_far_it_is_and_what_it_holds(club: Harness) -> None:
    await set_up_week(club)
    cards = await cards_shown(club, "/edition draft")
    answer = [paragraphs(card) for card in cards]
    assert answer[0] == "3 papers read …"
    assert answer[1:4] == ["1 of 3 written …", "2 of 3 written …", "3 of 3 written …"]
    assert cards[-1].title == "The draft of No. 1 is ready", "its card is in the channel already"
    made = await document_of(club)
    assert submission_numbers(made) == [2, 3, 1], "by votes, and under their themes"
    assert [section.title for section in made.sections] == ["Computer vision", "Architectures"]


async def test_moderators_are_shown_the_draft_and_what_becomes_of_it(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    [card] = draft_cards(club)
    assert card.title == "Draft to review"
    assert [button.label for button in card.buttons()] == ["Preview", "Approve", "Edit", "Draft again", "Skip"]
    await say_as_moderator(club, "/edition draft best-of")
    assert len(draft_cards(club)) == 1, "made anew, the draft is drawn anew"
    await say_as_moderator(club, "/edition approve now")
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    assert [card.title for where, card in club.gateway.edits if where.room == "mods"][-1] == "Published"


async def test_picks_come_first_with_their_theme_and_note(club: Harness) -> None:
    await set_up_week(club)
    await submit_papers(club, "Ben", THEOREMS)
    await say_as_moderator(
        club,
        '/curate pick 4 place=1 theme=Proofs why="Because it is true" note="Compare [Lean](https://lean-lang.org)"',
    )
    await say_as_moderator(club, "/edition draft")
    made = await document_of(club)
    assert submission_numbers(made) == [4, 2, 3, 1]
    first = made.sections[0]
    assert (first.title, first.items[0].why) == ("Proofs", ("Because it is true",))
    remark = first.items[0].passages[-1]
    assert isinstance(remark, RemarkBlock)
    assert remark.links[0].url == "https://lean-lang.org"


async def test_the_club_decides_how_many_how_wanted_and_in_what_shape(club: Harness) -> None:
    await set_up_week(club)
    for setting in ("items 2", "template best-of", "emoji no"):
        assert not (await club.say("Root", f"/clubadmin settings {setting}", admin=True)).failed
    await say_as_moderator(club, "/edition draft")
    made = await document_of(club)
    assert [(item.number, item.brought) for item in made.items] == [(1, 2), (2, 1)]
    assert [section.heading for section in made.sections] == ["Research"]
    await club.say("Root", "/clubadmin settings quorum 2", admin=True)
    await say_as_moderator(club, "/edition draft")
    assert submission_numbers(await document_of(club)) == [2]


async def test_what_is_previewed_is_what_each_room_gets(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition schedule tue 10:00")
    await say_as_moderator(club, "/edition approve")
    first = await say_as_moderator(club, "/edition preview")
    rows = next(part for part in first.card.parts if isinstance(part, Points)).items
    assert [plain(row)[0] for row in rows] == ["✓"] * 10
    pages = [await press(club, first, "Next", "Mo", moderator=True)]
    while any(button.label == "Next →" for button in pages[-1].card.buttons()):
        pages.append(await press(club, pages[-1], "Next", "Mo", moderator=True))
    club.clock.advance(days=2)
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    assert [without_page_buttons(page.card) for page in pages] == club.gateway.cards("digest")


async def test_an_approved_edition_is_posted_part_by_part_and_published(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    posts = club.gateway.cards("digest")
    assert [post.title for post in posts] == [
        "Weekly Update — 1 December 2025",
        "Training data-efficient image transformers & distillation through attention",
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
        "Attention Is All You Need",
        "References",
    ]
    assert (await edition_numbered(club)).state == "published"
    assert "Edition" in words(await club.say("Ada", "/paper show 1"))
    verbs = [act.verb for act in await audit_entries(club) if act.edition_id]
    assert verbs == ["publish", "approve", "schedule", "draft"]


async def test_a_vote_below_a_posted_part_changes_its_tally_and_not_its_text(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    where, before = next(
        (where, card)
        for where, card in club.gateway.posts
        if where.room == "digest" and card.title.startswith("Attention")
    )
    message = f"m{[card for _, card in club.gateway.posts].index(before) + 1}"
    answer = await press(club, before, "Vote", "Dee", room=where.room, message=message)
    said, *redrawn = answer.card.parts
    assert "is counted" in words(said)
    assert words(before).replace("'1 vote'", "'2 votes'") == words(replace(answer.card, parts=tuple(redrawn)))


async def test_a_thread_is_named_once_on_a_post_and_a_later_one_is_added(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Ben", "/paper discuss 1", room="papers")
    await publish_edition(club)
    post = next(card for card in club.gateway.cards("digest") if card.title.startswith("Attention"))
    assert words(post).count("https://wall.test/t-") == 1
    await club.say("Cy", "/paper discuss 2", room="papers")
    drawn = [card for where, card in club.gateway.edits if where.room == "digest" and card.title.startswith("Training")]
    assert words(drawn[-1]).count("https://wall.test/t-") == 1


async def test_without_a_room_for_editions_the_rooms_for_papers_get_them(club: Harness) -> None:
    await club.say("Root", "/clubadmin channels papers papers", admin=True)
    await submit_papers(club, "Ada", THEOREMS)
    await publish_edition(club)
    assert [post.title for post in club.gateway.cards("papers")][1] == "Weekly Update — 1 December 2025"


async def test_no_paper_is_in_two_editions(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/curate pick 3")
    await publish_edition(club)
    club.clock.advance(days=7)
    await submit_papers(club, "Ada", AGENTS)
    await club.say("Dee", "/paper vote 1")
    await publish_edition(club)
    assert submission_numbers(await document_of(club, 2)) == [4]


async def test_the_window_begins_where_the_last_one_ended(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(days=7)
    await submit_papers(club, "Ada", AGENTS)
    await say_as_moderator(club, "/edition draft")
    assert (await edition_numbered(club, 2)).since == (await edition_numbered(club)).until


async def test_a_withdrawn_paper_stays_out_and_one_without_details_goes_in_with_what_is_known(club: Harness) -> None:
    await set_up_week(club)
    club.paper_source.error = Unavailable("arXiv cannot be asked right now.")
    answer = await club.say("Ada", f"/paper submit {THEOREMS} proofs by machine")
    assert not answer.failed
    async with club.app.store.begin(CLUB) as db:
        submission = await db.submissions.by_number(2)
        assert submission is not None
        submission.paper.withdrawn = True
    await say_as_moderator(club, "/edition draft")
    made = await document_of(club)
    assert submission_numbers(made) == [1, 3, 4]
    [waiting] = [item for item in made.items if item.pending]
    assert (waiting.brought, waiting.url, waiting.why) == (
        4,
        f"https://arxiv.org/abs/{THEOREMS}",
        ("proofs by machine",),
    )
    assert "details missing: #4" in words(await say_as_moderator(club, "/edition preview"))
    club.paper_source.error = None
    await say_as_moderator(club, "/edition draft")
    made = await document_of(club)
    assert sorted(submission_numbers(made)) == [1, 3, 4]
    assert not [item for item in made.items if item.pending]


async def test_an_edition_is_read_part_by_part(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    first = await club.say("Ada", "/digest read")
    assert "Part 1 of 5" in words(first)
    second = await press(club, first, "Next", "Ada")
    assert second.card.title.startswith("Training data-efficient")
    last = await club.say("Ada", "/digest read 1 page=99")
    assert [button.label for button in last.card.buttons()] == ["← Back"]
    assert (await club.say("Ada", "/digest latest")).card.title == "Weekly Update — 1 December 2025"
    assert "No. 1: Weekly Update" in words(await club.say("Ada", "/digest list"))


async def test_the_mods_card_holds_no_more_than_a_message_may(club: Harness) -> None:
    await set_moderators_channel(club)
    async with club.app.store.begin(CLUB) as db:
        for n in range(30):
            await db.papers.get_or_create_own(
                f"web:1:{n}", f"https://example.org/{n}", SiteKind.BLOG, f"Post {n} " + "x" * 80, now=club.clock()
            )
    for n in range(30):
        await club.say("Ada", f"/paper submit https://example.org/{n} Post {n} {'x' * 80}")
        club.clock.advance(minutes=5)
    last = (await cards_shown(club, "/edition draft"))[-1]
    assert sum(len(plain(row)) for part in last.parts if isinstance(part, Points) for row in part.items) < 3000
    assert not [part for part in last.parts if isinstance(part, Facts)]


async def test_files_are_written_for_the_web(club: Harness, tmp_path: Path) -> None:
    await set_up_week(club)
    await publish_edition(club)
    written = await publishing.export(club.app, CLUB, 1, tmp_path)
    assert [file.suffix for file in written] == [".html", ".md", ".json"]
    assert all("Attention Is All You Need" in file.read_text("utf-8") for file in written)


async def test_the_link_to_the_web_is_shown_where_the_archive_is_public(club: Harness) -> None:
    club.change(installation=replace(club.app.installation, public_url="https://papers.example.org"))
    await set_up_week(club)
    await publish_edition(club)
    assert "papers.example.org" not in words(await club.say("Ada", "/digest read"))
    await club.say("Root", "/clubadmin settings public yes", admin=True)
    assert "https://papers.example.org/clubs/1/editions/1" in words(await club.say("Ada", "/digest read"))


async def test_a_draft_costs_no_time_to_make_again(club: Harness) -> None:
    """Stored texts of a named writer are reused: a second draft requests none."""

    class Paid(FirstSentenceWriter):
        name, prompt = "first-sentence", "1"

    paid = Paid(club.clock)
    club.change(writer=paid)
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    assert len(paid.asked) == 3
    await say_as_moderator(club, "/edition draft best-of")
    await club.say("Ada", "/paper summary 1")
    assert len(paid.asked) == 3
    club.clock.advance(seconds=1)
    assert (await edition_numbered(club)).drafted_at + timedelta(seconds=1) == club.clock()

"""Submitting, showing, finding and withdrawing papers; invalid input gets a sentence, and changes nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.app import RequestKind
from bot.chat.cards import Card, Text
from bot.chat.rich_text import Link
from bot.errors import Unavailable, UserError
from bot.features.shared.papers import metadata_backfill
from bot.sources.recorded_arxiv import recorded_papers
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SAFE,
    press,
    publish_papers,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.stand_ins import Harness, words

BAD = {
    "an unknown command": ("/paper sumbit 1706.03762", "Did you mean `/paper submit`?"),
    "an unknown option": ("/paper vote 1 bak=yes", "has no option bak. Did you mean back?"),
    "an unknown option before free text": ("/paper submit 1706.03762 wy=because", "Did you mean why?"),
    "an option with its value in quotation marks": (
        '/paper submit 1706.03762 note="b c"',
        "Its options are: link, why",
    ),
    "a page that is none": ("/paper top page=two", "`page` should be a whole number, not “two”"),
    "a page beyond all numbers": ("/paper top page=99999999999999999999", "is too large a number for `page`"),
    "no link": ("/paper submit", "still needs: link"),
    "an empty link": ('/paper submit ""', "still needs: link"),
    "a script": ("/paper submit javascript:alert(1)", "Only links that start with https://"),
    "a listing": ("/paper submit https://arxiv.org/list/cs.LG/recent", "not about one paper"),
    "an id that arXiv does not know": ("/paper submit 2501.99999", "has no paper"),
    "a topic that is none": ("/paper submit 1706.03762 topic=Nope", "no topic"),
    "a topic that is none, of the best": ("/paper top topic=Nope", "no topic"),
    "a topic that is none, of what is looked for": ("/paper find x topic=Nope", "no topic"),
    "no name, where names are asked for": ("/paper submit 1706.03762 anonymous=yes", "does not allow anonymous papers"),
    "a very long reason": (
        f"/paper submit 1706.03762 {'x' * 40_000}",
        "may have at most 500 characters; this has 40,000",
    ),
    "a very long link": (f"/paper submit https://example.org/{'x' * 40_000}", "may have at most 2,000 characters"),
    "a vote for nothing": ("/paper vote", "still needs: paper"),
    "a vote for a foreign paper": ("/paper vote 99", "There is no paper #99 in this club"),
    "a number with words behind it": ("/paper skip 1 too far from us", "Write only #1 for the paper"),
    "a number beyond all numbers": (f"/paper vote {'9' * 400}", "too long for a title"),
    "a window that is none": ("/paper top fortnight", "`window` cannot be “fortnight”. It is one of"),
    "a day that is none": ("/paper find x since=soon", "“soon” is not a date"),
    "a topic on arXiv": ("/paper find x scope=arxiv topic=NLP", "arXiv does not know the club’s topics"),
    "a link of no kind": ("/paper add-link 1 picture https://example.org", "`kind` cannot be “picture”. It is one of"),
    "a form of citation that is none": ("/paper cite 1 endnote", "`format` cannot be “endnote”. It is one of"),
    "a complaint of no kind": ("/paper report 1 boring", "what is one of: summary, quote, link"),
    "a yes that is none": ("/paper vote 1 back=perhaps", "`back` is yes or no, not “perhaps”"),
}


def _read(card: Card) -> str:
    """Sentences of a card."""
    answer = (span for part in card.parts if isinstance(part, Text) for span in part.words)
    return f"{card.title}. " + "".join(
        span if isinstance(span, str) else span.text for span in answer if not isinstance(span, Link)
    )


def _unquoted(sentence: str) -> str:
    """A sentence without the marks around what was typed: a title has others than a text."""
    return re.sub("[`“”]", "", sentence)


@pytest.mark.parametrize(("line", "say"), BAD.values(), ids=list(BAD))
async def test_bad_input_gets_a_private_sentence_and_changes_nothing(club: Harness, line: str, say: str) -> None:
    await submit_papers(club, "Ada", DISTILLATION)
    posts, edits = len(club.gateway.posts), len(club.gateway.edits)
    if "sumbit" in line:  # what is no command is refused before anybody is asked
        with pytest.raises(UserError, match="Did you mean"):
            await club.say("Ben", line)
    else:
        answer = await club.say("Ben", line)
        assert answer.failed, "an error is always private"
        assert _unquoted(say) in _unquoted(_read(answer.card)), answer.card
    assert (len(club.gateway.posts), len(club.gateway.edits)) == (posts, edits)
    async with club.app.store.read(CLUB) as db:
        assert [s.number for s in await db.search.papers("")] == [1]
        assert await db.vote_queries.log() == []


async def test_a_withdrawn_paper_is_not_added(club: Harness) -> None:
    removed = next(iter((await club.paper_source.records([ATTENTION])).values()))
    club.paper_source.put(replace(removed, withdrawn=True))
    answer = await club.say("Ada", f"/paper submit {ATTENTION}")
    assert answer.failed
    assert "was withdrawn from arXiv on 2 Aug 2023, so it was not added" in words(answer)


async def test_a_paper_that_arxiv_cannot_be_asked_about_is_taken_and_filled_in_later(club: Harness) -> None:
    club.paper_source.error = Unavailable("arXiv cannot be reached")
    answer = await club.say("Ada", f"/paper submit https://arxiv.org/abs/{ATTENTION}v5 it began here")
    assert not answer.failed
    assert "details will follow" in words(answer)
    card = words(club.gateway.posts[-1][1])
    assert "Details will follow" in card
    assert "it began here" in card
    assert (await submission_numbered(club, 1)).version == 5
    club.paper_source.error = None
    club.clock.advance(hours=2)
    await metadata_backfill.backfill(club.app, CLUB)
    await club.delivery_worker.drain()
    assert "Attention Is All You Need" in words(club.gateway.edits[-1][1])


async def test_the_same_paper_by_any_link_is_one_and_everyone_who_brought_it_is_credited(club: Harness) -> None:
    await submit_papers(club, "Ada", f"https://arxiv.org/abs/{ATTENTION}v5")
    for name, link in (
        ("Ben", f"https://huggingface.co/papers/{ATTENTION}"),
        ("Cy", f"https://www.alphaxiv.org/abs/{ATTENTION}v1"),
        ("Dee", f"10.48550/arXiv.{ATTENTION}"),
        ("Eve", "attention is all you need"),
    ):
        answer = await club.say(name, f"/paper submit {link}")
        assert "already on the list" in answer.card.title, link
        assert "https://wall.test/" in words(answer), "a jump to the first"
    async with club.app.store.read(CLUB) as db:
        assert [second.member.name for second in await db.submissions.co_submitters(1)] == ["Ben", "Cy", "Dee", "Eve"]
    assert len(club.gateway.posts) == 1


async def test_free_text_may_hold_what_looks_like_an_option(club: Harness) -> None:
    await submit_papers(club, "Ada", f'{ATTENTION} it has a="b c" in it')
    assert (await submission_numbered(club, 1)).why == 'it has a="b c" in it'


async def test_whoever_says_more_of_a_paper_later_is_heard(club: Harness) -> None:
    await club.say("Root", "/clubadmin topics add NLP", admin=True)
    await submit_papers(club, "Ada", f"{ATTENTION} the first thought")
    await submit_papers(club, "Ben", f"{ATTENTION} a hunch")
    again = await club.say("Ada", f"/paper submit {ATTENTION} the better thought topic=NLP")
    assert "Your new reason was saved" in words(again)
    await submit_papers(club, "Ben", f"{ATTENTION} a proof")
    card = words(club.gateway.edits[-1][1])
    assert [answer in card for answer in ("the better thought", "a proof", "NLP")] == [True] * 3
    assert [answer in card for answer in ("the first thought", "a hunch")] == [False] * 2
    again = await club.say("Ada", f"/paper submit {ATTENTION}")
    assert "new reason" not in words(again)
    assert (await submission_numbered(club, 1)).why == "the better thought"


async def test_a_link_that_is_no_paper_is_an_item_of_its_kind(club: Harness) -> None:
    for number, (link, kind, title) in enumerate(
        (
            ("https://github.com/karpathy/nanochat", "code", "karpathy/nanochat"),
            ("https://github.com/karpathy/nanochat/issues/1", "code", "github.com/karpathy/nanochat/issues/1"),
            ('https://youtu.be/dQw4w9WgXcQ worth an hour title="A talk"', "video", "A talk"),
            ("https://www.quantamagazine.org/story", "news", "www.quantamagazine.org/story"),
        ),
        start=1,
    ):
        answer = await club.say("Ada", f"/paper submit {link}")
        assert answer.card.title == "Your link is on the list"
        submitted = await submission_numbered(club, number)
        assert (submitted.paper.kind, submitted.heading) == (kind, title)
    assert words(club.gateway.posts[2][1]).count("A talk") == 1, "a reason is no title"


async def test_a_paper_is_taken_back_until_it_is_picked_and_never_from_an_edition(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    assert "submitted by Ada" in words(await club.say("Ben", "/paper withdraw 1"))
    back = await club.say("Ada", "/paper withdraw 1")
    assert (await submission_numbered(club, 1)).state == "withdrawn"
    await press(club, back, "Undo", "Ben")
    existing = await submission_numbered(club, 1)
    assert (existing.state, existing.member.name) == ("new", "Ben"), "whoever brings it now has brought it"
    await club.say("Mo", "/curate pick 2", moderator=True)
    assert "Ask a moderator" in words(await club.say("Ada", "/paper withdraw 2"))
    await publish_papers(club, 2)
    assert "already in an edition" in words(await club.say("Ada", "/paper withdraw 2"))


async def test_arxiv_is_searched_by_author_and_day_too(club: Harness) -> None:
    found = await club.say("Ada", "/paper find recursive reasoning scope=arxiv author=Jolicoeur since=2025-10-01")
    assert "Less is More" in words(found)
    assert "no paper “recursive” since 1 Nov 2025" in words(
        await club.say("Ada", "/paper find recursive scope=arxiv since=2025-11-01")
    )
    taken = await press(club, found, "Submit this", "Ada")
    assert "on the list" in taken.card.title


async def test_what_is_new_on_a_topic_is_listed_before_anybody_votes(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin topics add NLP", admin=True)
    await club.say("Root", "/clubadmin topics add Vision", admin=True)
    await submit_papers(club, "Ada", f"{DISTILLATION} topic=vision")
    top = words(await club.say("Ben", "/paper top topic=Vision"))
    assert ["#1 " in top, "#2 " in top] == [False, True]
    assert "Nothing yet on NLP" in words(await club.say("Ben", "/paper top topic=nlp"))
    nobody = words(await club.say("Ben", "/paper find image topic=NLP author=Touvron"))
    assert "No paper here matches “image” on NLP by Touvron" in nobody
    assert "matches “zzzz”. Try" in words(await club.say("Ada", "/paper find zzzz"))


async def test_lists_are_paged_and_ranked(club: Harness) -> None:
    await submit_papers(club, "Ada", *[record.arxiv_id for record in recorded_papers() if not record.withdrawn][:13])
    for number, voters in ((5, "Ben Cy Dee"), (7, "Ben Cy"), (9, "Ben")):
        for voter in voters.split():
            await club.say(voter, f"/paper vote {number}")
    first = await club.say("Ben", "/paper top")
    order = [words(first).index(f"#{number} ") for number in (5, 7, 9)]
    assert order == sorted(order)
    second = await press(club, first, "Next", "Ben")
    assert "#1 " in words(second), "the oldest without a vote comes last"
    for window in ("week", "month", "year", "all"):
        shown = words(await club.say("Ben", f"/paper top {window}"))
        assert shown.index("#5 ") < shown.index("#7 ") < shown.index("#9 ")
    club.clock.at = datetime(2026, 2, 1, tzinfo=UTC)
    assert "Nothing yet" in words(await club.say("Ben", "/paper top week"))
    for beyond in ("/paper top all page=9", "/paper find a page=9", "/my votes page=9", "/my list page=9"):
        assert "There are no more" in words(await club.say("Ben", beyond)), beyond
    assert "#5 " in words(await club.say("Ben", "/paper top year"))


async def test_a_remark_is_a_reason_and_never_a_title(club: Harness) -> None:
    remark = "great ablations, must read"
    for number, (link, heading) in enumerate(
        (
            ("https://openreview.net/forum?id=rJXMpikCZ", "openreview.net/forum?id=rJXMpikCZ"),
            ("https://example.org/blog/the-annotated-transformer.html", "The annotated transformer"),
            ("https://jack.substack.com/p/import-ai-366", "Import ai 366"),
        ),
        start=1,
    ):
        await club.say("Ada", f"/paper submit {link} {remark}")
        submitted = await submission_numbered(club, number)
        assert (submitted.heading, submitted.why) == (heading, remark)
    await club.say("Ada", '/paper submit https://openreview.net/pdf?id=rJXMpikCZ title="Graph attention"')
    assert (await submission_numbered(club, 1)).heading == "Graph attention"


async def test_a_question_around_a_link_is_the_reason(club: Harness) -> None:
    await club.say("Ada", f"/paper submit Is attention all you need? https://arxiv.org/abs/{ATTENTION}")
    submitted = await submission_numbered(club, 1)
    assert (submitted.paper.key, submitted.why) == (f"arxiv:{ATTENTION}", "Is attention all you need?")


@pytest.mark.parametrize(
    "line",
    [
        f"@misc{{v17, title={{Attention}}, eprint={{{ATTENTION}}}, doi={{10.1000/182}}, note={{a {'long ' * 200}}}}}",
        f"TY  - UNPB TI  - Attention UR  - https://arxiv.org/abs/{ATTENTION} ER  - ",
        f"Vaswani, A., et al. Attention is all you need. arXiv preprint arXiv:{ATTENTION} (2017).",
    ],
)
async def test_a_pasted_reference_is_its_paper_without_a_reason(club: Harness, line: str) -> None:
    answer = await club.say("Ada", f"/paper submit {line}")
    assert not answer.failed, answer.card
    submitted = await submission_numbered(club, 1)
    assert (submitted.paper.key, submitted.why) == (f"arxiv:{ATTENTION}", "")


async def test_several_papers_in_a_line_are_a_choice(club: Harness) -> None:
    glued = f"https://arxiv.org/abs/{ATTENTION}https://arxiv.org/abs/{DISTILLATION}"
    answer = await club.say("Ada", f"/paper submit {glued}")
    assert len([button for button in answer.card.buttons() if button.label == "Submit this"]) == 2
    await press(club, answer, "Submit this", "Ada")
    assert (await submission_numbered(club, 1)).paper.key == f"arxiv:{ATTENTION}"


async def test_an_id_after_the_first_word_submits_it(club: Harness) -> None:
    await club.say("Ada", f"/paper {ATTENTION}")
    assert (await submission_numbered(club, 1)).paper.key == f"arxiv:{ATTENTION}"


async def test_an_id_in_the_address_of_an_unknown_site_is_asked_about(club: Harness) -> None:
    page = f"https://mirror.example.org/papers/{ATTENTION}"
    answer = await club.say("Ada", f"/paper submit {page} for us")
    paper, itself = (button for button in answer.card.buttons() if button.label == "Submit this")
    assert [paper.call.words, itself.call.words] == [(f"https://arxiv.org/abs/{ATTENTION}",), (page,)]
    answer = await club.say("Ada", str(itself.call), via=RequestKind.CLICK)
    assert answer.card.title == "Your link is on the list"
    assert (await submission_numbered(club, 1)).why == "for us"


async def test_the_reason_stays_with_a_paper_that_its_submitter_withdraws_and_submits_again(club: Harness) -> None:
    await club.say("Ada", f"/paper submit {ATTENTION} the first of its kind")
    await club.say("Ada", "/paper withdraw 1")
    await club.say("Ada", f"/paper submit {ATTENTION}")
    assert (await submission_numbered(club, 1)).why == "the first of its kind"
    await club.say("Ada", "/paper withdraw 1")
    await club.say("Ada", f"/paper submit {ATTENTION} worth another look")
    assert (await submission_numbered(club, 1)).why == "worth another look"
    await club.say("Ada", "/paper withdraw 1")
    await club.say("Ben", f"/paper submit {ATTENTION}")
    assert (await submission_numbered(club, 1)).why == "", "nobody else speaks with her words"


async def test_what_moderators_removed_or_held_back_does_not_come_back_by_withdrawing_it(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE)
    await club.say("Mo", "/curate drop 1 spam", moderator=True)
    repeated = words(await club.say("Mia", "/curate drop 1 off topic", moderator=True))
    assert "It was already removed from the list. The reason is new." in repeated
    await club.say("Mo", "/curate drop 1 spam", moderator=True)
    refused = await club.say("Ada", "/paper withdraw 1")
    assert "#1 was removed by a moderator (spam)" in words(refused)
    assert refused.failed
    for name in ("Ada", "Ben"):
        assert "was removed by a moderator (spam)" in words(await club.say(name, f"/paper submit {ATTENTION}"))
    assert (await submission_numbered(club, 1)).state == "dropped"

    await club.say("Mo", "/curate hold 2 wait for v2", moderator=True)
    assert not (await club.say("Ada", "/paper withdraw 2")).failed
    await club.say("Ben", f"/paper submit {DISTILLATION}")
    again = await submission_numbered(club, 2)
    assert (again.state, again.state_why) == ("held", "wait for v2")

    await club.say("Mo", "/curate hold 3 later", moderator=True)
    await club.say("Mo", "/curate restore 3", moderator=True)
    await club.say("Ada", "/paper withdraw 3")
    await club.say("Ada", f"/paper submit {SAFE}")
    assert (await submission_numbered(club, 3)).state == "new"

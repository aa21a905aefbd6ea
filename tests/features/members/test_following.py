"""Following topics, authors, keywords and people, and seeing what matches."""

from __future__ import annotations

import pytest

from bot.app import Requester
from bot.chat.gateway import Location
from bot.domain.follow_rules import MAX_FOLLOWS, FollowKey, PaperSubjects, matches
from bot.requester_lookup import identify
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SECOND_PLACE,
    code_in,
    connect_second_platform,
    on_screen,
    press,
    submit_papers,
)
from tests.stand_ins import Harness, words

PAPER = PaperSubjects("Graph-based RL", "We learn to act on graphs.", ["Ada Lovelace", "Émile Ünal"], "Agents", "Grace")


@pytest.mark.parametrize(
    ("follow", "fits"),
    [
        (("keyword", "graph rl"), True),
        (("keyword", "GRAPHS"), True),
        (("keyword", "raph"), False),
        (("keyword", "graph diffusion"), False),
        (("keyword", "…"), False),
        (("author", "lovelace"), True),
        (("author", "ünal Émile"), True),
        (("author", "Ada Ünal"), False),
        (("topic", "agents"), True),
        (("topic", "agent"), False),
        (("person", "grace"), True),
        (("person", "Ada Lovelace"), False),
    ],
)
def test_what_fits(follow: FollowKey, fits: bool) -> None:
    assert bool(matches(PAPER, [follow])) is fits


def test_who_asked_not_to_be_named_is_followed_by_nobody() -> None:
    assert not matches(PaperSubjects("t", "a", []), [("person", ""), ("topic", ""), ("author", ""), ("keyword", "")])


async def test_what_fits_is_on_ones_home_until_it_is_followed_no_longer(club: Harness) -> None:
    await club.say("Root", "/clubadmin topics add NLP", admin=True)
    answer = await club.say("Bob", "/my follow author vaswani")
    assert (await club.say("Bob", "/my follow author VASWANI")).card.title == "Nothing to change"
    await club.say("Bob", "/my follow topic nlp")
    await submit_papers(club, "Ada", ATTENTION)
    await submit_papers(club, "Bob", DISTILLATION)
    home = await club.say("Bob", "/my home")
    assert "New papers that match what you follow" in words(home)
    own = await press(club, answer, "What I follow", "Bob")
    assert "Attention" in words(own)
    assert "NLP" in words(own)
    assert "vaswani" not in words(await club.say("Ada", "/my follows")), "what one follows is private"
    await press(club, answer, "Unfollow", "Bob")
    assert "Attention" not in words(await club.say("Bob", "/my follows"))
    assert "You do not follow the author" in on_screen(await club.say("Bob", "/my unfollow author vaswani"))


async def test_an_anonymous_paper_is_not_given_away_by_who_follows_its_bringer(club: Harness) -> None:
    await club.say("Root", "/clubadmin settings anonymous yes", admin=True)
    await club.say("Ada", "/my home")
    await club.say("Bob", "/my follow person Ada")
    assert not (await club.say("Ada", f"/paper submit {ATTENTION} anonymous=yes")).failed
    assert "Attention" not in words(await club.say("Bob", "/my follows"))
    await submit_papers(club, "Ada", DISTILLATION)
    assert "distillation" in words(await club.say("Bob", "/my follows"))


async def test_a_mention_means_the_member(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Bob", "/my follow person <@ada|somebody else>")
    assert "'the person “', Bold(text='Ada'" in words(answer)
    assert (await club.say("Bob", "/my unfollow person <@ada>")).card.title == "Unfollowed"
    assert "'the author “', Bold(text='Ada'" in words(await club.say("Bob", "/my follow author <@ada>"))
    assert "'the person “', Bold(text='Ada'" in words(await club.say("Bob", "/my follow person @ada"))


@pytest.mark.parametrize(
    "line", ["topic nonsense", "person nobody", "keyword …", "colour red", "paper 9", "keyword x how=hourly"]
)
async def test_what_cannot_be_followed_is_said(club: Harness, line: str) -> None:
    assert (await club.say("Bob", f"/my follow {line}")).failed


async def test_there_is_an_end_to_what_one_follows(club: Harness) -> None:
    for number in range(MAX_FOLLOWS):
        await club.say("Bob", f"/my follow keyword word{number}")
    assert (await club.say("Bob", "/my follow keyword more")).failed
    assert len((await club.say("Bob", "/my follows")).card.parts) < 30


async def test_of_two_members_who_are_one_nothing_followed_is_lost(club: Harness) -> None:
    await connect_second_platform(club)
    for line in ("author Ada", "keyword graph"):
        await club.say("Ada", f"/my follow {line}")
    for line in ("author ada", "author Grace how=daily"):
        await club.say("lovelace", f"/my follow {line}", **SECOND_PLACE)
    code = code_in(await club.say("Ada", "/my link"))
    await club.say("lovelace", f"/my link {code}", **SECOND_PLACE)
    own = await club.say("Ada", "/my follows")
    assert [b.label for b in own.card.buttons()] == ["Unfollow"] * 3
    assert "author, every morning" in words(own)


async def test_how_one_is_told_can_be_changed_by_button(club: Harness) -> None:
    answer = await club.say("Bob", "/my follow keyword graph")
    daily = await press(club, answer, "Message me every morning", "Bob")
    assert "direct message every morning" in words(daily)
    assert (await club.say("Bob", "/my follow keyword Graph")).card.title == "Nothing to change", "and stays so"
    assert "every morning" in words(await club.say("Bob", "/my follows"))
    await club.say("Bob", "/my follow keyword graph how=home")
    assert "direct message every morning" not in words(await club.say("Bob", "/my follows"))


async def test_a_paper_is_followed_by_number_link_or_title(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Bob", "/my follow paper distillation")
    assert (await club.say("Bob", "/my follow paper 2")).card.title == "Nothing to change"
    assert "distillation" in words(await club.say("Bob", "/my follows"))
    assert "New papers that match what you follow" not in words(await club.say("Bob", "/my home")), "it is no new paper"
    suggest = next(p.hint.suggest for p in club.app.commands["my unfollow"].params if p.name == "value")
    assert suggest
    who, where = Requester("bob", "Bob"), Location("wall", "W1", "general")
    [(label, value)] = await suggest(await identify(club.app, who, where), "DISTIL")
    assert (label[:8], value) == ("paper #2", "2")
    assert not (await club.say("Bob", f"/my unfollow paper {DISTILLATION}")).failed
    assert "You do not follow the paper" in on_screen(await club.say("Bob", "/my unfollow paper 2"))


async def test_whose_data_is_deleted_is_followed_by_name_no_more(club: Harness) -> None:
    await club.say("Zora", "/my follow keyword secret how=daily")
    await club.say("Bob", "/my follow person Zora how=daily")
    await club.say("Zora", "/my data delete sure=yes")
    assert "Zora" not in words(await club.say("Bob", "/my follows"))
    async with club.app.store.read(CLUB) as db:
        assert not await db.follows.subjects()

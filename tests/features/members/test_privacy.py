"""Personal data of a member: all of it is shown, and all of it can be deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.chat.cards import Text
from bot.chat.rich_text import InlineCode
from bot.dispatch import AnswerCard
from bot.domain.models import Table, Workspace
from bot.editions.edit.member_names import member_names
from bot.editions.model.document import from_json
from bot.features.meetings.schedule import keep_planned
from bot.features.members.privacy import TABLE_LABELS
from bot.runtime.scheduler import Scheduler
from bot.store.database.migrate import migrate
from bot.store.members.account_linking import member_columns
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SAFE,
    SECOND_PLACE,
    code_in,
    connect_second_platform,
    press,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.features.edition_steps import (
    RECURRENCE,
    THEOREMS,
    edition_numbered,
    publish_edition,
    say_as_moderator,
    set_up_week,
)
from tests.stand_ins import Harness, open_harness, words

MINE = "words of my own"


async def set_up_history(club: Harness) -> None:
    """Set up a member, Zora, with every kind of data, from two accounts, as a moderator too."""
    await set_moderators_channel(club)
    await submit_papers(club, "Bob", SAFE)
    for line in (
        f"/paper submit {ATTENTION} {MINE}", f"/paper submit {SAFE} {MINE}", f"/paper submit {DISTILLATION}",
        "/paper vote 1", f"/paper skip 3 reason={MINE}", "/paper discuss 1", f"/my quote 1 words={MINE}",
        f"/my note 1 {MINE}",
        f"/paper report 1 spam {MINE}", f'/digest suggest theme title="{MINE}"', "/my prefs dm=no", "/my link",
        "/paper add-link 1 code https://github.com/a/b",
    ):  # fmt: skip
        assert not (await club.say("Zora", line)).failed, line
    assert not (await club.say("Zora", "/curate pick 2", moderator=True)).failed
    assert not (await club.say("Root", "/clubadmin roles moderator <@zora>", admin=True)).failed


async def database_text(club: Harness) -> str:
    """All text in the database."""
    found: list[str] = []
    async with club.app.store.read_admin_session() as admin:
        for table in Table.metadata.sorted_tables:
            rows = await admin._session.execute(select(table))
            found += [f"{table.name}: {row}" for row in rows]
    return "\n".join(found)


def exported(shown: AnswerCard) -> str:
    spans = [span for part in shown.card.parts if isinstance(part, Text) for span in part.words]
    return "".join(span.text for span in spans if isinstance(span, InlineCode))


async def test_an_edition_that_is_not_out_yet_loses_name_and_reasons(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Zora", f"/paper submit {THEOREMS} {MINE}")
    await club.say("Zora", "/paper vote 2")
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, '/edition item write 4 why text="A text by hand"', "Zora")
    assert {"Zora"} <= member_names(from_json((await edition_numbered(club)).document))
    await say_as_moderator(club, "/edition schedule wed 10:00")
    await say_as_moderator(club, "/edition approve")
    assert not (await club.say("Zora", "/my data delete sure=yes")).failed
    made = await edition_numbered(club)
    assert (made.state, "Zora" in str(made.document) + str(made.making)) == ("approved", False)
    club.clock.advance(days=3)
    for _ in range(2):
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()
    posted = words(club.gateway.cards("digest"))
    assert "A text by hand" in posted
    for gone in ("Zora", MINE, "A name was removed"):
        assert gone not in posted, gone


async def test_the_note_of_a_suggestion_leaves_an_edition_that_is_not_out_yet(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Zora", f'/digest suggest news https://example.org/a title="A story" note="{MINE}"')
    await club.say("Ada", '/digest suggest news https://example.org/b title="Another" note="By somebody else"')
    await club.say("Zora", f'/digest suggest theme title="Reasoning" note="{MINE}"')
    await club.say("Ada", '/digest suggest theme title="Pruning" note="A gloss of Ada"')
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition schedule wed 10:00")
    await say_as_moderator(club, "/edition approve")
    assert not (await club.say("Zora", "/my data delete sure=yes")).failed
    club.clock.advance(days=3)
    for _ in range(2):
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()
    posted = words(club.gateway.cards("digest"))
    assert "A story" in posted
    for stays in ("By somebody else", "Pruning (A gloss of Ada)", "Reasoning"):
        assert stays in posted, stays
    for gone in ("Zora", MINE):
        assert gone not in posted + await database_text(club), gone


async def test_a_report_of_a_former_member_begins_like_a_sentence(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Zora", "/paper report 1 spam")
    await club.say("Zora", "/my data delete sure=yes")
    redrawn = [card for where, card in club.gateway.edits if where.room == "mods" and "Report" in card.title]
    assert "A former member says that it is spam." in words(redrawn[-1])


async def test_who_was_named_with_a_quote_alone_leaves_nothing_to_correct(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Cy", '/my quote 1 words="Clear and short"')
    await publish_edition(club)
    assert not (await club.say("Cy", "/my data delete sure=yes")).failed
    asked = next(card for card in reversed(club.gateway.cards("mods")) if card.title == "A former member")
    assert "still has their name" not in words(asked)
    assert not any("Correct" in button.label for button in asked.buttons())
    assert "Clear and short" not in str((await edition_numbered(club)).document)


async def test_a_deletion_that_concerns_no_edition_gives_moderators_no_card(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Zora", f"/paper submit {THEOREMS} {MINE}")
    await say_as_moderator(club, "/edition draft")

    def asked() -> int:
        return sum(card.title == "A former member" for card in club.gateway.cards("mods"))

    assert not (await club.say("Zora", "/my data delete sure=yes")).failed
    assert asked() == 1, "the draft has a paper of theirs"
    for who in ("Zora", "Yves", "Zora"):  # who returns is a new member, as is somebody who never did anything
        assert not (await club.say(who, "/my data delete sure=yes")).failed
        assert asked() == 1, who


async def test_a_suggestion_in_a_draft_concerns_the_edition(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Zora", '/digest suggest news https://example.org/a title="A story" note="A note"')
    await say_as_moderator(club, "/edition draft")
    await club.say("Zora", "/my data delete sure=yes")
    assert [card.title for card in club.gateway.cards("mods")].count("A former member") == 1


async def test_all_of_it_is_exported_page_by_page(club: Harness) -> None:
    await set_up_history(club)
    assert "papers you submitted: 2" in words(await club.say("Zora", "/my data"))
    shown = await club.say("Zora", "/my data export")
    messages = exported(shown)
    while any(button.label.startswith("Next") for button in shown.card.buttons()):
        shown = await press(club, shown, "Next", "Zora")
        messages += exported(shown)
    rows: list[dict[str, Any]] = [json.loads(line) for line in messages.splitlines()]
    by_table = {row["table"] for row in rows}
    assert {
        "member",
        "account",
        "submission",
        "seconding",
        "vote",
        "vote_event",
        "saved",
        "saying",
        "suggestion",
    } <= by_table
    assert {"report", "voice", "act", "pick", "paper_link"} <= by_table
    assert {row["paper"] for row in rows if row["table"] == "vote"} == {1, 3}
    assert "Bob" not in messages, "only what is theirs"


async def test_all_of_it_is_deleted_with_the_votes_that_still_rank(url: str, tmp_path: Path) -> None:
    async with open_harness(tmp_path, url=url) as club:
        await set_up_history(club)
        await club.say("Bob", "/paper vote 2")
        assert [(await submission_numbered(club, number)).votes for number in (1, 2, 3)] == [1, 1, 0]
        asked = await club.say("Zora", "/my data delete")
        assert MINE in await database_text(club), "nothing is done before they are sure"
        done = await press(club, asked, "Delete all of it", "Zora")
        assert not done.failed
        rest = [line for line in (await database_text(club)).splitlines() if MINE in line or "zora" in line.lower()]
        assert [line.partition(":")[0] for line in rest] == []
        assert [(await submission_numbered(club, number)).votes for number in (1, 2, 3)] == [0, 1, 0]
        assert (await submission_numbered(club, 1)).voices == 0
        assert (await submission_numbered(club, 2)).credit == "a member"
        assert "Zora" not in words([card for where, card in club.gateway.edits[-3:]])
        again = await club.say("Zora", "/my home")
        assert "papers you submitted" not in words(again), "who comes back is new"


async def test_who_returns_counts_once_and_past_editions_keep_their_votes(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Zora", "/paper vote 1")
    await publish_edition(club)
    published = (await submission_numbered(club, 1)).votes
    await club.say("Ada", f"/paper submit {THEOREMS}")
    for _ in range(3):
        for line in ("/paper vote 4", "/paper discuss 4", "/my data delete sure=yes"):
            assert not (await club.say("Zora", line)).failed, line
    await club.say("Zora", "/paper vote 4")
    new = await submission_numbered(club, 4)
    assert (new.votes, new.voices) == (1, 0), "a person is one person, however often they come back"
    assert (await submission_numbered(club, 1)).votes == published


async def test_measures_of_moderators_hold_for_those_who_return(club: Harness) -> None:
    await set_up_week(club)
    for name in ("Zora", "Yan"):
        await club.say(name, "/paper vote 3")
    await say_as_moderator(club, f'/curate member <@zora> exclude reason="{MINE}"')
    await say_as_moderator(club, f'/curate member <@yan> pause reason="{MINE}" days=5')
    assert "account’s number is therefore kept" in words(await club.say("Zora", "/my data delete"))
    for _round in range(2):
        for name in ("Zora", "Yan"):
            assert not (await club.say(name, "/my data delete sure=yes")).failed
    rest = [line for line in (await database_text(club)).splitlines() if "zora" in line.lower()]
    assert [line.partition(":")[0] for line in rest] == ["account"], "the number alone"
    await club.say("Zora", "/paper vote 3")
    assert (await submission_numbered(club, 3)).votes == 0
    refused = await club.say("Yan", f"/paper submit {THEOREMS}")
    assert refused.failed
    assert "paused your submissions until" in words(refused)
    assert MINE not in words(refused)
    await say_as_moderator(club, "/curate member Zora count")
    assert (await submission_numbered(club, 3)).votes == 1, "the moderators know who it is, and may end it"
    club.clock.advance(days=6)
    assert not (await club.say("Yan", f"/paper submit {THEOREMS}")).failed
    await club.say("Yan", "/my data delete sure=yes")
    assert "yan" not in (await database_text(club)).lower(), "the pause is over"


async def test_their_quotes_leave_every_published_copy_and_moderators_get_a_ready_correction(club: Harness) -> None:
    await set_up_week(club)
    await connect_second_platform(club)
    assert not (await club.say("Boss", "/clubadmin channels digest lounge", admin=True, **SECOND_PLACE)).failed
    await club.say("Ada", '/my quote 2 words="A thing I said"')
    await publish_edition(club)
    await club.delivery_worker.drain()
    await club.say("Ada", "/my data delete sure=yes")
    made = await edition_numbered(club)
    assert "A thing I said" not in str(made.document)
    assert "A thing I said" not in await database_text(club), "nor in a version that a correction took the place of"
    hall = club.app.gateways["hall"]
    for wall in (club.gateway, hall):
        redrawn = [card for where, card in wall.edits if where.room in ("digest", "lounge")]  # type: ignore[attr-defined] # both are walls
        assert any("Image is Worth" in card.title and "A thing I said" not in words(card) for card in redrawn)
    asked = next(card for card in reversed(club.gateway.cards("mods")) if card.title == "A former member")
    assert "Ada" not in words(asked), "the name is kept nowhere"
    assert "Ada" in member_names(from_json(made.document))
    done = await press(club, asked, "Correct No. 1", "Mo", moderator=True)
    assert not done.failed, done.card
    after = from_json((await edition_numbered(club)).document)
    assert "Ada" not in member_names(after)
    assert "a former member" in member_names(after)
    assert "Ada" not in str(after)
    async with club.app.store.read(1) as db:
        assert [version.revision for version in await db.editions.versions(1) if "Ada" in str(version.document)] == []
    again = await press(club, asked, "Correct No. 1", "Mo", moderator=True)
    assert again.failed


def test_every_table_with_something_of_a_member_has_a_name_that_members_understand() -> None:
    tables = {column.table.name for column in member_columns()}
    assert tables - TABLE_LABELS.keys() == set(), "and decide in `Personal.forget` what becomes of its rows"


async def test_both_accounts_go_together(club: Harness) -> None:
    await set_moderators_channel(club)
    await connect_second_platform(club)
    code = code_in(await club.say("Ada", "/my link"))
    await club.say("lovelace", f"/my link {code}", **SECOND_PLACE)
    await club.say("Ada", "/my data delete sure=yes")
    assert "lovelace" not in await database_text(club)


async def test_a_deserted_club_is_purged_and_the_others_are_not(url: str, tmp_path: Path) -> None:
    async with open_harness(tmp_path, url=url) as club:
        await set_up_history(club)
        await club.say("Eve", f"/paper submit {ATTENTION} {MINE}", workspace="W2")
        async with club.app.store.admin_session() as all_:
            assert await all_.club_purge.abandoned_clubs() == []
            await all_.directory.leave("wall", "W1", "it was removed", club.clock())
        async with club.app.store.admin_session() as all_:
            assert [deserted.id for deserted in await all_.club_purge.abandoned_clubs()] == [1]
            await all_.club_purge.purge(1)
        rest = await database_text(club)
        assert "Zora" not in rest
        assert "Eve" in rest
        assert "Attention Is All You Need" in words(await club.say("Eve", "/paper show 1", workspace="W2"))


async def test_a_club_whose_workspace_came_from_another_is_purged_too(club: Harness) -> None:
    await set_moderators_channel(club)
    await connect_second_platform(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Boss", "/clubadmin setup papers=here", admin=True, **SECOND_PLACE)
    await submit_papers(club, "Ada", DISTILLATION)
    assert not (await club.say("Boss", "/clubadmin disconnect sure=yes", admin=True, **SECOND_PLACE)).failed
    async with club.app.store.admin_session() as all_:
        await all_.directory.leave("hall", "H1", "it was removed", club.clock())
        [deserted] = await all_.club_purge.abandoned_clubs()
        await all_.club_purge.purge(deserted.id)
        assert [w.platform for w in (await all_._session.scalars(select(Workspace))).all()] == ["wall"]
    assert not (await club.say("Ada", "/paper show 2")).failed


@pytest.mark.parametrize("argv", [[], ["1"], ["1", "--sure"]])
def test_the_command_line_purges_only_what_is_deserted(
    argv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.__main__ import entry

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JOURNALCLUB_DATA_DIR", str(tmp_path))
    migrate(f"sqlite:///{tmp_path / 'journalclub.db'}")
    with pytest.raises(SystemExit) as ended:
        entry(["purge", *argv])
    answer = capsys.readouterr()
    assert ended.value.code == (2 if argv else 0)
    assert ("no club 1" if argv else "No club") in answer.err + answer.out


def as_shown(club: Harness) -> str:
    """Every post as it is on the platform now, after all its updates."""
    posts = {f"m{number}": card for number, (_, card) in enumerate(club.gateway.posts, 1)}
    return words([*(posts | {where.message: card for where, card in club.gateway.edits}).values()])


async def test_posts_of_meetings_and_ballots_lose_name_and_words(club: Harness) -> None:
    await set_up_week(club)
    for day in (2, 3, 4):
        await say_as_moderator(club, f"/curate meeting plan 2025-12-0{day} 16:00 paper={day - 1}")
    await keep_planned(club.app, CLUB)
    for line in ("/club rsvp yes 1", "/club present 1", f"/club ask 2 {MINE}", "/club present 3"):
        assert not (await club.say("Zora", line)).failed, line
    await say_as_moderator(club, "/curate meeting record 1 notes_by=Zora")
    club.clock.at = club.clock.at.replace(day=3)
    for name, line in (("Zora", f'/club nominate 1 why="{MINE}"'), ("Bob", "/club nominate 2")):
        assert not (await club.say(name, line)).failed, line
    await say_as_moderator(club, '/curate ballot open until="2025-12-05 12:00"')
    assert {"Zora", MINE} == {word for word in ("Zora", MINE) if word in as_shown(club)}
    assert not (await club.say("Zora", "/my data delete sure=yes")).failed
    await keep_planned(club.app, CLUB)
    await club.delivery_worker.drain()
    for gone in ("Zora", MINE):
        assert gone not in as_shown(club) + await database_text(club), gone


async def test_a_name_in_changes_of_a_draft_does_not_come_back(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, '/edition credit "Figures by" Zora')
    await say_as_moderator(club, f'/edition quote 1 text="{RECURRENCE}"', "Zora")
    assert {"Zora"} <= member_names(from_json((await edition_numbered(club)).document))
    assert not (await club.say("Zora", "/my data delete sure=yes")).failed
    await say_as_moderator(club, '/edition write headline text="A week"')
    await say_as_moderator(club, "/edition undo")
    made = await edition_numbered(club)
    assert "Zora" not in f"{made.document}{made.making}"
    assert "Zora" not in await database_text(club)

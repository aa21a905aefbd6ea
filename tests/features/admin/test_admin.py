"""Administration: setup, settings, channels, roles, topics, test posts, and pausing."""

from __future__ import annotations

import pytest

from bot.chat.command import Reply
from bot.domain.club_settings import ClubSettings
from bot.features.registry import all_commands
from bot.runtime.slot_planning import plan
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    audit_entries,
    on_screen,
    press,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.stand_ins import Harness, words


async def test_setup_shows_what_is_missing_and_each_button_sets_it(club: Harness) -> None:
    shown = await club.say("Root", "/clubadmin setup", admin=True, room="C1")
    assert "✗ Papers" in words(shown)
    shown = await press(club, shown, "Papers here", "Root", admin=True, room="C1")
    assert shown.reply is Reply.IN_PLACE
    assert "✓ Papers: " in words(shown)
    shown = await press(club, shown, "Editions here", "Root", admin=True, room="C1")
    shown = await press(club, shown, "Moderators here", "Root", admin=True, room="C2")
    assert shown.card.title == "The club is set up"
    assert [act.verb for act in await audit_entries(club)] == ["channels"] * 3
    again = await club.say("Root", "/clubadmin setup papers=C1", admin=True)
    assert len(await audit_entries(club)) == 3, "set again, nothing changes"
    assert "every Monday at 09:00" in words(again)


async def test_setup_in_one_line_sets_all_and_tells_the_moderators(club: Harness) -> None:
    line = (
        "/clubadmin setup papers=<#C1|papers> digest=#news moderators=here timezone=europe/berlin "
        'digest_at="Friday 16:00" template=best-of'
    )
    answer = await club.say("Root", line, admin=True, room="mods")
    assert "every Friday at 16:00, as “Best of the month”" in words(answer)
    assert "Fri 5 Dec 2025, 16:00 (Europe/Berlin)" in words(answer)
    async with club.app.store.read(CLUB) as db:
        rooms = {room.purpose: (room.external_id, room.name) for room in await db.rooms.all()}
        assert (await db.club()).timezone == "Europe/Berlin"
    assert rooms == {"papers": ("C1", "papers"), "digest": ("news", "news"), "moderators": ("mods", "")}
    assert any("digest_at: mon 09:00 → fri 16:00" in words(card) for card in club.gateway.cards("mods"))


async def test_a_channel_given_in_setup_takes_the_place_of_another(club: Harness) -> None:
    await club.say("Root", "/clubadmin setup papers=C1", admin=True)
    await club.say("Root", "/clubadmin setup papers=C2", admin=True)
    await submit_papers(club, "Ada", ATTENTION)
    assert not club.gateway.cards("C1")
    assert len(club.gateway.cards("C2")) == 1


@pytest.mark.parametrize(
    ("words_", "say"),
    [
        ("timezone=Atlantis", "no time zone"),
        ("timezone=berlin", "Europe/Berlin"),
        ("digest_at=someday", "weekday and time"),
        ("template=poster", "one of"),
    ],
)
async def test_a_mistake_in_setup_changes_nothing(club: Harness, words_: str, say: str) -> None:
    answer = await club.say("Root", f"/clubadmin setup papers=C1 {words_}", admin=True)
    assert answer.failed
    assert say in words(answer)
    assert not await audit_entries(club)


async def test_settings_are_all_explained_and_changed_one_by_one(club: Harness) -> None:
    await set_moderators_channel(club)
    listed = await club.say("Root", "/clubadmin settings", admin=True)
    assert all(f"{name} " in words(listed) for name in ClubSettings.model_fields)
    subjects = [words(await press(club, listed, b.label, "Root", admin=True)) for b in listed.card.buttons()]
    assert all(any(f"{name}: " in shown for shown in subjects) for name in ClubSettings.model_fields)
    entry = words(await club.say("Root", "/clubadmin settings items", admin=True))
    assert "how many papers an edition has at most" in entry
    club.clock.advance(minutes=6)
    changed = await club.say("Root", "/clubadmin settings items 8", admin=True)
    assert "is now 8 (was 10)" in words(changed)
    assert "items: 10 → 8" in words(club.gateway.cards("mods")[-1])
    again = await club.say("Root", "/clubadmin settings items 8", admin=True)
    assert "already" in words(again)
    assert len(await audit_entries(club, verbs=("settings",))) == 1
    await club.say("Root", "/clubadmin settings timezone Asia/Tokyo", admin=True)
    await club.say("Root", "/clubadmin settings sections news, papers", admin=True)
    emptied = words(await club.say("Root", "/clubadmin settings sections none", admin=True))
    assert "none (was news, papers" in emptied
    await club.say("Root", "/clubadmin settings name The Readers", admin=True)
    await club.say("Root", "/clubadmin settings digest-at fri 9", admin=True)
    async with club.app.store.read(CLUB) as db:
        now = await db.club()
    assert (now.timezone, now.name, now.settings["digest_at"]) == ("Asia/Tokyo", "The Readers", "fri 09:00")


@pytest.mark.parametrize(
    ("words_", "say"),
    [
        ("itms 8", "Did you mean ', InlineCode(text='items'"),
        ("itms", "There is no setting"),
        ("items many", "does not fit: it takes a whole number."),
        ("items 61", "does not fit: the maximum is 60."),
        ("items 0", "does not fit: the minimum is 1."),
        ("digest_at noon", "weekday and time"),
        ("timezone Mars", "no time zone"),
        ("emoji perhaps", "does not fit: it takes yes or no."),
        ("empty panic", "does not fit: it takes notice or silence."),
        ("language " + "x" * 41, "does not fit: it takes 40 characters at most."),
        (
            "language Klingon",
            "does not fit: the languages are English, German, French, Spanish, Portuguese, Italian and Dutch.",
        ),
        (f"name {'x' * 81}", "1 to 80"),
    ],
)
async def test_a_malformed_setting_is_refused_with_what_it_takes(club: Harness, words_: str, say: str) -> None:
    answer = await club.say("Root", f"/clubadmin settings {words_}", admin=True)
    assert answer.failed
    assert say in words(answer)
    assert not await audit_entries(club)


async def test_channels_are_added_listed_and_removed(club: Harness) -> None:
    await club.say("Root", "/clubadmin channels papers here", admin=True, room="C1")
    added = await club.say("Root", "/clubadmin channels papers <#C2|second>", admin=True)
    assert "Wall #second" in words(added)
    assert "Also still used for this: Wall #C1." in words(added)
    entry = (await audit_entries(club))[0]
    assert (entry.before, entry.after) == ({"papers": "Wall #C1"}, {"papers": "Wall #C1, Wall #second"})
    assert "already" in words(await club.say("Root", "/clubadmin channels papers C2", admin=True))
    listed = words(await club.say("Root", "/clubadmin channels", admin=True))
    assert "Wall #C1, Wall #second" in listed
    assert "no channel yet" in listed
    removed = await club.say("Root", "/clubadmin channels papers C2 remove=yes", admin=True)
    assert "no longer" in words(removed)
    assert "not used" in words(await club.say("Root", "/clubadmin channels papers C2 remove=yes", admin=True))
    await submit_papers(club, "Ada", ATTENTION)
    assert [where.room for where, _ in club.gateway.posts] == ["C1"]
    back = await club.say("Root", "/clubadmin channels papers C2", admin=True)
    assert not back.failed


async def test_a_member_is_made_a_moderator_and_keeps_it_wherever_they_are(club: Harness) -> None:
    await club.say("Mo", "/my home")
    assert (await club.say("Mo", "/curate queue")).failed
    made = await club.say("Root", "/clubadmin roles moderator Mo", admin=True)
    assert made.card.title == "Done"
    assert not (await club.say("Mo", "/curate queue")).failed
    assert "already" in words(await club.say("Root", "/clubadmin roles moderator <@mo>", admin=True))
    assert "Mo" in words(await club.say("Root", "/clubadmin roles", admin=True))
    taken = await club.say("Root", "/clubadmin roles moderator Mo remove=yes", admin=True)
    assert not taken.failed
    assert (await club.say("Mo", "/curate queue")).failed
    assert len(await audit_entries(club, verbs=("roles",))) == 2


async def test_a_role_or_a_group_gives_its_right_to_whoever_is_in_it(club: Harness) -> None:
    for mention in ("<@&123456789012345678>", "<!subteam^S0123ABCD|@leads>", "<@U999999999>"):
        assert not (await club.say("Root", f"/clubadmin roles moderator {mention}", admin=True)).failed
    async with club.app.store.read(CLUB) as db:
        grants = {(grant.external_id, grant.label) for grant in await db.roles.all()}
    assert grants == {
        ("123456789012345678", "group 123456789012345678"),
        ("S0123ABCD", "leads"),
        ("U999999999", "account U999999999"),
    }
    typed = "/clubadmin roles moderator @Leads"
    assert "leads is already a moderator" in words(await club.say("Root", typed, admin=True)), "as the list names it"
    removed = await club.say("Root", f"{typed} remove=yes", admin=True)
    assert "leads is no longer a moderator" in on_screen(removed)


async def test_a_group_that_is_typed_and_not_known_is_to_be_chosen_from_the_list(club: Harness) -> None:
    for platform, group in (("slack", "user group"), ("discord", "role")):
        refused = await club.say(
            "Root", "/clubadmin roles moderator @strangers", admin=True, platform=platform, workspace="T9"
        )
        assert refused.failed
        assert f"If you mean a {group}, choose it from the list" in words(refused)


async def test_the_last_admin_is_not_removed_by_somebody_the_platform_does_not_make_one(club: Harness) -> None:
    await club.say("Mo", "/my home")
    await club.say("Root", "/clubadmin roles admin Mo", admin=True)
    answer = await club.say("Mo", "/clubadmin roles admin Mo remove=yes")
    assert answer.failed
    assert "last admin" in words(answer)
    assert not (await club.say("Mo", "/clubadmin settings")).failed, "Mo still is one"
    await club.say("Mia", "/my home")
    await club.say("Mo", "/clubadmin roles admin Mia")
    assert not (await club.say("Mo", "/clubadmin roles admin Mo remove=yes")).failed
    assert not (await club.say("Root", "/clubadmin roles admin Mia remove=yes", admin=True)).failed


@pytest.mark.parametrize("said", ["moderator", "moderator Nobody", "king Mo"])
async def test_a_role_for_nobody_is_refused(club: Harness, said: str) -> None:
    assert (await club.say("Root", f"/clubadmin roles {said}", admin=True)).failed
    assert not await audit_entries(club)


async def test_topics_are_added_renamed_merged_and_removed(club: Harness) -> None:
    await set_moderators_channel(club)
    for name in ("NLP", "Vision", "Misc"):
        await club.say("Root", f"/clubadmin topics add {name}", admin=True)
    assert "already" in words(await club.say("Root", "/clubadmin topics add nlp", admin=True))
    await club.say("Ada", f"/paper submit {ATTENTION} topic=NLP")
    club.gateway.edits.clear()
    await club.say("Root", '/clubadmin topics rename NLP to="Language models"', admin=True)
    assert "Language models" in words(club.gateway.edits[-1][1]), "cards show the new name"
    await club.say("Root", "/clubadmin topics merge language models to=Vision", admin=True)
    assert "Vision" in words(await club.say("Ada", "/paper show 1"))
    await club.say("Root", "/clubadmin topics remove Vision", admin=True)
    assert (await submission_numbered(club, 1)).topic_id is None
    listed = words(await club.say("Root", "/clubadmin topics", admin=True))
    assert "Misc" in listed
    assert "Vision" not in listed
    assert len(await audit_entries(club, verbs=("topics",))) == 6


@pytest.mark.parametrize(
    ("line", "say"),
    [
        ("add", "Which topic"),
        ("rename NLP", "to=NAME"),
        ("rename NLP to=Misc", "Merge them"),
        ("merge NLP to=Nope", "no topic"),
        ("merge NLP to=nlp", "into itself"),
        ("remove Nope", "The club’s topics are: Misc, NLP"),
        (f"add {'x' * 61}", "60 characters"),
    ],
)
async def test_a_mistake_about_topics_is_refused(club: Harness, line: str, say: str) -> None:
    for name in ("NLP", "Misc"):
        await club.say("Root", f"/clubadmin topics add {name}", admin=True)
    answer = await club.say("Root", f"/clubadmin topics {line}", admin=True)
    assert answer.failed
    assert say in words(answer)
    assert len(await audit_entries(club)) == 2


async def test_a_test_post_is_marked_and_each_is_posted(club: Harness) -> None:
    await set_moderators_channel(club)
    await club.say("Root", "/clubadmin channels digest papers", admin=True)
    answer = await club.say("Root", "/clubadmin test", admin=True)
    assert "Wall #papers" in words(answer)
    await club.say("Root", "/clubadmin test papers", admin=True)
    tests = [(where.room, words(card)) for where, card in club.gateway.posts if card.title.startswith("Test post")]
    assert sorted(room for room, _ in tests[:3]) == ["digest", "mods", "papers"]
    assert tests[3][0] == "papers"
    assert "Papers, Editions" in dict(tests[:3])["papers"], "a channel for two purposes gets one test"


async def test_a_test_needs_a_channel(club: Harness) -> None:
    assert "setup" in words(await club.say("Root", "/clubadmin test", admin=True))


async def test_a_club_rests_and_wakes(club: Harness) -> None:
    await club.say("Root", "/clubadmin pause summer", admin=True)
    assert "already" in words(await club.say("Root", "/clubadmin pause", admin=True))
    async with club.app.store.read_admin_session() as rooms:
        assert not await rooms.directory.active_clubs()
    assert "paused" in words(await club.say("Root", "/clubadmin doctor", admin=True))
    await club.say("Root", "/clubadmin resume", admin=True)
    async with club.app.store.read_admin_session() as rooms:
        assert len(await rooms.directory.active_clubs()) == 1
    assert [act.verb for act in await audit_entries(club)] == ["resume", "pause"]


@pytest.mark.parametrize("verb", [name for name in all_commands if name.startswith("clubadmin")])
async def test_moderators_do_not_run_the_club(club: Harness, verb: str) -> None:
    answer = await club.say("Mo", f"/{verb}", moderator=True)
    assert answer.failed
    assert "admins" in words(answer)


async def test_languages_are_named_in_the_reader_s_own(club: Harness) -> None:
    await club.say("Root", "/clubadmin settings language German", admin=True)
    changed = on_screen(await club.say("Root", "/clubadmin settings language english", admin=True))
    assert "language ist jetzt Englisch (war Deutsch)" in changed
    await club.say("Root", "/clubadmin settings language deutsch", admin=True)
    assert "language: Englisch → Deutsch" in on_screen(await club.say("Root", "/curate log", admin=True))
    changed = on_screen(await club.say("Root", "/clubadmin settings logo https://club.example/logo.png", admin=True))
    assert "(war nichts)" in changed


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ("settings digest_at fri 16:00", "Fri 5 Dec 2025, 16:00 (UTC)"),
        ("settings timezone Asia/Tokyo", "Mon 8 Dec 2025, 09:00 (Asia/Tokyo)"),
        ("settings cadence monthly", "Mon 5 Jan 2026, 09:00 (UTC)"),
        ('setup timezone=Europe/Berlin digest_at="wed 07:30"', "Wed 3 Dec 2025, 07:30 (Europe/Berlin)"),
    ],
)
async def test_a_changed_schedule_is_told_at_once(club: Harness, change: str, due: str) -> None:
    await club.say("Ada", "/paper top")  # makes the club
    await plan(club.app, CLUB)
    assert "Mon 8 Dec 2025, 09:00 (UTC)" in on_screen(await club.say("Ada", "/my home"))
    assert not (await club.say("Root", f"/clubadmin {change}", admin=True)).failed
    assert due in on_screen(await club.say("Ada", "/my home"))
    async with club.app.store.read(CLUB) as db:
        [slot] = await db.slots.open()
    await plan(club.app, CLUB)
    async with club.app.store.read(CLUB) as db:
        assert [(one.id, one.due_at) for one in await db.slots.open()] == [(slot.id, slot.due_at)]

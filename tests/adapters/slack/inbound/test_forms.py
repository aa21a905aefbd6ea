"""Forms and dialogs in Slack: what opens them, what they keep, and where a mistake is shown."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.inbound import sent_forms
from tests.adapters.slack.harness import PAPERS, SlackHarness, message_with
from tests.protocol.slack_server import faults

LINK = "https://arxiv.org/abs/1706.03762"


async def test_missing_words_open_a_form_that_keeps_what_was_typed(club: SlackHarness) -> None:
    await club.bring()
    ben = club.person("Ben")
    screen = await ben.command("/paper", "report 1 note=“on page 3”", channel=PAPERS)
    await screen.until(lambda s: s.view.title == "Report a problem")
    form = screen.view
    assert "#1 Attention Is All You Need" in str(form.blocks), "a number is shown as what it stands for"
    assert "on page 3" in str(form.blocks)
    screen = await ben.submit_view(form, {"what": "quote"})
    await screen.until(lambda s: "moderators" in s.words)


async def test_a_form_that_was_opened_before_its_command_was_renamed_can_be_sent(club: SlackHarness) -> None:
    await club.bring()
    mo = club.person("Mo", admin=True)
    await message_with(await mo.command("/edition", "draft", channel=PAPERS), "Draft to review")
    screen = await mo.command("/edition", "item write", channel=PAPERS)
    await screen.until(lambda s: s.view)
    form = screen.view
    assert "edition item write" in form.body["private_metadata"]
    form.body["private_metadata"] = form.body["private_metadata"].replace("edition item write", "curate digest reword")
    assert "Attention" in str((await mo.suggest(form, "item", "atten")).choices)
    done = await mo.submit_view(form, {"item": "atten", "part": "why", "text": "It is short."})
    assert "It is short." in (await message_with(done, "It is short.")).words


async def test_a_form_that_must_look_something_up_says_so_at_once(club: SlackHarness) -> None:
    await club.bring()
    screen = await club.person("Ben").command("/paper", "report 1", channel=PAPERS)
    await screen.until(lambda s: s.view.title == "Report a problem")
    kinds = [effect.kind for effect in screen.effects if effect.thing is screen.view]
    assert kinds == ["opened", "view_updated"]
    assert "One moment" in str(screen.view.history[0].body)


async def test_papers_topics_and_members_are_suggested(club: SlackHarness) -> None:
    await club.bring()
    root, ben = club.person("Root", admin=True), club.person("Ben")
    await root.command("/clubadmin", "topics add Language", channel=PAPERS)
    screen = await ben.command("/paper", "submit", channel=PAPERS)
    await screen.until(lambda s: s.view)
    assert (await ben.suggest(screen.view, "topic", "lang")).choices == ["Language"], (
        "a topic that does not exist is not offered"
    )
    screen = await ben.command("/paper", "vote", channel=PAPERS)
    await screen.until(lambda s: s.view)
    assert (await ben.suggest(screen.view, "paper", "")).choices == ["#1 Attention Is All You Need"]
    assert (await ben.suggest(screen.view, "paper", "1")).choices[0] == "#1 Attention Is All You Need"
    assert (await ben.suggest(screen.view, "paper", "<!channel>")).choices == ["Use “<!channel>”"]
    done = await ben.submit_view(screen.view, {"paper": "atten"})
    assert not done.errors


async def test_an_error_beside_its_field_and_one_that_shows_only_later(club: SlackHarness) -> None:
    ada = club.person("Ada")
    screen = await ada.command("/paper", "submit", channel=PAPERS)
    await screen.until(lambda s: s.view)
    form = screen.view
    wrong = await ada.submit_view(form, {"link": "https://[bad", "why": "typed with care"})
    assert set(wrong.errors) == {"link"}
    beside = (await ada.submit_view(form, {"link": ""}, force=True)).errors["link"]
    assert beside == "Please give a link to the paper, or its arXiv id or DOI.", "a field shows no code"
    unknown = await ada.submit_view(form, {"link": "2501.99999"})
    assert "has no paper" in unknown.errors["link"], "what arXiv finds is shown there too"
    await message_with(await ada.submit_view(form, {"link": LINK}), "on the list")


async def test_a_mistake_that_takes_longer_to_find_comes_back_into_the_form(
    club: SlackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_forms, "FORM_PATIENCE", 0.0)
    ada = club.person("Ada")
    screen = await ada.command("/paper", "submit", channel=PAPERS)
    await screen.until(lambda s: s.view)
    form = screen.view
    sent = await ada.submit_view(form, {"link": "2501.99999", "why": "typed with care"})
    assert sent.action == "update"
    await club.slack.wait_for(lambda: "has no paper" in form.words)
    shown = [block["type"] for block in form.blocks]
    assert shown[:3] == ["context", "section", "input"], "the reason is above its field"
    assert "typed with care" in str(form.blocks), "nothing typed is lost"
    await ada.submit_view(form, {"link": LINK})
    await club.slack.wait_for(lambda: "on the list" in form.words)


async def test_a_form_is_not_changed_before_slack_has_its_acknowledgement() -> None:
    form = sent_forms.SentForm({"id": "V1"})
    change = asyncio.create_task(form.view_may_change())
    done, _waiting = await asyncio.wait([change], timeout=0.05)
    assert not done
    acknowledged_at = asyncio.get_running_loop().time()
    form.acknowledged.set()
    await change
    assert asyncio.get_running_loop().time() - acknowledged_at >= sent_forms.HEAD_START * 0.9


@pytest.mark.parametrize(("link", "answer"), [("2501.99999", "has no paper"), (LINK, "on the list")])
async def test_an_answer_to_a_form_that_was_closed_meanwhile_is_shown_in_the_channel(
    club: SlackHarness, monkeypatch: pytest.MonkeyPatch, link: str, answer: str
) -> None:
    monkeypatch.setattr(sent_forms, "FORM_PATIENCE", 0.0)
    ada = club.person("Ada")
    screen = await ada.command("/paper", "submit", channel=PAPERS)
    await screen.until(lambda s: s.view)
    form = screen.view
    club.slack.faults.add("views.update", faults.refuse("not_found"), times=9)
    await ada.submit_view(form, {"link": link, "why": "typed with care"})
    await club.slack.wait_for(lambda: any(answer in m.words for m in club.slack.ephemerals(ada)))
    club.slack.faults.clear()
    if link != LINK:
        shown = club.slack.ephemerals(ada)[-1]
        again = await ada.click(shown, "Change and try again")
        await again.until(lambda s: s.view.title == "Submit a paper" and "typed with care" in str(s.view.blocks))


async def test_what_was_typed_is_kept_if_the_program_fails(club: SlackHarness) -> None:
    ada = club.person("Ada")
    screen = await ada.command("/paper", "submit", channel=PAPERS)
    await screen.until(lambda s: s.view)
    form = screen.view
    club.harness.paper_source.error = RuntimeError("a fault of the program")
    await ada.submit_view(form, {"link": LINK, "why": "typed with care"})
    assert "Something went wrong on our side" in form.words
    assert "typed with care" in str(form.blocks)
    club.harness.paper_source.error = None
    await message_with(await ada.submit_view(form), "on the list")


async def test_several_mistakes_are_shown_in_their_fields(club: SlackHarness) -> None:
    root = club.person("Root", admin=True)
    screen = await root.command("/curate", "meeting plan", channel=PAPERS)
    await screen.until(lambda s: s.view.title == "Plan a meeting")
    wrong = await root.submit_view(screen.view, {"when": "thu 16:00", "size": "many", "minutes": "long"})
    assert set(wrong.errors) == {"size", "minutes"}
    assert not any(name in text for name, text in wrong.errors.items()), "names of options are for those who type them"


async def test_the_form_of_a_setting_knows_its_values(club: SlackHarness) -> None:
    root = club.person("Root", admin=True)
    screen = await root.command("/clubadmin", "settings layout", channel=PAPERS)
    screen = await root.click(await message_with(screen, "layout: thread"), "Change")
    await screen.until(lambda s: s.view.title == "Change a setting")
    form = screen.view
    assert "Setting: layout" in form.words
    assert "One long post" in str(form.blocks)
    assert [block["block_id"] for block in form.blocks if block["type"] == "input"] == ["value"]
    await message_with(await root.submit_view(form, {"value": "one"}), "is now one")


async def test_a_form_that_slack_gives_no_time_for_can_be_opened_by_a_button(club: SlackHarness) -> None:
    ada = club.person("Ada")
    club.slack.faults.add("views.open", faults.refuse("expired_trigger_id"))
    seen = await ada.command("/paper", "submit why=“so good”", channel=PAPERS)
    shown = await message_with(seen, "Your text is saved")
    screen = await ada.click(shown, "Open the form")
    await screen.until(lambda s: s.view.title == "Submit a paper")
    assert "so good" in str(screen.view.blocks)


async def test_an_answer_that_comes_half_an_hour_later_goes_by_direct_message(club: SlackHarness) -> None:
    ada = club.person("Ada")
    screen = await ada.command("/paper", "submit", channel=PAPERS)
    await screen.until(lambda s: s.view)
    club.slack.world.clock.advance(31 * 60)
    await ada.submit_view(screen.view, {"link": LINK})
    await club.slack.wait_for(lambda: any("on the list" in m.words for m in club.slack.directs(ada)))
    club.slack.violations.clear()  # the URL was used after its time: that is what is tried here


async def test_an_answer_that_did_not_arrive_is_shown_in_the_channel_to_its_asker(club: SlackHarness) -> None:
    ada = club.person("Ada")
    club.slack.faults.add("response_url", faults.rate_limited(1))
    await message_with(await ada.command("/paper", "top", channel=PAPERS), "Top papers")
    elsewhere = faults.html(applied=False), faults.refuse("internal_error"), faults.rate_limited(600)
    for fault in (faults.server_error(500), faults.reset(), faults.lost_reply(), *elsewhere):
        club.slack.faults.add("response_url", fault)
        screen = await ada.command("/paper", "top", channel=PAPERS)
        await club.slack.settled()
        assert "Top papers" in screen.ephemerals[-1].words
        assert screen.ephemerals[-1].channel == PAPERS
    club.slack.faults.add("response_url", faults.server_error(500))
    club.slack.faults.add("chat.postEphemeral", faults.refuse("user_not_in_channel"))
    await ada.command("/paper", "top", channel=PAPERS)
    await club.slack.settled()
    assert "Top papers" in club.slack.directs(ada)[-1].words, "the last way is a direct message"


# -- dialogs ---------------------------------------------------------------------------------------------
async def test_the_setup_is_a_wizard_in_a_modal(club: SlackHarness) -> None:
    root = club.person("Root", admin=True)
    club.slack.channel("C0NEWROOM1", "new-room", members=[root.id])
    screen = await root.command("/clubadmin", "setup", channel="C0NEWROOM1")
    await screen.until(lambda s: "The club is set up" in s.view.words)
    wizard = screen.view
    screen = await root.click(wizard, "Fill in a form")
    await screen.until(lambda s: s.view.title == "Set up the club")
    zone = (await root.suggest(screen.view, "timezone", "berl")).options[0]
    screen = await root.submit_view(screen.view, {"papers": "C0NEWROOM1", "timezone": zone})
    await club.slack.wait_for(lambda: "Europe/Berlin" in wizard.words)
    assert wizard.open
    await club.settle()
    async with club.harness.app.store.read(club.club.id) as db:
        assert [room.name for room in await db.rooms.with_purpose("papers")] == ["new-room"]
    bot = club.slack.world.installations["T1"].bot_user
    assert bot in club.slack.world.channels["C0NEWROOM1"].members, "it joined the public channel by itself"
    screen = await root.command("/clubadmin", "channels digest here", channel="C0NEWROOM1")
    assert "Slack #new-room" in (await message_with(screen, "Channel set")).words.replace("\n", "")


async def test_a_channel_that_the_bot_cannot_use_is_refused_at_once(club: SlackHarness) -> None:
    root = club.person("Root", admin=True)
    club.slack.channel("G0SECRET01", "secret", private=True, members=[root.id])
    club.slack.channel("C0CLOSED01", "closed", archived=True)
    for channel, why in (("G0SECRET01|secret", "invite me with /invite"), ("C0CLOSED01|closed", "is archived")):
        screen = await root.command("/clubadmin", f"channels papers <#{channel}>", channel=PAPERS)
        assert why in (await message_with(screen, "cannot be used for “Papers”")).words
    async with club.harness.app.store.read(club.club.id) as db:
        assert [room.name for room in await db.rooms.with_purpose("papers")] == ["reading"]
    club.slack.events.invite_bot("G0SECRET01")
    await message_with(await root.command("/clubadmin", "channels papers <#G0SECRET01|secret>", channel=PAPERS), "set")


async def test_without_the_permission_to_look_at_channels_none_is_called_lost(club: SlackHarness) -> None:
    root = club.person("Root", admin=True)
    club.slack.channel("C0NEWROOM2", "another")
    scopes = club.slack.world.installations["T1"].scopes
    for scope in ("channels:read", "channels:join"):
        scopes.remove(scope)
    await message_with(await root.command("/clubadmin", "channels digest <#C0NEWROOM2|another>", channel=PAPERS), "set")
    await club.settle()
    async with club.harness.app.store.read(club.club.id) as db:
        assert not any(room.trouble for room in await db.rooms.all())
    scopes.append("channels:read")
    club.slack.world.channels["C0NEWROOM2"].members.clear()
    refused = await root.command("/clubadmin", "channels papers <#C0NEWROOM2|another>", channel=PAPERS)
    assert "Invite me there with /invite" in (await message_with(refused, "cannot be used")).words.replace("\n", "")

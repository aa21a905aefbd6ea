"""What people say, press, fill in and choose in Slack, and where the answer goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.slack.inbound.users import NO_RIGHTS_TTL, RIGHTS_TTL, Users
from adapters.slack.setup.manifest import CURATE, QUOTE, SCOPES, SUBMIT, SUBMIT_MESSAGE
from tests.adapters.slack.harness import MODS, PAPERS, SlackHarness, message_with, slack_harness
from tests.protocol.slack_server import Message, SlackServer, View, faults

LINK = "https://arxiv.org/abs/1706.03762"


def block(where: Message | View, label: str) -> str:
    """The block of the first control with this label."""
    return next(control.block_id for control in where.controls if control.label == label)


async def test_a_file_that_may_not_be_sent_says_what_is_missing(tmp_path: Path) -> None:
    def forbid(slack: SlackServer) -> None:
        slack.install("T1", [scope for scope in SCOPES if scope != "files:write"])

    async with slack_harness(tmp_path, change=forbid) as club:
        ada = club.person("Ada")
        shown = await message_with(await ada.command("/my", "data export", channel=PAPERS), "could not be sent")
        assert "reinstall it from the manifest" in shown.words
        assert "member" in shown.words, "the first page is there all the same"


# -- words -------------------------------------------------------------------------------------------------
async def test_a_root_alone_gives_help_with_examples(club: SlackHarness) -> None:
    shown = await message_with(await club.person("Ada").command("/paper", channel=PAPERS), "/paper submit link")
    assert "/paper submit https://arxiv.org/abs/1706.03762" in shown.words
    assert shown.ephemeral_to == club.person("Ada").id


@pytest.mark.parametrize(
    "quotes", ['"it is short"', "“it is short”", "„it is short”", "why='it is short'", "it is short"]
)
async def test_quotes_of_every_kind_hold_words_together(club: SlackHarness, quotes: str) -> None:
    card = await club.bring(why=quotes)
    assert "it is short" in card.words
    assert not set("“”„'") & set(card.words.partition("it is short")[0][-2:])


async def test_a_prefix_lets_the_commands_live_beside_another_apps(tmp_path: Path) -> None:
    async with slack_harness(tmp_path, command_prefix="jc-") as club:
        ada = club.person("Ada")
        await message_with(await ada.command("/jc-paper", f"submit {LINK}", channel=PAPERS), "on the list")
        slip = await message_with(await ada.command("/jc-paper", "tpo", channel=PAPERS), "Did you mean")
        assert "/jc-paper top" in slip.words
        assert "/jc-help" in slip.words
        front = (await message_with(await ada.command("/jc-help", "", channel=PAPERS), "What I can do")).words
        assert "/jc-paper submit https://arxiv.org" in front
        assert "\n/paper" not in front


async def test_what_slack_marks_in_the_text_is_read_as_it_was_typed(club: SlackHarness) -> None:
    ben = club.person("Ben")
    card = await club.bring(paper=f"<{LINK}|{LINK}>", why=f"as <@{ben.id}> said in <#{PAPERS}|reading> &amp; &lt;b&gt;")
    assert "as @ben said in #reading & <b>" in card.words


async def test_channels_and_people_are_found_by_their_marks(club: SlackHarness) -> None:
    root, ben = club.person("Root", admin=True), club.person("Ben")
    screen = await root.command("/clubadmin", f"channels digest <#{PAPERS}|reading>", channel=PAPERS)
    await message_with(screen, "now where editions are posted")
    await message_with(
        await root.command("/clubadmin", f"roles moderator <@{ben.id}|ben>", channel=PAPERS), "is now a moderator"
    )
    await message_with(await ben.command("/curate", "queue", channel=PAPERS), "The queue")


async def test_a_user_group_can_moderate(club: SlackHarness) -> None:
    root, cy = club.person("Root", admin=True), club.person("Cy")
    club.slack.group("S0LEADS001", "leads", [cy])
    await message_with(await cy.command("/curate", "queue", channel=PAPERS), "for this club’s moderators")
    await root.command("/clubadmin", "roles moderator <!subteam^S0LEADS001|@leads>", channel=PAPERS)
    await message_with(await cy.command("/curate", "queue", channel=PAPERS), "The queue")
    asked = len(club.slack.ledger.calls("usergroups.list"))
    assert asked == 2, "once in half a minute, and when an admin chooses a group"


async def test_rights_are_asked_again_but_names_are_not(club: SlackHarness) -> None:
    ada, now = club.person("Ada"), 1000.0
    people = Users(club.gateway._teams, lambda: now)

    async def asked(*, rights: bool) -> tuple[bool, int]:
        who = await people.requester("T1", ada.id, rights=rights)
        assert who.name == "ada"
        return who.manages, len(club.slack.ledger.calls("users.info"))

    assert await asked(rights=False) == (False, 1)
    assert await asked(rights=True) == (False, 1), "that was only just asked"
    now += RIGHTS_TTL
    ada.user.is_admin = True
    assert await asked(rights=False) == (False, 1), "a vote needs no right"
    assert await asked(rights=True) == (True, 2)
    now += RIGHTS_TTL
    ada.user.is_admin = False
    assert await asked(rights=False) == (False, 3), "who had a right may have lost it"
    now += NO_RIGHTS_TTL
    assert await asked(rights=False) == (False, 4)
    ada.user.is_admin = ada.user.is_restricted = True
    now += RIGHTS_TTL
    assert await asked(rights=True) == (False, 5), "a guest manages nothing"


async def test_who_slack_does_not_tell_of_is_an_ordinary_member(club: SlackHarness) -> None:
    club.slack.faults.add("users.info", faults.server_error(), times=10)
    root = club.person("Root", admin=True)
    await message_with(await root.command("/curate", "queue", channel=PAPERS), "for this club’s moderators")
    await message_with(await root.command("/paper", "top", channel=PAPERS), "Top papers")


async def test_a_user_group_has_its_role_and_its_name_as_soon_as_an_admin_chooses_it(club: SlackHarness) -> None:
    root, ben = club.person("Root", admin=True), club.person("Ben")
    await message_with(await ben.command("/curate", "queue", channel=PAPERS), "for this club’s moderators")
    club.slack.group("S0LEADS", "leads", [ben])
    await message_with(await root.command("/clubadmin", "roles moderator @leads", channel=PAPERS), "now a moderator")
    await message_with(await ben.command("/curate", "queue", channel=PAPERS), "queue")
    club.slack.group("S0HELPS", "helpers", [])
    markup = "<!subteam^S0HELPS>"
    await message_with(await root.command("/clubadmin", f"ping {markup}", channel=PAPERS), "helpers")
    await message_with(await root.command("/clubadmin", "ping", channel=PAPERS), "mention helpers")
    club.slack.group("S0THIRD", "third", [])
    said = await root.command("/clubadmin", "roles moderator <!subteam^S0THIRD>", channel=PAPERS)
    assert "third" in (await message_with(said, "now a moderator")).words


async def test_slack_is_not_asked_for_groups_again_and_again_where_it_refuses(club: SlackHarness) -> None:
    root = club.person("Root", admin=True)
    refused = faults.refuse("missing_scope")
    club.slack.faults.add("usergroups.list", refused, times=9)
    for _ in range(3):
        await message_with(await root.command("/clubadmin", "ping", channel=PAPERS), "mention nobody")
    assert len(club.slack.ledger.calls("usergroups.list")) == 1


# -- buttons -----------------------------------------------------------------------------------------------
async def test_a_vote_on_the_public_card_is_told_to_the_voter_and_shown_to_all(club: SlackHarness) -> None:
    card = await club.bring()
    await club.person("Root", admin=True).command("/clubadmin", "settings votes_per_window 3", channel=PAPERS)
    told = await message_with(await club.person("Ben").click(card, "Vote"), "is counted")
    assert "You have used 1 of 3 votes" in told.words
    assert told.ephemeral_to == club.person("Ben").id
    await club.settle()
    assert "Votes *1*" in str(card.blocks)


async def test_a_list_is_turned_page_by_page_in_place(club: SlackHarness) -> None:
    for i in range(12):
        await club.person("Ada").command("/paper", f"submit https://blog.example.org/{i} Post {i}", channel=PAPERS)
    await club.settle()
    shown = await message_with(await club.person("Ben").command("/paper", "top", channel=PAPERS), "Top papers")
    await club.person("Ben").click(shown, "Next →")
    await club.slack.settled()
    assert "← Back" in shown.labels
    assert len([m for m in club.slack.ephemerals(club.person("Ben")) if "Top papers" in m.words]) == 1


async def test_a_shared_list_is_turned_for_its_reader_alone(club: SlackHarness) -> None:
    for i in range(12):
        await club.person("Ada").command("/paper", f"submit https://blog.example.org/{i} Post {i}", channel=PAPERS)
    await club.settle()
    await club.person("Ada").command("/paper", "top share=yes", channel=PAPERS)
    shared = await club.slack.wait_for(
        lambda: next((m for m in club.slack.messages(PAPERS, bot=True) if "Top papers" in m.words), None)
    )
    before = shared.words
    turned = await message_with(await club.person("Ben").click(shared, "Next →"), "Top papers")
    assert turned.ephemeral_to == club.person("Ben").id
    assert shared.words == before


async def test_forged_and_old_buttons_are_refused_politely(club: SlackHarness) -> None:
    card = await club.bring()
    ben = club.person("Ben")
    await message_with(await ben.click(card, "Vote", value="paper vote 99"), "There is no paper #99")
    await message_with(await ben.click(card, "Vote", value="paper fly 1"), "There is no command")
    await message_with(await ben.click(card, "Vote", value="curate drop 1 spam"), "for this club’s moderators")
    for gone in ("again 999", "again x", "kept 999"):
        screen = await ben.click(card, "Vote", value=gone)
        await screen.until(lambda s: "has expired" in s.words)
    assert "Votes" not in str(card.blocks)


# -- menus of messages -------------------------------------------------------------------------------------
async def test_a_message_with_several_links_offers_a_choice(club: SlackHarness) -> None:
    ada = club.person("Ada")
    message = await ada.post(PAPERS, f"{LINK} or https://arxiv.org/abs/2012.12877?")
    shown = await message_with(await ada.message_shortcut(SUBMIT_MESSAGE.id, message), "Which of these?")
    await message_with(await ada.click(shown, "Submit this", block_id=block(shown, "Submit this")), "on the list")


async def test_links_that_other_apps_post_in_blocks_are_found(club: SlackHarness) -> None:
    message = await club.person("Ada").post(PAPERS, "New on the feed")
    message.blocks = [{"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": f"<{LINK}|Attention>"}}]
    message.text = "New on the feed"
    screen = await club.person("Ada").message_shortcut(SUBMIT_MESSAGE.id, message)
    await screen.until(lambda s: s.view.title == "Submit a paper")
    assert LINK in str(screen.view.blocks)


async def test_a_message_without_a_link_says_so(club: SlackHarness) -> None:
    message = await club.person("Ada").post(PAPERS, "good morning")
    await message_with(
        await club.person("Ada").message_shortcut(SUBMIT_MESSAGE.id, message), "no link to a paper in that message"
    )


async def test_from_the_global_menu_the_answer_comes_by_direct_message(club: SlackHarness) -> None:
    ada = club.person("Ada")
    screen = await ada.global_shortcut(SUBMIT.id)
    await screen.until(lambda s: s.view.title == "Submit a paper")
    await ada.submit_view(screen.view, {"link": LINK})
    await club.slack.wait_for(lambda: any("on the list" in m.words for m in club.slack.directs(ada)))


async def test_only_ones_own_message_can_be_quoted(club: SlackHarness) -> None:
    card = await club.bring()
    ada, ben = club.person("Ada"), club.person("Ben")
    message = await ben.post(PAPERS, "The ablation convinced me.", thread_ts=card.ts)
    await message_with(await ada.message_shortcut(QUOTE.id, message), "Only the author of a message")
    screen = await ben.message_shortcut(QUOTE.id, message)
    await screen.until(lambda s: s.view.title == "Let the club quote you")
    assert "The ablation convinced me." in str(screen.view.blocks)
    assert "its number" not in screen.view.words, "the thread says which paper"
    shown = await message_with(await ben.submit_view(screen.view), "The club may quote you now")
    await message_with(await ben.click(shown, "Withdraw"), "Withdrawn")


async def test_moderators_curate_from_the_card(club: SlackHarness) -> None:
    card = await club.bring()
    root = club.person("Root", admin=True)
    await message_with(await club.person("Ben").message_shortcut(CURATE.id, card), "for this club’s moderators")
    desk = await message_with(await root.message_shortcut(CURATE.id, card), "#1 Attention")
    await root.click(desk, "Pick")
    await club.settle()
    assert "Picked" in desk.words, "in place"
    assert any("picked #1" in m.words for m in club.slack.messages(MODS))


# -- home --------------------------------------------------------------------------------------------------
async def test_the_home_tab_shows_ones_ballot_list_and_what_leads(club: SlackHarness) -> None:
    await club.bring()
    ben = club.person("Ben")
    await ben.command("/paper", "vote 1", channel=PAPERS)
    await ben.command("/my", "save 1", channel=PAPERS)
    await (await ben.open_home()).until(lambda s: s.home)
    assert ben.home is not None
    for words in (
        "Leading for the next edition",
        "Your ballot",
        "To read",
        "Your preferences",
        "Attention",
        "Next edition",
    ):
        assert words in ben.home.words
    assert len(ben.home.blocks) <= 100


async def test_it_is_live_while_it_is_looked_at(club: SlackHarness) -> None:
    await club.bring()
    ben = club.person("Ben")
    await ben.open_home()
    assert ben.home is not None
    assert "You have not voted" in ben.home.words
    await ben.command("/paper", "vote 1", channel=PAPERS)
    await club.slack.wait_for(lambda: ben.home is not None and "Take back" in ben.home.labels)


async def test_buttons_of_the_home_tab_answer_in_modals_and_stay_there(club: SlackHarness) -> None:
    await club.bring()
    ben = club.person("Ben")
    await ben.open_home()
    assert ben.home is not None
    screen = await ben.click(ben.home, "Open", block_id=block(ben.home, "Open"))
    await screen.until(lambda s: "Vote" in s.view.labels)
    modal = screen.view
    await ben.click(modal, "Vote")
    await club.slack.wait_for(lambda: "Votes *1*" in str(modal.blocks))
    screen = await ben.click(modal, "Report a problem")
    await screen.until(lambda s: s.view.title == "Report a problem")
    screen = await ben.submit_view(screen.view, {"what": "quote"})
    await club.slack.wait_for(lambda: "moderators" in modal.words)
    screen = await ben.click(ben.home, "Submit a paper")
    await screen.until(lambda s: s.view.title == "Submit a paper")

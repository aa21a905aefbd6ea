"""Names of channels in sentences: links on their own platform, names everywhere else, and never a ping."""

from __future__ import annotations

from adapters.console.render import TerminalStyle, render
from adapters.discord.render.discord_markdown import markdown
from adapters.slack.render.mrkdwn import mrkdwn, rich
from bot.chat.cards import Buttons, Card, ListEntry, Points, QuotePart, from_json, note, text, to_json
from bot.chat.rich_text import Bold, ChannelName, plain
from bot.domain.models import Room, Workspace
from bot.features.shared.channel_links import link_channels, link_channels_in
from bot.features.shared.platform_texts import CHANNEL_DELETED, PERMISSION_MISSING

PAPERS = ChannelName("papers", "discord", "1300000000000000001")


def room(name: str, platform: str = "discord", id: str = "1300000000000000001", trouble: str = "") -> Room:
    workspace = Workspace(platform=platform, external_id="1", name="Readers")
    return Room(external_id=id, name=name, purpose="papers", trouble=trouble, workspace=workspace)


def test_a_name_is_found_in_text_and_in_emphasis() -> None:
    rooms = [room("papers")]
    assert link_channels(("Posted to #papers.",), rooms) == ("Posted to ", PAPERS, ".")
    assert link_channels((Bold("Discord #papers"), " it is"), rooms) == (Bold("Discord "), PAPERS, " it is")
    assert link_channels(("#papers-2, x#papers, ##papers, #paper",), rooms) == (
        "#papers-2, x#papers, ##papers, #paper",
    )
    assert link_channels(("#papers",), [room("papers"), room("papers-2", id="1300000000000000002")]) == (PAPERS,)
    assert link_channels(("#papers",), []) == ("#papers",)


def test_names_that_two_channels_share_need_their_platform() -> None:
    rooms = [room("papers"), room("papers", "slack", "C0PAPERS01")]
    words = link_channels(("Slack #papers, Discord #papers, #papers",), rooms)
    slack = ChannelName("papers", "slack", "C0PAPERS01")
    assert words == ("Slack ", slack, ", Discord ", PAPERS, ", #papers")
    assert plain(words) == "Slack #papers, Discord #papers, #papers"


def test_a_deleted_channel_stays_text() -> None:
    gone = room("papers", trouble=CHANNEL_DELETED)
    assert link_channels(("#papers",), [gone]) == ("#papers",)
    successor = room("papers", id="1300000000000000002")
    assert link_channels(("Discord #papers",), [gone, successor]) == ("Discord #papers",), "either may be meant"
    assert link_channels(("#papers",), [room("papers", trouble=PERMISSION_MISSING)]) == (PAPERS,)


def test_only_its_own_platform_shows_a_link() -> None:
    words = ("In ", PAPERS, ".")
    assert markdown(words, 100) == "In <#1300000000000000001>."
    assert mrkdwn(words, 100) == "In #papers."
    assert "".join(element["text"] for element in rich(words, 100)) == "In #papers."
    assert "In #papers." in render(Card("Posted", (text(*words),)), TerminalStyle())
    elsewhere = ChannelName("papers", "slack", "C0PAPERS01")
    assert markdown(("In ", elsewhere, "."), 100) == "In #papers."


def test_a_name_can_neither_ping_nor_format() -> None:
    hostile = ChannelName("x> @everyone <@1> **b**", "discord", "1> @everyone")
    assert markdown((hostile,), 200) == r"\#x\> \@everyone \<\@1\> \*\*b\*\*"
    assert "<@1>" not in mrkdwn((hostile,), 200)
    assert markdown((PAPERS,), 10) == r"\#papers"  # no space for the link


def test_a_card_is_searched_in_its_sentences_alone_and_can_be_stored() -> None:
    entry = ListEntry(("#papers",), ("in #papers",))
    card = Card(
        "#papers", (text("#papers"), note("#papers"), Points((("#papers",),)), entry, QuotePart("#papers"), Buttons(()))
    )
    linked = link_channels_in(card, [room("papers")])
    first, second, points, row, quoted, _buttons = linked.parts
    assert (first, second) == (text(PAPERS), note(PAPERS))
    assert points == Points(((PAPERS,),))
    assert row == ListEntry((PAPERS,), ("in ", PAPERS))
    assert (linked.title, quoted) == ("#papers", QuotePart("#papers"))
    assert from_json(to_json(linked)) == linked

"""Mentions of people, groups and channels in commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.mentions import (
    Mention,
    check_room,
    parse_channel,
    parse_mention,
    readable,
    without_leading_mentions,
)
from bot.errors import UserError


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("<@U0123ABCD>", Mention("U0123ABCD")),
        ("<@U0123ABCD|ada>", Mention("U0123ABCD", "ada")),
        ("<@!123456789012345678>", Mention("123456789012345678")),
        ("<@&123456789012345678>", Mention("123456789012345678", group=True)),
        ("<@&123456789012345678|readers>", Mention("123456789012345678", "readers", group=True)),
        ("<!subteam^S0123ABCD|@readers>", Mention("S0123ABCD", "readers", group=True)),
        ("<!subteam^S0123ABCD>", Mention("S0123ABCD", group=True)),
        ("S0123ABCD", Mention("S0123ABCD", group=True)),
        ("123456789012345678", Mention("123456789012345678")),
        (" @Ada Lovelace ", Mention(name="Ada Lovelace")),
        ("<!channel>", Mention(name="<!channel>")),
    ],
)
def test_people_and_groups_are_parsed_for_both_platforms(text: str, meant: Mention) -> None:
    assert parse_mention(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("<#C0123ABCD|papers>", Mention("C0123ABCD", "papers")),
        ("<#123456789012345678>", Mention("123456789012345678")),
        ("here", Mention()),
        ("#Here", Mention()),
        ("#papers", Mention("papers", "papers")),
    ],
)
def test_channels_are_parsed_for_both_platforms(text: str, meant: Mention) -> None:
    assert parse_channel(text) == meant


def test_a_channel_name_is_refused_on_platforms_with_ids() -> None:
    check_room("slack", "C0123ABCD")
    check_room("discord", "123456789012345678")
    check_room("console", "papers")
    for platform, room in (("slack", "papers"), ("discord", "papers"), ("console", "")):
        with pytest.raises(UserError, match="which channel"):
            check_room(platform, room)


@given(st.text(max_size=60))
def test_any_text_can_be_parsed(text: str) -> None:
    assert len(parse_mention(text).id) <= 60
    assert isinstance(parse_channel(text), Mention)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@U0123ABCD|ben>, <@U0123ABCD>", "@ben, @U0123ABCD"),
        ("<@!123456789012345678>", "@123456789012345678"),
        ("<!subteam^S0123ABCD|@readers> <@&12345|mods>", "@readers @mods"),
        ("<#C0123ABCD|papers>", "#papers"),
        ("<!channel> <!here|here> <!everyone>", "@channel @here @everyone"),
        ("<!date^1392734382^{date_short}^https://example.org|Feb 18, 2014>", "Feb 18, 2014"),
        ("<:cat:123> <a:dance:123>", ":cat: :dance:"),
        ("</paper vote:123>", "/paper vote"),
        ("at <t:1700000000:F>", "at 14 Nov 2023, 22:13 UTC"),
        ("<t:99999999999> <t:999999999999>", "16 Nov 5138, 09:46 UTC <t:999999999999>"),
        ("see <id:browse> and <id:linked-roles:12>", "see #browse and #linked roles"),
        ("a < b, c > d, <b>bold</b>, <3", "a < b, c > d, <b>bold</b>, <3"),
    ],
)
def test_marks_are_shown_as_people_read_them(text: str, shown: str) -> None:
    assert readable(text) == shown


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("<!channel> vote 1", "vote 1"),
        ("@here, <@U0123ABCD|ben>: <#C1|papers> vote 1", "vote 1"),
        ("<!subteam^S0123ABCD> help", "help"),
        ("@channels vote", "@channels vote"),
        ("<https://example.org> x", "<https://example.org> x"),
        ("vote <@U0123ABCD>", "vote <@U0123ABCD>"),
        ("<@U0123ABCD>", ""),
    ],
)
def test_people_before_the_first_word_are_no_command(line: str, rest: str) -> None:
    assert without_leading_mentions(line) == rest


@given(st.text(alphabet="<>@#!&:^|t id1a/-", max_size=60))
def test_any_marks_can_be_read(text: str) -> None:
    assert "<@1>" not in readable(text)

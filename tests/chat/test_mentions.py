"""Mentions of people, groups and channels in commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.mentions import Mention, check_room, parse_channel, parse_mention
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

"""Texts of an item are named as its buttons and its page name them, too."""

from __future__ import annotations

import pytest

from bot.editions.model.blocks import Quotation
from bot.errors import UserError
from bot.features.editions.editor.item_lookup import suggested_choice
from tests.features.edition_steps import document_of, make_draft, say_as_moderator
from tests.stand_ins import Harness

PARTS = ("heading", "why", "insights", "passages", "said")


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("quotes", "passages"),
        ("Notes", "passages"),
        ("Quotes and notes", "passages"),
        ("Zitate", "passages"),
        ("key insights", "insights"),
        ("title", "heading"),
        ("why", "why"),
    ],
)
def test_the_names_on_buttons_are_understood(typed: str, part: str) -> None:
    read = suggested_choice("which text of it", PARTS).parse
    assert read is not None
    assert read(typed) == part


def test_a_name_that_the_command_has_itself_is_meant_so() -> None:
    read = suggested_choice("which text", ("title", "heading")).parse
    assert read is not None
    assert read("title") == "title"
    with pytest.raises(UserError):
        read("quotes")


async def test_a_quotation_typed_under_another_name_is_a_quote(club: Harness) -> None:
    await make_draft(club)
    await say_as_moderator(club, '/edition item write 1 quotes "these words are in no paper of the club"')
    item = next(item for item in (await document_of(club)).items if item.brought == 1)
    assert [block.text for block in item.passages if isinstance(block, Quotation)] == [
        "these words are in no paper of the club"
    ]

"""Pictures within the lists of an item."""

from __future__ import annotations

import pytest

from bot.editions.importing.dialects.inline_pictures import with_pictures_alone

PICTURE = "![x](https://a.test/x.png)"


@pytest.mark.parametrize("before", ["", "Some text.\n\n", "```\n# a comment\n```\n\n", "~~~\n```\n~~~\n\n"])
def test_a_picture_in_a_list_of_an_item_goes_below_the_list_whatever_is_above_it(before: str) -> None:
    read = with_pictures_alone(f"### Item\n\n{before}- a {PICTURE}\n- b\n")
    assert read == f"### Item\n\n{before}- a\n- b\n\n{PICTURE}\n"


def test_a_picture_in_a_list_of_items_stays_below_its_point() -> None:
    read = with_pictures_alone(f"## News\n\n- a {PICTURE}\n- b\n")
    assert read == f"## News\n\n- a\n\n   {PICTURE}\n\n- b\n"

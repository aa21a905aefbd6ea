"""T18: words under a member's name come from that member; no moderator can make somebody speak."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.club_settings import ClubSettings
from bot.editions.edit.apply_changes import apply
from bot.editions.edit.changes import WriteText
from bot.editions.edit.markup_writer import write_blocks
from bot.editions.model.blocks import RemarkBlock
from bot.editions.model.document import Document, Item
from bot.editions.model.templates import template_for
from tests.editions.sample import full
from tests.features.conversation import ATTENTION, DISTILLATION, submit_papers
from tests.features.conversation import set_moderators_channel as set_up
from tests.stand_ins import Harness

ADAS = RemarkBlock(("It needs no labels.",), "Ada")


def draft() -> tuple[Document, Item]:
    document = full()
    first = document.sections[0]
    item = replace(first.items[0], passages=(ADAS,), insights=())
    return replace(document, sections=(replace(first, items=(item, *first.items[1:])), *document.sections[1:])), item


def remarks(text: str, part: str = "passages") -> list[tuple[str, str]]:
    document, item = draft()
    after = apply(
        document, WriteText(part, text, item.key, by="Mo"), template_for(document.template, ClubSettings.of({}))
    )
    found = next(one for one in after.items if one.key == item.key)
    blocks = found.insights if part == "insights" else found.passages
    return [(block.by, block.text) for block in blocks if isinstance(block, RemarkBlock)]


@pytest.mark.parametrize("part", ["passages", "insights"])
def test_what_a_moderator_types_carries_the_moderators_name(part: str) -> None:
    assert remarks("→ @Ada: I hate you all", part) == [("Mo", "I hate you all")]


def test_edited_words_are_no_longer_the_members() -> None:
    assert remarks("→ @Ada: It needs no labels, fools.") == [("Mo", "It needs no labels, fools.")]


def test_a_members_own_words_stay_under_their_name() -> None:
    assert remarks(f"{write_blocks((ADAS,))}\n\n→ Noted.") == [("Ada", "It needs no labels."), ("", "Noted.")]


def test_words_do_not_move_under_another_name() -> None:
    assert remarks("→ @Bob: It needs no labels.") == [("Mo", "It needs no labels.")]


def test_the_letter_makes_nobody_speak() -> None:
    document, _ = draft()
    after = apply(
        document, WriteText("letter", "→ @Ada: I resign", by="Mo"), template_for(document.template, ClubSettings.of({}))
    )
    assert after.letter is not None
    assert [block.by for block in after.letter.blocks if isinstance(block, RemarkBlock)] == ["Mo"]


def holding(folder: Path, words: str) -> list[str]:
    """Names of the database's files that hold some words."""
    return [file.name for file in sorted(folder.glob("club.db*")) if words.encode() in file.read_bytes()]


async def test_nothing_that_a_member_wrote_is_left_in_any_file(club: Harness, tmp_path: Path) -> None:
    mine = "my very own sentence"
    await set_up(club)
    await submit_papers(club, "Bob", ATTENTION)
    for line in (
        f"/paper submit {DISTILLATION} {mine}",
        f'/my note 1 text="{mine}"',
        f"/paper report 1 spam {mine}",
        "/paper add-link 1 code https://github.com/zora-the-first/code",
        f'/my note 99 text="{mine * 9}"',
    ):
        await club.say("Zora", line)
    assert holding(tmp_path, mine)
    done = await club.say("Zora", "/my data delete sure=yes")
    assert not done.failed, done.card
    assert holding(tmp_path, mine) == []
    assert holding(tmp_path, "zora-the-first") == []

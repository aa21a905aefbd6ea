"""Markup of moderators is parsed into blocks, and writing the blocks back gives the same markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.rich_text import Bold, Link
from bot.editions.edit import markup_parser, markup_writer
from bot.editions.model.blocks import (
    CodeBlock,
    Figure,
    ListBlock,
    Paragraph,
    Point,
    Quotation,
    Related,
    RemarkBlock,
    Subheading,
)
from bot.editions.model.prose import Citation

EVERYTHING = (
    Paragraph(("It is ", Bold("small"), ", see ", Citation(3), " and ", Link("there", "https://a.test/b"), ".")),
    Subheading("What they propose"),
    ListBlock((Point(("one",)), Point(("two",), ListBlock((Point(("a",)), Point(("b",))), numbered=True)))),
    Quotation("Words are here", "section 4.1"),
    RemarkBlock(("a note of ours",)),
    RemarkBlock(("theirs",), "Ada"),
    Related("Another work", "https://a.test/c", ("came later.",)),
    Figure("https://a.test/d.png", "Boxes", ("As shown.",), ("Source: ", Link("arXiv", "https://arxiv.org/pdf/1"))),
    CodeBlock("x = [1]\n\nprint(x)"),
)


def test_everything_can_be_typed_and_typed_back() -> None:
    said = markup_writer.write_blocks(EVERYTHING)
    assert markup_parser.parse_blocks(said, cited=frozenset({3})) == EVERYTHING
    assert markup_writer.write_blocks(markup_parser.parse_blocks(said, cited=frozenset({3}))) == said


@given(st.lists(st.text('ab-*_`[]()#>→!.1:/\\|@ “”„«»"', min_size=1).map(" ".join).filter(str.strip), max_size=4))
def test_what_papers_say_is_never_a_mark(texts: list[str]) -> None:
    """Text that looks like markup survives a round trip unchanged: editing it creates no link."""
    blocks = tuple(Paragraph((" ".join(text.split()),)) for text in texts)
    assert markup_parser.parse_blocks(markup_writer.write_blocks(blocks)) == blocks


def test_a_paragraph_in_quotation_marks_is_a_quote() -> None:
    read = markup_parser.parse_blocks(
        "“We train it in less than three days.”\n\n„Sie messen nur, was sich ändert.“ — Abschnitt 2\n\n"
        "“It needs no labels at all today.” (abstract)\n\n*“It needs no pictures at all today.”*\n\n"
        "“Yes,” they say, “it is so.”\n\n“Big”\n\n\\“Not a quote of the paper at all.”"
    )
    assert read == (
        Quotation("We train it in less than three days."),
        Quotation("Sie messen nur, was sich ändert.", "Abschnitt 2"),
        Quotation("It needs no labels at all today.", "abstract"),
        Quotation("It needs no pictures at all today."),
        Paragraph(("“Yes,” they say, “it is so.”",)),
        Paragraph(("“Big”",)),
        Paragraph(("“Not a quote of the paper at all.”",)),
    )
    assert markup_parser.parse_blocks(markup_writer.write_blocks(read)) == read


@pytest.mark.parametrize("hostile", ["[click](https://evil.test)", "https://evil.test/x", "**no**", "[3]"])
def test_an_abstract_that_is_edited_gains_no_link(hostile: str) -> None:
    blocks = (Paragraph((f"see {hostile} now",)), ListBlock((Point((hostile,)),)), RemarkBlock((f"x {hostile}",)))
    assert markup_parser.parse_blocks(markup_writer.write_blocks(blocks), cited=frozenset({3})) == blocks


@pytest.mark.parametrize(
    "typed",
    ["> We train it in less than three days.", "→ a note of more than four words", "- one point of several words"],
)
def test_marks_around_a_text_that_begins_with_a_mark_only_hold_it_together(typed: str) -> None:
    for opening, closing in ('""', "“”", "„“", "«»"):
        assert markup_parser.without_outer_marks(f"{opening}{typed}{closing}") == typed


def test_marks_around_quoted_words_stay() -> None:
    for quoted in (
        '"We train it in less than three days."',
        "“We train: - one - two”",
        '"> in three days at most" (abstract)',
    ):
        assert markup_parser.without_outer_marks(quoted) == quoted


def test_a_quote_goes_on_in_lines_without_its_mark() -> None:
    read = markup_parser.parse_blocks("> We train it in less\nthan three days.\n— section 2\n\nA note.")
    assert read == (Quotation("We train it in less than three days.", "section 2"), Paragraph(("A note.",)))


def test_a_list_may_change_and_go_on() -> None:
    read = markup_parser.parse_blocks("- a\ngoes on\n- b\n1. c\n\nand text")
    assert read == (
        ListBlock((Point(("a goes on",)), Point(("b",)))),
        ListBlock((Point(("c",)),), numbered=True),
        Paragraph(("and text",)),
    )


def test_empty_lines_between_points_do_not_end_a_list() -> None:
    [numbered] = markup_parser.parse_blocks("1. one\n\n2. two\n\n3) three")
    assert isinstance(numbered, ListBlock)
    assert (len(numbered.points), numbered.numbered) == (3, True)
    [bullets] = markup_parser.parse_blocks("• one\n\n* two\n\n+ three")
    assert isinstance(bullets, ListBlock)
    assert len(bullets.points) == 3
    assert len(markup_parser.parse_blocks("1. one\n\n1. another list")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "• one\n· two\n– three",
        "・one\n・two\n・three",
        "– one\n– two\n\n– three",
        "•one\n▪two\n⁃three",
        "- one\n► two\n■ three",
    ],
)
def test_any_bullet_at_the_beginning_of_a_line_begins_a_point(text: str) -> None:
    (bullets,) = markup_parser.parse_blocks(text)
    assert isinstance(bullets, ListBlock)
    assert [point.words for point in bullets.points] == [("one",), ("two",), ("three",)]


@pytest.mark.parametrize("text", ["– alone", "···", r"\· escaped", "–no blank\n–here"])
def test_a_dash_alone_or_an_ellipsis_is_no_point(text: str) -> None:
    (block,) = markup_parser.parse_blocks(text)
    assert isinstance(block, Paragraph)
    assert markup_parser.parse_blocks(markup_writer.write_blocks([block])) == (block,)

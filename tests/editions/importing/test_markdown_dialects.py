"""Markdown as other programs and other people write it is read like our own."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest

from bot.editions.importing.dialects.markdown_dialects import in_known_form
from bot.editions.importing.markdown_importer import import_markdown
from bot.editions.model import prose
from bot.editions.model.document import Document
from bot.editions.model.templates import TEMPLATES
from tests.editions.sample import full

PAPER = "https://arxiv.org/abs/1706.03762"
BASE = replace(
    full(), sections=(), letter=None, themes=(), references=(), charts=(), video=None, intro=(), headline="",
    sign_off=(), credits=(), corrections=(),
)  # fmt: skip


def read(text: str) -> Document:
    return import_markdown(text, BASE, TEMPLATES["weekly-update"]).document


@pytest.mark.parametrize(
    "text",
    [
        f"The week\n========\n\nVision\n------\n\n### [Attention]({PAPER})\n\nWhy: it is good\n",
        f"---\ntitle: The week\ndraft: no\n---\n\n## Vision\n\n### [Attention]({PAPER})\n\nWhy → it is good\n",
        f"# The week\n\n## Vision\n\n### [Attention][a]\n\n**Why it matters:** it is good\n\n[a]: {PAPER} 'x'\n",
        f"# The week\n\n**Vision**\n\n**[Attention]({PAPER})**\n\nTL;DR: it is good\n",
        f"# The week\n\n### Vision\n\n#### [Attention]({PAPER})\n\nWhy? → it is good\n",
        f"# The week\n\n# Vision\n\n## [Attention]({PAPER})\n\nWhy: it is good\n",
        f'# The<br>week\n\n<!-- a\ncomment -->\n\n## Vision\n\n### <a href="{PAPER}">Attention</a>\n\n'
        "<strong>Why</strong>: it is&nbsp;good\n",
        f"# The week #\n\n## Vision ##\n\n### 1\\. [Attention]({PAPER}) ###\n\n**Warum:** it is good\n",
    ],
)
def test_the_same_edition_in_other_forms(text: str) -> None:
    made = read(text)
    (section,) = made.sections
    (item,) = section.items
    assert (made.title, section.title, section.kind) == ("The week", "Vision", "theme")
    assert (item.title, item.url, item.kind) == ("Attention", PAPER, "paper")
    assert prose.plain(item.why) == "it is good"
    assert item.passages == ()


def test_footnotes_are_references_and_tables_are_lists() -> None:
    text = f"""# W

## Vision

### [Attention]({PAPER})

Why: old[^b] and new[^a].

| model | score |
|:--|--:|
| ours | 7 |
| theirs | 5 |

- [x] read
- [ ] discuss

## :newspaper: News

- [A date](https://example.org/date) moved.

[^a]: Ada Lovelace, Notes, 1843.
[^b]: Rich Sutton, The Bitter Lesson, 2019.
"""
    made = read(text)
    item = made.items[0]
    assert prose.plain(item.why) == "old [1] and new [2]."
    assert [(entry.number, entry.work.title.split(",")[0]) for entry in made.references] == [
        (1, "Rich Sutton"),
        (2, "Ada Lovelace"),
    ]
    points = [prose.plain(p.words) for b in item.passages for _, p, _ in b.rows()]  # type: ignore[union-attr] # lists
    assert points == ["model: ours; score: 7", "model: theirs; score: 5", "☑ read", "☐ discuss"]
    assert [(section.kind, section.emoji) for section in made.sections] == [("theme", ""), ("news", "📰")]


def test_numbers_with_an_address_are_citations_or_links() -> None:
    text = "See [the paper][1], and [2].\n\n[1]: https://a.test\n[2]: https://b.test\n"
    assert in_known_form(text) == "See [the paper](https://a.test), and [2].\n\n\n[2]: https://b.test\n"


def test_code_stays_as_it_is() -> None:
    code = "```html\n<b>x</b> &amp; <!-- y -->\n[a][b]\n| a |\n|---|\n| b |\n```\n"
    assert in_known_form(code) == code


@pytest.mark.parametrize(
    "line",
    [
        "see [the paper][p]",
        "x[^1]",
        "**in bold**",
        "### a comment",
        "[p]: https://other.test",
        "[^1]: no note",
        "<b>x</b>",
    ],
)
def test_a_line_of_code_is_no_link_footnote_or_heading(line: str) -> None:
    text = f"# T\n\n```\n\n{line}\n\n```\n\nBy [us][p], and more[^1].\n\n[p]: https://a.test\n\n[^1]: A note.\n"
    read_text = in_known_form(text)
    assert f"```\n\n{line}\n\n```" in read_text
    assert "By [us](https://a.test), and more [1]." in read_text
    assert "[1] A note." in read_text


@pytest.mark.parametrize(
    "code",
    [
        "````md\n```py\nx <b>1</b>\n```\n<i>2</i>\n````",
        "~~~\n```\nx <b>1</b>\n~~~",
        "```\n~~~\nx <b>1</b>\n```",
        "`````\n````\n<b>1</b>\n`````",
    ],
)
def test_code_that_contains_fences_stays_as_it_is_and_the_text_behind_it_is_read(code: str) -> None:
    assert in_known_form(f"{code}\n\nIn <b>bold</b>.\n") == f"{code}\n\nIn **bold**.\n"


@pytest.mark.parametrize(
    "piece", ["<!--", "<a href='https://a.test'>", "|", "[a][b", "**a", "x\n---", "[^a]: b\n ", "&a", "<img "]
)
def test_hostile_texts_are_read_in_time(piece: str) -> None:
    begun = process_time()
    in_known_form("# T\n\n" + piece * 20_000)
    assert process_time() - begun < 5

"""Drafts of odd shapes: titles of links, notes in a row, polls, forwarded mails, names of files, several editions."""

from __future__ import annotations

import pytest
from lxml import html

from bot.editions.importing.converters.from_html import markdown_of
from bot.editions.importing.draft_files.containers import read_draft
from bot.editions.importing.draft_files.pictures import with_named_pictures
from bot.editions.importing.markdown_importer import ImportedEdition, import_markdown
from bot.editions.model import prose
from bot.editions.model.blocks import Figure, Quotation, Related, RemarkBlock
from bot.editions.model.templates import TEMPLATES
from bot.editions.render import basic_html, email, html_page, markdown
from bot.editions.render.outline_builder import build_outline
from bot.errors import UserError
from tests.editions.importing.files import mail
from tests.editions.importing.test_markdown_dialects import BASE

ATTENTION, VIT = "https://arxiv.org/abs/1706.03762", "https://arxiv.org/abs/2010.11929"
HEAD = "# Digest\n\n## Papers\n\n"
ITEM = f"{HEAD}### [Attention]({ATTENTION})\n\n"


def read(text: str) -> ImportedEdition:
    """The edition of a text; its export reads back to itself."""
    found = import_markdown(with_named_pictures(text, {}).text, BASE, TEMPLATES["weekly-update"])
    once = markdown.render(found.document)
    again = import_markdown(once, BASE, TEMPLATES["weekly-update"])
    assert markdown.render(again.document) == once
    return found


def outline(text: str) -> list[tuple[str, list[str]]]:
    """The sections of a text with the titles of their items."""
    return [(section.title, [item.title for item in section.items]) for section in read(text).document.sections]


@pytest.mark.parametrize("title", ['"the paper"', "'DeiT'", "(a note)"])
def test_words_that_a_browser_shows_at_a_link_are_no_part_of_it(title: str) -> None:
    found = read(f"{HEAD}### [Attention]({ATTENTION} {title})\n\nSee [code](https://code.example {title}) too.\n")
    (item,) = found.document.items
    assert (item.title, item.url) == ("Attention", ATTENTION)
    assert "[code](https://code.example) too" in markdown.render(found.document)


def test_notes_on_lines_below_each_other_are_each_a_note() -> None:
    text = f"{ITEM}Why: it began here.\n\n→ One note\nthat goes on.\n➡️ [A talk](https://talk.example) in June\n-> Three"
    (item,) = read(text).document.items
    notes = [block for block in item.blocks if isinstance(block, RemarkBlock | Related)]
    assert [block.text for block in notes] == ["One note that goes on.", "A talk in June", "Three"]


def test_a_sign_behind_the_link_of_a_note_stays_at_it() -> None:
    written = markdown.render(read(f"{ITEM}→ [A talk](https://talk.example): one hour\n").document)
    assert "→ [A talk](https://talk.example): one hour" in written


@pytest.mark.parametrize(
    "line", ["By Hugo Touvron & co.", "by Ada Lovelace and co-workers", "Von Ada Lovelace und Kollegen"]
)
def test_others_behind_a_name_are_authors(line: str) -> None:
    (item,) = read(f"{ITEM}{line}\n\nWhy: it is short.\n").document.items
    assert item.authors == line.partition(" ")[2]


POLL = f"""<html><body><h1>Small Models</h1><h2>Papers</h2>QUESTION
<ul><li><a href="https://s.example/login?poll_id=1&choice=a">Very</a></li>
<li><a href="https://s.example/login?poll_id=1&choice=b">Not at all</a></li></ul>
<p><a href="https://s.example/login">Login</a> or <a href="https://s.example/">Join</a> to participate in polls.</p>
<p><a href="{ATTENTION}"><b>Attention</b></a> is short.</p><p><a href="{VIT}"><b>Patches</b></a> are words.</p>
<h2>Tools</h2><ul><li><a href="https://github.com/a/foo">Foo</a>: a tool</li></ul><p>See you!</p>
<p>Unsubscribe <a href="https://s.example/u">here</a></p><p>228 Park Ave S, New York</p></body></html>"""


@pytest.mark.parametrize("question", ["<h3><b>Was it useful?</b></h3>", "<p><b>Was it useful?</b></p>", ""])
def test_a_poll_is_left_out_and_named_and_the_papers_below_it_are_items(question: str) -> None:
    page = POLL.replace("QUESTION", question)
    assert outline(page) == [("Papers", ["Attention", "Patches"]), ("Tools", ["Foo"])]
    found = read(page)
    asked = "\n".join(found.questions)
    assert "A poll is not in the draft" in asked
    assert ("Was it useful?" in asked) is bool(question)
    assert prose.plain(found.document.sign_off) == "See you!"
    assert "228 Park Ave" in asked


def test_headings_above_paragraphs_about_papers_are_groups() -> None:
    paragraphs = f"[Attention]({ATTENTION}) is short.\n\n[Patches]({VIT}) are words.\n\n"
    text = f"{HEAD}### Old\n\n{paragraphs}### New\n\n{paragraphs.replace('1706', '1806').replace('2010', '2110')}"
    assert outline(text) == [("Papers: Old", ["Attention", "Patches"]), ("Papers: New", ["Attention", "Patches"])]
    one = f"{HEAD}### Old\n\n[Attention]({ATTENTION}) is short.\n"
    assert outline(one) == [("Papers", ["Old"])]


def test_a_title_on_a_line_of_its_own_is_not_said_twice() -> None:
    own = read(f"{HEAD}**[Attention]({ATTENTION})**\nIt began here.\n\n**[Patches]({VIT})**\nare words.\n").document
    first, second = (item.blocks[0].text if item.blocks else prose.plain(item.why) for item in own.items)
    assert first == "It began here."
    assert second == "Patches are words.", "a sentence that goes on keeps its beginning"


FORWARDED = """<html><body><p>Here it is.</p><div><div class="gmail_attr">---------- Forwarded message ---------<br>
From: <b>Lea</b> &lt;lea@club.example&gt;<br>Date: Fri, 27 Nov 2026<br>Subject: Digest<br>To: mo@club.example</div>
<h2>Papers</h2><p><a href="https://arxiv.org/abs/1706.03762"><b>Attention</b></a><br>It began here.</p></div></html>"""
OUTLOOK = FORWARDED.replace("---------- Forwarded message ---------<br>", "").replace("From:", "<b>From:</b>").replace(
    "Date:", "<b>Sent:</b>"
)  # fmt: skip


@pytest.mark.parametrize("page", [FORWARDED, OUTLOOK])
def test_a_forwarded_page_has_no_head_of_the_mail_that_it_forwards(page: str) -> None:
    found = read(read_draft(mail("Fwd: Digest", page, {}), bytes.decode).text)
    written = markdown.render(found.document)
    assert "lea@club.example" not in written
    assert "orwarded" not in written
    assert "Here it is." in written
    assert [item.title for item in found.document.items] == ["Attention"]


@pytest.mark.parametrize(
    ("given", "alt"),
    [
        ("Untitled", ""), ("Untitled 3", ""), ("image.png", ""), ("Pasted image 20261127101500", ""), ("IMG_2041", ""),
        ("Screenshot 2026-11-27 at 10.15.00 AM", ""), ("loss-curves.png", ""), ("Bild 3", ""), ("", ""),
        ("Image of a cat", "Image of a cat"), ("Loss curves", "Loss curves"), ("Foto von Ada", "Foto von Ada"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_is_no_description_of_a_picture(given: str, alt: str) -> None:
    found = read(f"{ITEM}Why: it is short.\n\n![{given}](https://e.example/a.png)\n")
    (figure,) = (block for block in found.document.items[0].blocks if isinstance(block, Figure))
    assert figure.alt == alt
    assert not found.questions


ONE = f"# First\n\nHello.\n\n## Papers\n\n### [Attention]({ATTENTION})\n\nWhy: one.\n\n---\n\nBye.\n\n"
TWO = f"# Second\n\n## Papers\n\n### [Patches]({VIT})\n\nWhy: two.\n"


def test_of_a_file_with_two_editions_the_first_is_read_and_the_other_named() -> None:
    found = read(ONE + TWO)
    assert (found.document.title, [item.title for item in found.document.items]) == ("First", ["Attention"])
    assert prose.plain(found.document.sign_off) == "Bye."
    (asked,) = found.questions
    assert "several editions" in asked
    assert "“Second”" in asked


def test_two_exports_in_a_file_are_two_editions() -> None:
    first, second = (markdown.render(read(text).document) for text in (ONE, TWO))
    found = import_markdown(f"{first}\n{second}", BASE, TEMPLATES["weekly-update"])
    assert found.exported
    assert markdown.render(found.document) == first
    assert "“Second”" in " ".join(found.questions)


def test_parts_of_one_edition_with_groups_are_sections() -> None:
    text = (
        f"# Digest\n\nHello.\n\n# Vision\n\n## Models\n\n### [Patches]({VIT})\n\nText.\n\n# Language\n\n"
        f"## Models\n\n### [Attention]({ATTENTION})\n\nText.\n"
    )
    assert read(text).document.title == "Digest"
    assert outline(text) == [("Vision: Models", ["Patches"]), ("Language: Models", ["Attention"])]


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n%\xe2\xe3", b"{\\rtf1 Hello}", b"\x89PNG\r\n", b"\xd0\xcf\x11\xe0 doc"]
)
def test_a_file_of_another_kind_is_refused_by_its_kind(content: bytes) -> None:
    with pytest.raises(UserError, match="another kind"):
        read_draft(content, bytes.decode)


def test_a_line_break_in_a_point_is_one_blank() -> None:
    assert "moved by a week" in markdown.render(read(f"{ITEM}- it moved <br> by a week\n- more\n").document)


def test_the_page_of_a_poll_alone_is_no_poll_of_a_reader() -> None:
    """Links with other words in their addresses are no answers."""
    page = markdown_of('<ul><li><a href="https://a.example/poll?id=1">A poll</a></li><li>Other</li></ul>')
    assert "A poll" in markdown.render(read(f"{ITEM}{page}").document)


SAID = "it dispenses with recurrence entirely"


@pytest.mark.parametrize(
    "text",
    [f"“{SAID}” (p. 4)", f"> {SAID} (p. 4)", f"> {SAID}\n(p. 4)", f"“{SAID}”\n\n(p. 4)", f"> {SAID}\n\n(p. 4)",
     f"> {SAID}\n\n— p. 4"],
)  # fmt: skip
def test_a_page_behind_or_below_a_quote_is_where_it_stands(text: str) -> None:
    (item,) = read(f"{ITEM}Why: it is short.\n\n{text}\n").document.items
    assert item.passages == (Quotation(SAID, "p. 4"),)


@pytest.mark.parametrize("end", ["(see p. 4)", "(Section 4)", "(Hu et al., 2021)", "(Fig. 4)"])
def test_other_brackets_at_the_end_of_a_quote_without_marks_may_be_the_papers(end: str) -> None:
    (item,) = read(f"{ITEM}Why: it is short.\n\n> {SAID} {end}\n").document.items
    assert item.passages == (Quotation(f"{SAID} {end}"),)


def test_a_sign_beside_the_heading_of_papers_makes_no_picks_of_them() -> None:
    text = f"# D\n\n## ✨ Reading\n\n### [Attention]({ATTENTION})\n\nWhy: it is short.\n"
    assert [section.kind for section in read(text).document.sections] == ["theme"]
    listed = f"{text}\n## ✨ More\n\n- [Patches]({VIT})\n"
    assert [section.kind for section in read(listed).document.sections] == ["theme", "picks"]


def test_a_sentence_that_names_an_address_stands_alone() -> None:
    """Its title is the sentence without the address: said once more, it would stand there twice."""
    text = (
        f"{HEAD}### [Attention]({ATTENTION})\n\nText.\n\n## News\n\n- See https://a.example/x for the dates (free!)\n"
    )
    (item,) = build_outline(read(text).document).sections[1].items
    assert item.title == "See for the dates (free!)"
    assert item.is_sentence


def test_each_text_of_a_mail_and_of_a_page_has_its_own_direction() -> None:
    text = f"# D\n\n## ספרים\n\n### [Attention]({ATTENTION})\n\nלמה: כי זה קצר.\n\n- אחת\n- two\n"
    document = read(text).document
    for made in (email.render(document), basic_html.edition(document)):
        tree = html.document_fromstring(made)
        assert {node.get("dir") for node in tree.xpath("//p | //li | //h2 | //h3")} == {"auto"}
    page = html.document_fromstring(html_page.render(document))
    assert page.xpath("//section[contains(@class, 'part')]/h2/@dir") == ["auto"]
    plain = read(text.replace("ספרים", "Books").replace("למה: כי זה קצר.", "It is short.").replace("אחת", "one"))
    assert " dir=" not in email.render(plain.document) + html_page.render(plain.document)


def test_items_two_levels_below_their_sections_are_items() -> None:
    text = (
        f"DIGEST\n======\n\nPicks\n-----\n\n#### [Attention]({ATTENTION})\n\nIt is short.\n\n"
        f"#### Patches (arXiv:2010.11929)\n\nText.\n"
    )
    assert outline(text) == [("Picks", ["Attention", "Patches (arXiv:2010.11929)"])]
    assert read(text).document.items[1].url == VIT
    small = (
        "# Digest\n\nHello.\n\n#### A word first\n\nIt is late.\n\n## News\n\n- [A page](https://a.example) moved.\n"
    )
    assert outline(small) == [("News", ["A page"])], "headings without links stay small ones"


def test_paragraphs_of_a_quote_that_are_each_in_marks_are_quotes() -> None:
    text = f"{ITEM}Why: it is short.\n\n> “{SAID}” — section 2\n>\n> “we say it once more here”\n"
    (item,) = read(text).document.items
    assert item.passages == (Quotation(SAID, "section 2"), Quotation("we say it once more here"))
    whole = f"{ITEM}Why: it is short.\n\n> {SAID}\n>\n> we say it once more here\n"
    (item,) = read(whole).document.items
    assert item.passages == (Quotation(f"{SAID}\n\nwe say it once more here"),)


@pytest.mark.parametrize("mark", ["", "*"])
def test_a_line_of_authors_may_name_the_venue_behind_a_sign(mark: str) -> None:
    (item,) = read(
        f"{ITEM}{mark}By Ada Lovelace, Alan Turing · arXiv cs.CL · 12 Jun 2017{mark}\n\nWhy: it is short.\n"
    ).document.items
    assert (item.authors, item.venue) == ("Ada Lovelace, Alan Turing", "arXiv cs.CL · 12 Jun 2017")
    cited = (
        f"{ITEM}{mark}By Ada Lovelace · arXiv [1]{mark}\n\nText.\n\n## References\n\n[1] Ada Lovelace. Notes. 1843.\n"
    )
    (item,) = read(cited).document.items
    assert (item.venue, item.reference) == ("arXiv", 1)
    (item,) = read(f"{ITEM}By hand · one word a day\n\nWhy: it is short.\n").document.items
    assert not item.authors

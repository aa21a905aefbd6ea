"""Drafts out of replies to mails, spreadsheets, Readwise and Word, and lists of links with remarks."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from bot.editions.importing.draft_files.containers import read_draft
from bot.editions.model import prose
from bot.editions.model.blocks import ListBlock, Quotation, RemarkBlock
from bot.editions.render import markdown
from tests.editions.importing.test_forms_of_programs import read
from tests.editions.importing.test_items_of_newsletters import ATTENTION, LORA, QUOTE, again

OWN = f"""Reading list for May

1. LoRA {LORA}
Cheap.

2. Attention {ATTENTION}
> {QUOTE}

Best, Ada
"""
GMAIL = """
On Tue, Oct 15, 2024 at 9:12 AM Tove Lind <tove@example.org> wrote:

> Hi Ada,
>
> a private remark on https://arxiv.org/abs/2010.11929
>> On Monday somebody wrote:
"""
THUNDERBIRD = """
Am 15.10.24 um 09:12 schrieb Tove Lind:
> Hallo Ada, a private remark on https://arxiv.org/abs/2010.11929
"""
OUTLOOK = """
________________________________
From: Tove Lind <tove@example.org>
Sent: Tuesday, 15 October 2024 09:12
To: Ada Byron
Subject: RE: digest

A private remark on https://arxiv.org/abs/2010.11929
"""


@pytest.mark.parametrize("tail", [GMAIL, THUNDERBIRD, OUTLOOK], ids=["Gmail", "Thunderbird", "Outlook"])
def test_the_mail_that_a_reply_quotes_is_left_out_and_named(tail: str) -> None:
    found = read(OWN + tail)
    exported = markdown.render(found.document)
    assert [item.title for item in found.document.items] == ["LoRA", "Attention"]
    assert QUOTE in exported
    assert "private" not in exported
    assert "tove@example.org" not in exported
    assert any("not in the draft: “" in question and "Tove Lind" in question for question in found.questions)
    again(found)


def test_so_it_is_in_a_file_of_a_mail() -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Re: digest", "ada@example.org", "tove@example.org"
    mail.set_content(OWN + GMAIL)
    draft = read_draft(mail.as_bytes(), lambda content: content.decode())
    assert "private" not in markdown.render(read(draft.text).document)


@pytest.mark.parametrize(
    "text",
    [
        f"Hello,\n\nsee below.\n{GMAIL}",  # the newsletter may be what is quoted
        f"{OWN}\nAm 15.10.24 schrieb Tove:\n> a remark\n\nThat is all about it.\n",
    ],
)
def test_words_around_which_a_reply_goes_on_stay(text: str) -> None:
    found = read(text + f"\n## Papers\n\n### [LoRA]({LORA})\n" if "://" not in text.split("wrote")[0] else text)
    assert "remark" in markdown.render(found.document)


ROWS = [
    ("Section", "Title", "Link", "Authors", "Why", "Key insights", "Quote", "Code", "Level"),
    ("Models", "LoRA, tuned; cheap", LORA, "Hu and Shen", "It is\tcheap", "Few weights", f"“{QUOTE}”",
     "https://code.example.org/lora", "easy"),
    ("Models", "Attention", ATTENTION, "", 'The "classic"', "", "", "", ""),
    ("News", "The meeting moves", "https://lyon.example.fr/", "", "", "", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize("separator", ["\t", ",", ";"])
def test_each_row_of_a_spreadsheet_is_an_item_in_its_section(separator: str) -> None:
    text = "\n".join(separator.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in ROWS)
    found = read(text)
    sections = [(s.title, [(item.title, item.url) for item in s.items]) for s in found.document.sections]
    assert sections == [
        ("Models", [("LoRA, tuned; cheap", LORA), ("Attention", ATTENTION)]),
        ("News", [("The meeting moves", "https://lyon.example.fr/")]),
    ]
    lora, attention, _news = found.document.items
    assert (lora.authors, prose.plain(lora.why), prose.plain(attention.why)) == (
        "Hu and Shen",
        "It is cheap",
        'The "classic"',
    )
    exported = markdown.render(found.document)
    assert "Few weights" in exported
    assert "[Code](https://code.example.org/lora)" in exported
    assert "Level: easy" in exported
    assert [block.text for block in lora.passages if isinstance(block, Quotation)] == [QUOTE]
    again(found)


def test_prose_with_commas_is_no_table() -> None:
    text = f"# Digest\n\n## Papers\n\n### [LoRA]({LORA})\n\nTitle, link, why: all of them are here.\n"
    assert [item.title for item in read(text).document.items] == ["LoRA"]


READWISE = f"""# LoRA: Low-Rank Adaptation

![rw-book-cover](https://readwise-assets.s3.amazonaws.com/static/images/article1.png)

## Metadata
- Author: [[Edward J. Hu]]
- Full Title: LoRA: Low-Rank Adaptation of Large Language Models
- Category: #articles
- URL: {LORA}

## Highlights
- {QUOTE} ([View Highlight](https://read.readwise.io/read/01gv))
    - Note: this is the main claim
    - Tags: [[method]] [[favorite]]
- An important paradigm of natural language processing consists of large-scale pre-training (Page 2)

# Attention Is All You Need

## Metadata
- Author: [[Ashish Vaswani]]
- Full Title: Attention Is All You Need
- URL: {ATTENTION}

## Highlights added October 15, 2024
- dispensing with recurrence and convolutions entirely ([Location 12](https://readwise.io/open/1))
"""


def test_highlights_of_readwise_are_quotes_of_their_papers() -> None:
    found = read(READWISE)
    lora, attention = found.document.items
    assert (lora.title, lora.url) == ("LoRA: Low-Rank Adaptation of Large Language Models", LORA)
    assert (lora.authors, attention.authors) == ("Edward J. Hu", "Ashish Vaswani")
    quotes = [block for block in lora.passages if isinstance(block, Quotation)]
    assert (quotes[0].text, quotes[1].where) == (QUOTE, "page 2")
    assert [prose.plain(block.words) for block in lora.passages if isinstance(block, RemarkBlock)] == [
        "this is the main claim"
    ]
    exported = markdown.render(found.document)
    assert "readwise" not in exported
    assert "Highlight" not in exported
    again(found)


WORD = f"""<html><body><div class=WordSection1>
<p class=MsoTitle>Reading group digest</p><p class=MsoNormal>Dear all, here is what we read.</p>
<h1>Language models</h1>
<h2><a href="{LORA}">LoRA: Low-Rank
Adaptation</a></h2><p class=MsoNormal><b>Why:</b> it is cheap.</p>
<h2>Attention Is All You Need</h2><p class=MsoNormal><a href="{ATTENTION}">{ATTENTION}</a></p>
<p class=MsoNormal>The classic.<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a></p>
<h1>News</h1><p class=MsoNormal>The meeting moved to <a href="https://lyon.example.fr/">Lyon</a>.</p></div>
<div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1>
<p><a href="#_ftnref1" name="_ftn1">[1]</a> It has eight heads.</p></div></div></body></html>"""


@pytest.mark.parametrize("page", [WORD, WORD.replace("class=MsoTitle", "class=MsoNormal")], ids=["styled", "plain"])
def test_a_page_of_word_has_its_title_above_its_sections(page: str) -> None:
    found = read(page)
    made = found.document
    assert (made.title, made.sections[0].title) == ("Reading group digest", "Language models")
    assert [item.title for item in made.sections[0].items] == ["LoRA: Low-Rank Adaptation", "Attention Is All You Need"]
    assert "Lyon" in markdown.render(made)
    assert not any("This is not in the draft" in question for question in found.questions)
    assert [entry.work.title for entry in made.references] == ["It has eight heads"]
    again(found)


def test_footnotes_are_no_part_of_a_rule_between_sections() -> None:
    text = (
        f"# Digest\n\n## Papers\n\n### [LoRA]({LORA})\n\nCheap.[^1]\n\n---\n\n## News\n\n- Lunch.\n\n[^1]: By rank.\n"
    )
    found = read(text)
    assert [entry.work.title for entry in found.document.references] == ["By rank"]
    assert [section.title for section in found.document.sections] == ["Papers", "News"]


@pytest.mark.parametrize(
    ("line", "title", "said"),
    [
        (f"{LORA} - still the best way to tune.", LORA, "still the best way to tune."),
        (f"{LORA} – the classic", LORA, "the classic"),
        (f"<{LORA}>: We liked it. Read section 4!", LORA, "We liked it. Read section 4!"),
        ("https://github.com/microsoft/LoRA (code for the first)", "microsoft/LoRA", "(code for the first)"),
        (f"{LORA} LoRA: Low-Rank Adaptation", "LoRA: Low-Rank Adaptation", ""),
    ],
)
@pytest.mark.parametrize("form", ["# Links\n\n## Papers\n\n- {one}\n- {other}\n", "Links\n\n1. {one}\n2. {other}\n"])
def test_a_remark_behind_an_address_is_no_title(form: str, line: str, title: str, said: str) -> None:
    first = read(form.format(one=line, other=f"{ATTENTION} Attention")).document.items[0]
    texts = [prose.plain(first.why)] + [prose.plain(getattr(block, "words", ())) for block in first.passages]
    assert (first.title, [text for text in texts if text]) == (title, [said] if said else [])


def test_emphasis_within_bold_text_is_bold() -> None:
    text = f"# Digest\n\n## Papers\n\n### [LoRA]({LORA})\n\nIt **scales *very* well** and is *cheap*.\n"
    found = read(text)
    assert "It **scales very well** and is *cheap*." in markdown.render(found.document)


def test_points_of_lists_keep_their_numbers_in_other_languages() -> None:
    found = read(f"h1. T\n\nh2. Papers\n\nh3. [LoRA|{LORA}]\n\n# one\n## below\n# two\n\n* three\n")
    blocks = [block for block in found.document.items[0].passages if isinstance(block, ListBlock)]
    assert [[number for _depth, _point, number in block.rows()] for block in blocks if block.numbered] == [
        ["1.", "1.", "2."]
    ]

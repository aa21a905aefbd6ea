"""Newsletters as mails, messages of a chat, and pages."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from bot.editions.importing.draft_files.containers import read_draft
from bot.editions.model import prose
from bot.editions.model.blocks import ListBlock
from bot.editions.render import markdown
from tests.editions.importing.test_forms_of_programs import read
from tests.editions.importing.test_items_of_newsletters import ATTENTION, LORA, again


def test_links_listed_at_the_end_of_a_mail_lead_to_their_titles() -> None:
    text = f"""Weekly papers

Hi folks,

LoRA, low rank [1]
Cheap. The code is good too [2].

Attention Is All You Need [3]
A classic.

See you,
Mo

[1] {LORA}
[2] https://code.example.org/lora
[3] {ATTENTION}
"""
    document = read(text).document
    assert [(item.title, item.url) for item in document.items] == [
        ("LoRA, low rank", LORA), ("Attention Is All You Need", ATTENTION),
    ]  # fmt: skip
    assert [(entry.number, entry.work.url) for entry in document.references] == [(2, "https://code.example.org/lora")]
    assert prose.plain(document.sign_off) == "See you,\nMo"


def test_a_forwarded_mail_is_the_mail_that_it_forwards() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "a@b.example", "c@d.example", "Fwd: Papers", "<1@x>"
    mail.set_content(
        f"""FYI.

---------- Forwarded message ---------
From: Tove Lind <tove@club.example>
Date: Fri, 20 Nov 2026 at 09:12
Subject: Papers
To: <ana@club.example>

> two papers this week:
>
> 1. LoRA {LORA}
>    Cheap.
>
> 2. Attention {ATTENTION}
>    Old.

Cheers,
Tove
"""
    )
    document = read(read_draft(mail.as_bytes(), bytes.decode).text).document
    assert document.title == "Papers"
    assert [item.title for item in document.items] == ["LoRA", "Attention"]
    assert "tove@club.example" not in markdown.render(document)


BOOKMARKS = f"""<html><body><h1>Slow papers</h1><h4><a href="/author/mira/">Mira Okafor</a></h4>
<div>20 Nov 2026 — 4 min read</div><p>It is dark.</p><p>Dear *|FNAME|*, hello.</p><h2>Efficiency</h2>
<figure class="kg-bookmark-card"><a href="{LORA}"><div><div>LoRA: low rank</div><div>An important paradigm …</div>
<div><img class="icon" src="https://arxiv.org/favicon.ico" alt=""><span>arXiv.org</span></div></div></a></figure>
<p>It made tuning cheap.</p>
<h3><a href="https://club.us1.list-manage.com/track/click?u=1&id=2">Attention</a></h3>
<p>The classic: <a href="{ATTENTION}">arXiv</a></p>
<p>You are receiving this because you signed up. <a href="https://a.example/x">Update your preferences</a></p>
</body></html>"""


def test_a_page_with_cards_counters_and_small_print() -> None:
    found = read(BOOKMARKS)
    document = found.document
    assert document.letter is not None
    assert document.letter.by == "Mira Okafor"
    assert [(item.title, item.url) for item in document.items] == [("LoRA: low rank", LORA), ("Attention", ATTENTION)]
    text = markdown.render(document)
    assert "An important paradigm" in text
    assert "It made tuning cheap." in text
    for gone in ("favicon", "20 Nov 2026", "You are receiving", "list-manage"):
        assert gone not in text
    asked = " ".join(found.questions)
    for named in ("*|FNAME|*", "20 Nov 2026", "You are receiving", "list-manage"):
        assert named in asked


def test_a_message_of_a_chat_is_a_list_of_papers() -> None:
    slack = f"""Priya Raman  9:41 AM
Hi all, papers for this week:
• <{LORA}|LoRA> – cheap
• <{ATTENTION}|Attention> – old
    ◦ section 3 only
*News*
• We are in <https://maps.example/4|Room 4> now
"""
    discord = f"Mara — Yesterday at 9:12 PM\nFor Thursday\n\n1. LoRA <{LORA}> – cheap\n2. Attention {ATTENTION} – old\n"
    assert [item.title for item in read(slack).document.items] == ["LoRA", "Attention", "Room 4"]
    assert [(item.title, item.url) for item in read(discord).document.items] == [
        ("LoRA", LORA), ("Attention", ATTENTION),
    ]  # fmt: skip


def test_a_letter_in_plain_text_with_reading_times_and_emoji_above_its_sections() -> None:
    text = f"""The daily 2026-11-20

🚀
Headlines & launches

LoRA is everywhere (4 minute read) [1]

Cheap.

🧠
Deep dives

Attention turns nine (2 minute read) [2]

Old.

Links:
------
[1] {LORA}
[2] {ATTENTION}
"""
    sections = read(text).document.sections
    assert [(section.emoji or section.title[0], section.items[0].title) for section in sections] == [
        ("🚀", "LoRA is everywhere (4 minute read)"), ("🧠", "Attention turns nine (2 minute read)"),
    ]  # fmt: skip


@pytest.mark.parametrize("start", ["", "<h1>Digest</h1>", "<section><h1>Digest</h1></section>"])
def test_numbered_links_in_bold_of_a_part_of_a_page(start: str) -> None:
    page = f"{start}<p><strong>1. <a href='{LORA}'>LoRA</a></strong><br/>by Hu et al.</p><p>Cheap.</p>"
    page += f"<p><strong>2. <a href='{ATTENTION}'>Attention</a></strong><br/>by Vaswani et al.</p><p>Old.</p>"
    found = read(page)
    assert [(item.title, item.url, item.authors) for item in found.document.items] == [
        ("LoRA", LORA, "Hu et al."), ("Attention", ATTENTION, "Vaswani et al."),
    ]  # fmt: skip
    again(found)


def test_a_newsletter_pasted_from_a_mail_with_bold_titles_and_dates() -> None:
    text = f"""Subject: Weekly digest

Liebe alle,

diese Woche:

**1. LoRA – wenig Speicher**
Link: {LORA}
Autoren: Edward Hu, Yelong Shen
Warum lesen? Weil es billig ist.
Kernpunkte:
 • erstens
 • zweitens

**2. Attention**
Link: {ATTENTION}
Warum lesen? Ein Klassiker.

Termine:
 • Do, 27.11., 16 Uhr
 • Feier am 18.12.

Viele Grüße
Jörg
"""
    found = read(text)
    document = found.document
    assert document.title == "Weekly digest"
    lora, attention, *dates = document.items
    assert (lora.title, lora.url, lora.authors) == ("LoRA – wenig Speicher", LORA, "Edward Hu, Yelong Shen")
    assert prose.plain(lora.why) == "Weil es billig ist."
    assert [block.text for block in lora.insights if isinstance(block, ListBlock)] == ["erstens zweitens"]
    assert (attention.title, prose.plain(attention.why), attention.passages) == ("Attention", "Ein Klassiker.", ())
    assert [one.title for one in dates] == ["Do, 27.11., 16 Uhr", "Feier am 18.12."]
    assert prose.plain(document.sign_off) == "Viele Grüße\nJörg"
    assert not any("not in the draft" in question for question in found.questions)


def test_a_byline_with_emphasis_is_the_signature() -> None:
    byline = "_by **Ana & Ben** | 20 Nov 2026 | 5 min read_"
    found = read(f"# Digest\n\n{byline}\n\nHello!\n\n## Papers\n\n### [LoRA]({LORA})\n\nCheap.\n")
    assert found.document.headline == ""
    assert found.document.letter is not None
    assert found.document.letter.by == "Ana & Ben"
    assert any("20 Nov 2026" in question for question in found.questions)


DOCUMENT = f"""<html><head><style>.c1{{font-weight:700}}.c2{{color:#000;font-style:italic}}</style></head><body>
<p class="c4 title"><span>Reading group 12</span></p><p class="subtitle"><span>Small things</span></p>
<p><span>Hello all, </span><span class="c1">bold</span><span> and </span><span class="c2">italic</span></p>
<h1><span>Papers</span></h1>
<h2><span><a href="https://www.google.com/url?q={LORA}&amp;sa=D&amp;usg=x">LoRA</a></span></h2>
<p><span class="c1">Why:</span><span> cheap</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>
<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p>
<ul class="lst-kix_abc-0 start"><li><span>one</span></li></ul>
<ul class="lst-kix_abc-1 start"><li><span>below</span></li></ul><ul class="lst-kix_abc-0"><li><span>two</span></li></ul>
<h2><span>Attention</span></h2><p><a href="https://www.google.com/url?q={ATTENTION}&amp;sa=D">arXiv</a></p>
<hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span>&nbsp;Hu et al. 2021</span></p></div>
<div class="c9"><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Is this right?</span></p></div></body></html>"""


def test_a_page_of_a_document_editor_has_its_title_emphasis_lists_and_notes_and_no_comments() -> None:
    found = read(DOCUMENT)
    document = found.document
    assert (document.title, document.headline) == ("Reading group 12", "Small things")
    lora, attention = document.items
    assert [section.title for section in document.sections] == ["Papers"]
    assert (lora.title, lora.url) == ("LoRA", LORA)
    assert prose.plain(lora.why) == "cheap [1]"
    (points,) = lora.passages
    assert isinstance(points, ListBlock)
    assert [(depth, prose.plain(point.words)) for depth, point, _mark in points.rows()] == [
        (0, "one"), (1, "below"), (0, "two"),
    ]  # fmt: skip
    assert (attention.title, attention.url) == ("Attention", ATTENTION)
    assert [entry.work.title for entry in document.references] == ["Hu et al. 2021"]
    text = markdown.render(document)
    assert "**bold** and *italic*" in text
    assert "Is this right" not in text
    assert "[a]" not in text
    again(found)

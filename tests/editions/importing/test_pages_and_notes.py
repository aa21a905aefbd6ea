"""A saved page of a newsletter, a note of Obsidian, and mails in the encodings of other scripts."""

from __future__ import annotations

import base64
import quopri

import pytest

from bot.editions.importing.draft_files.containers import read_draft
from bot.editions.model import prose
from bot.editions.model.blocks import CodeBlock, Figure, ListBlock, Paragraph, Quotation
from bot.editions.render import markdown
from tests.editions.importing.test_forms_of_programs import read

LORA, ATTENTION = "https://arxiv.org/abs/2106.09685", "https://arxiv.org/abs/1706.03762"
PAGE = f"""<html><body><div class="post"><h1 class="post-title">Slow papers</h1>
<h3 class="subtitle">About doing less</h3>
<p>Dear readers,</p><p>it is getting dark early.</p><h2>Efficiency</h2><h3><a href="{LORA}">LoRA</a></h3>
<p><strong>Why it matters:</strong> Tuning got cheap<a class="footnote-anchor" href="#footnote-1">1</a>.</p>
<figure><img src="https://img.example/loss.png" alt="Loss"><figcaption>Loss falls. CC BY 4.0</figcaption></figure>
<pre><code class="language-python">train(r=1)</code></pre><p>More in [2–3].</p>
<p class="button-wrapper"><a class="button primary" href="https://mira.substack.com/subscribe">Subscribe now</a></p>
<div class="share-dialog">Share this post</div>
<h2>Elsewhere</h2><ul><li><a href="https://blog.example.org/dark">On dark evenings</a>, an essay.</li></ul>
<p>Until next month!<br>Mira</p>
<div class="footnote"><a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a>
<div class="footnote-content"><p>If you have a GPU.</p></div></div></div></body></html>"""


def test_a_saved_page_has_its_captions_and_programs_and_none_of_its_buttons() -> None:
    found = read(PAGE)
    document = found.document
    assert (document.title, document.headline) == ("Slow papers", "About doing less")
    lora, essay = document.items
    assert prose.plain(lora.why) == "Tuning got cheap [1]."
    figure, program, more = lora.passages
    assert isinstance(figure, Figure)
    assert prose.plain(figure.caption) == "Loss falls. CC BY 4.0"
    assert program == CodeBlock("train(r=1)", "python")
    assert more == Paragraph(("More in [2–3].",))
    assert essay.title == "On dark evenings"
    assert prose.plain(document.sign_off) == "Until next month!\nMira"
    text = markdown.render(document)
    assert "Subscribe" not in text
    assert "Share" not in text
    assert found.questions == ("The text cites [2], [3], which the references do not contain.",)
    assert markdown.render(read(text).document) == text


NOTE = f"""# Woche 47 #journal-club #lesen

Für alle, die [[Quantisierung]] mögen. ^intro

## Papiere

### [[Lora|LoRA im Kleinen]]
[paper]({LORA})
- [ ] noch lesen
- ==wichtig==: siehe [[#Papiere]] und [[Lora#^intro|dort]]

%% nur für mich %%

> [!quote]- Zusammenfassung
> LoRA performs on-par or better than fine-tuning

### [Attention]({ATTENTION})
![[bild.png|300]]
Warum: Klassiker.
"""


def test_a_note_loses_its_programs_marks_alone() -> None:
    found = read(NOTE)
    document = found.document
    assert document.title == "Woche 47"
    assert prose.plain(document.intro) == "Für alle, die Quantisierung mögen."
    lora, attention = document.items
    assert (lora.title, lora.url) == ("LoRA im Kleinen", LORA)
    points, quote = lora.passages
    assert isinstance(points, ListBlock)
    assert [prose.plain(point.words) for point in points.points] == ["☐ noch lesen", "wichtig: siehe Papiere und dort"]
    assert quote == Quotation("LoRA performs on-par or better than fine-tuning", "Zusammenfassung")
    assert prose.plain(attention.why) == "Klassiker."
    (picture,) = attention.passages
    assert isinstance(picture, Figure)
    assert (picture.alt, picture.url) == ("", "figures/bild.png"), "a name of a file describes nothing"


RUSSIAN = f"""Всем привет,

вот одна статья.

СТАТЬИ

1. LoRA
   {LORA}
   Почему: мало памяти.

До встречи!
Ольга
"""
JAPANESE = f"""皆さん

今週の論文です。

## 論文

### [LoRA]({LORA})

なぜ → メモリが少ない。

それでは
"""


@pytest.mark.parametrize(
    ("text", "charset", "encoded", "why", "closing"),
    [
        (RUSSIAN, "koi8-r", "quoted-printable", "мало памяти.", "До встречи!\nОльга"),
        (RUSSIAN, "windows-1251", "base64", "мало памяти.", "До встречи!\nОльга"),
        (RUSSIAN, "utf-16", "base64", "мало памяти.", "До встречи!\nОльга"),
        (JAPANESE, "iso-2022-jp", "base64", "メモリが少ない。", "それでは"),
        (JAPANESE, "euc-jp", "quoted-printable", "メモリが少ない。", "それでは"),
    ],
)
def test_a_mail_in_any_script_is_read(text: str, charset: str, encoded: str, why: str, closing: str) -> None:
    content = text.encode(charset)
    body = base64.encodebytes(content) if encoded == "base64" else quopri.encodestring(content)
    subject = base64.b64encode("Неделя 47".encode()).decode()
    head = (
        f"From: a@example.org\r\nSubject: =?utf-8?B?{subject}?=\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoded}\r\n\r\n"
    )
    draft = read_draft(head.encode() + body, lambda raw: raw.decode())
    document = read(draft.text).document
    (item,) = document.items
    assert document.title == "Неделя 47"
    assert (item.url, prose.plain(item.why)) == (LORA, why)
    assert prose.plain(document.sign_off) == closing


def test_a_mail_of_a_mail_program_has_its_subject_once_and_no_small_print() -> None:
    page = f"""<html><body><table><tr><td><h2 style="margin:0">Lab reading, week 48</h2></td></tr>
<tr><td>Hi team,<br><br>two for this week.</td></tr><tr><td><b>Papers</b></td></tr>
<tr><td><ol><li><a href="https://link.mail.example/c/abc?u={LORA}"><b>LoRA</b></a> &ndash; low rank.</li>
<li><a href="{ATTENTION}"><b>Attention</b></a><br>Why it matters: the start.</li></ol></td></tr>
<tr><td><b>Dates</b></td></tr><tr><td><p>12. December: room 3</p><ul><li>Bring <a href="https://cake.example/">cake</a></li>
</ul></td></tr><tr><td>Cheers,<br>Bo</td></tr>
<tr><td>You are on the list. <a href="https://mail.example/unsub">Unsubscribe</a></td></tr></table></body></html>"""
    message = (
        "From: a@example.org\r\nSubject: Lab reading, week 48\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/html; charset=utf-8\r\n\r\n{page}"
    )
    found = read(read_draft(message.encode(), lambda raw: raw.decode()).text)
    document = found.document
    assert document.title == "Lab reading, week 48"
    text = markdown.render(document)
    assert text.count("Lab reading") == 1
    assert [item.key for item in document.items[:2]] == ["arxiv:2106.09685", "arxiv:1706.03762"]
    assert "12\\. December: room 3" in text, "a day is no number of a list"
    assert prose.plain(document.sign_off) == "Cheers,\nBo"
    (asked,) = (question for question in found.questions if "Unsubscribe" in question)
    assert asked.startswith("This is not in the draft")


def test_points_with_a_title_and_its_address_have_it_once_and_their_labels_are_read() -> None:
    document = read(
        f"# Notes\n\nPAPERS\n------\n\n* LoRA: {LORA}\n  - few parameters\n"
        f'  "LoRA performs on-par or better than fine-tuning"\n\n* Attention ({ATTENTION})\n  Why? It began here.\n\n'
        f"* <{LORA}v2|LoRA again> — once more\n"
    ).document
    lora, attention, again = document.items
    assert (lora.title, lora.why) == ("LoRA", ())
    (points,) = lora.passages
    assert isinstance(points, ListBlock)
    assert [prose.plain(point.words) for point in points.points] == [
        "few parameters",
        '"LoRA performs on-par or better than fine-tuning"',
    ]
    assert (attention.title, prose.plain(attention.why)) == ("Attention", "It began here.")
    assert (again.title, prose.plain(again.why)) == ("LoRA again", "once more")

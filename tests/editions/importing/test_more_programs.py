"""Newsletters as more programs save them: markup languages, site generators, mail services, libraries, chats."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from bot.chat.cards import Text
from bot.chat.rich_text import plain
from bot.editions.importing.containers import read_draft
from bot.editions.importing.reader import ImportedEdition
from bot.editions.model import prose
from bot.editions.model.blocks import CodeBlock, Figure, ListBlock, Quotation
from bot.editions.render import html_page, markdown
from bot.editions.render.card_renderer import block_parts
from tests.editions.importing.test_forms_of_programs import read

LORA, ATTENTION = "https://arxiv.org/abs/2106.09685", "https://arxiv.org/abs/1706.03762"
QUOTE = "LoRA performs on-par or better than fine-tuning"

ORG = f"""#+TITLE: Reading group
#+AUTHOR: Tove Lind
#+OPTIONS: toc:nil

Hello all, here is what we read.

* Papers

** TODO [[{LORA}][LoRA: tuning with few weights]] :tuning:

*Why:* it is /much/ cheaper, see [[https://code.example.org/lora][the code]].

- point one with =code=
- point two

#+BEGIN_QUOTE
{QUOTE}
#+END_QUOTE

** Attention Is All You Need
:PROPERTIES:
:URL: {ATTENTION}
:END:

The classic.[fn:1]

#+BEGIN_SRC python
print(1)
#+END_SRC

* News
- The meeting moved to [[https://lyon.example.fr/][Lyon]].

[fn:1] It has eight heads.
"""
RST = f"""=============
Reading group
=============

:Author: Tove Lind

Hello all, here is what we read.

Papers
======

`LoRA: tuning with few weights <{LORA}>`_
----------------------------------------------------------------------

**Why:** it is *much* cheaper, see `the code`_.

.. _the code: https://code.example.org/lora

* point one with ``code``
* point two

.. epigraph::

   {QUOTE}

Attention Is All You Need
-------------------------

{ATTENTION}

The classic. [#heads]_

.. code-block:: python

   print(1)

News
====

* The meeting moved to `Lyon <https://lyon.example.fr/>`__.

.. [#heads] It has eight heads.
"""
ASCIIDOC = f"""= Reading group
Tove Lind <tove@club.example>
:toc:

Hello all, here is what we read.

== Papers

=== {LORA}[LoRA: tuning with few weights]

*Why:* it is _much_ cheaper, see link:https://code.example.org/lora[the code].

* point one with `code`
* point two

[quote]
____
{QUOTE}
____

=== Attention Is All You Need

{ATTENTION}

The classic.footnote:[It has eight heads.]

[source,python]
----
print(1)
----

== News

* The meeting moved to https://lyon.example.fr/[Lyon].
"""


def test_other_markup_languages_are_read_like_markdown() -> None:
    for text in (ORG, RST, ASCIIDOC):
        found = read(text)
        document = found.document
        assert document.title == "Reading group"
        assert document.letter is not None or document.intro
        lora, attention, lyon = document.items
        assert (lora.title, lora.url) == ("LoRA: tuning with few weights", LORA)
        assert prose.plain(lora.why) == "it is much cheaper, see the code."
        assert [link.url for link in prose.links(lora.why)] == ["https://code.example.org/lora"]
        points, quote = lora.passages
        assert isinstance(points, ListBlock)
        assert points.text == "point one with code point two"
        assert isinstance(quote, Quotation)
        assert quote.text == QUOTE
        assert (attention.title, attention.url) == ("Attention Is All You Need", ATTENTION)
        assert [block for block in attention.passages if isinstance(block, CodeBlock)] == [
            CodeBlock("print(1)", "python")
        ]
        assert [entry.work.title for entry in document.references] == ["It has eight heads"]
        assert lyon.url == "https://lyon.example.fr/"
        assert document.letter is not None
        assert document.letter.by == "Tove Lind"
        again(found)


def again(found: ImportedEdition) -> None:
    """The export of an import is imported as it is."""
    text = markdown.render(found.document)
    assert markdown.render(read(text).document) == text


HUGO = f"""+++
title = "Week 47"
date = 2026-11-20
tags = ["papers"]
+++

{{{{< figure src="https://img.example.org/a.png" alt="A falling curve" caption="Loss falls" >}}}}

## LoRA

{{{{< youtube dQw4w9WgXcQ >}}}}

[arXiv]({LORA})

Cheap.

## Attention

[arXiv]({ATTENTION})

{{{{% notice tip %}}}}
Read section 3.
{{{{% /notice %}}}}
"""
JEKYLL = f"""---
layout: post
title: "Week 47"
---
{{% include toc.html %}}

# Papers
{{: .no_toc }}

1. **LoRA** - Hu et al. (2021). [[pdf]]({LORA}) [[code]](https://code.example.org/lora)
   > {QUOTE}
2. **Attention** - Vaswani et al. [[pdf]]({ATTENTION})

{{% highlight python %}}
print(1)
{{% endhighlight %}}
"""


def test_pages_of_site_generators_have_no_marks_of_their_own() -> None:
    for text in (HUGO, JEKYLL):
        found = read(text)
        document = found.document
        assert document.title == "Week 47"
        assert [(item.title, item.url) for item in document.items] == [("LoRA", LORA), ("Attention", ATTENTION)]
        exported = markdown.render(document)
        assert not any(mark in exported for mark in ("{{", "{%", "{:", "pdf]]", "notice"))
        assert any("These fields" in question for question in found.questions)
        again(found)
    letter = read(HUGO).document.letter
    assert letter is not None
    figure = letter.blocks[0]
    assert isinstance(figure, Figure)
    assert (figure.alt, prose.plain(figure.caption)) == ("A falling curve", "Loss falls")
    assert "Read section 3." in markdown.render(read(HUGO).document)
    assert CodeBlock("print(1)", "python") in read(JEKYLL).document.items[1].passages


@pytest.mark.parametrize(
    "heading",
    [
        f"[arXiv:2106.09685]({LORA})",
        f"<{LORA}>",
        f"{LORA}",
        f"Paper: [{LORA}]({LORA}) | Code: https://code.example.org/lora",
        "arXiv:2106.09685",
        "doi:10.48550/arXiv.2106.09685",
        "10.48550/arXiv.2106.09685",
    ],
)
def test_sections_that_begin_with_the_link_of_a_work_are_items(heading: str) -> None:
    text = f"# Digest\n\nHello.\n\n## LoRA\n\n{heading}\n\nCheap.\n\n## Attention\n\n{ATTENTION}\n\nOld.\n"
    text += "\n## News\n\n- Lunch.\n"
    sections = read(text).document.sections
    assert [[item.title for item in section.items] for section in sections] == [["LoRA", "Attention"], ["Lunch."]]
    assert "2106.09685" in sections[0].items[0].url


def test_one_section_with_one_paper_stays_a_section() -> None:
    sections = read(f"# Digest\n\n## Paper of the week\n\n[LoRA]({LORA})\n\nCheap.\n").document.sections
    assert [(section.title, section.items[0].title) for section in sections] == [("Paper of the week", "LoRA")]


@pytest.mark.parametrize(
    "point",
    [
        f"**LoRA** ([arXiv]({LORA})) - cheap.",
        f"LoRA ([arXiv]({LORA})): cheap.",
        f"LoRA [[pdf]]({LORA}) – cheap.",
        f"[LoRA]({LORA}), cheap.",
        f"LoRA: {LORA} – cheap.",
    ],
)
def test_a_title_is_what_stands_before_a_link_with_a_usual_label(point: str) -> None:
    (item,) = read(f"# Digest\n\n## Papers\n\n- {point}\n").document.items
    assert (item.title, item.url, prose.plain(item.why)) == ("LoRA", LORA, "cheap.")


TABLE = f"""# Digest

## Papers

| # | Title | Authors | Link | Why | Year |
|---|-------|:-------:|------|-----|-----:|
| 1 | LoRA | Hu et al. | [arXiv]({LORA}) | cheap tuning | 2021 |
| 2 | [Attention]({ATTENTION}) | Ashish Vaswani and Noam Shazeer | [video](https://v.example.org/2) | the classic | |
"""


def test_a_row_of_a_table_of_papers_is_an_item() -> None:
    found = read(TABLE)
    lora, attention = found.document.items
    assert (lora.title, lora.url, lora.authors, prose.plain(lora.why)) == ("LoRA", LORA, "Hu et al.", "cheap tuning")
    assert [block.text for block in lora.blocks if isinstance(block, ListBlock)] == ["Year: 2021"]
    assert (attention.title, attention.authors) == ("Attention", "Ashish Vaswani and Noam Shazeer")
    assert "https://v.example.org/2" in markdown.render(found.document)
    assert not found.questions
    again(found)


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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("H~2~O and 10^5^ and x^2^", "H₂O and 10⁵ and x²"),
        (r"$r \ll d$ and $$W = W_0 + BA$$", "r ≪ d and W = W₀ + BA"),
        ("It costs $5 and $10.", "It costs $5 and $10."),
        ("`$HOME` and $x$", "$HOME and x"),
        ("rating:: 5", "rating: 5"),
        ("see [the plan](Plans/Plan%2047.md) and [it](zotero://select/items/A1)", "see the plan and it"),
        ("f[i](x) is a value", "f[i](x) is a value"),
        ("~~old~~ and ~5 m", "~~old~~ and ~5 m"),
    ],
)
def test_signs_of_programs_within_a_line(typed: str, meant: str) -> None:
    found = read(f"# Digest\n\n## Papers\n\n### [LoRA]({LORA})\n\nAbout it.\n\n{typed}\n")
    assert prose.plain(found.document.items[0].passages[-1].words) == meant  # type: ignore[union-attr]
    again(found)


def test_passages_of_a_library_are_quotes_with_their_source() -> None:
    cited = "[Hu et al., 2021, p. 1](zotero://select/library/items/A1)"
    quoted = f"“{QUOTE}” ({cited}) ([pdf](zotero://open-pdf/library/items/B2?page=1))"
    found = read(f"# Notes\n\n## LoRA\n\n[arXiv:2106.09685]({LORA})\n\n{quoted}\n\n## Attention\n\n{ATTENTION}\n")
    assert found.document.items[0].passages == (Quotation(QUOTE, "Hu et al., 2021, p. 1"),)
    assert any("Hu et al., 2021, p. 1" in question for question in found.questions)


def test_works_that_titles_name_by_author_and_year_are_those_of_the_references() -> None:
    text = f"""# Digest

## Papers

### LoRA (Hu et al., 2021)

Cheap.

### Recursively summarizing books

Long.

### Something else (Li, 2019)

No.

## References

Hu, E. J., et al. (2021). LoRA. {LORA}

Wu, J., et al. (2021). Recursively Summarizing Books with Human Feedback. https://arxiv.org/abs/2109.10862
"""
    found = read(text)
    assert [item.url for item in found.document.items] == [LORA, "https://arxiv.org/abs/2109.10862", ""]
    assert any("Something else" in question for question in found.questions)


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


def test_a_fold_with_the_link_of_a_work_is_an_item() -> None:
    fold = f"<details>\n<summary>LoRA</summary>\n\n[{LORA}]({LORA})\n\nCheap.\n\n</details>\n"
    found = read(f"# Digest\n\n## Papers\n\n{fold}\n### Attention\n\n[{ATTENTION}]({ATTENTION})\n")
    assert [item.title for item in found.document.items] == ["LoRA", "Attention"]


def test_a_query_of_a_note_is_left_out_and_named() -> None:
    found = read(
        f"# Note\n\n```dataview\nTABLE x FROM #a\n```\n\n## Papers\n\n### [LoRA]({LORA})\n\nCheap `= this.rating`.\n"
    )
    assert "TABLE" not in markdown.render(found.document)
    assert "this.rating" not in markdown.render(found.document)
    assert found.questions == ("Lists that another program fills in are not in the draft: dataview.",)


LABELLED = f"""# The batch

Hey there!

## 1️⃣ LoRA
🔗 **Link:** {LORA}
👥 **Authors:** Edward J. Hu, Yelong Shen, et al.
🏛 **Affiliation:** Microsoft
💡 **Takeaway:** Use it.

## 2️⃣ Attention
🔗 **Link:** {ATTENTION}
"""


def test_labels_in_bold_have_lines_of_their_own() -> None:
    found = read(LABELLED)
    lora, attention = found.document.items
    assert (lora.title, lora.url, lora.authors) == ("LoRA", LORA, "Edward J. Hu, Yelong Shen, et al.")
    assert (attention.title, attention.url) == ("Attention", ATTENTION)
    assert "🏛 **Affiliation:** Microsoft\n" in markdown.render(found.document)
    again(found)


GROUPS = (
    f"- **Efficiency**\n  - [LoRA]({LORA}): cheap\n  - [Books]({LORA}v2): long\n"
    f"- Architectures:\n  - [Attention]({ATTENTION})\n",
    f"### Efficiency\n\n#### [LoRA]({LORA})\n\ncheap\n\n#### [Books]({LORA}v2)\n\nlong\n\n"
    f"### Architectures\n\n#### [Attention]({ATTENTION})\n",
)


@pytest.mark.parametrize("groups", GROUPS)
def test_groups_of_papers_within_a_section_are_sections(groups: str) -> None:
    found = read(f"# Digest\n\nHi.\n\n## Papers\n\n{groups}\n## News\n\n- Lunch.\n")
    sections = found.document.sections
    assert [(section.title, [item.title for item in section.items]) for section in sections] == [
        ("Papers: Efficiency", ["LoRA", "Books"]), ("Papers: Architectures", ["Attention"]), ("News", ["Lunch."]),
    ]  # fmt: skip
    assert prose.plain(found.document.items[0].why) in ("cheap", "")
    again(found)


def test_a_list_of_points_with_links_below_one_paper_stays_its_list() -> None:
    text = (
        f"# Digest\n\n## Papers\n\n- [LoRA]({LORA})\n  - [code](https://code.example.org)\n- [Attention]({ATTENTION})\n"
    )
    assert [item.title for item in read(text).document.items] == ["LoRA", "Attention"]


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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("**bold _nested_ text**", "bold nested text"),
        ("***both*** of it", "both of it"),
        ("**snake_case_name** is", "snake_case_name is"),
    ],
)
def test_emphasis_within_emphasis_shows_no_marks(typed: str, meant: str) -> None:
    (item,) = read(f"# D\n\n## Papers\n\n### [LoRA]({LORA})\n\nFirst.\n\n{typed}\n").document.items
    assert prose.plain(item.passages[-1].words) == meant  # type: ignore[union-attr]


KEYS = f"""# Digest

Hi [@hu2021lora].

## Papers

### [LoRA]({LORA})

See [@hu2021; @vaswani2017, p. 3], [@1706.03762], [@10.1038/nature14539], [@nobody1999], [2, Section 3.1]
and `[@hu2021]`.

## References

[1] Hu, E. J. et al. LoRA. 2021. {LORA}
[2] Ashish Vaswani, Noam Shazeer. Attention. 2017. {ATTENTION}
"""


def test_citations_by_key_are_bound_to_the_references() -> None:
    found = read(KEYS)
    document = found.document
    assert prose.plain(document.intro) == "Hi [1]."
    (item,) = document.items
    assert prose.plain(item.passages[0].words) == (  # type: ignore[union-attr]
        "See [1], [2] (p. 3), [2], [3], [@nobody1999], [2] (Section 3.1) and [@hu2021]."
    )
    assert document.cited_numbers == {1, 2, 3}
    assert [entry.work.doi for entry in document.references] == ["", "", "10.1038/nature14539"]
    assert found.questions == ("The text cites [@nobody1999], which the references do not contain.",)
    again(found)


def test_lists_with_letters_have_no_bullets_for_readers() -> None:
    typed = read(f"# D\n\n## Papers\n\n### [LoRA]({LORA})\n\nSteps:\n\na) freeze\nb) train\n\n- x\n- y\n")
    page = read(
        f"<h1>D</h1><h2>Papers</h2><h3><a href='{LORA}'>LoRA</a></h3><p>Steps:</p>"
        "<ol type='a'><li>freeze</li><li>train</li></ol><ol start='5'><li>five</li><li>six</li></ol>"
    )
    for found in (typed, page):
        _steps, letters, others = found.document.items[0].passages
        assert isinstance(letters, ListBlock)
        assert isinstance(others, ListBlock)
        assert [mark for _depth, _point, mark in letters.rows()] == ["", ""]
        assert "- a) freeze\n- b) train" in markdown.render(found.document)
        assert '<ul class="lettered">' in html_page.render(found.document)
        (shown,) = block_parts([letters])
        assert isinstance(shown, Text)
        assert plain(shown.words) == "a) freeze\nb) train"
        again(found)
    assert [mark for _depth, _point, mark in page.document.items[0].passages[2].rows()] == ["5.", "6."]  # type: ignore[union-attr]
    assert [mark for _depth, _point, mark in typed.document.items[0].passages[2].rows()] == ["•", "•"]  # type: ignore[union-attr]


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


def test_a_numbered_list_without_a_section_is_a_list_of_papers() -> None:
    text = (
        f"# Papers, vol. 3\n\n1. [LoRA]({LORA})\n   - **Summary**: cheap\n   - simple\n\n2. [Attention]({ATTENTION})\n"
    )
    (section,) = read(text).document.sections
    assert [item.title for item in section.items] == ["LoRA", "Attention"]


def test_a_picture_beside_a_heading_belongs_to_it() -> None:
    rows = "".join(
        f"<tr><td><img src='https://img.example/{name}.png' alt='{name}'></td>"
        f"<td><h3><a href='{url}'>{name}</a></h3><p>It is {name}.</p></td></tr>"
        for name, url in (("LoRA", LORA), ("Attention", ATTENTION))
    )
    items = read(f"<html><h1>Digest</h1><table role='presentation'>{rows}</table></html>").document.items
    assert [(item.title, [block.alt for block in item.passages if isinstance(block, Figure)]) for item in items] == [
        ("LoRA", ["LoRA"]), ("Attention", ["Attention"]),
    ]  # fmt: skip


def test_a_byline_with_emphasis_is_the_signature() -> None:
    byline = "_by **Ana & Ben** | 20 Nov 2026 | 5 min read_"
    found = read(f"# Digest\n\n{byline}\n\nHello!\n\n## Papers\n\n### [LoRA]({LORA})\n\nCheap.\n")
    assert found.document.headline == ""
    assert found.document.letter is not None
    assert found.document.letter.by == "Ana & Ben"
    assert any("20 Nov 2026" in question for question in found.questions)


def test_a_newsletter_in_japanese_and_a_quote_with_its_place() -> None:
    text = (
        f"# 週刊\n\n皆さん、こんにちは。\n\n## 論文\n\n### [LoRA]({LORA})\n\n**理由**：安い。\n\n「{QUOTE}」（要旨）\n"
    )
    (item,) = read(text).document.items
    assert item.passages == (Quotation(QUOTE, "要旨"),)


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

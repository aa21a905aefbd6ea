"""Newsletters as other programs save them: every word is in the draft, or is asked about, and the export reads back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from time import process_time

import pytest

from bot.editions.importing.converters.from_html import markdown_of
from bot.editions.importing.dialects.markdown_dialects import in_known_form
from bot.editions.importing.markdown_importer import ImportedEdition, import_markdown
from bot.editions.model import prose
from bot.editions.model.blocks import ListBlock, Quotation
from bot.editions.model.templates import TEMPLATES
from bot.editions.render import markdown
from tests.editions.importing.test_markdown_dialects import BASE

ATTENTION, MOCO = "https://arxiv.org/abs/1706.03762", "https://arxiv.org/abs/2104.02057"


@dataclass(frozen=True)
class Form:
    """A text, and what it must become: titles by section, with the kind of each."""

    text: str
    sections: tuple[tuple[str, str, tuple[str, ...]], ...]
    title: str = "Digest"
    asked: tuple[str, ...] = ()
    left_out: str = ""
    """Words that are marks of the program, not of the person."""


TWO = (("Papers", "theme", ("Attention", "MoCo v3")),)

FORMS = {
    "Google Docs": Form(
        r"""# **Our week in papers** {#our-week-in-papers}

## **Vision \& Language** {\#vision}

### [**Attention**](https://www.google.com/url?q=https://arxiv.org/abs/1706.03762&sa=D&ust=1) {\#attention}

**Why \-\>** It is *short* and it changed everything\! Scores rose by 2\.0 BLEU \(28\.4 in all\).

![A graph][image1]

* first point, with \~5 % less
  * deeper \+ better
* second \#2 point

[image1]: <data:image/png;base64,iVBORw0KGgo=>
""",
        (("Vision & Language", "theme", ("Attention",)),),
        title="Our week in papers",
        left_out="image1 vision our week in papers attention data image png base64 ivborw0kggo",
    ),
    "numbered": Form(
        f"""# Digest

## 1. Vision

### 1.1 [Attention]({ATTENTION})

Why: it is good.

### 1.2) [MoCo v3]({MOCO})

Why: it is stable.

## 2) Tools

1. [Scenic](https://github.com/google-research/scenic) trains things.
2. [Other](https://github.com/x/y) does not.
""",
        (("1. Vision", "theme", ("Attention", "MoCo v3")), ("2) Tools", "code", ("Scenic", "Other"))),
        left_out="1 2",
    ),
    "emoji": Form(
        f"""# Digest

## Papers

### 1️⃣ [Attention]({ATTENTION})

👉 Why: it is good.

🔹 first thing
🔹 second thing

✅ done well
❌ done badly

### 2️⃣ [MoCo v3]({MOCO})

• a bullet
   ◦ a nested one
""",
        TWO,
    ),
    "a mail as text": Form(
        f"""DIGEST
======

View this email in your browser ( https://mail.example/view )

Hello everyone,

we read two papers.

PAPERS
------

* Attention ( {ATTENTION} )
It replaces recurrence.

* MoCo v3 ( {MOCO} )
It is stable.

** Tools
------------------------------------------------------------

Scenic ( https://github.com/google-research/scenic ) trains things.

============================================================
Copyright 2026 Our club. Unsubscribe ( https://mail.example/u )
""",
        (("PAPERS", "theme", ("Attention", "MoCo v3")), ("Tools", "code", ("Scenic",))),
        title="DIGEST",
        asked=("View this email", "Unsubscribe"),
    ),
    "Notion": Form(
        f"""# Digest

<aside>
💡 Two papers.

</aside>

## Papers

### Attention

[{ATTENTION}]({ATTENTION})

- Why

    It is good.

- Key insights
    - attention alone
    - no recurrence

### MoCo v3

[{MOCO}]({MOCO})

<details>
<summary>More</summary>

Hidden words.

</details>
""",
        TWO,
        left_out="aside details summary",
    ),
    "Obsidian": Form(
        f"""---
title: Digest
author: Mo
---
> [!note] Remember
> Bring the appendix.

## Papers

### [[Attention]] ([paper]({ATTENTION}))

==Highlighted== words. %%only mine%%

![[loss.png]]

### [[MoCo v3|MoCo v3]] [PDF](https://arxiv.org/pdf/2104.02057)

It is stable.
""",
        (("Papers", "theme", ("Attention", "MoCo v3 PDF")),),
        left_out="title author note only mine loss png",
    ),
    "a list of papers": Form(
        f"""# Digest

## Papers

1. **Attention** ({ATTENTION})
   - by Vaswani et al.
   - Why: it is good

     A second paragraph.
2. **MoCo v3** ({MOCO})

   > quoted from the abstract

   - it is stable

## Closing words

See you next week.
""",
        TWO,
        asked=("Closing words",),
        left_out="2",
    ),
    "paragraphs of papers": Form(
        f"""# Digest

## Papers

[Attention]({ATTENTION}) is short. We liked it.

[MoCo v3]({MOCO}) is stable.

## Found

> A quote that belongs to no paper.

```
some code
```
""",
        TWO,
        asked=("Found",),
    ),
    "bold lines for headings": Form(
        f"**Digest**\n\nHello!\n\n**Papers**\n\n**[Attention]({ATTENTION})**\nIt is good.\n\n"
        f"**[MoCo v3]({MOCO})**\nStable.\n",
        TWO,
    ),
    "HTML in Markdown": Form(
        f"""# Digest

- [Papers](#papers)
- [Attention](#attention)

## <a name="papers"></a>Papers

### <a href="{ATTENTION}"><b>Attention</b></a>

<p>Why: <em>good</em> &amp; <sup>2</sup>short &lt;tag&gt;<br/>next</p>
<ul><li>one</li><li>two <b>bold</b></li></ul>
<blockquote>quoted words</blockquote>
<table><tr><th>m</th><th>s</th></tr><tr><td>a</td><td>1</td></tr></table>
<h3><a href="{MOCO}">MoCo v3</a></h3>
Stable.\\
Still. Mail [me](mailto:mo@club.test).
""",
        TWO,
        left_out="a name href b p em amp sup 2 short lt gt br ul li blockquote table tr th td h3 mailto mo club test",
    ),
    "a page": Form(
        f"""<!doctype html><html><head><title>Not read</title><style>p {{ color: red }}</style></head><body>
<div style="display:none">Preview only</div><table role="presentation"><tr><td>
<h1>Digest</h1><p>Hello <b>all</b>,</p><p>two papers*.<br>Enjoy.</p></td></tr></table>
<h2>Papers</h2><h3><a href="{ATTENTION}">Attention</a></h3><p><strong>Why</strong> → it is <em>good</em> [sic].</p>
<ul><li>one<ul><li>nested</li></ul></li><li><p>two</p><p>more</p></li></ul>
<blockquote><p>quoted</p><p>— Ada</p></blockquote>
<table><tr><th>m</th><th>s</th></tr><tr><td>a</td><td>1</td></tr></table>
<img src="https://x.test/a.png" alt="A picture"><img src="https://t.test/open.gif" width="1" height="1">
<h3><a href="{MOCO}">MoCo v3</a></h3><pre>x = 1
y = 2</pre><hr><p>Bye.</p></body></html>""",
        TWO,
        left_out="doctype html head title not read style p color red div display none preview only table role "
        "presentation tr td h1 b br h2 h3 a href strong em ul li blockquote th img src alt width 1 height pre hr body",
    ),
}  # fmt: skip


def read(text: str) -> ImportedEdition:
    return import_markdown(text, BASE, TEMPLATES["weekly-update"])


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", re.sub(r"https?://\S+", " ", text).casefold())


@pytest.mark.parametrize("name", FORMS)
def test_every_word_of_another_form_is_kept_or_asked_about(name: str) -> None:
    form = FORMS[name]
    found = read(form.text)
    made = found.document
    assert made.title == form.title
    assert [(s.title, s.kind, tuple(i.title for i in s.items)) for s in made.sections] == list(form.sections)
    papers = [item for section in made.sections if section.kind == "theme" for item in section.items]
    assert [item.key for item in papers] == ["arxiv:1706.03762", "arxiv:2104.02057"][: len(papers)]
    exported = markdown.render(made)
    known = {*words(exported), *words(form.left_out), *words(" ".join(found.questions))}
    assert [word for word in words(form.text) if word not in known] == []
    assert len(found.questions) == len(form.asked), found.questions
    assert all(any(part in question for question in found.questions) for part in form.asked)
    again = read(exported)
    assert again.exported
    assert markdown.render(again.document) == exported


def item_of(name: str, at: int = 0) -> tuple[str, list[str], list[object]]:
    """Why, key insights and the other blocks of an item."""
    item = read(FORMS[name].text).document.items[at]
    insights = [prose.plain(p.words) for b in item.insights if isinstance(b, ListBlock) for _, p, _ in b.rows()]
    return prose.plain(item.why), insights, list(item.passages)


def test_texts_are_recognized_by_their_labels() -> None:
    assert item_of("Notion")[:2] == ("It is good.", ["attention alone", "no recurrence"])
    assert item_of("Google Docs")[0].startswith("It is short and it changed everything! Scores rose by 2.0 BLEU (28.4")
    assert item_of("a mail as text")[0] == "It replaces recurrence."
    why, _, (quote, _) = item_of("a list of papers", 1)
    assert why == ""
    assert isinstance(quote, Quotation)
    assert quote.text == "quoted from the abstract"
    assert read(FORMS["a list of papers"].text).document.items[0].authors == "Vaswani et al."
    _, _, (points,) = item_of("emoji")
    assert isinstance(points, ListBlock)
    assert [prose.plain(p.words) for _, p, _ in points.rows()] == [
        "first thing", "second thing", "✅ done well", "❌ done badly",
    ]  # fmt: skip


def test_names_of_authors_are_told_from_sentences() -> None:
    def authors(line: str) -> str:
        return read(f"# D\n\n## P\n\n### [Attention]({ATTENTION})\n\n{line}\n\nWhy: good\n").document.items[0].authors

    assert authors("By Ben Sorscher, Robert Geirhos, Ari S. Morcos.") == "Ben Sorscher, Robert Geirhos, Ari S. Morcos"
    assert authors("Von Ada Lovelace und Alan Turing") == "Ada Lovelace und Alan Turing"
    assert authors("By David Dohan, Winnie Xu et al.") == "David Dohan, Winnie Xu et al."
    assert authors("By training longer, the model gets better.") == ""
    assert authors("By 2030 this will be solved.") == ""


def test_what_the_draft_has_no_place_for_is_named() -> None:
    text = f"""# D

## Major themes

This week had two themes.

- Vision

## References

Some words on them.

[1] Ada Lovelace. Notes. 1843.
- A work without a number, 1999.

## P

### [Attention]({ATTENTION})

Why: good [1].

---

Bye.

> A last quote.

- one last bullet
"""
    found = read(text)
    assert found.questions == ("This is not in the draft: “This week had two themes.”",)
    assert [(e.number, e.work.title) for e in found.document.references] == [
        (2, "Some words on them"), (1, "Ada Lovelace. Notes. 1843"), (3, "- A work without a number, 1999"),
    ]  # fmt: skip
    assert prose.plain(found.document.sign_off) == "Bye.\n\n“A last quote.”\n\n• one last bullet"


def test_a_line_that_a_change_of_ours_would_lose_is_named() -> None:
    lines = "\n".join(f"Word{n} is here." for n in range(12))
    found = read(f"# D\n\n## Themes\n\n{lines}\n\n## P\n\n### [Attention]({ATTENTION})\n\nx\n")
    assert len(found.questions) == 9
    assert found.questions[-1] == "4 more lines are not in the draft."


@pytest.mark.parametrize(
    "piece",
    ["<ul>", "<table><tr>", "**x", "%%", "[[a", "==a", "![a](data:image/png;base64,", "🔹 a\n", "- [a](#b)\n",
     "> [!x] y\n", "a ( https://a", "<div>", "- Why\n"],
)  # fmt: skip
def test_hostile_texts_are_read_in_time(piece: str) -> None:
    begun = process_time()
    in_known_form("# T\n\n" + piece * 8_000)
    markdown_of(piece * 3_000)
    assert process_time() - begun < 6

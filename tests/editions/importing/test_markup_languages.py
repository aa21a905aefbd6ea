"""Newsletters in other markup languages, of site generators, and of programs for notes."""

from __future__ import annotations

import pytest

from bot.editions.model import prose
from bot.editions.model.blocks import CodeBlock, Figure, ListBlock, Quotation
from bot.editions.render import markdown
from tests.editions.importing.test_forms_of_programs import read
from tests.editions.importing.test_items_of_newsletters import ATTENTION, LORA, QUOTE, again

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


def test_a_query_of_a_note_is_left_out_and_named() -> None:
    found = read(
        f"# Note\n\n```dataview\nTABLE x FROM #a\n```\n\n## Papers\n\n### [LoRA]({LORA})\n\nCheap `= this.rating`.\n"
    )
    assert "TABLE" not in markdown.render(found.document)
    assert "this.rating" not in markdown.render(found.document)
    assert found.questions == (
        "The file has queries for another program, which I cannot run. They are not in the draft: dataview.",
    )


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

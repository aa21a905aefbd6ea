"""Drafts as programs for newsletters and notes export them: cards, boxes, wiki links, properties, counted links."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest

from bot.domain.links.urls import without_trackers
from bot.editions.importing.draft_files.pictures import with_named_pictures
from bot.editions.importing.markdown_importer import ImportedEdition, import_markdown
from bot.editions.model import prose
from bot.editions.model.blocks import Figure, ListBlock, Paragraph, Quotation
from bot.editions.model.document import Item
from bot.editions.model.templates import TEMPLATES
from bot.editions.render import email, html_page, markdown
from bot.editions.render.figure_addresses import WITHOUT_PAGES
from tests.editions.importing.test_markdown_dialects import BASE

TEMPLATE = TEMPLATES["weekly-update"]

SUBSTACK = """<!doctype html><html><head><title>Reading #12</title></head><body>
<h1 class="post-title">Reading #12</h1><h3 class="subtitle">Two papers</h3>
<div class="available-content"><div dir="auto" class="body markup">
<p>Hello all, this week I went small.</p>
<h2>Papers</h2>
<h3><a href="https://arxiv.org/abs/2104.02057">MoCo v3</a></h3>
<p>It tells where training breaks.<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a></p>
<div class="pullquote"><p>Instability is a major issue.</p></div>
<div id="youtube2-abc" class="youtube-wrap"><iframe src="https://www.youtube-nocookie.com/embed/abc123"></iframe></div>
<h3><a href="https://open.substack.com/pub/x?utm_source=y&amp;url=https://arxiv.org/abs/2207.10342">Cascades</a></h3>
<p>Prompts as programs.</p>
<div class="digest-post-embed"
data-attrs="{&quot;title&quot;:&quot;Another post&quot;,&quot;canonical_url&quot;:&quot;https://m.substack.com/p/a&quot;}"></div>
<p class="button-wrapper"><a class="button primary" href="https://m.substack.com/p/12?action=share">Share</a></p>
<div><hr></div><p>See you next week.</p>
<div class="footnote"><a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a><div
class="footnote-content"><p>Only for large batches.</p></div></div>
</div></div></body></html>"""

BEEHIIV = """<div class='beehiiv'><div><h1>Small Models Weekly</h1>
<a href="https://www.smw.example/p/12">Read Online</a>
<p>Good morning.</p>
<h2 id="papers"><b>Papers</b></h2>
<p><b>🧠 </b><a href="https://arxiv.org/abs/2104.02057?utm_source=smw&_bhlid=ab01"><b>MoCo v3</b></a></p>
<p>It tells where training breaks.</p>
<ul><li><p>Freeze the first layer</p></li><li><p>Look at gradients</p></li></ul>
<div class="image"><img alt="" class="image__image" src="https://media.beehiiv.com/uploads/a.png"/><div
class="image__source"><span class="image__source_text"><p>Curves of three runs</p></span></div></div>
<p><b>📚 </b><a class="link" href="https://arxiv.org/abs/2207.10342?utm_source=smw"><b>Cascades</b></a></p>
<p>Prompts as programs.</p>
<div class="blockquote"><blockquote class="blockquote__quote"><p>A cascade is a program.</p><figcaption
class="blockquote__byline">Dohan et al.</figcaption></blockquote></div>
<p><a href="https://www.smw.example/unsubscribe">Unsubscribe</a> | 228 Park Ave, New York</p></div></div>"""

GHOST = """<article><h1>Friday Papers</h1><p>Hello readers.</p><h2 id="papers">Papers</h2>
<h3 id="moco"><a href="https://arxiv.org/abs/2104.02057?ref=friday.example">MoCo v3</a></h3>
<p>It tells where training breaks.</p>
<div class="kg-card kg-callout-card"><div class="kg-callout-emoji">💡</div><div
class="kg-callout-text">Freeze the first layer.</div></div>
<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container"
href="https://github.com/facebookresearch/moco-v3?ref=friday.example"><div class="kg-bookmark-content"><div
class="kg-bookmark-title">facebookresearch/moco-v3</div><div class="kg-bookmark-description">PyTorch code</div><div
class="kg-bookmark-metadata"><img class="kg-bookmark-icon" src="https://github.com/favicon.ico" alt=""><span
class="kg-bookmark-author">GitHub</span></div></div><div class="kg-bookmark-thumbnail"><img
src="https://opengraph.githubassets.com/1/x" alt=""></div></a></figure>
<h3 id="casc"><a href="https://arxiv.org/abs/2207.10342?ref=friday.example">Cascades</a></h3>
<p>Prompts as programs.</p><blockquote class="kg-blockquote-alt">A cascade is a program.</blockquote>
<div class="kg-card kg-button-card"><a href="#/portal/signup" class="kg-btn">Sign up now</a></div>
<div class="kg-card kg-signup-card"><h2>Sign up for Friday</h2><p>No spam.</p></div></article>"""

NOTION = """# Paper Club Digest 14

Status: Draft
Owner: Lea
Tags: vision, language

<aside>
💡 This week: two papers.

</aside>

## Papers

### [MoCo v3](https://arxiv.org/abs/2104.02057)

It tells where training breaks.

- [x]  read by all
- [ ]  discuss

> Instability is a major issue.
>

### Cascades https://arxiv.org/abs/2207.10342

Prompts as programs.

[Notes](Notes%20on%20cascades%201a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d.md)
"""

OBSIDIAN = """---
tags:
  - vision
---
# Digest 14

## Papers

### [MoCo v3](https://arxiv.org/abs/2104.02057)

It tells where training breaks^[Only for large batches.] and why.[^1] See [[Plan|the plan]]. ==Good==. ^block1

> [!quote] Section 3
> Instability is a major issue.

![[Another note]]

### [[@dohan2022|Cascades]] https://arxiv.org/abs/2207.10342

Prompts as programs.

[^1]: Large means 4096.
"""


def read(text: str) -> ImportedEdition:
    return import_markdown(with_named_pictures(text, {}).text, BASE, TEMPLATE)


def items(text: str) -> tuple[Item, Item]:
    """The two papers that every one of these drafts has, with clean addresses."""
    first, second = read(text).document.items
    assert [first.title, second.title] == ["MoCo v3", "Cascades"]
    assert [first.url, second.url] == ["https://arxiv.org/abs/2104.02057", "https://arxiv.org/abs/2207.10342"]
    assert "It tells where training breaks" in prose.plain(first.why) + " ".join(b.text for b in first.blocks)
    return first, second


@pytest.mark.parametrize("text", [SUBSTACK, BEEHIIV, GHOST, NOTION, OBSIDIAN])
def test_an_export_of_it_reads_back_to_itself(text: str) -> None:
    items(text)
    once = markdown.render(read(text).document)
    again = import_markdown(once, BASE, TEMPLATE)
    assert markdown.render(again.document) == once
    assert "utm_" not in once
    assert "friday.example" not in once


def test_substack_has_quotes_footnotes_cards_and_videos() -> None:
    first, second = items(SUBSTACK)
    assert [block.text for block in first.blocks if isinstance(block, Quotation)] == ["Instability is a major issue."]
    assert [(badge.kind, badge.label) for badge in first.badges] == [("video", "Video")]
    assert [link.url for block in second.blocks for link in block.links] == ["https://m.substack.com/p/a"]
    found = read(SUBSTACK)
    assert "\\[1\\] Only for large batches." in markdown.render(found.document)
    assert "Share" not in markdown.render(found.document)
    assert not any("Cascades" in question for question in found.questions)


def test_beehiiv_has_items_without_headings_captions_and_sources_of_quotes() -> None:
    first, second = items(BEEHIIV)
    (figure,) = (block for block in first.blocks if isinstance(block, Figure))
    assert prose.plain(figure.caption) == "Curves of three runs"
    assert any(isinstance(block, ListBlock) for block in first.blocks)
    (quote,) = (block for block in second.blocks if isinstance(block, Quotation))
    assert (quote.text, quote.where) == ("A cascade is a program.", "Dohan et al.")
    asked = " ".join(read(BEEHIIV).questions)
    assert "Read Online" in asked
    assert "Unsubscribe" in asked
    assert "- : <" not in markdown.render(read(BEEHIIV).document)


def test_ghost_has_boxes_and_links_in_place_of_cards_and_no_forms() -> None:
    first, _second = items(GHOST)
    texts = [block.text for block in first.blocks if isinstance(block, Paragraph)]
    assert "💡 Freeze the first layer." in texts
    assert "facebookresearch/moco-v3: PyTorch code" in texts
    found = read(GHOST)
    assert found.questions == ()
    assert "ign up" not in markdown.render(found.document)


def test_notion_has_properties_that_are_asked_about() -> None:
    items(NOTION)
    found = read(NOTION)
    assert "Status, Owner, Tags" in found.questions[0]
    assert "Notes" in found.questions[1]
    assert "Owner" not in markdown.render(found.document)
    mine = NOTION.replace("Status: Draft\nOwner: Lea\nTags: vision, language", "Note: it is short\nAlso: it is late")
    assert "it is short" in markdown.render(read(mine).document)


def test_obsidian_has_footnotes_within_the_text_and_notes_within_notes() -> None:
    first, _second = items(OBSIDIAN)
    found = read(OBSIDIAN)
    written = markdown.render(found.document)
    assert "\\[1\\] Only for large batches." in written
    assert "\\[2\\] Large means 4096." in written
    assert "See the plan. Good." in " ".join([prose.plain(first.why), *(block.text for block in first.blocks)])
    assert any("Another note" in question for question in found.questions)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("https://a.org/x?utm_source=b&id=3&_bhlid=c#top", "https://a.org/x?id=3#top"),
        ("https://a.org/x?ref=letters.example", "https://a.org/x"),
        ("https://github.com/a/b/tree/x?ref=main", "https://github.com/a/b/tree/x?ref=main"),
        ("https://a.org/x?fbclid=1&amp;mc_cid=2", "https://a.org/x"),
        ("https://a.org/x?a=%20b", "https://a.org/x?a=%20b"),
        ("https://a.org/x?", "https://a.org/x?"),
        ("https://a.org/x", "https://a.org/x"),
    ],
)
def test_an_address_does_not_say_which_newsletter_it_is_from(given: str, clean: str) -> None:
    assert without_trackers(given) == clean


FIGURES = {
    "latex": r"""\documentclass{article}\title{Digest}\begin{document}\maketitle
\section{Papers}
\subsection{\href{https://arxiv.org/abs/2104.02057}{MoCo v3}}
It tells where training breaks.
\begin{figure}\includegraphics{curves}\caption{Loss curves of three runs}\end{figure}
\end{document}""",
    "wiki": """= Digest =
== Papers ==
=== [https://arxiv.org/abs/2104.02057 MoCo v3] ===
It tells where training breaks.

[[File:Curves.png|thumb|Loss curves of three runs]]
""",
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_whose_picture_is_missing_has_its_words_once(name: str) -> None:
    document = read(FIGURES[name]).document
    (figure,) = (block for block in document.items[0].blocks if isinstance(block, Figure))
    assert figure.alt == prose.plain(figure.caption) == "Loss curves of three runs"
    for made in (
        markdown.render(document, figures=WITHOUT_PAGES),
        email.render(document),
        html_page.render(document),
    ):
        assert made.count("Loss curves") == 1
    shown = replace(figure, caption=())
    assert shown.replacement == "Loss curves of three runs"


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("*Haomin Zuo, Zhengyang Li, Jiangchuan Gong u. a.*", "Haomin Zuo, Zhengyang Li, Jiangchuan Gong u. a."),
        ("*Nam Nguyen et al.*", "Nam Nguyen et al."),
        ("*Ada Lovelace, Alan Turing*", "Ada Lovelace, Alan Turing"),
        ("*Best Paper*", ""),
        ("*Short, and it works*", ""),
    ],
)
def test_names_in_italics_below_a_title_are_its_authors(line: str, authors: str) -> None:
    text = f"# D\n\n## Papers\n\n### [MoCo v3](https://arxiv.org/abs/2104.02057)\n\n{line}\n\n**Why:** It is short.\n"
    (item,) = read(text).document.items
    assert item.authors == authors
    assert bool(item.passages) is not bool(authors)


@pytest.mark.parametrize("piece", ["^[a ", "## a - ", "**🧠", "![[a", "[x](https://a.org/?", "A: b\n", "![a](b)\n\n"])
def test_hostile_texts_are_read_in_time(piece: str) -> None:
    started = process_time()
    read(f"# T\n\n{piece * 4000}\n\n## Papers\n\n### [A](https://arxiv.org/abs/1706.03762)\n\nText.\n")
    assert process_time() - started < 6

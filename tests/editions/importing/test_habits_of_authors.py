"""What people do in newsletters, beyond Markdown: each habit is read as it is meant, and no word changes its place."""

from __future__ import annotations

import re

import pytest

from bot.chat.rich_text import Bold, Italic, Link
from bot.editions.edit.markup_parser import parse_blocks
from bot.editions.edit.markup_writer import write_blocks
from bot.editions.importing.markdown_importer import ImportedEdition
from bot.editions.model import prose
from bot.editions.model.blocks import CodeBlock, Figure, ListBlock, Paragraph, Quotation
from bot.editions.render import markdown
from tests.editions.importing.test_forms_of_programs import read

LORA, ACE = "https://arxiv.org/abs/2106.09685", "https://arxiv.org/abs/2510.04618"
ITEM = f"# Week\n\n## Papers\n\n### [LoRA]({LORA})\n\n"


def shape(found: ImportedEdition) -> list[tuple[str, str, list[str]]]:
    """Sections with their kinds and the titles of their items."""
    return [(part.title, part.kind, [item.title for item in part.items]) for part in found.document.sections]


def not_placed(found: ImportedEdition) -> list[str]:
    return [question for question in found.questions if "not in the draft" in question]


def test_headings_underlined_below_a_bare_title_are_sections() -> None:
    text = "Weekly list\n\nHello everyone,\n\ntwo papers.\n\n"
    text += f"ARTICLES\n========\n\n1. One paper\n   {LORA}\n   Why: short.\n\n"
    text += f"2. Another one\n   {ACE}\n   Good one.\n\nNEWS\n====\n\n- The meeting has moved: https://lyon.example/\n"
    found = read(text)
    assert shape(found) == [
        ("ARTICLES", "theme", ["One paper", "Another one"]),
        ("NEWS", "news", ["The meeting has moved"]),
    ]
    assert [item.url for item in found.document.items[:2]] == [LORA, ACE]
    assert not not_placed(found)


def test_links_of_their_own_are_a_section_and_a_list_of_all_links_is_none() -> None:
    own = read(
        f"{ITEM}Why: good\n\n## Links\n\n- [RAG](https://a.example/rag) is not dead.\n- [PhD](https://b.example/1)\n"
    )
    assert shape(own)[1:] == [("Links", "picks", ["RAG", "PhD"])]
    assert not own.questions
    listed = read(f"{ITEM}Why: good\n\n## Links\n\n- LoRA: <{LORA}>\n")
    assert [title for title, _, _ in shape(listed)] == ["Papers"]


def test_what_follows_the_references_is_the_sign_off_and_entries_are_read_as_typed() -> None:
    text = f"{ITEM}As in [2], [3] and [^a].\n\n## References\n\n[2] Wu et al. Books. arXiv:2109.10862\n\n"
    text += "[3] Goethe, *Faust*, 1808.\n"
    text += f"\n[4] A remark, see [LoRA]({LORA}).\n\nUntil next time!\n\n[^a]: Hu et al., [LoRA]({LORA}), ICLR 2022.\n"
    found = read(text)
    shown = markdown.render(found.document)
    assert prose.plain(found.document.sign_off) == "Until next time!"
    for line in (
        "\\[2\\] [Wu et al. Books](https://arxiv.org/abs/2109.10862). arXiv:2109.10862.",
        "\\[3\\] Goethe, Faust, 1808.",
        f"\\[4\\] [A remark, see LoRA]({LORA}).",
        f"\\[5\\] Hu et al. [LoRA]({LORA}). ICLR 2022.",
        "As in \\[2\\], \\[3\\] and \\[5\\].",
    ):
        assert line in re.sub(r" +", " ", shown)
    assert not found.questions


def test_a_work_is_known_by_its_id_and_links_beside_a_title_are_badges() -> None:
    found = read(
        "# Week\n\n## Papers\n\n### 3. Hopfield Networks (arXiv:2008.02217v3)\n\nWhy: old\n\n"
        f"### LoRA, again ([paper]({LORA}), [slides](https://slides.example/lora.pdf))\n\nWhy: new\n"
    )
    hopfield, lora = found.document.items
    assert hopfield.url == "https://arxiv.org/abs/2008.02217v3"
    assert (lora.title, lora.url) == ("LoRA, again", LORA)
    assert [badge.label for badge in lora.badges] == ["paper", "slides"]
    assert not found.questions


def test_a_label_of_the_author_stays_and_none_is_invented() -> None:
    found = read(
        f"{ITEM}**TL;DR:** One shape.\n\n**Why it matters:** Not free.\n\n## Other news\n\n- Room 4.12 is closed.\n"
    )
    lora, _ = found.document.items
    assert prose.plain(lora.why) == "Not free."
    assert [prose.plain(b.words) for b in lora.passages if isinstance(b, Paragraph)] == ["TL;DR: One shape."]
    shown = markdown.render(found.document)
    assert "Why** → Room" not in shown
    assert shape(found)[1][1] == "news"
    assert [q for q in found.questions if "Room 4.12" in q] == [
        "“Room 4.12 is closed.” has no link: which page is it about?"
    ]


def test_a_list_within_prose_is_no_list_of_items_and_what_follows_stays_behind() -> None:
    found = read(f"{ITEM}Why: good\n\n## A rant\n\nNobody counts.\n\n1. One\n2. Two\n\nThat is all I have.\n")
    assert len(found.document.items) == 1
    letter = found.document.letter
    assert letter is not None
    assert [type(block).__name__ for block in letter.blocks] == ["Subheading", "Paragraph", "ListBlock", "Paragraph"]
    news = read(f"{ITEM}Why: good\n\n## News\n\n- [A fair](https://fair.example/)\n\nThere is cake.\n")
    assert [prose.plain(b.words) for b in news.document.items[-1].passages if isinstance(b, Paragraph)] == [
        "There is cake."
    ]


def test_titles_made_of_points_lose_no_bracket() -> None:
    found = read(
        f"{ITEM}Why: good\n\n## Code\n\n* `uv` (https://uv.example/) replaced it.\n- Quantisation (FP8, BF16)\n"
    )
    assert [item.title for item in found.document.items[1:]] == ["uv replaced it.", "Quantisation (FP8, BF16)"]


def test_an_address_may_have_brackets() -> None:
    for text in (
        "An intro with a [set](https://a.example/Set_(maths)) in it.",
        "An intro with https://a.example/Set_(maths) in it.",
        "An intro (see https://a.example/Set_(maths)) in it.",
    ):
        links = prose.links(read(f"# Week\n\n{text}\n\n## Papers\n\n### [LoRA]({LORA})\n\nWhy: x\n").document.intro)
        assert [link.url for link in links] == ["https://a.example/Set_(maths)"]
        assert [link.url for link in prose.links(prose.read(text))] == ["https://a.example/Set_(maths)"]
    assert prose.read("(https://a.example/x)")[1] == Link("https://a.example/x", "https://a.example/x")


def test_a_point_goes_on_below_and_a_table_is_a_list_of_its_own() -> None:
    text = f"{ITEM}**Key insights** →\n\n1) first\n2) second\n\n   more of it\n\n   - nested\n3) third\n\n"
    text += "| a | b |\n|---|---|\n| 1 | 2 |\n"
    (item,) = read(text).document.items
    points, table = item.insights
    assert isinstance(points, ListBlock)
    assert isinstance(table, ListBlock)
    assert [prose.plain(point.words) for point in points.points] == ["first", "second more of it", "third"]
    assert points.points[1].below is not None
    assert [prose.plain(point.words) for point in table.points] == ["a: 1; b: 2"]


def test_a_list_keeps_its_own_numbers() -> None:
    for typed, exported in {
        "1. one\n2. two\n5. five": "1. one\n2. two\n\n5. five",
        "7) seven\n8) eight": "7. seven\n8. eight",
        "3. bronze\n2. silver\n1. gold": "3. bronze\n\n2. silver\n\n1. gold",
        "1. one\n1. two": "1. one\n2. two",
        "① eins\n② zwei": "1. eins\n2. zwei",
        "a) alpha\nb) beta": "- a) alpha\n- b) beta",
        "i. one\nii. two": "- i. one\n- ii. two",
        "A. Author\nB. Writer": "A. Author B. Writer",
    }.items():
        found = read(f"{ITEM}{typed}\n")
        text = markdown.render(found.document)
        assert f"\n\n{exported}\n\n" in text, typed
        assert not found.questions
        assert markdown.render(read(text).document) == text
        assert write_blocks(parse_blocks(typed)) == exported, typed


def test_a_program_keeps_its_language_and_a_frame_is_a_link() -> None:
    found = read(f"{ITEM}```python\nprint(1)\n```\n")
    assert found.document.items[0].passages == (CodeBlock("print(1)", "python"),)
    assert "\n```python\nprint(1)\n```\n" in markdown.render(found.document)
    frame = (
        '<iframe width="560" src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0" allowfullscreen></iframe>'
    )
    page = f"<html><h1>W</h1><h2>P</h2><h3><a href='{LORA}'>L</a></h3><p>Watch it: {frame}</p></html>"
    for text in (f"{ITEM}Watch it: {frame}\n", page):
        (item,) = read(text).document.items
        urls = [badge.url for badge in item.badges] + [link.url for block in item.blocks for link in block.links]
        assert urls == ["https://www.youtube.com/watch?v=dQw4w9WgXcQ"]


def test_emphasis_beside_emphasis_and_brackets_in_a_description() -> None:
    (item,) = read(f"{ITEM}A **bold***italic* end.\n\n![a [b] c](https://img.example/x.png)\n").document.items
    paragraph, figure = item.passages
    assert paragraph == Paragraph(("A ", Bold("bold"), Italic("italic"), " end."))
    assert isinstance(figure, Figure)
    assert figure.alt == "a [b] c"


def test_a_quote_keeps_its_list_and_loses_its_marks() -> None:
    text = "> LoRA is better:\n>\n> - fewer parameters\n> - no latency\n"
    (item,) = read(f"{ITEM}{text}").document.items
    (quote,) = item.passages
    assert isinstance(quote, Quotation)
    assert quote.text == "LoRA is better:\n\n- fewer parameters\n- no latency"
    (item,) = read(f"{ITEM}>> LoRA has no latency at all.\n").document.items
    assert item.passages == (Quotation("LoRA has no latency at all."),)


def test_a_greeting_in_any_words_belongs_to_the_letter() -> None:
    for greeting in ("Hej friends,", "Ahoj přátelé!", "Dear all,"):
        document = read(f"# W\n\n{greeting}\n\nHere is the week.\n\n## Papers\n\n### [L]({LORA})\n\nWhy: x\n").document
        assert document.intro == ()
        assert document.letter is not None
        assert len(document.letter.blocks) == 2


def test_a_page_with_a_subtitle_and_footnotes() -> None:
    found = read(
        f"""<html><body><h1>Context</h1><h3 class="subtitle">Five papers</h3><p>Dear readers,</p><p>a letter.</p>
        <h2>Agents</h2><h3><a href="{ACE}">ACE</a></h3><p>No collapse.<a href="#footnote-1">1</a></p>
        <p>That's all. Until next week!</p><div class="footnote"><a id="footnote-1" href="#footnote-anchor-1">1</a>
        <div><p>Not always.</p></div></div></body></html>"""
    )
    made = found.document
    assert (made.headline, prose.plain(made.sign_off)) == ("Five papers", "That's all. Until next week!")
    assert shape(found) == [("Agents", "theme", ["ACE"])]
    assert made.letter is not None
    assert [entry.work.title for entry in made.references] == ["Not always"]
    assert "No collapse. \\[1\\]" in markdown.render(made)
    assert not found.questions


def test_a_paragraph_that_begins_with_its_link_is_an_item_with_all_that_follows() -> None:
    found = read(
        f"# Week\n\n## Papers\n\nFirst a word.\n\n[LoRA]({LORA}). It needs little memory.\n\n"
        "Second paragraph on LoRA.\n\n"
        f"**[ACE]({ACE})** is a classic.\n\n- one point\n\n"
        "## More\n\n[Again](https://arxiv.org/abs/1706.03762)\nWhy: short.\n"
    )
    lora, ace, again = found.document.items
    assert prose.plain(found.document.sections[0].intro) == "First a word."
    assert [prose.plain(b.words) for b in lora.passages if isinstance(b, Paragraph)] == [
        "It needs little memory.",
        "Second paragraph on LoRA.",
    ]
    first, points = ace.passages
    assert isinstance(first, Paragraph)
    assert prose.plain(first.words) == "ACE is a classic.", "a sentence is not beheaded"
    assert isinstance(points, ListBlock)
    assert prose.plain(again.why) == "short."
    counted = read(f"Week\n\n1. [LoRA]({LORA}) is small.\n\n1. [ACE]({ACE}): new.\n").document
    assert [item.title for item in counted.items] == ["LoRA", "ACE"]


def test_a_mail_with_bold_links_and_small_print() -> None:
    found = read(
        f"""<html><body><p>Liebe alle,</p><p>ein Brief.</p><h2>Papers</h2>
        <p><b><a href="{LORA}">LoRA</a></b><br>Warum: klein.</p>
        <p><b><a href="{ACE}">ACE</a></b> – neu.</p><ul><li>Punkt 1</li><li>Punkt 2</li></ul><p>Viele Grüße<br>Kai</p>
        <p>Sie erhalten diese Mail, weil … <a href="https://mail.example/unsubscribe">abmelden</a></p></body></html>"""
    )
    lora, ace = found.document.items
    assert prose.plain(lora.why) == "klein."
    assert [type(block) for block in ace.passages] == [Paragraph, ListBlock]
    assert prose.plain(found.document.sign_off) == "Viele Grüße\nKai"
    (left_out,) = not_placed(found)
    assert "abmelden" in left_out, "nobody should leave the list of another by it"


def test_what_stands_above_the_line_stays_there() -> None:
    raised = "10<sup>5</sup> tokens, 3·10<sup>-4</sup>, H<sub>2</sub>O, the 2<sup>nd</sup>, e<sup>max x</sup>, "
    raised += "they say<sup>1</sup>."
    shown = "10⁵ tokens, 3·10⁻⁴, H₂O, the 2nd, e^(max x), they say¹."
    for text in (
        f"{ITEM}{raised}\n",
        f"<html><h1>W</h1><h2>P</h2><h3><a href='{LORA}'>L</a></h3><p>{raised}</p></html>",
    ):
        (item,) = read(text).document.items
        assert [prose.plain(b.words) for b in item.passages if isinstance(b, Paragraph)] == [shown]


def test_a_why_may_have_several_paragraphs_or_be_a_list() -> None:
    (item,) = read(f"{ITEM}**Why** → First.\n\nSecond.\n\n**Key insights** → Only one.\n").document.items
    assert prose.plain(item.why) == "First."
    assert item.why_more == (Paragraph(("Second.",)),)
    assert item.passages == ()
    (item,) = read(f"{ITEM}**Why it matters:**\n\n- it is short\n- it is new\n").document.items
    assert item.why == ()
    assert [type(block) for block in item.why_more] == [ListBlock]
    (item,) = read(f"{ITEM}**Why** → First.\n\n- one\n- two\n\n**Key insights** → Only one.\n").document.items
    assert [type(block) for block in item.why_more] == [ListBlock]
    (item,) = read(f"{ITEM}**Why** → First.\n\nA note.\n").document.items
    assert item.why_more == ()
    assert [type(block) for block in item.passages] == [Paragraph]


def test_a_quote_in_a_box_is_a_quote_and_a_caption_may_be_emphasized() -> None:
    text = (
        f"{ITEM}> [!quote] Abstract\n> LoRA performs on par.\n\n![Loss](https://img.example/l.png)\n\n*__Red__ line*\n"
    )
    found = read(text)
    quote, figure = found.document.items[0].passages
    assert quote == Quotation("LoRA performs on par.", "Abstract")
    assert isinstance(figure, Figure)
    assert figure.caption == (Bold("Red"), " line")
    exported = markdown.render(found.document)
    assert markdown.render(read(exported).document) == exported


@pytest.mark.parametrize(
    "item",
    [
        "### [LoRA](arxiv.org/abs/2106.09685)",
        "### [LoRA](www.arxiv.org/abs/2106.09685)",
        "### [LoRA](<ARXIV.org/abs/2106.09685>)",
        "### LoRA\n\nPaper: arxiv.org/abs/2106.09685",
        "### LoRA\n\n(arxiv.org/pdf/2106.09685)",
    ],
)
def test_an_address_typed_without_its_scheme_is_a_link(item: str) -> None:
    found = read(f"# Week\n\n## Papers\n\n{item}\n\nWhy: good\n")
    assert [one.key for one in found.document.items] == ["arxiv:2106.09685"]
    assert not found.questions


def test_links_without_a_scheme_lead_to_sites_and_files_stay_words() -> None:
    files = "[c](notes.md) [d](sub/notes.pdf) [e](model.pt)"
    found = read(f"{ITEM}Why: [a](blog.example.org/x) [b](www.lab.de) {files} `arxiv.org/abs/1`\n")
    links = [link.url for link in prose.links(found.document.items[0].why)]
    assert links == ["https://blog.example.org/x", "https://www.lab.de"]
    assert "c d e" in prose.plain(found.document.items[0].why)
    assert any("lead to a file" in question and "c, d, e" in question for question in found.questions)


def test_references_of_one_number_and_numbers_that_meet_nothing_are_named_wherever_they_stand() -> None:
    text = "# Week\n\nDear readers,\n\nsee [7].\n\nBest,\n— Ada\n\n## Major themes\n\n- Size [8]\n\n"
    text += f"## Papers\n\nIntro [9].\n\n### [LoRA]({LORA})\n\nWhy: good [2]\n\n"
    text += "## References\n\n[1] One. 2001.\n\n[2] Two. 2002.\n\n[2] Three. 2003.\n\n---\n\nBye [6]\n"
    found = read(text)
    assert found.questions == (
        "Several references have the same number: [2]. It cites the first of them.",
        "The text cites [6], [7], [8], [9], which the references do not contain.",
    )
    assert [(entry.number, entry.work.title[:4]) for entry in found.document.references][:2] == [
        (1, "One."),
        (2, "Two."),
    ]

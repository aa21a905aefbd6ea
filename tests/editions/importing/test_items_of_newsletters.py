"""Items of newsletters as programs save them: sections, tables, groups, labels, lists, citations."""

from __future__ import annotations

import pytest

from bot.chat.cards import Text
from bot.chat.rich_text import plain
from bot.editions.importing.markdown_importer import ImportedEdition
from bot.editions.model import prose
from bot.editions.model.blocks import Figure, ListBlock, Quotation
from bot.editions.render import html_page, markdown
from bot.editions.render.card_renderer import block_parts
from tests.editions.importing.test_forms_of_programs import read

LORA, ATTENTION = "https://arxiv.org/abs/2106.09685", "https://arxiv.org/abs/1706.03762"

QUOTE = "LoRA performs on-par or better than fine-tuning"


def again(found: ImportedEdition) -> None:
    """The export of an import is imported as it is."""
    text = markdown.render(found.document)
    assert markdown.render(read(text).document) == text


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


def test_a_fold_with_the_link_of_a_work_is_an_item() -> None:
    fold = f"<details>\n<summary>LoRA</summary>\n\n[{LORA}]({LORA})\n\nCheap.\n\n</details>\n"
    found = read(f"# Digest\n\n## Papers\n\n{fold}\n### Attention\n\n[{ATTENTION}]({ATTENTION})\n")
    assert [item.title for item in found.document.items] == ["LoRA", "Attention"]


LABELED = f"""# The batch

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
    found = read(LABELED)
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


def test_a_newsletter_in_japanese_and_a_quote_with_its_place() -> None:
    text = (
        f"# 週刊\n\n皆さん、こんにちは。\n\n## 論文\n\n### [LoRA]({LORA})\n\n**理由**：安い。\n\n「{QUOTE}」（要旨）\n"
    )
    (item,) = read(text).document.items
    assert item.passages == (Quotation(QUOTE, "要旨"),)

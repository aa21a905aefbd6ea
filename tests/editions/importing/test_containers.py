"""Files that hold a text with its pictures are read as that text, and damaged ones are refused with a sentence."""

from __future__ import annotations

import base64
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.editions.importing.draft_files.containers import read_draft
from bot.editions.importing.draft_files.pictures import local_addresses, with_named_pictures
from bot.errors import UserError
from tests.editions.importing.files import document, drawing, link, mail, paragraph, picture, run, zipped
from tests.editions.importing.test_forms_of_programs import read

BLUE, RED = picture(), picture("#aa2200")
DATA = f"data:image/png;base64,{base64.b64encode(BLUE).decode()}"


def test_pictures_that_are_written_out_get_names() -> None:
    draft = with_named_pictures(
        f'![Loss]({DATA} "a title")\n\n<img alt="x" src=\'{DATA}\'>\n\n![There](https://example.org/a.png)\n\n'
        f"![Named][one]\n\n[one]: <{DATA}>\n\n![](data:image/svg+xml;utf8,<svg/>)",
        {},
    )
    assert "data:" not in draft.text
    assert '![Loss](figures/picture.png "a title")' in draft.text
    assert "[one]: <figures/picture.png>" in draft.text, "the same picture has one name"
    assert "https://example.org/a.png" in draft.text
    assert draft.pictures == {"figures/picture.png": BLUE}


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("images/loss.png", "images/loss.png"),
        ("./images/loss.png", "images/loss.png"),
        ("My%20page/loss%20one.png", "My page/loss one.png"),
        ("My page/loss (1).png", "My page/loss (1).png"),
        ("<My page/loss.png>", "My page/loss.png"),
        ("loss.png", "attachments/loss.png"),
        ("images\\loss.png", "images/loss.png"),
    ],
)
def test_a_file_beside_the_text_is_found_however_its_path_is_written(address: str, path: str) -> None:
    draft = with_named_pictures(f"![Loss]({address}) behind it", {path: BLUE})
    [(name, content)] = draft.pictures.items()
    assert content == BLUE
    assert name in draft.text
    assert draft.text.endswith(") behind it")


def test_what_did_not_come_along_has_a_name_to_ask_for() -> None:
    text = "![a](images/a.png) ![b](b.png) ![c](figures/c.png) ![d](../other/a.png) ![e](https://e.org/e.png)"
    draft = with_named_pictures(text, {})
    assert draft.text == (
        "![a](figures/a.png) ![b](figures/b.png) ![c](figures/c.png) ![d](figures/a-2.png) ![e](https://e.org/e.png)"
    )
    assert not draft.pictures
    assert local_addresses(text) == ("images/a.png", "b.png", "figures/c.png", "../other/a.png")


def test_a_document_of_a_word_processor_is_read() -> None:
    made = document(
        paragraph(run("Lesewoche"), style="Titel"),
        paragraph(run("Sehen"), style="berschrift1"),
        paragraph(link("Attention", "rId5"), style="berschrift2"),
        paragraph(run("Warum: "), run("wenig & gut", "b"), '<w:del><w:r><w:t>old</w:t></w:r></w:del>'),
        paragraph(run("eins"), number="1"),
        paragraph(run("darunter"), number="2", depth=1),
        paragraph(run("zwei"), number="1"),
        paragraph(run("dispensing with recurrence"), style="Zitat"),
        paragraph(drawing("rId7", "Zwei Stapel"), run(" so"), '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        links={"rId5": "https://arxiv.org/abs/1706.03762"},
        pictures={"rId7": RED},
        notes="Vaswani, 2017.",
    )  # fmt: skip
    draft = read_draft(made, bytes.decode)
    assert draft.pictures == {"figures/rId7.png": RED}
    for expected in (
        "# Lesewoche", "\n# Sehen", "## [Attention](https://arxiv.org/abs/1706.03762)", "Warum: **wenig & gut**",
        "> dispensing with recurrence", "![Zwei Stapel](figures/rId7.png)", "so[^2]", "[^2]: Vaswani, 2017.",
    ):  # fmt: skip
        assert expected in draft.text
    assert "old" not in draft.text
    assert "- eins" in draft.text
    assert "1. darunter" in draft.text


def test_a_mail_and_a_saved_page_are_read_with_their_pictures() -> None:
    page = '<html><body><h2>Sehen</h2><p>Käse <img src="cid:a@b" alt="Kurve"></p></body></html>'
    draft = read_draft(mail("Fwd: Woche 3", page, {"a@b": BLUE}), bytes.decode)
    assert draft.text.startswith("# Woche 3\n\n## Sehen")
    assert list(draft.pictures.values()) == [BLUE]
    assert next(iter(draft.pictures)) in draft.text
    saved = (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://e.org/\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n'
        b'<h1>One</h1><img src="https://e.org/a.png">\r\n--x\r\nContent-Type: image/png\r\n'
        b"Content-Transfer-Encoding: base64\r\nContent-Location: https://e.org/a.png\r\n\r\n"
        + base64.b64encode(BLUE)
        + b"\r\n--x--\r\n"
    )
    draft = read_draft(saved, bytes.decode)
    assert draft.pictures == {"figures/a.png": BLUE}
    assert "figures/a.png" in draft.text


def test_an_archive_is_read_by_its_largest_text() -> None:
    made = zipped(
        {
            "__MACOSX/week/._week.md": b"\x00",
            "week/readme.md": "short",
            "week/week.md": "# Week\n\n![Loss](images/loss.png)\n\n![Other](https://e.org/a.png)",
            "week/images/loss.png": RED,
        }
    )
    draft = read_draft(made, bytes.decode)
    assert draft.pictures == {"figures/loss.png": RED}
    assert draft.text.startswith("# Week\n\n![Loss](figures/loss.png)")


@pytest.mark.parametrize(
    ("content", "say"),
    [
        (b"PK\x03\x04 torn", "cannot be read"),
        (zipped({"a.png": BLUE}), "no text in that archive"),
        (zipped({"word/document.xml": "<a"}), "damaged"),
        (zipped({"week.md": "# x", "bomb.png": b"\x00" * (61 * 2**20)}), "too large"),
        (b"MIME-Version: 1.0\nSubject: x\nContent-Type: image/png\n\nxx", "no text"),
    ],
)
def test_other_files_are_refused_with_a_sentence(content: bytes, say: str) -> None:
    with pytest.raises(UserError, match=say):
        read_draft(content, bytes.decode)


def unstyled(*paragraphs: str) -> bytes:
    """A document whose program did not save its styles."""
    with ZipFile(BytesIO(document(*paragraphs))) as packed:
        return zipped({name: packed.read(name) for name in packed.namelist() if name != "word/styles.xml"})


def outlined(words: str, level: int) -> str:
    return paragraph(run(words)).replace("<w:pPr>", f'<w:pPr><w:outlineLvl w:val="{level}"/>')


@pytest.mark.parametrize(
    "headings",
    [
        [outlined("Week", 0), outlined("Papers", 1), outlined("Attention", 2)],
        [paragraph(run("Week"), style="Title"), paragraph(run("Papers"), style="Heading2"),
         paragraph(run("Attention"), style="Heading3")],
        [paragraph(run("Woche"), style="Titel"), paragraph(run("Papers"), style="berschrift2"),
         paragraph(run("Attention"), style="berschrift3")],
        [paragraph(run(words, "b")) for words in ("Week", "Papers", "Attention")],
    ],
    ids=["outline levels", "ids of styles", "German ids", "bold lines"],
)  # fmt: skip
def test_a_document_without_its_styles_has_headings_too(headings: list[str]) -> None:
    address = "https://arxiv.org/abs/1706.03762"
    draft = read_draft(unstyled(*headings, paragraph(run(address)), paragraph(run("Why: it is short."))), bytes.decode)
    made = read(draft.text).document
    assert [section.title for section in made.sections] == ["Papers"]
    assert [(item.title, item.url) for item in made.items] == [("Attention", address)]


HEAD = b"MIME-Version: 1.0\nReceived: by x\nContent-Type: "
BOMBS = {
    "text": lambda: zipped({"a.md": b"# T\n" + b"a " * 2**22}),
    "document": lambda: zipped({"word/document.xml": b"<w:p/>" * 2**21}),
    "parts": lambda: HEAD + b"multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 50_000,
    "nested": lambda: HEAD + b"x/y\n" + b"Content-Type: message/rfc822\n\nMIME-Version: 1.0\n" * 3_000,
}
"""Small files that become large, or that take a reader of theirs long."""


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_before_they_are_read(name: str) -> None:
    content = BOMBS[name]()
    with pytest.raises(UserError):
        read_draft(content, bytes.decode)


def test_a_long_header_and_odd_letters_of_a_mail_harm_nothing() -> None:
    subject = b"=?utf-8?q?a?= " * 50_000
    long = HEAD + b"text/plain\nSubject: " + subject + b"\n\n# T\n\n## S\n"
    assert read_draft(long, bytes.decode).text == "# T\n\n## S\n"
    odd = HEAD + b"text/plain; charset=raw_unicode_escape\n\n# T \\ud800\n"
    assert read_draft(odd, bytes.decode).text == "# T ?\n"


def test_more_headings_than_any_edition_has_are_refused() -> None:
    with pytest.raises(UserError, match="at most 1000"):
        read("# a\n" * 2_000)

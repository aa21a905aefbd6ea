"""Files as programs save them: a document of a word processor, a mail, a page, an archive."""

from __future__ import annotations

import zipfile
from email.message import EmailMessage
from html import escape
from io import BytesIO
from typing import Any

from PIL import Image

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_NAMESPACES = (
    f'{_W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)


def picture(color: str = "#336699", form: str = "PNG", size: tuple[int, int] = (64, 48)) -> bytes:
    """A small picture."""
    file = BytesIO()
    Image.new("RGB", size, color).save(file, form)
    return file.getvalue()


def zipped(files: dict[str, bytes | str]) -> bytes:
    """A ZIP with these files by path."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return file.getvalue()


def run(words: str, mark: str = "") -> str:
    """A run of a document's text, perhaps bold (`b`) or italic (`i`)."""
    properties = f"<w:rPr><w:{mark}/></w:rPr>" if mark else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def link(words: str, id: str) -> str:
    """A link of a document; `id` names its address."""
    return f'<w:hyperlink r:id="{id}">{run(words)}</w:hyperlink>'


def drawing(id: str, alt: str) -> str:
    """A picture of a document."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{alt}"/><a:graphic><a:graphicData>'
        f'<a:blip r:embed="{id}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def paragraph(*pieces: str, style: str = "", number: str = "", depth: int = 0) -> str:
    """A paragraph of a document, perhaps a point of the list `number`."""
    listed = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{listed}</w:pPr>{''.join(pieces)}</w:p>"


def document(
    *paragraphs: str, links: dict[str, str] | None = None, pictures: dict[str, bytes] | None = None, notes: str = ""
) -> bytes:
    """A document as a German Word saves it: ids of styles are German, their names English."""
    styles = "".join(
        f'<w:style w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
        for id, name in {
            "Titel": "Title", "berschrift1": "heading 1", "berschrift2": "heading 2", "Zitat": "Quote",
        }.items()
    )  # fmt: skip
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    relations = {**(links or {}), **{id: f"media/{id}.png" for id in pictures or {}}}
    targets = "".join(f'<Relationship Id="{id}" Target="{target}"/>' for id, target in relations.items())
    files: dict[str, Any] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {_NAMESPACES}><w:body>{''.join(paragraphs)}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {_W}>{numbering}</w:numbering>",
        "word/_rels/document.xml.rels": f"<Relationships>{targets}</Relationships>",
        **{f"word/media/{id}.png": content for id, content in (pictures or {}).items()},
    }
    if notes:
        files["word/footnotes.xml"] = (
            f'<w:footnotes {_W}><w:footnote w:id="2"><w:p>{run(notes)}</w:p></w:footnote></w:footnotes>'
        )
    return zipped(files)


def mail(subject: str, page: str, pictures: dict[str, bytes]) -> bytes:
    """A mail in HTML with its pictures by their ids."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "mo@club.example", "readers@club.example", subject
    message["Message-ID"] = "<1@club.example>"
    message.set_content("Read it in HTML.")
    message.add_alternative(page, subtype="html")
    body = message.get_body(("html",))
    assert body is not None
    for id, content in pictures.items():
        body.add_related(content, "image", "png", cid=f"<{id}>")
    return message.as_bytes()

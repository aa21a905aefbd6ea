"""Files that hold a text with its pictures: an archive (ZIP), a document of a word processor (DOCX), a mail, a page."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from html import escape, unescape
from io import BytesIO

from bot.editions.importing.converters.from_docx import docx_as_markdown
from bot.editions.importing.converters.from_html import markdown_of
from bot.editions.importing.draft_files.forwarded_mail import without_forwarding
from bot.editions.importing.draft_files.pictures import DraftWithPictures, with_named_pictures
from bot.editions.importing.draft_files.reply_tails import without_reply_tail
from bot.errors import UserError
from bot.locale.current import _

Decode = Callable[[bytes], str]
"""Function from a text file's bytes to its text. Raises UserError if they are no text."""

MAX_FILES = 2_000
"""Files of an archive."""
MAX_UNPACKED = 60 * 2**20
"""Bytes of all files that are unpacked from an archive."""
MAX_TEXT = 4 * 2**20
"""Bytes of a text in an archive; of a document of a word processor, with all its marks, twice as many."""
MAX_HEADERS = 5_000
"""Lines of a mail that may be headers of its parts, or begin one."""
MAX_HEADER = 2_000
"""Characters of a mail's header that are read: a parser of theirs takes quadratic time."""
OTHER_FORMATS = (
    b"%PDF",
    b"{\\rtf",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"\x1f\x8b",
    b"7z",
)
"""Beginnings of files that hold no text that is read: PDF, RTF, older documents of Word, pictures, other archives."""
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|bmp|tiff?|svg)\Z", re.IGNORECASE)
_TEXTS = (r"\.(?:md|markdown)\Z", r"\.html?\Z", r"\.txt\Z")
"""Endings of the texts of an archive, the likeliest first."""
_HEADING = re.compile(r"<h([2-6])\b[^>]{0,1000}>(.{0,1000}?)</h\1>", re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(r"(?:^|/)(?:__MACOSX|\.)")
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){3,}")
_MAIL_FIELD = re.compile(rb"^(?:mime-version|content-type|received|message-id):", re.IGNORECASE | re.MULTILINE)
_PART = re.compile(rb"^(?:content-[a-z-]{1,40}:|--)", re.IGNORECASE | re.MULTILINE)
"""A line that begins a part of a mail, or a header of one; others may look like it."""


class _ShortHeaders(EmailPolicy):
    """Policy of reading mails that cuts headers off at `MAX_HEADER`."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value of a header."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_HEADER]


_POLICY = _ShortHeaders()


def read_draft(content: bytes, decode: Decode, beside: Mapping[str, bytes] | None = None) -> DraftWithPictures:
    """The text of a file and the pictures that come with it. `beside` are files of its folder, by their paths.

    Raises UserError if the file has no text, or too much of it.
    """
    if content.startswith(b"PK\x03\x04"):
        return _archive(content, decode)
    if content.startswith(OTHER_FORMATS):
        raise UserError(_("That is a document of another kind. Save it as Markdown or plain text first."), field="file")
    if (head := _MAIL.match(content)) and _MAIL_FIELD.search(head[0]):
        return _mail(content, decode)
    return with_named_pictures(decode(content), beside or {})


def _archive(content: bytes, decode: Decode) -> DraftWithPictures:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir() and not _HIDDEN.search(info.filename)]
            if len(files) > MAX_FILES or sum(info.file_size for info in files) > MAX_UNPACKED:
                raise UserError(_("That archive is too large."), field="file")
            names = [info.filename for info in files]
            if "word/document.xml" in names:
                wanted = [name for name in names if name.startswith("word/")]
                markdown, pictures = docx_as_markdown({name: _unpacked(archive, name, 2 * MAX_TEXT) for name in wanted})
                return with_named_pictures(markdown, pictures)
            text = _text_of(archive, names)
            pictures = {name: _unpacked(archive, name) for name in names if _PICTURE.search(name)}
            folder = text.rpartition("/")[0]
            beside = {name.removeprefix(f"{folder}/"): file for name, file in pictures.items()}
            return with_named_pictures(decode(_unpacked(archive, text, MAX_TEXT)), beside)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise UserError(_("That archive cannot be read. Pack it again, without a password."), field="file") from error


def _text_of(archive: zipfile.ZipFile, names: list[str]) -> str:
    """The name of the text of an archive: the largest of its Markdown files, else of its pages, else of its texts."""
    for ending in _TEXTS:
        if found := [name for name in names if re.search(ending, name, re.IGNORECASE)]:
            return max(found, key=lambda name: archive.getinfo(name).file_size)
    raise UserError(_("I found no text in that archive. Pack a Markdown or HTML file with its pictures."), field="file")


def _unpacked(archive: zipfile.ZipFile, name: str, most: int = MAX_UNPACKED) -> bytes:
    """Content of a file of an archive, up to what it says its size is, whatever it is packed into.

    Raises UserError for a text that has more bytes than `most`.
    """
    info = archive.getinfo(name)
    if info.file_size > most and not _PICTURE.search(name):
        raise UserError(_("That archive is too large."), field="file")
    with archive.open(info) as file:
        return file.read(info.file_size)


def _is_same(heading: str, subject: str) -> bool:
    """True for a heading whose words are the subject's."""
    return " ".join(unescape(re.sub(r"<[^>]{0,500}>", " ", heading)).split()).casefold() == subject.casefold()


def _mail(content: bytes, decode: Decode) -> DraftWithPictures:
    """The text of a mail, or of a page that a browser saved as one; its subject is the title if the text has none."""
    unreadable = UserError(_("The text of that mail cannot be read. Save it as HTML."), field="file")
    if sum(1 for _part in _PART.finditer(content)) > MAX_HEADERS:
        raise unreadable
    try:
        message = message_from_bytes(content, policy=_POLICY)
        assert isinstance(message, EmailMessage)
        body = message.get_body(preferencelist=("html", "plain"))
        if body is None:
            raise UserError(_("I found no text in that file."), field="file")
        text = decode(str(body.get_content()).encode("utf-8", "replace"))
    except (LookupError, UnicodeError, RecursionError) as error:  # unknown charsets, and messages in messages
        raise unreadable from error
    pictures: dict[str, bytes] = {}
    for part in message.walk():
        if part.get_content_maintype() != "image":
            continue
        picture = part.get_payload(decode=True)
        keys = (str(part.get("Content-ID", "")).strip(" <>"), part.get("Content-Location", ""), part.get_filename(""))
        pictures |= {str(key): picture for key in keys if key and isinstance(picture, bytes)}
    named = with_named_pictures(text, pictures)
    subject = " ".join(str(message.get("Subject", "")).split())
    subject = re.sub(r"^(?:(?:fwd?|wg|re|aw|tr|rv):\s*)+", "", subject, flags=re.IGNORECASE)
    if body.get_content_subtype() == "html":
        if subject and not re.search(r"<h1[\s>]", named.text, re.IGNORECASE):
            page = _HEADING.sub(lambda found: "" if _is_same(found[2], subject) else found[0], named.text, count=1)
            return DraftWithPictures(_own_text(markdown_of(f"<html><h1>{escape(subject)}</h1>{page}")), named.pictures)
        return DraftWithPictures(_own_text(markdown_of(named.text)), named.pictures)
    text = _own_text(named.text.replace("\r\n", "\n"))
    titled = subject and not re.search(r"^# \S|^\S.*\n=+$", text, re.MULTILINE)
    return DraftWithPictures(f"# {subject}\n\n{text}" if titled else text, named.pictures)


def _own_text(text: str) -> str:
    """The text of a mail without the head of the one that it forwards. A reply's tail is left out later, and named."""
    return text if without_reply_tail(text)[1] else without_forwarding(text)

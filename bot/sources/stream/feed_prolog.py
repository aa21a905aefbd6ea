"""Declarations of an XML document before its content: a document type, and in it perhaps entities of its own.

Only there a declaration counts; a post may well have the words `<!DOCTYPE html>` in it.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SKIPPED = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+([\w:.-]*)[^\[>]*(\[|>)", re.IGNORECASE)
_CODE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")
_PAGE = re.compile(rb"<html[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The beginning of a document: an HTML page or not, entities (or what cannot be read) declared or not.

    `without_declaration` is all of the document without its DOCTYPE, in UTF-8 if it was in UTF-16.
    """

    is_page: bool
    has_entities: bool
    without_declaration: bytes


def before_content(body: bytes) -> Beginning:
    """The beginning of a document, in UTF-8 or another encoding that has ASCII's signs in their place, or UTF-16."""
    read = _in_utf8(body)
    at = len(_SKIPPED.match(read)[0])  # type: ignore[index] # it matches nothing, too
    declared = _DOCTYPE.match(read, at)
    if declared is None:
        return Beginning(bool(_PAGE.match(read, at)), read[at : at + 2] == b"<!", read)
    is_page, has_subset = declared[1].lower() == b"html", declared[2] == b"["
    return Beginning(is_page, has_subset, read[:at] + read[declared.end() :])


def without_impossible_codes(document: bytes) -> bytes:
    """The document without numbers of characters that are none (`&#55296;`, half of one): parsers fail at them."""
    return _CODE.sub(_possible, document)


def _possible(found: re.Match[bytes]) -> bytes:
    code = int(found[1], 16) if found[1] else int(found[2])
    is_character = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return found[0] if is_character else b""


def _in_utf8(body: bytes) -> bytes:
    """The document without its byte order mark, UTF-16 in UTF-8."""
    for mark in _MARKS:
        if body.startswith(mark):
            if mark == codecs.BOM_UTF8:
                return body[len(mark) :]
            text = body.decode("utf-16", "replace")
            return re.sub(r"^(<\?xml[^>]*?)\s+encoding=(['\"]).*?\2", r"\1", text, count=1).encode()
    return body

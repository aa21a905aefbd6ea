"""Text of a file that a moderator uploads: plain text, Markdown, or an HTML page."""

from __future__ import annotations

import re

from bot.app import Context
from bot.chat.text import clean
from bot.errors import UserError
from bot.locale.current import _

MAX_FILE_SIZE = 2 * 2**20
"""Maximum size of a file in bytes: a text of three hundred thousand words."""


async def read_file_bytes(ctx: Context, file: str, *, limit: int = MAX_FILE_SIZE) -> bytes:
    """Content of an uploaded file. Raises UserError if it has more bytes than `limit`."""
    content = await ctx.app.gateways[ctx.where.platform].read_file(ctx.where, file, limit)
    if len(content) > limit:
        raise UserError(_("The file is larger than {limit} MB.", limit=limit // 2**20), field="file")
    return content


def decode_any_text(content: bytes, advice: str) -> str:
    """Text of a file's bytes, without control characters. Raises UserError, with the advice, if they are no text.

    UTF-8 and UTF-16 are read; Windows-1252, as older programs save texts of Western languages, where it can be nothing
    else.
    """
    return decode_text(content, advice) if (western := western_text(content)) is None else decode_text(western, advice)


def western_text(content: bytes) -> bytes | None:
    """A text in Windows-1252 as UTF-8; None for other encodings.

    Its letters beyond ASCII are those of Western words, one or two at a time. Text of another encoding, read so, has
    long runs of them, or signs that no word has.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None
    try:
        decoded = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    others = set(re.findall(r"[^\x09\x0a\x0d\x20-\x7e]", decoded))
    is_western = others <= set(WESTERN) and not re.search(r"[^\W\d_a-zA-Z]{3}", decoded)
    return decoded.encode() if is_western else None


WESTERN = "äöüÄÖÜßàâæçèéêëîïôœùûÿÀÂÆÇÈÉÊËÎÏÔŒÙÛáíóúñÁÍÓÚÑìòãõåøÅØ¿¡“”„‘’‚‹›«»–—…•·°€£§©®™²³½¼×±µ\u00a0"
"""Letters and signs of texts in Western languages."""


def _encoding(content: bytes) -> str:
    """UTF-8, or UTF-16 by its mark at the start, or by the zeros that stand in one half of its bytes alone."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    first, second = content[::2].count(0), content[1::2].count(0)
    if len(content) % 2 == 0 and not (first and second) and max(first, second) * 50 >= len(content) > 0:
        return "utf-16-le" if second else "utf-16-be"
    return "utf-8-sig"


def decode_text(content: bytes, advice: str) -> str:
    """Text of a file's bytes, UTF-8 or UTF-16. Raises UserError, with the advice, for anything else."""
    try:
        decoded = content.decode(_encoding(content))
    except UnicodeDecodeError:
        raise UserError(_("The file is not UTF-8 text. {advice}", advice=advice), field="file") from None
    if "\x00" in decoded:
        raise UserError(_("The file is not text. {advice}", advice=advice), field="file")
    return "\n".join(map(clean, decoded.replace("\r\n", "\n").split("\n")))

"""The earlier mail that a reply quotes at its end: it is no part of a newsletter, and often somebody else's."""

from __future__ import annotations

import re

MIN_LINKS = 1
"""Links of a reply that has a newsletter of its own; without any, what it quotes may be the newsletter."""
_WROTE = re.compile(
    r"^(?:On|Am|Le|El|Il|Em|Op|Den|W dniu|Dnia|Dne)\b[^\n]{5,200}?(?:\n[^\n>]{1,120})?"
    r"(?:wrote|(?:schrieb|schreef|skrev)[^\n>]{0,100}|a écrit|escribió|ha scritto|escreveu|napisał(?:\(a\)|a)?)"
    r"[ \u00a0]?:[ \t]*\n\s{0,20}(?=>)",
    re.MULTILINE,
)
_HEAD = re.compile(
    r"^(?:_{5,80}[ \t]*\n\s{0,20})?(?:-{3,20} ?(?:Original Message|Ursprüngliche Nachricht|Message d['’]origine|"
    r"Mensaje original) ?-{3,20}[ \t]*\n\s{0,20})?(?:\*{0,2}(?:From|Von|De|Da)\s?:\*{0,2}[ \t]+\S.*\n)"
    r"(?:\*{0,2}(?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado|Para|Asunto|Inviato|A|"
    r"Oggetto)\s?:\*{0,2}[ \t]+\S.*\n){2,8}",
    re.MULTILINE,
)


def without_reply_tail(text: str) -> tuple[str, str]:
    """The text of a reply without the earlier mail below it, and the line that introduces this; "" if there is none."""
    begins = _start_of_quoted_end(text)
    for wrote in _WROTE.finditer(text):
        if wrote.end() >= begins and text.count("://", 0, wrote.start()) >= MIN_LINKS:
            return text[: wrote.start()].rstrip() + "\n", " ".join(wrote[0].split())
    if (head := _HEAD.search(text)) and text.count("://", 0, head.start()) >= MIN_LINKS:
        return text[: head.start()].rstrip() + "\n", " ".join(head[0].strip("_- \n").split())
    return text, ""


def _start_of_quoted_end(text: str) -> int:
    """Place from which on every line is quoted or blank."""
    at = len(text)
    while at > 0:
        begin = text.rfind("\n", 0, at - 1) + 1 if at > 1 else 0
        line = text[begin:at].strip()
        if line and not line.startswith(">"):
            break
        at = begin
    return at

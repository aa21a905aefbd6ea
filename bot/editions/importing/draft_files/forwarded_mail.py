"""A mail that forwards or quotes another one: the lines that its program puts there are taken away."""

from __future__ import annotations

import re

_FORWARDED = re.compile(
    r"^>?[ \t]*(?:\\?-{2,}[ \t]*)?\**(?:begin |anfang der )?(?:forwarded message|original message|"
    r"weitergeleiteten? nachricht|ursprüngliche nachricht|message transféré|message d['’]origine|mensaje reenviado|"
    r"messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht)[ \t]*:?\**(?:[ \t]*-{2,})?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FIELDS = re.compile(
    r"^(?:>?[ \t]*\*{0,2}(?:From|Date|Sent|Subject|To|Cc|Reply-To|Von|Datum|Gesendet|Betreff|An|De|Objet|À|Envoyé|"
    r"Asunto|Para|Enviado|Da|Oggetto|A|Inviato)[ ]?:\*{0,2}[ \t]+\S.*(?:\n|\Z)){3,}",
    re.MULTILINE,
)
_QUOTED = re.compile(r"^>[ ]?", re.MULTILINE)
_QUOTED_LINES = re.compile(r"^>.*(?:\n(?:>.*|[ \t]*(?=\n>)))*", re.MULTILINE)
MIN_LINKS = 2
_WROTE = re.compile(r"^[^\n>]{5,200}(?:wrote|schrieb|a écrit|escribió|ha scritto)[ ]?:[ \t]*\n+(?=>)", re.MULTILINE)


def without_forwarding(text: str) -> str:
    """The text of a mail without the head of a forwarded one and without its quote marks where papers are listed."""
    text = _WROTE.sub("", _FIELDS.sub("", _FORWARDED.sub("", text.replace("\r\n", "\n"))))
    return _QUOTED_LINES.sub(_unquoted, text)


def _unquoted(found: re.Match[str]) -> str:
    """Quoted lines without their marks if they have several links, as a list of papers has and no quotation does."""
    return _QUOTED.sub("", found[0]) if len(re.findall(r"https?://", found[0])) >= MIN_LINKS else found[0]

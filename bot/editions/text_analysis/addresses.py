"""Addresses and mentions in a text, however they are spelled: without a scheme, in fullwidth signs, with spaces.

What is looked for is what a platform might turn into a link or a ping, or what a reader would type into a browser.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff61\u2024\ufe52", "."))
_ENDINGS = (
    "com org net io ai edu gov dev co xyz app gg info ly cc site top ru cn de uk eu ch fr nl pl br jp tk biz example "
    "test invalid link click shop online store tech page blog tv live club news cloud pro vip win zip mov wiki"
).replace(" ", "|")
"""Top-level domains that stand at the end of no ordinary word."""

_ADDRESS = re.compile(
    rf"""
      \b(?:h(?:tt|xx)ps?|ftps?|s?ftp|wss?)\s{{0,2}}:\s{{0,2}}/ | \bwww\s{{0,2}}\.
    | \b(?:mailto|javascript|data|tel)\s{{0,2}}:\S
    | (?<![\w.-])(?:[\w-]{{1,63}}\.){{1,8}}(?:{_ENDINGS}|{_ENDINGS.upper()})(?![\w-])
    | (?<![\w./-])(?:[\w-]{{1,63}}\.){{1,8}}[a-z]{{2,12}}/[\w?#]
    | [\w-]\s{{1,2}}\.\s{{0,2}}(?:{_ENDINGS})\b
    | [\w-]\s{{0,2}}[\[({{<]\s?(?:\.|dot)\s?[\])}}>]\s{{0,2}}\w
    | [\w-]\s{{1,2}}(?:dot|DOT|punkt)\s{{1,2}}(?:{_ENDINGS})\b
    | (?<![\w.+-])[\w.+-]{{1,64}}(?:\s?[@]|\s?[\[(]at[\])])\s?[\w-]{{1,63}}\.[a-z]{{2,}}
    """,
    re.VERBOSE,
)
_ADDRESS_IN_CAPITALS = re.compile(r"\b(?:HTTPS?|FTP|MAILTO|JAVASCRIPT)\s?:|\bWWW\.", re.IGNORECASE)
_GROUP = r"(?:everyone|here|channel|all|team|moderators?|mods?|admins?)"
_MENTION = re.compile(
    rf"""
      (?<![\w.])@\s{{0,3}}{_GROUP}\b | (?<!\w)[\[(]at[\])]\s{{0,3}}{_GROUP}\b
    | (?<![\w.@/])@[^\W\d_][\w.-]+ | <\s?[!@\#&][^>]{{0,80}}> | (?<!\w)@(?:\s\w){{4,}}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def as_shown(text: str) -> str:
    """The text as a reader sees it: compatibility forms spelled out, what has no width left out."""
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).translate(_DOTS))


def contains_address(text: str) -> bool:
    """True if anything in the text reads as an address of the web or of mail."""
    shown = as_shown(text)
    return _ADDRESS.search(shown) is not None or _ADDRESS_IN_CAPITALS.search(shown) is not None


def contains_mention(text: str) -> bool:
    """True if anything in the text reads as a mention of a person or a group."""
    return _MENTION.search(as_shown(text)) is not None

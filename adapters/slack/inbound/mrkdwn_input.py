"""Converts Slack's markup in typed text to plain words: links become URLs again, and ids become names.

Slack marks links, people and channels in the text of commands and mentions and escapes the rest (docs.slack.dev,
"Formatting message text", "Retrieving messages").
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace

from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.commands import Command

MARKUP = re.compile(r"<([^<>]{1,3000})>")
PERSON = re.compile(r"<@([A-Z0-9]{1,40})(?:\|([^<>]{0,80}))?>")
CHANNEL = re.compile(r"<#([A-Z0-9]{1,40})(?:\|([^<>]{0,80}))?>")
GROUP = re.compile(r"<!subteam\^([A-Z0-9]{1,40})(?:\|@?([^<>]{0,80}))?>")


def parse_command_text(text: str) -> str:
    """The text as it was typed. People, channels and groups keep their markup, which holds their ids."""
    return html.unescape(MARKUP.sub(_plain_markup, text))


def _plain_markup(found: re.Match[str]) -> str:
    inside = found[1]
    if inside.startswith(("@", "#", "!subteam^")):
        return found[0]
    if inside.startswith("!"):  # <!here>, <!date^…|shown>
        special, _, label = inside[1:].partition("|")
        return label or "@" + special.partition("^")[0]
    return inside.partition("|")[0].removeprefix("mailto:")


def plain_text(text: str, names: Mapping[str, str]) -> str:
    """Text with people, channels and groups by name, for showing it to people again."""
    text = PERSON.sub(lambda found: f"@{found[2] or names.get(found[1]) or found[1]}", text)
    text = CHANNEL.sub(lambda found: f"#{found[2] or names.get(found[1]) or found[1]}", text)
    return GROUP.sub(lambda found: f"@{found[2] or names.get(found[1]) or found[1]}", text)


def ids_without_names(text: str) -> tuple[set[str], set[str]]:
    """The ids of people and of channels in a text whose markup has no name."""
    people = {found[1] for found in PERSON.finditer(text) if not found[2]}
    return people, {found[1] for found in CHANNEL.finditer(text) if not found[2]}


def takes_mentions(command: Command, name: str) -> bool:
    """True if a parameter takes people or channels by their markup."""
    parsers = (mentions.parse_mention, mentions.parse_channel)
    return any(p.name == name and (p.ask.people or p.ask.parse in parsers) for p in command.params)


def with_names(command: Command, call: Call, names: Mapping[str, str]) -> Call:
    """The call with names in its free text, and in the markup that some parameters take."""

    def word(name: str, value: str) -> str:
        if takes_mentions(command, name):
            value = PERSON.sub(lambda f: f"<@{f[1]}|{f[2] or names.get(f[1], '')}>", value)
            return CHANNEL.sub(lambda f: f"<#{f[1]}|{f[2] or names.get(f[1], '')}>", value)
        return plain_text(value, names)

    named = tuple((name, word(name, value)) for name, value in call.named)
    order = [p.name for p in command.params if p.name not in dict(call.named)]
    words = tuple(word(order[i] if i < len(order) else "", value) for i, value in enumerate(call.words))
    return replace(call, words=words, named=named)


def links_in(message: Mapping[str, object]) -> str:
    """All text of a message that may hold links: its own, its blocks', and its attachments'."""
    found = [parse_command_text(str(message.get("text") or ""))]
    _collect_urls(message.get("blocks"), found)
    _collect_urls(message.get("attachments"), found)
    return "\n".join(found)


def _collect_urls(node: object, found: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _collect_urls(item, found)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in ("url", "from_url", "original_url", "title_link") and isinstance(value, str):
                found.append(value)
            elif name in ("text", "fallback", "value") and isinstance(value, str):
                found.append(parse_command_text(value))
            else:
                _collect_urls(value, found)

"""Names in place of the ids by which platforms write people, channels and groups in typed text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.command import Command


@dataclass(frozen=True, slots=True)
class UnnamedIds:
    """Ids in a text beside which the platform wrote no name."""

    people: frozenset[str]
    channels: frozenset[str]
    groups: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.people or self.channels or self.groups)


def unnamed_ids(text: str) -> UnnamedIds:
    """The ids of people, channels and groups in a text whose markup has no name."""
    people = {found[1] for found in mentions.PERSON.finditer(text) if not found[2]}
    channels = {found[1] for found in mentions.CHANNEL.finditer(text) if not found[2]}
    groups = {found[1] or found[3] for found in mentions.GROUP.finditer(text) if not (found[2] or found[4])}
    return UnnamedIds(frozenset(people), frozenset(channels), frozenset(groups))


def unnamed_ids_of(call: Call) -> UnnamedIds:
    """The ids in the words of a call whose markup has no name."""
    return unnamed_ids(" ".join((*call.words, *(value for _unused, value in call.named))))


def plain_text(text: str, names: Mapping[str, str]) -> str:
    """Text with people, channels and groups by name, for showing it to people again."""
    text = mentions.PERSON.sub(lambda found: f"@{found[2] or names.get(found[1]) or found[1]}", text)
    text = mentions.CHANNEL.sub(lambda found: f"#{found[2] or names.get(found[1]) or found[1]}", text)
    text = mentions.GROUP.sub(lambda f: f"@{f[2] or f[4] or names.get(f[1] or f[3]) or f[1] or f[3]}", text)
    return mentions.without_marks(text)


def with_named_marks(text: str, names: Mapping[str, str]) -> str:
    """Text with a name in each mark of a person, channel or group, as far as it is known."""
    text = mentions.PERSON.sub(lambda f: f"<@{f[1]}|{f[2] or names.get(f[1], '')}>", text)
    text = mentions.CHANNEL.sub(lambda f: f"<#{f[1]}|{f[2] or names.get(f[1], '')}>", text)
    return mentions.without_marks(mentions.GROUP.sub(lambda found: _named_group(found, names), text))


def takes_mentions(command: Command, name: str) -> bool:
    """True if a parameter takes people or channels by their markup."""
    parsers = (mentions.parse_mention, mentions.parse_channel)
    return any(p.name == name and (p.hint.people or p.hint.parse in parsers) for p in command.params)


def _named_group(found: re.Match[str], names: Mapping[str, str]) -> str:
    if found[1]:
        return f"<@&{found[1]}|{found[2] or names.get(found[1], '')}>"
    return f"<!subteam^{found[3]}|{found[4] or names.get(found[3], '')}>"


def with_names(command: Command, call: Call, names: Mapping[str, str]) -> Call:
    """The call with names in its free text, and in the markup that some parameters take."""

    def word(name: str, value: str) -> str:
        if takes_mentions(command, name):
            return with_named_marks(value, names)
        return plain_text(value, names)

    named = tuple((name, word(name, value)) for name, value in call.named)
    order = [p.name for p in command.params if p.name not in dict(call.named)]
    words = tuple(word(order[i] if i < len(order) else "", value) for i, value in enumerate(call.words))
    return replace(call, words=words, named=named)

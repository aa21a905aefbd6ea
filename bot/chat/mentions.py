"""Parser for people, groups and channels as the platforms write them: `<@U123>`, `<@&456>`, `<#C1|papers>`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import UserError
from bot.locale.current import _, formatted

PERSON = re.compile(r"<@!?([A-Za-z0-9]{1,40})(?:\|([^<>]{0,80}))?>")
GROUP = re.compile(r"<@&([0-9]{1,40})(?:\|@?([^<>]{0,80}))?>|<!subteam\^([A-Za-z0-9]{1,40})(?:\|@?([^<>]{0,80}))?>")
CHANNEL = re.compile(r"<#([A-Za-z0-9]{1,40})(?:\|([^<>]{0,80}))?>")
"""Markup of a person, a group (of Discord, or of Slack) and a channel: an id, and a name if the platform gave one."""
EVERYONE = re.compile(r"<!(channel|here|everyone)(?:\|[^<>]{0,80})?>")
"""Markup of everybody in a channel, as Slack writes it; Discord writes "@here"."""
_SLACK_DATE = re.compile(r"<!date\^[0-9]{1,12}\^[^<>|]{0,200}\|([^<>]{0,200})>")
"""A time with the words for programs that cannot show it."""
_DISCORD_TIME = re.compile(r"<t:(-?[0-9]{1,11})(?::[tTdDfFRsS])?>")
_DISCORD_PLACE = re.compile(r"<id:(browse|customize|guide|linked-roles)(?::[0-9]{1,25})?>")
_COMMAND_OR_EMOJI = re.compile(r"<(?:(/[\w -]{1,100})|a?(:\w{1,40}:)):?[0-9]{1,25}>")
"""A command, or an emoji of a server, as Discord writes it: `</paper vote:123>`, `<:cat:123>`."""
_LEADING = re.compile(r"@(?:channel|here|everyone)\b[,:]?|<[@#!][^<>]{1,120}>[,:]?")
_BARE_ID = re.compile(r"[UWS][A-Z0-9]{8,}|[0-9]{15,20}")
"""An id without brackets: of a Slack user or user group, of a Discord user or role."""

ROOM_IDS = {"slack": re.compile(r"[CG][A-Z0-9]{8,}"), "discord": re.compile(r"[0-9]{15,20}")}
"""Channel ids by platform; on others (the terminal) a channel's name is its id."""

THIS_CHANNEL = "here"


@dataclass(frozen=True, slots=True)
class Mention:
    """A mentioned person, group or channel: an id with a name if the platform gave one, or a name only."""

    id: str = ""
    name: str = ""
    group: bool = False
    """True for a role or a user group."""


NO_MENTION = Mention()
"""No mention; for a channel parameter, the channel of the request."""


def parse_mention(text: str) -> Mention:
    """A person, role or group by mention, id or name."""
    text = text.strip()
    if found := PERSON.fullmatch(text):
        return Mention(found[1], found[2] or "")
    if found := GROUP.fullmatch(text):
        return Mention(found[1] or found[3], found[2] or found[4] or "", group=True)
    if _BARE_ID.fullmatch(text):
        return Mention(text, group=text.startswith("S"))
    return Mention(name=text.removeprefix("@"))


def is_markup(text: str) -> bool:
    """True if a word is one mention as platforms write it, which is complete: no words that follow belong to it."""
    return any(form.fullmatch(text) for form in (PERSON, GROUP, CHANNEL))


def people_by_name(text: str) -> str:
    """The text with mentions of people as names, or as ids where a mention has no name."""
    return PERSON.sub(lambda found: found[2] or found[1], text)


def readable(text: str) -> str:
    """The text with every mark of a platform as people read it: "@ben", "#papers", ":cat:", "/paper vote", a time.

    Without a name in the mark, an id stays.
    """
    if "<" not in text:
        return text
    text = PERSON.sub(lambda found: f"@{found[2] or found[1]}", text)
    text = GROUP.sub(lambda found: f"@{found[2] or found[4] or found[1] or found[3]}", text)
    text = CHANNEL.sub(lambda found: f"#{found[2] or found[1]}", text)
    return without_marks(text)


def without_marks(text: str) -> str:
    """The same, but people, groups and channels keep their marks, which hold their ids."""
    if "<" not in text:
        return text
    text = EVERYONE.sub(r"@\1", text)
    text = _SLACK_DATE.sub(r"\1", text)
    text = _DISCORD_TIME.sub(lambda found: _moment(int(found[1])) or found[0], text)
    text = _DISCORD_PLACE.sub(lambda found: f"#{found[1].replace('-', ' ')}", text)
    return _COMMAND_OR_EMOJI.sub(lambda found: found[1] or found[2], text)


def _moment(seconds: int) -> str:
    """A time of Discord in words, in UTC; empty if there is no such day."""
    try:
        return f"{formatted(datetime.fromtimestamp(seconds, UTC), '%-d %b %Y, %H:%M')} UTC"
    except (ValueError, OverflowError, OSError):
        return ""


def without_leading_mentions(line: str) -> str:
    """A line without the people, groups and channels before its first word: "vote 3" of "@ben @here vote 3"."""
    while found := _LEADING.match(line):
        line = line[found.end() :].lstrip()
    return line


def parse_channel(text: str) -> Mention:
    """A channel by mention, id or name, or as `here` (empty id)."""
    text = text.strip()
    if found := CHANNEL.fullmatch(text):
        return Mention(found[1], found[2] or "")
    bare = text.removeprefix("#")
    return NO_MENTION if bare.lower() == THIS_CHANNEL else Mention(bare, "" if bare.isdigit() else bare)


def check_room(platform: str, room: str) -> None:
    """Raises UserError for text that is no channel id on a platform, such as a name without a mention."""
    pattern = ROOM_IDS.get(platform)
    if not room or (pattern and not pattern.fullmatch(room)):
        raise UserError(
            _(
                "I cannot tell which channel “{room}” is. Choose it from the list that opens when you "
                "type #, paste its id, or run the command in that channel with `here`.",
                room=room[:60],
            )
        )

"""Typing a slash command: from words and values to the nested options Discord sends.

Discord's own app checks what is typed against the registered command; so do we.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from . import permissions, wire
from .seen import ActionUnavailable
from .state import Attachment, Channel, Command, Guild, Json, Role, Thread, User
from .world import ServerState

STRING_MAX = 6000
"""Characters a string option takes (Discord: Application Commands)."""

SAFE_INTEGER = 2**53


class OptionType(IntEnum):
    """The types of option."""

    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


NESTS = (OptionType.SUBCOMMAND, OptionType.GROUP)


@dataclass(slots=True)
class Resolved:
    """The objects that options, selects and context actions point at, sent along with their ids."""

    world: ServerState
    guild: Guild | None
    parts: dict[str, Json] = field(default_factory=dict)

    def add(self, thing: object) -> str:
        """Send a thing along; its id."""
        if isinstance(thing, User):
            self._put("users", thing.id, wire.user(thing))
            if self.guild and (member := self.guild.members.get(thing.id)):
                body = wire.member(member, permissions.granted(self.guild, thing.id))
                self._put("members", thing.id, {k: v for k, v in body.items() if k not in ("user", "deaf", "mute")})
            return str(thing.id)
        if isinstance(thing, Role):
            return self._put("roles", thing.id, wire.role(thing))
        if isinstance(thing, Channel):
            whole = wire.channel(self.world, thing)
            keys = ["id", "name", "type", "parent_id"] + ["thread_metadata"] * isinstance(thing, Thread)
            rights = {"permissions": str(self.world.rights(thing))}
            return self._put("channels", thing.id, {key: whole[key] for key in keys} | rights)
        if isinstance(thing, Attachment):
            return self._put("attachments", thing.id, wire.attachment(thing))
        raise ActionUnavailable(f"{thing!r} cannot be chosen here")

    def _put(self, kind: str, thing_id: int, body: Json) -> str:
        self.parts.setdefault(kind, {})[str(thing_id)] = body
        return str(thing_id)


@dataclass(frozen=True, slots=True)
class Typed:
    """A command line, understood."""

    command: Command
    path: tuple[str, ...]
    """The subcommand's words below the command's name."""
    options: list[Json]
    """The options the last word takes, as registered."""

    def data(self, values: list[Json], resolved: Resolved) -> Json:
        """The interaction data: the options nested as deep as the words."""
        options = values
        for depth, word in reversed(list(enumerate(self.path))):
            last = depth == len(self.path) - 1
            kind = OptionType.SUBCOMMAND if last else OptionType.GROUP
            options = [{"type": int(kind), "name": word, "options": options}]
        data: Json = {
            "id": str(self.command.id),
            "name": self.command.name,
            "type": self.command.type,
            "options": options,
        }
        if self.command.guild_id is not None:
            data["guild_id"] = str(self.command.guild_id)
        return data | ({"resolved": resolved.parts} if resolved.parts else {})


def find_command(
    world: ServerState, guild: Guild | None, kind: int, name: str, rights: int, locale: str = "en-US"
) -> Command:
    """A command a person may use here: the guild's own before the global one."""
    scopes = [guild.id, None] if guild else [None]
    offered = [command for scope in scopes for command in world.commands_in(scope) if command.type == kind]
    found = [command for command in offered if _is_called(command.body, name, locale)]
    if not found:
        raise ActionUnavailable(f"no command {name!r} is registered, but {sorted({c.name for c in offered})}")
    if guild and not rights & permissions.USE_APPLICATION_COMMANDS:
        raise ActionUnavailable("commands are switched off here for this member")
    needed = found[0].body.get("default_member_permissions")
    held = guild is None or rights & permissions.ADMINISTRATOR  # in private nobody is asked for rights
    if needed is not None and not held and (int(needed) == 0 or rights & int(needed) != int(needed)):
        raise ActionUnavailable(f"{name!r} is shown only to members with the permissions {needed}")
    contexts = found[0].body.get("contexts")
    if contexts and (0 if guild else 1) not in contexts:
        raise ActionUnavailable(f"{name!r} is not shown here (contexts {contexts})")
    return found[0]


def read_line(world: ServerState, guild: Guild | None, line: str, rights: int, locale: str = "en-US") -> Typed:
    """`/paper submit` to the command and the subcommand it names."""
    first, *path = line.removeprefix("/").split()
    command = find_command(world, guild, 1, first, rights, locale)
    names = []
    options: list[Json] = command.body.get("options") or []
    for word in path:
        inner = next((o for o in options if o["type"] in NESTS and _is_called(o, word, locale)), None)
        if inner is None:
            raise ActionUnavailable(f"{line!r}: no subcommand {word!r}, but {[o['name'] for o in options]}")
        options = inner.get("options") or []
        names.append(inner["name"])
    if any(option["type"] in NESTS for option in options):
        raise ActionUnavailable(f"{line!r} needs one of {[option['name'] for option in options]}")
    return Typed(command, tuple(names), options)


def _is_called(thing: Json, word: str, locale: str) -> bool:
    """Whether a person of this language may write a command's or subcommand's name so."""
    return word in (thing["name"], (thing.get("name_localizations") or {}).get(locale))


def read_options(typed: Typed, given: Mapping[str, Any], resolved: Resolved) -> list[Json]:
    """The options of a finished command, checked as Discord's app checks them before sending."""
    if unknown := given.keys() - {option["name"] for option in typed.options}:
        offered = [option["name"] for option in typed.options]
        raise ActionUnavailable(f"{typed.command.name} has no option {sorted(unknown)}, but {offered}")
    values = []
    for option in typed.options:
        if option["name"] in given:
            value = _value(option, given[option["name"]], resolved)
            values.append({"type": option["type"], "name": option["name"], "value": value})
        elif option.get("required"):
            raise ActionUnavailable(f"the option {option['name']!r} is required")
    return values


def read_unfinished(typed: Typed, given: Mapping[str, Any], resolved: Resolved) -> list[Json]:
    """The options of a command being typed; the last one named is the one under the cursor."""
    *_, focused = given
    by_name = {option["name"]: option for option in typed.options}
    if unknown := given.keys() - by_name.keys():
        raise ActionUnavailable(f"{typed.command.name} has no option {sorted(unknown)}, but {list(by_name)}")
    if not by_name[focused].get("autocomplete"):
        raise ActionUnavailable(f"the option {focused!r} does not complete, only {_completing(typed)}")
    values = []
    for name, value in given.items():
        kind = by_name[name]["type"]
        loose = str(value) if name == focused or kind == OptionType.STRING else value
        sent = resolved.add(value) if isinstance(value, User | Role | Channel) else loose
        entry: Json = {"type": kind, "name": name, "value": sent}
        values.append(entry | ({"focused": True} if name == focused else {}))
    return values


def _completing(typed: Typed) -> list[str]:
    return [option["name"] for option in typed.options if option.get("autocomplete")]


def _value(option: Json, value: Any, resolved: Resolved) -> Any:
    if choices := option.get("choices"):
        return _chosen(option["name"], choices, value)
    match OptionType(option["type"]):
        case OptionType.STRING:
            least, most = option.get("min_length") or 0, option.get("max_length") or STRING_MAX
            _expect(option, isinstance(value, str) and least <= len(value) <= most, value)
            return value
        case OptionType.INTEGER:
            fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= SAFE_INTEGER
            _expect(option, fits and _in_bounds(option, value), value)
            return value
        case OptionType.NUMBER:
            _expect(option, isinstance(value, int | float) and _in_bounds(option, value), value)
            return value
        case OptionType.BOOLEAN:
            _expect(option, isinstance(value, bool), value)
            return value
        case OptionType.CHANNEL:
            kinds = option.get("channel_types")
            _expect(option, isinstance(value, Channel) and (not kinds or int(value.type) in kinds), value)
            return resolved.add(value)
        case OptionType.USER:
            _expect(option, isinstance(value, User), value)
            return resolved.add(value)
        case OptionType.ROLE:
            _expect(option, isinstance(value, Role), value)
            return resolved.add(value)
        case _:
            return resolved.add(value)


def _chosen(name: str, choices: list[Json], value: Any) -> Any:
    for choice in choices:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    raise ActionUnavailable(f"{name!r} offers {[choice['name'] for choice in choices]}, not {value!r}")


def _in_bounds(option: Json, value: float) -> bool:
    least, most = option.get("min_value"), option.get("max_value")
    return (least is None or value >= least) and (most is None or value <= most)


def _expect(option: Json, fits: bool, value: object) -> None:
    if not fits:
        raise ActionUnavailable(f"the option {option['name']!r} does not take {value!r}")

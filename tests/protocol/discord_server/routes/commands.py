"""Application commands: registering them, globally or for one guild."""

from __future__ import annotations

from .. import wire
from ..command_rules import CREATES_A_DAY, check_command, check_scope
from ..errors import ApiError
from ..routing import Answer, Call, route
from ..state import Command, Json

GLOBAL = "/applications/{application_id}/commands"
OF_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


@route(f"GET {GLOBAL}")
@route(f"GET {OF_GUILD}")
def get_commands(call: Call) -> Answer:
    scope = _scope(call)
    return Answer([wire.command(call.world, command) for command in call.world.commands_in(scope)])


@route(f"POST {GLOBAL}")
@route(f"POST {OF_GUILD}")
def create_command(call: Call) -> Answer:
    scope, body = _scope(call), call.payload()
    call.refuse_if(check_command(body))
    fresh = _same(call, scope, body) is None
    command = _keep(call, scope, body)
    if problems := check_scope([one.body for one in call.world.commands_in(scope)]):
        del call.world.commands[command.id]
        call.breach(problems, 30032)
    return Answer(wire.command(call.world, command), 201 if fresh else 200)


@route(f"PUT {GLOBAL}")
@route(f"PUT {OF_GUILD}")
def overwrite_commands(call: Call) -> Answer:
    scope = _scope(call)
    bodies: list[Json] = call.body or []
    problems = check_scope(bodies)
    for index, body in enumerate(bodies):
        problems += check_command(body, str(index))
    call.refuse_if(problems)
    if call.world.creates.get(scope, 0) + sum(_same(call, scope, body) is None for body in bodies) > CREATES_A_DAY:
        raise ApiError(30034)
    kept = [_keep(call, scope, body) for body in bodies]
    for command in call.world.commands_in(scope):
        if command not in kept:
            del call.world.commands[command.id]
    return Answer([wire.command(call.world, command) for command in kept])


@route(f"GET {GLOBAL}/{{command_id}}")
@route(f"GET {OF_GUILD}/{{command_id}}")
def get_command(call: Call) -> Answer:
    return Answer(wire.command(call.world, _find(call)))


@route(f"PATCH {GLOBAL}/{{command_id}}")
@route(f"PATCH {OF_GUILD}/{{command_id}}")
def edit_command(call: Call) -> Answer:
    command = _find(call)
    changed = {**command.body, **call.payload()}
    call.refuse_if(check_command(changed))
    command.body, command.version = changed, call.world.ids.next()
    return Answer(wire.command(call.world, command))


@route(f"DELETE {GLOBAL}/{{command_id}}")
@route(f"DELETE {OF_GUILD}/{{command_id}}")
def delete_command(call: Call) -> Answer:
    del call.world.commands[_find(call).id]
    return Answer()


@route(f"GET {OF_GUILD}/permissions")
def get_all_permissions(call: Call) -> Answer:
    _scope(call)
    return Answer([])


@route(f"GET {OF_GUILD}/{{command_id}}/permissions")
def get_permissions(call: Call) -> Answer:
    """A guild whose admins have set nothing answers 10066: that is how Discord says "the default"."""
    _find(call, also_global=True)
    raise ApiError(10066)


def _scope(call: Call) -> int | None:
    if call.id("application_id") != call.world.application_id:
        raise ApiError(50001)
    return call.world.guild(call.id("guild_id")).id if "guild_id" in call.parameters else None


def _find(call: Call, *, also_global: bool = False) -> Command:
    scopes = {_scope(call)} | ({None} if also_global else set())
    command = call.world.commands.get(call.id("command_id"))
    if command is None or command.guild_id not in scopes:
        raise ApiError(10063)
    return command


def _same(call: Call, scope: int | None, body: Json) -> Command | None:
    """The command a body would replace: of the same type and name."""
    wanted = (int(body.get("type") or 1), body["name"])
    return next((c for c in call.world.commands_in(scope) if (c.type, c.name) == wanted), None)


def _keep(call: Call, scope: int | None, body: Json) -> Command:
    world = call.world
    if command := _same(call, scope, body):
        if command.body != body:
            command.body, command.version = body, world.ids.next()
        return command
    if world.creates.get(scope, 0) >= CREATES_A_DAY:
        raise ApiError(30034)
    world.creates[scope] = world.creates.get(scope, 0) + 1
    command = Command(world.ids.next(), scope, world.ids.next(), body)
    world.commands[command.id] = command
    return command

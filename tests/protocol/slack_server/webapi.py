"""The Web API's front door: arguments, tokens, scopes, floods and faults; then the method itself."""

from __future__ import annotations

import base64
import json
from typing import Any

from aiohttp import web

from tests.protocol.slack_server import chat, conversations, directory, oauth, reactions, uploads, views_api
from tests.protocol.slack_server.asking import METHODS, ApiRequest, Method
from tests.protocol.slack_server.handles import Handles
from tests.protocol.slack_server.rates import Flood, Rates
from tests.protocol.slack_server.things import Installation
from tests.protocol.slack_server.wire import Reply, Wire
from tests.protocol.slack_server.world import Refusal, ServerState

Json = dict[str, Any]
FAMILIES = (chat, conversations, directory, oauth, reactions, uploads, views_api)  # importing them fills METHODS
SENT_AS_JSON = ("blocks", "attachments", "metadata", "view", "files")


class WebApi:
    """Answers /api/<method>, by GET and POST, with arguments in the query, a form or JSON."""

    def __init__(self, world: ServerState, handles: Handles, wire: Wire, rates: Rates) -> None:
        self._world, self._handles, self._wire, self._rates = world, handles, wire, rates

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One request from the wire."""
        name = request.match_info["method"]
        complaint: Refusal | None = None
        try:
            args = _client(request) | await read_args(request)
        except Refusal as refusal:
            args, complaint = {}, refusal
        token = _token(request, args)
        installation = self._world.tokens.get(token)
        team = installation.team if installation else ""

        def answer() -> Reply:
            headers = _scope_headers(installation, METHODS.get(name))
            try:
                if complaint:
                    raise complaint
                self._rates.admit(name, team, str(args.get("channel", "")))
                return Reply(self._answer(name, args, token, installation), headers=headers)
            except Flood as flood:
                return Reply(flood.json(), 429, headers | {"Retry-After": str(flood.seconds)})
            except Refusal as refusal:
                return Reply(refusal.json(), headers=headers)

        shown = {k: v for k, v in args.items() if k not in ("token", "client_secret")}
        return await self._wire.exchange(request, name, shown, team, answer)

    def _answer(self, name: str, args: Json, token: str, installation: Installation | None) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise Refusal("unknown_method", req_method=name)
        ask = ApiRequest(self._world, self._handles, name, args, installation)
        self._check_token(method, token, installation)
        if method.scopes:
            ask.need(*method.scopes)
        for unknown in sorted(set(args) - method.args):
            self._world.breach(name, f"unknown argument {unknown!r}: Slack ignores it")
        for required in method.required:
            if args.get(required) in (None, ""):
                self._world.breach(name, f"no {required}")
                raise _missing(required)
        return method.answer(ask)

    def _check_token(self, method: Method, token: str, installation: Installation | None) -> None:
        if method.takes == "none":
            return
        if not token:
            raise Refusal("not_authed")
        if method.takes == "app":
            if token.startswith("xoxb-"):
                raise Refusal("not_allowed_token_type")
            if token != self._world.app.app_token:
                raise Refusal("invalid_auth")
            return
        if token.startswith("xapp-"):
            raise Refusal("not_allowed_token_type")
        if installation is None:
            raise Refusal("invalid_auth")
        if installation.trouble:
            raise Refusal(installation.trouble)


def _missing(argument: str) -> Refusal:
    """What Slack says when an argument is not there at all."""
    if argument == "channel":
        return Refusal("channel_not_found")
    message = f"[ERROR] missing required field: {argument}"
    return Refusal("invalid_arguments", response_metadata={"messages": [message]})


def _token(request: web.Request, args: Json) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(args.get("token", ""))


def _client(request: web.Request) -> Json:
    """The app's own name and secret, where they come as HTTP Basic authorisation."""
    if not request.headers.get("Authorization", "").startswith("Basic "):
        return {}
    try:
        pair = base64.b64decode(request.headers["Authorization"].removeprefix("Basic "), validate=True).decode()
    except ValueError:
        raise Refusal("invalid_client_id") from None
    name, _, secret = pair.partition(":")
    return {"client_id": name, "client_secret": secret}


def _scope_headers(installation: Installation | None, method: Method | None) -> dict[str, str]:
    headers = {"x-slack-req-id": "0" * 32}
    if installation:
        headers["x-oauth-scopes"] = ",".join(installation.scopes)
        headers["x-accepted-oauth-scopes"] = ",".join(method.scopes if method else ())
    return headers


async def read_args(request: web.Request) -> Json:
    """The arguments of a request, wherever they stand; JSON inside form fields is decoded.

    Refuses with json_not_object, invalid_json, invalid_blocks_format or invalid_arguments.
    """
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise Refusal("invalid_json") from None
        if not isinstance(body, dict):
            raise Refusal("json_not_object")
        args |= body
    elif request.can_read_body:
        args |= {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    for name in SENT_AS_JSON:
        if isinstance(args.get(name), str):
            try:
                args[name] = json.loads(args[name])
            except ValueError:
                error = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
                message = f"[ERROR] not valid JSON [json-pointer:/{name}]"
                raise Refusal(error, response_metadata={"messages": [message]}) from None
    return {k: v for k, v in args.items() if v is not None}

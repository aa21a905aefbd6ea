"""The HTTP side: each request is written down, met by faults and limits, checked, served and answered."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from .contract import Contract
from .errors import ApiError, Problem
from .faults import Cut, Fault
from .ledger import Request, Violation
from .routes import TABLE
from .routing import Answer, Call, Route, Upload

if TYPE_CHECKING:
    from .server import DiscordServer

PREFIX = "/api/v10"
MAX_BODY = 25 * 1024 * 1024
"""A request may carry 25 MiB (Discord: Uploading Files)."""

MAX_FILE = 10 * 1024 * 1024
"""A bot may attach files of 10 MiB (Discord: Uploading Files)."""

JSON_TYPE = {"Content-Type": "application/json"}
"""Exactly this: discord.py takes an answer with a charset behind it for text."""

MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id", "interaction_token")


class Rest:
    """Serves Discord's HTTP API."""

    def __init__(self, discord: DiscordServer) -> None:
        self._discord = discord
        self._contract = Contract.vendored()

    async def serve(self, http: web.Request) -> web.StreamResponse:
        """One request from the wire to its answer."""
        path = http.path.removeprefix(PREFIX)
        found = TABLE.find(http.method, path)
        name = found[0].name if found else f"{http.method} {path}"
        body, uploads, unreadable = await _read(http)
        files = tuple(upload.filename for upload in uploads)
        now = self._discord.clock.now()
        entry = Request(now, http.method, path, name, dict(http.query), body, files)
        self._discord.ledger.requests.append(entry)
        self._discord.ledger.running += 1
        self._discord.changes.notify()
        try:
            return await self._meet(http, entry, found, uploads, unreadable)
        finally:
            self._discord.ledger.running -= 1
            self._discord.changes.notify()

    async def _meet(
        self,
        http: web.Request,
        entry: Request,
        found: tuple[Route, dict[str, str]] | None,
        uploads: tuple[Upload, ...],
        unreadable: bool,
    ) -> web.StreamResponse:
        fault = self._discord.faults.strike(entry)
        if fault is None or fault.applied:
            answer, headers = self._serve(http, entry, found, uploads, unreadable)
        else:
            answer, headers = Answer(), {}
        if fault is None:
            return _write(entry, answer, headers)
        entry.fault = fault.name
        self._discord.changes.notify()
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.cut:
            return _cut(http, fault.cut)
        if fault.status is None:
            return _write(entry, answer, headers)
        return _trouble(entry, fault)

    def _serve(
        self,
        http: web.Request,
        entry: Request,
        found: tuple[Route, dict[str, str]] | None,
        uploads: tuple[Upload, ...],
        unreadable: bool,
    ) -> tuple[Answer, dict[str, str]]:
        """Serve a request at once: nothing here waits, so each request is applied whole or not at all."""
        if found is None:
            self._breach(entry, [Problem("", "there is no such operation here")])
            return _refusal(ApiError(0)), {}
        route, parameters = found
        call = Call(self._discord.world, self._discord.events, parameters, entry.query, entry.body, uploads)
        major = "+".join(parameters[name] for name in MAJOR if name in parameters)
        try:
            self._admit(http, route)
            if late := self._discord.limits.exhausted(route.name, major):
                return self._too_many(entry, route, major, *late)
            if any(len(upload.content) > MAX_FILE for upload in uploads):
                call.breach([Problem("files", f"a file may have {MAX_FILE} bytes")], 40005)
            if unreadable:
                call.breach([Problem("", "the body is not JSON")], 50109)
            if self._discord.check_requests:
                problems = self._contract.request(route.method, route.template, entry.body)
                problems += self._contract.query(route.method, route.template, entry.query)
                call.refuse_if(problems)
            answer = route.handler(call)
            entry.applied = True
        except ApiError as refusal:
            answer = _refusal(refusal)
        if call.breaches:
            self._breach(entry, call.breaches)
        if self._discord.check_answers:
            self._check_answer(entry, route, answer)
        return answer, self._discord.limits.headers(route.name, major)

    def _admit(self, http: web.Request, route: Route) -> None:
        """Refuse a request without the bot's token, where the path itself carries none."""
        if route.token_in_path:
            return
        if http.headers.get("Authorization") != f"Bot {self._discord.token}":
            raise ApiError(0, status=401)

    def _too_many(
        self, entry: Request, route: Route, major: str, wait: float, everything: bool
    ) -> tuple[Answer, dict[str, str]]:
        body = {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": everything}
        headers = {} if everything else self._discord.limits.headers(route.name, major)
        return Answer(body, 429), headers | _limit_headers(wait, "global" if everything else "user")

    def _check_answer(self, entry: Request, route: Route, answer: Answer) -> None:
        body = answer.body
        if answer.status >= 400:  # the document takes the codes inside `errors` for numbers; Discord sends words
            body = {key: value for key, value in body.items() if key != "errors"}
        problems = self._contract.answer(route.method, route.template, answer.status, body)
        self._discord.own_faults += [f"{entry.route} {answer.status}: {problem}" for problem in problems]

    def _breach(self, entry: Request, problems: list[Problem]) -> None:
        self._discord.breaches.append(Violation(entry, tuple(problems)))


def _limit_headers(wait: float, scope: str) -> dict[str, str]:
    headers = {"Retry-After": str(max(1, round(wait))), "X-RateLimit-Scope": scope, "Via": "1.1 google"}
    return headers | ({"X-RateLimit-Global": "true"} if scope == "global" else {})


def _refusal(refusal: ApiError) -> Answer:
    body = refusal.body()
    if refusal.status == 401 and refusal.code == 0:
        body["message"] = "401: Unauthorized"
    if refusal.status == 429:
        body |= {"retry_after": 0.05, "global": False}
    return Answer(body, refusal.status)


def _write(entry: Request, answer: Answer, headers: Mapping[str, str]) -> web.Response:
    status = answer.status
    entry.status, entry.answer = status, answer.body
    every = dict(headers)
    if status == 429 and "Via" not in every:
        every |= _limit_headers(answer.body["retry_after"], "user")
    if answer.body is None:
        return web.Response(status=status, headers=every)
    return web.Response(status=status, body=json.dumps(answer.body).encode(), headers=every | JSON_TYPE)


def _trouble(entry: Request, fault: Fault) -> web.Response:
    """An answer that a fault dictates."""
    status = entry.status = fault.status or 500
    if fault.retry_after is not None:
        entry.shared = fault.scope == "shared"
        body = {"message": "You are being rate limited.", "global": fault.scope == "global"}
        body |= fault.body if isinstance(fault.body, dict) else {}
        body["retry_after"] = fault.retry_after
        headers = _limit_headers(fault.retry_after, fault.scope) | JSON_TYPE
        return web.Response(status=status, body=json.dumps(body).encode(), headers=headers)
    if isinstance(fault.body, dict):
        return web.Response(status=status, body=json.dumps(fault.body).encode(), headers=JSON_TYPE)
    page = JSON_TYPE if status == 200 else {"Content-Type": "text/html"}
    return web.Response(status=status, body=(fault.body or "").encode(), headers=page)


def _cut(http: web.Request, how: Cut) -> web.StreamResponse:
    """End the connection instead of answering."""
    if http.transport is not None:
        if how is Cut.RESET:
            linger = struct.pack("ii", 1, 0)  # close() then sends RST instead of FIN
            http.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            http.transport.abort()
        http.transport.close()
    return web.Response(status=500)


async def _read(http: web.Request) -> tuple[Any, tuple[Upload, ...], bool]:
    """The JSON body, the uploaded files, and whether it could not be read."""
    if http.content_type.startswith("multipart/"):
        return await _read_parts(http)
    raw = await http.read()
    if not raw:
        return None, (), False
    if http.content_type != "application/json":
        return None, (), True
    body, unreadable = _json(raw)
    return body, (), unreadable


async def _read_parts(http: web.Request) -> tuple[Any, tuple[Upload, ...], bool]:
    body: Any = None
    unreadable = False
    uploads = []
    async for part in await http.multipart():
        if not isinstance(part, BodyPartReader):
            return None, (), True
        content = bytes(await part.read())
        if part.name == "payload_json":
            body, unreadable = _json(content)
        else:
            uploads.append(Upload(part.name or "", part.filename or "", content))
    return body, tuple(uploads), unreadable


def _json(raw: bytes) -> tuple[Any, bool]:
    try:
        return json.loads(raw), False
    except ValueError:
        return None, True

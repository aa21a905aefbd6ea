"""One exchange on the wire: written into the ledger, troubled by a fault if a test wants one, answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.protocol.slack_server.faults import Fault, Faults
from tests.protocol.slack_server.ledger import ApiCall
from tests.protocol.slack_server.world import ServerState

Json = dict[str, Any]
PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Something went wrong.</body></html>"


@dataclass(frozen=True, slots=True)
class Reply:
    """What Slack answers; the body goes out as JSON unless there is a bare `text`."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None

    def response(self) -> web.Response:
        if self.text is not None:
            return web.Response(status=self.status, text=self.text, headers=self.headers)
        return web.json_response(self.body, status=self.status, headers=self.headers)


class Wire:
    """Every request of the app to the Web API or a response_url passes here."""

    def __init__(self, world: ServerState, faults: Faults) -> None:
        self._world, self._faults = world, faults

    async def exchange(
        self, request: web.Request, method: str, args: Json, team: str, answer: Callable[[], Reply]
    ) -> web.StreamResponse:
        """Answer a request, with the fault that is due: `answer` is what Slack does, called once or not at all."""
        self._world.busy += 1
        try:
            asked = self._note(request, method, args, team)
            fault = self._faults.next(method, args)
            if fault is None:
                return self._do(asked, answer).response()
            asked.fault = fault.kind
            return await self._troubled(request, asked, fault, answer)
        finally:
            self._world.busy -= 1
            self._world.changes.notify()

    async def _troubled(
        self, request: web.Request, asked: ApiCall, fault: Fault, answer: Callable[[], Reply]
    ) -> web.StreamResponse:
        if fault.kind == "slow" and not fault.applied:
            await self._world.clock.sleep(fault.seconds)
            return self._do(asked, answer).response()
        reply = self._do(asked, answer) if fault.applied else None
        if fault.kind == "slow" and reply is not None:
            await self._world.clock.sleep(fault.seconds)
            return reply.response()
        return _broken(request, fault, asked)

    def _note(self, request: web.Request, method: str, args: Json, team: str) -> ApiCall:
        ledger = self._world.ledger
        asked = ApiCall(len(ledger.asked) + 1, method, request.method, args, team, self._world.clock.now())
        ledger.asked.append(asked)
        self._world.changes.notify()
        return asked

    def _do(self, asked: ApiCall, answer: Callable[[], Reply]) -> Reply:
        try:
            reply = answer()
        except Exception as error:
            self._world.breach(asked.method, f"this Slack itself broke: {error!r}")
            raise
        asked.answer = reply.body
        self._world.changes.notify()
        return reply


def _broken(request: web.Request, fault: Fault, asked: ApiCall) -> web.StreamResponse:
    """What comes over the wire instead of the answer, if anything."""
    match fault.kind:
        case "status":
            return web.Response(status=fault.status, text=PAGE, content_type="text/html")
        case "html":
            return web.Response(text=PAGE, content_type="text/html")
        case "truncated":
            whole = json.dumps(asked.answer or {"ok": True})
            return web.Response(text=whole[: len(whole) // 2], content_type="application/json")
        case "ratelimited":
            headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            asked.answer = {"ok": False, "error": "ratelimited"}
            return web.json_response(asked.answer, status=429, headers=headers)
        case "refuse":
            refusal = {"ok": False, "error": fault.error}
            asked.answer = asked.answer if fault.applied else refusal
            return web.json_response(refusal)
        case _:
            assert request.transport is not None
            if fault.kind == "lost":
                request.transport.close()
            else:
                request.transport.abort()
            return web.Response()

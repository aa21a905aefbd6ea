"""Answers to interactions through a response_url: new messages, replacements and deletions."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.protocol.slack_server.asking import ApiRequest
from tests.protocol.slack_server.chat import replace
from tests.protocol.slack_server.checks import look_at_message
from tests.protocol.slack_server.handles import Handles, ResponseUrl
from tests.protocol.slack_server.posts import Message
from tests.protocol.slack_server.wire import Reply, Wire
from tests.protocol.slack_server.world import Refusal, ServerState

Json = dict[str, Any]
METHOD = "response_url"
KNOWN = {
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts", "metadata",
    "unfurl_links", "unfurl_media", "mrkdwn",
}  # fmt: skip


class Responses:
    """Serves POST /response/..."""

    def __init__(self, world: ServerState, handles: Handles, wire: Wire) -> None:
        self._world, self._handles, self._wire = world, handles, wire

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One answer to one interaction."""
        try:
            args = json.loads(await request.text())
        except ValueError:
            args = None
        if not isinstance(args, dict):
            self._world.breach(METHOD, "the body is no JSON object")
            return web.Response(status=400, text="invalid_payload")
        id = request.match_info["id"]

        def answer() -> Reply:
            try:
                self.say(self._handles.answer_through(id), args)
            except Refusal as refusal:
                gone = refusal.error in ("used_url", "expired_url", "no_such_url")
                if gone:
                    self._world.breach(METHOD, f"{refusal.error}: five uses within thirty minutes")
                return Reply(refusal.json(), 404 if gone else 500)
            return Reply({"ok": True}, text="ok")

        return await self._wire.exchange(request, METHOD, args, id.partition("/")[0], answer)

    def say(self, url: ResponseUrl, args: Json) -> Message | None:
        """Do what an answer asks for; the first answer may also come inside the acknowledgement."""
        world = self._world
        installation = world.installations[url.team]
        ask = ApiRequest(world, self._handles, METHOD, args, installation)
        for unknown in sorted(set(args) - KNOWN):
            world.breach(METHOD, f"unknown argument {unknown!r}: Slack ignores it")
        if args.get("response_type") not in (None, "ephemeral", "in_channel"):
            world.breach(METHOD, f"response_type is {args['response_type']!r}")
            raise Refusal("invalid_payload")
        target = url.original or url.last
        if ask.flag("delete_original"):
            if target is None or target.deleted:
                raise Refusal("message_not_found")
            world.delete(target)
            return target
        ask.judge(look_at_message(args, world.mentionable))
        # Slack replaces the clicked message unless told otherwise only for old-style buttons: with blocks, it posts.
        if ask.flag("replace_original") and target is not None:
            if target.deleted:
                raise Refusal("message_not_found")
            replace(ask, target)
            return target
        public = args.get("response_type") == "in_channel"
        thread = args.get("thread_ts") or url.thread_ts
        message = Message(
            team=url.team,
            channel=url.channel,
            ts=world.next_ts(),
            user=installation.bot_user,
            text=str(args.get("text") or ""),
            blocks=args.get("blocks") or [],
            attachments=args.get("attachments") or [],
            thread_ts=thread,
            bot_id=installation.bot_id,
            app_id=world.app.id,
            metadata=args.get("metadata") or None,
            ephemeral_to=None if public else url.user,
        )
        if public and any(args.get(flag) is not False for flag in ("unfurl_links", "unfurl_media")):
            world.breach(METHOD, "unfurl_links and unfurl_media are not false on a public answer")
        url.last = world.post(message, METHOD)
        return message

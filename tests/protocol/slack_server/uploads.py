"""Files in Slack's three steps: ask for an address, put the bytes there, say where they belong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.protocol.slack_server.asking import ApiRequest, method
from tests.protocol.slack_server.posts import Message
from tests.protocol.slack_server.world import Refusal, ServerState

Json = dict[str, Any]


@dataclass(slots=True)
class File:
    """A file on its way or arrived."""

    id: str
    team: str
    name: str
    length: int
    content: bytes | None = None
    title: str = ""
    alt: str = ""
    channel: str = ""
    is_complete: bool = False
    looks_left: int = 0
    """How many more blocks with it are refused: Slack has not looked at it yet."""

    @property
    def is_picture(self) -> bool:
        return (self.content or b"").startswith((b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8"))


@method("files.getUploadURLExternal", "filename* length* snippet_type alt_txt", scopes="files:write")
def upload_url(ask: ApiRequest) -> Json:
    length = ask.number("length", 0, 2**30)
    file = File(f"F{ask.world.number():09d}", ask.here.team, ask.word("filename"), length, alt=ask.word("alt_txt"))
    ask.world.files[file.id] = file
    return {"ok": True, "upload_url": f"{ask.world.base_url}/upload/{file.id}", "file_id": file.id}


@method(
    "files.completeUploadExternal",
    "files* channel_id channels thread_ts initial_comment blocks",
    scopes="files:write",
)
def complete(ask: ApiRequest) -> Json:
    files = [_arrived(ask, one) for one in ask.args["files"]]
    shown = [{"id": f.id, "name": f.name, "title": f.title, "size": f.length} for f in files]
    for id in (ask.word("channel_id") or ask.word("channels")).split(","):
        if not id:
            continue
        channel = ask.world.find_channel(ask.here.team, id)
        if ask.here.bot_user not in channel.members:
            raise Refusal("not_in_channel")
        for file in files:
            file.channel = channel.id
        ask.world.post(
            Message(
                ask.here.team,
                channel.id,
                ask.world.next_ts(),
                ask.here.bot_user,
                ask.word("initial_comment"),
                ask.args.get("blocks") or [],
                [{"fallback": f.title, "title": f.title} for f in files],
                ask.word("thread_ts") or None,
                ask.here.bot_id,
                ask.world.app.id,
            ),
            ask.method,
        )
    return {"ok": True, "files": shown}


def _arrived(ask: ApiRequest, one: Json) -> File:
    file = ask.world.files.get(str(one.get("id")))
    if file is None or file.team != ask.here.team or file.content is None:
        raise Refusal("file_not_found")
    file.title = str(one.get("title") or file.name)
    file.is_complete = True
    file.looks_left = ask.world.looks_at_files
    return file


@method("files.info", "file* count cursor limit page", scopes="files:read")
def info(ask: ApiRequest) -> Json:
    file = ask.world.files.get(ask.word("file"))
    if file is None or file.team != ask.here.team:
        raise Refusal("file_not_found")
    url = f"{ask.world.base_url}/files-pri/{file.id}"
    shown = {"id": file.id, "name": file.name, "size": file.length, "url_private_download": url}
    return {"ok": True, "file": shown}


async def send(world: ServerState, request: web.Request) -> web.Response:
    """GET /files-pri/<id>: a file, for an app of its workspace with the right token; a login page for others."""
    file = world.files.get(request.match_info["id"])
    installation = world.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if file is None or file.content is None:
        return web.Response(status=404)
    if installation is None or installation.team != file.team:
        return web.Response(text="<html>Sign in to Slack</html>", content_type="text/html")
    return web.Response(body=file.content)


def check_pictures(ask: ApiRequest) -> None:
    """Refuse image blocks whose file is none of the app's pictures, or is not looked at yet."""
    for index, block in enumerate(ask.args.get("blocks") or []):
        if block.get("type") != "image" or "slack_file" not in block:
            continue
        at = f"[json-pointer:/blocks/{index}/slack_file]"
        given = block["slack_file"]
        if not re.fullmatch(r"F[A-Z0-9]{8,}", str(given.get("id"))) or "url" in given:
            _refuse_picture(ask, f"input must match regex pattern: ^[F][A-Z0-9]{{8,}}$ {at}", is_breach=True)
        file = ask.world.files.get(given["id"])
        if file is None or file.team != ask.here.team or not (file.is_complete and file.is_picture):
            _refuse_picture(ask, f"invalid slack file {at}", is_breach=True)
        elif file.looks_left > 0:
            file.looks_left -= 1
            _refuse_picture(ask, f"invalid slack file {at}", is_breach=False)


def _refuse_picture(ask: ApiRequest, fault: str, *, is_breach: bool) -> None:
    if is_breach:
        ask.world.breach(ask.method, fault)
    raise Refusal("invalid_blocks", errors=[fault], response_metadata={"messages": [f"[ERROR] {fault}"]})


async def receive(world: ServerState, request: web.Request) -> web.Response:
    """POST /upload/<id>: the bytes themselves, bare or as the one part of a form."""
    file = world.files.get(request.match_info["id"])
    if file is None:
        return web.Response(status=404)
    content = await request.read()
    if request.content_type.startswith("multipart/"):
        part = next(iter((await request.post()).values()))
        content = part.file.read() if isinstance(part, web.FileField) else str(part).encode()
    if len(content) != file.length:
        world.breach("upload", f"{len(content)} bytes came, {file.length} were announced")
        return web.Response(status=400, text="size mismatch")
    file.content = content
    return web.Response(text=f"OK - {len(content)}")

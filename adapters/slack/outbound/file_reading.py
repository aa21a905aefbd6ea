"""Reads files that people upload in forms. The scope `files:read` is needed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from aiohttp import ClientError

from adapters.slack.transport.outcomes import REQUEST_FAILURES
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.errors import UserError
from bot.locale.current import _

FILE_ID = re.compile(r"F[A-Z0-9]{6,20}")


async def read_file(teams: WorkspaceClients, base_url: str, team: str, reference: str, limit: int) -> bytes:
    """Content of a file on Slack, at most `limit` bytes. Raises UserError if it is larger or cannot be read."""
    if not FILE_ID.fullmatch(reference):
        raise UserError(_("That is not a file on Slack. Upload it in the form."), field="file")
    try:
        response = await teams.call(team, "files.info", lambda client: client.files_info(file=reference))
        token = (await teams.get(team)).client.token
    except REQUEST_FAILURES as error:
        raise UserError(
            _("Slack does not give me the file ({error}). Does the app have the permission files:read?", error=error),
            field="file",
        ) from error
    file = response.get("file") or {}
    if int(file.get("size") or 0) > limit:
        raise UserError(_("The file is larger than {limit} MB.", limit=limit // 2**20), field="file")
    url = str(file.get("url_private_download") or "")
    host, base = urlsplit(url), urlsplit(base_url)
    if (host.scheme, host.netloc) != (base.scheme, base.netloc) and not (
        host.scheme == "https" and (host.hostname or "").endswith(".slack.com")
    ):
        raise UserError(_("Slack keeps that file elsewhere, so I cannot read it. Paste its text."), field="file")
    try:
        with teams.in_progress():
            async with teams.session.get(
                url, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False
            ) as answer:
                content = await answer.content.read(limit + 1) if answer.status == 200 else b""
                while answer.status == 200 and len(content) <= limit and (more := await answer.content.read(limit)):
                    content += more
    except (TimeoutError, ClientError, OSError) as error:
        raise UserError(_("Slack did not send the file. Try again."), field="file") from error
    if answer.status != 200:
        raise UserError(
            _("Slack did not send the file ({status}). Upload it again.", status=answer.status), field="file"
        )
    if len(content) > limit:
        raise UserError(_("The file is larger than {limit} MB.", limit=limit // 2**20), field="file")
    return content

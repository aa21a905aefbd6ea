"""OpenReview's API with an account, a token, or neither (https://docs.openreview.net, API 2)."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from bot.errors import Unavailable
from bot.locale.current import _
from bot.locale.translatable import TranslatableText
from bot.ports import RateGate
from bot.sources.http_client import HttpResponse
from bot.sources.json_host import JsonSource, SourceMalformed, SourceUnavailable
from bot.sources.record_fields import object_of, text_of

_REFUSED = frozenset((401, 403))
PROBE = "/notes?content.venueid=ICLR.cc/2024/Conference&limit=1"
"""Question about one public note, for a check of the connection."""


@dataclass(frozen=True, slots=True)
class OpenReviewCredentials:
    """Account or token; all are empty for requests without an account. The token counts, if there are both."""

    username: str = ""
    password: str = ""
    token: str = ""


class AccountNeeded(SourceUnavailable):
    """OpenReview refused a request for want of an account, or refused the account itself."""

    def __init__(self, message: str) -> None:
        super().__init__("OpenReview", "an account is needed")
        self.message, self.advice = message, ""


class OpenReviewSource(JsonSource):
    """Base of the clients of OpenReview. It signs in once, and again when its token is refused."""

    name = "openreview"
    label = "OpenReview"

    def __init__(
        self, rate_gate: RateGate, *, credentials: OpenReviewCredentials | None = None, **options: Any
    ) -> None:
        """`options` are those of every source."""
        super().__init__(rate_gate, **options)
        self.credentials = credentials or OpenReviewCredentials()
        self._token = ""
        self._login_lock = asyncio.Lock()

    @property
    def has_account(self) -> bool:
        """True if the settings give it an account."""
        return bool(self.credentials.username or self.credentials.token)

    async def check(self) -> tuple[bool, str]:
        """True if the API answers as it is set up, with a sentence. Never raises."""
        account = self.credentials.username or ("the token" if self.credentials.token else "")
        try:
            await self.get(PROBE)
        except AccountNeeded as error:
            return not account, str(error)
        except Unavailable as error:
            return False, str(error)
        return True, _("is answering (signed in as {account})", account=account) if account else _(
            "is answering (without an account)"
        )

    async def answer_of(self, path: str) -> HttpResponse:
        """The response to a GET, signed in if there is an account. Raises AccountNeeded if it is refused."""
        token = await self._bearer()
        answer = await self._get(path, token)
        if answer.status in _REFUSED and token and not self.credentials.token:
            self._token = ""  # a token is valid for a day
            answer = await self._get(path, await self._bearer())
        if answer.status in _REFUSED:
            raise AccountNeeded(self._refusal(answer))
        return answer

    async def _get(self, path: str, token: str) -> HttpResponse:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self._host.get(f"{self.base_url}{path}", headers=headers)

    async def _bearer(self) -> str:
        """The token of the settings, or of a login, which is made once; "" without an account."""
        if self.credentials.token or not self.credentials.username:
            return self.credentials.token
        async with self._login_lock:
            if not self._token:
                self._token = await self._log_in()
            return self._token

    async def _log_in(self) -> str:
        """A token for the account. Raises AccountNeeded if it is refused, SourceMalformed for any other answer."""
        given = {"id": self.credentials.username, "password": self.credentials.password}
        answer = await self._host.post(f"{self.base_url}/login", given)
        if answer.status in {400, *_REFUSED}:
            raise AccountNeeded(
                _(
                    "OpenReview refuses the account (HTTP {status}). Check JOURNALCLUB_OPENREVIEW__USERNAME and "
                    "JOURNALCLUB_OPENREVIEW__PASSWORD.",
                    status=answer.status,
                )
            )
        if answer.status != 200:
            raise SourceUnavailable(self.label, f"HTTP {answer.status}")
        token = text_of(object_of(_json(answer.body)).get("token"))
        if not token.isascii() or not token.isprintable() or not token:
            raise SourceMalformed(self.label, TranslatableText("its answer to the login has no token"))
        return token

    def _refusal(self, answer: HttpResponse) -> str:
        if self.credentials.token or self.credentials.username:
            return _(
                "OpenReview refuses the request with this account or token (HTTP {status}). Check "
                "JOURNALCLUB_OPENREVIEW__USERNAME and JOURNALCLUB_OPENREVIEW__PASSWORD, or "
                "JOURNALCLUB_OPENREVIEW__TOKEN.",
                status=answer.status,
            )
        return _(
            "OpenReview answers only requests from an account (HTTP {status}). Whoever runs this program can set "
            "one: JOURNALCLUB_OPENREVIEW__USERNAME. Until then I read only the public web page behind a link.",
            status=answer.status,
        )


def _json(body: bytes) -> Any:
    """The JSON value of a body; None if it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None

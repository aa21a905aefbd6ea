"""OAuth v2: a person allows the app in a workspace, and the app trades the code for a token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import web
from yarl import URL

from tests.protocol.slack_server.asking import ApiRequest, method
from tests.protocol.slack_server.world import Refusal, ServerState

if TYPE_CHECKING:
    from tests.protocol.slack_server.people import Person

Json = dict[str, Any]
CODE_SECONDS = 600.0


@dataclass(slots=True)
class Code:
    """What somebody allowed, waiting to be traded for a token once, within ten minutes."""

    team: str
    user: str
    scopes: list[str]
    redirect_uri: str
    challenge: str
    born: float
    used: bool = False


class OAuth:
    """Slack's page with the button "Allow"."""

    def __init__(self, world: ServerState) -> None:
        self._world = world
        self.approver: Person | None = None  # who sits at the browser that opens the page
        self.allows = True  # whether they press Allow or Cancel

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """GET /oauth/v2/authorize: the person at the browser decides at once."""
        if self.approver is None:
            return web.Response(status=400, text="set slack.oauth.approver: nobody sits at the browser")
        try:
            target = self.decide(str(request.url), self.approver, allow=self.allows)
        except Refusal as refusal:
            return web.Response(status=400, text=refusal.error)
        raise web.HTTPFound(target)

    def decide(self, authorize_url: str, person: Person, *, allow: bool = True) -> str:
        """Where the browser goes next: back to the app with a code, or with error=access_denied.

        Refuses with invalid_client_id, bad_redirect_uri or invalid_scope, which Slack shows on its own page.
        """
        query, app = URL(authorize_url).query, self._world.app
        redirect_uri = query.get("redirect_uri", app.redirect_urls[0] if app.redirect_urls else "")
        scopes = [s for s in query.get("scope", "").split(",") if s]
        if query.get("client_id") != app.client_id:
            raise Refusal("invalid_client_id")
        if not any(redirect_uri.startswith(known) for known in app.redirect_urls):
            raise Refusal("bad_redirect_uri")
        if not scopes:
            raise Refusal("invalid_scope")
        answer = {"state": query["state"]} if "state" in query else {}
        if not allow:
            return f"{redirect_uri}?{urlencode({'error': 'access_denied', **answer})}"
        code = f"{self._world.number()}.{secrets.token_hex(16)}"
        challenge = query.get("code_challenge", "")
        self._world.codes[code] = Code(
            person.user.team, person.id, scopes, redirect_uri, challenge, self._world.clock.now()
        )
        return f"{redirect_uri}?{urlencode({'code': code, **answer})}"


@method(
    "oauth.v2.access",
    "code* client_id client_secret redirect_uri code_verifier grant_type refresh_token",
    takes="none",
)
def access(ask: ApiRequest) -> Json:
    world, app = ask.world, ask.world.app
    if ask.word("client_id") != app.client_id:
        raise Refusal("invalid_client_id")
    if not hmac.compare_digest(ask.word("client_secret"), app.client_secret):
        raise Refusal("bad_client_secret")
    code = world.codes.get(ask.word("code"))
    if code is None or world.clock.now() - code.born >= CODE_SECONDS:
        raise Refusal("invalid_code")
    if code.used:
        raise Refusal("code_already_used")
    if ask.word("redirect_uri") != code.redirect_uri:
        raise Refusal("bad_redirect_uri")
    if code.challenge and _challenge(ask.word("code_verifier")) != code.challenge:
        raise Refusal("invalid_code_verifier")
    code.used = True
    installation = world.install(code.team, code.scopes)
    return {
        "ok": True,
        "app_id": app.id,
        "authed_user": {"id": code.user},
        "scope": ",".join(installation.scopes),
        "token_type": "bot",
        "access_token": installation.token,
        "bot_user_id": installation.bot_user,
        "team": {"id": code.team, "name": world.teams[code.team].name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _challenge(verifier: str) -> str:
    """PKCE's S256: the hash of the verifier in URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")

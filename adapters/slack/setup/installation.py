"""Installs the app in many workspaces by Slack's OAuth v2.

The state is random, stored by its hash, bound to a cookie of the same browser, and valid once within ten minutes, so
that nobody can be made to finish an installation that somebody else began.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import timedelta
from html import escape
from urllib.parse import urlencode, urljoin

from aiohttp import web

from adapters.slack.setup.manifest import REDIRECT, scopes
from adapters.slack.setup.workspace_lifecycle import WorkspaceLifecycle
from adapters.slack.transport.outcomes import REQUEST_FAILURES, outcome
from adapters.slack.transport.token_cipher import TokenCipher
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.app import App
from bot.domain.models import Installation
from bot.settings import SlackSettings

log = logging.getLogger(__name__)

INSTALL_PATH, CALLBACK_PATH = "/slack/install", REDIRECT

STATE_LIFETIME = timedelta(minutes=10)
"""Time that somebody has on Slack's page."""


class OAuthInstallation:
    """The two pages of an installation: the one that leads to Slack, and the one that Slack returns to."""

    def __init__(
        self,
        app: App,
        settings: SlackSettings,
        cipher: TokenCipher,
        teams: WorkspaceClients,
        lifecycle: WorkspaceLifecycle,
    ) -> None:
        self._app = app
        self._settings = settings
        self._cipher = cipher
        self._teams = teams
        self._lifecycle = lifecycle
        self._secure = app.installation.public_url.startswith("https://")
        self._cookie = "__Host-journalclub-install" if self._secure else "journalclub-install"

    def routes(self) -> list[web.RouteDef]:
        """The routes of both pages."""
        return [web.get(INSTALL_PATH, self.start), web.get(CALLBACK_PATH, self.callback)]

    async def start(self, request: web.Request) -> web.Response:
        """Redirect somebody to Slack's page."""
        state, cookie = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        now = self._app.now()
        async with self._app.store.admin_session() as admin:
            await admin.installations.start_attempt(_hash(state), _hash(cookie), now, now + STATE_LIFETIME)
        query = {
            "client_id": self._settings.client_id,
            "scope": ",".join(
                scopes(history=self._settings.history, links=self._settings.links, reactions=self._settings.reactions)
            ),
            "redirect_uri": self._redirect_uri,
            "state": state,
        }
        page = urljoin(self._settings.base_url, "../oauth/v2/authorize")
        answer = web.Response(
            status=302, headers={"Location": f"{page}?{urlencode(query)}", "Cache-Control": "no-store"}
        )
        answer.set_cookie(
            self._cookie,
            cookie,
            max_age=int(STATE_LIFETIME.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )
        return answer

    async def callback(self, request: web.Request) -> web.Response:
        """Handle the return from Slack's page, with or without the workspace's consent."""
        state, cookie = request.query.get("state", ""), request.cookies.get(self._cookie, "")
        async with self._app.store.admin_session() as admin:
            known = await admin.installations.finish_attempt(_hash(state), _hash(cookie), self._app.now())
        if not known:
            return _page(
                400, "This link does not work", "It was already used, has expired, or was opened in another browser."
            )
        if request.query.get("error") or not request.query.get("code"):
            return _page(
                200, "Nothing was installed", "You cancelled on Slack's page, or were not allowed to install it."
            )
        try:
            name = await self._install(request.query["code"])
        except REQUEST_FAILURES as error:
            log.warning("an installation failed: %s", error)
            return _page(502, "Slack did not confirm the installation", "Please start again.")
        return _page(200, "Journal Club is installed", f"Go back to {name} and run /clubadmin setup in any channel.")

    async def _install(self, code: str) -> str:
        """Exchange the code for a token, store it encrypted, and return the workspace's name. Raises NotSent, Refused
        and OutcomeUnknown.
        """
        # As form fields: the SDK's own method uses a deprecated part of aiohttp.
        trade = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret.get_secret_value(),
            "code": code,
            "redirect_uri": self._redirect_uri,
        }
        response = await outcome(self._teams.client().api_call("oauth.v2.access", data=trade))
        team, user = str(response["team"]["id"]), str(response["authed_user"]["id"])
        installation = Installation(
            platform="slack",
            external_id=team,
            name=str(response["team"].get("name") or ""),
            token=self._cipher.encrypt(str(response["access_token"])),
            bot_user=str(response["bot_user_id"]),
            scopes=[scope for scope in str(response.get("scope") or "").split(",") if scope],
            installed_by=user,
            at=self._app.now(),
            bot_id="",
        )
        async with self._app.store.admin_session() as admin:
            await admin.installations.save(installation)
        self._teams.forget(team)
        await self._lifecycle.on_installed(team, user)
        return installation.name or "Slack"

    @property
    def _redirect_uri(self) -> str:
        return f"{self._app.installation.public_url}{CALLBACK_PATH}"


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _page(status: int, title: str, message: str) -> web.Response:
    text_ = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><p>{escape(message)}</p></html>"
    )
    return web.Response(status=status, text=text_, content_type="text/html", headers={"Cache-Control": "no-store"})

"""The doctor's checks of Slack: token, scopes, channels and permissions, each with a fix."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.setup.manifest import HISTORY, REACTIONS, SCOPES
from adapters.slack.setup.workspace_lifecycle import channel_problem
from adapters.slack.transport.outcomes import REQUEST_FAILURES, outcome
from adapters.slack.transport.workspace_clients import WorkspaceClient, WorkspaceClients
from bot.chat.gateway import DoctorFinding, Location, Refused
from bot.chat.platform_error_texts import reason_text
from bot.locale.current import _, mark_text
from bot.settings import SlackSettings

REINSTALL_HINT = mark_text(
    "print the manifest with `journalclub manifest slack`, paste it at api.slack.com/apps "
    "→ App Manifest, save, and press Reinstall under Install App"
)


async def check(
    teams: WorkspaceClients, settings: SlackSettings, workspace: str, rooms: Sequence[Location], emoji: str = ""
) -> list[DoctorFinding]:
    """Check a workspace and its rooms. Nothing is posted. `emoji` is the reaction that counts as a vote, if any."""
    try:
        team = await teams.get(workspace) if workspace else await teams.home()
        response = await outcome(team.client.auth_test())
    except REQUEST_FAILURES as error:
        refused = [DoctorFinding("Slack", False, f"{reason_text(error)}.")]
        is_reached = isinstance(error, Refused)  # otherwise the other token cannot be tested either
        app_level = [await _check_socket_mode(teams, settings)] if is_reached and settings.mode == "socket" else []
        return refused + [finding for finding in app_level if not finding.ok]
    granted = frozenset(filter(None, str(response.headers.get("x-oauth-scopes", "")).split(",")))
    findings = [
        DoctorFinding(
            "Slack",
            True,
            _(
                "connected to {response} as {response_2}",
                response=response.get("team"),
                response_2=response.get("user"),
            ),
        )
    ]
    findings += _check_scopes(granted, history=settings.history)
    findings += [_check_reactions(granted, emoji)] if emoji else []
    findings += [await _check_socket_mode(teams, settings)] if settings.mode == "socket" else []
    return findings + [await _check_room(teams, team, room) for room in rooms]


def _check_scopes(granted: frozenset[str], *, history: bool) -> list[DoctorFinding]:
    """Findings about required and granted scopes, and the use of the optional ones."""
    if not granted:
        return [DoctorFinding(_("Slack permissions"), True, _("Slack did not list the scopes"))]
    findings = []
    for scope, buys in SCOPES.items():
        if scope not in granted:
            findings.append(
                DoctorFinding(
                    _("Slack permission {scope}", scope=scope),
                    False,
                    _(
                        "is missing. It is needed to {buys}. To add it, {reinstall_hint}.",
                        buys=_(buys),
                        reinstall_hint=_(REINSTALL_HINT),
                    ),
                )
            )
    if not findings:
        findings.append(
            DoctorFinding(
                _("Slack permissions"), True, _("all {scopes_count} that are needed", scopes_count=len(SCOPES))
            )
        )
    return [*findings, _check_history(granted, history=history)]


def _check_history(granted: frozenset[str], *, history: bool) -> DoctorFinding:
    """Finding about the optional scopes to read channels; `history` is the setting that uses them."""
    subject, passed = _("Slack history"), True
    missing = [scope for scope in HISTORY if scope not in granted]
    if history and missing:
        passed = False
        say = _(
            "JOURNALCLUB_SLACK__HISTORY is yes, but the scope {missing} is missing. Set the variable to "
            "no, or {reinstall_hint}.",
            missing=", ".join(missing),
            reinstall_hint=_(REINSTALL_HINT),
        )
    elif history:
        say = _("I count replies, and look in the channel if I do not know whether a post arrived")
    elif not missing:
        say = _(
            "the app may read history, but JOURNALCLUB_SLACK__HISTORY is no. Set the variable to yes to "
            "use the history."
        )
    else:
        buys = HISTORY["channels:history"]
        say = _("off. If you turn it on (`journalclub manifest slack --history`), I can {buys}", buys=_(buys))
    return DoctorFinding(subject, passed, say)


def _check_reactions(granted: frozenset[str], emoji: str) -> DoctorFinding:
    """Check that Slack may tell the app of the reactions that a club counts as votes."""
    if not granted:
        unknown = _(
            "the club counts {emoji} as a vote; Slack did not list the scopes, so I cannot tell whether it reports "
            "reactions. React to a paper’s card and see whether its votes change.",
            emoji=emoji,
        )
        return DoctorFinding(_("Votes by reaction"), True, unknown)
    if REACTIONS.keys() <= granted:
        return DoctorFinding(_("Votes by reaction"), True, _("{emoji} on a paper’s card is a vote", emoji=emoji))
    deaf = _(
        "the club counts {emoji} as a vote, but the scope reactions:read is missing. Print the "
        "manifest with `journalclub manifest slack --reactions`, paste it at api.slack.com/apps → "
        "App Manifest, save, and press Reinstall under Install App.",
        emoji=emoji,
    )
    return DoctorFinding(_("Votes by reaction"), False, deaf)


async def _check_socket_mode(teams: WorkspaceClients, settings: SlackSettings) -> DoctorFinding:
    """Check that the app-level token opens a Socket Mode connection. The ticket is not used, which does no harm."""
    try:
        await outcome(teams.client().apps_connections_open(app_token=settings.app_token.get_secret_value()))
    except REQUEST_FAILURES as error:
        text = _(
            "{error}. Make an app-level token with the scope connections:write (Basic Information → "
            "App-Level Tokens). Put it into JOURNALCLUB_SLACK__APP_TOKEN, and turn on Socket Mode.",
            error=error,
        )
        return DoctorFinding(_("Slack Socket Mode"), False, text)
    return DoctorFinding(_("Slack Socket Mode"), True, _("a connection can be opened"))


async def _check_room(teams: WorkspaceClients, team: WorkspaceClient, room: Location) -> DoctorFinding:
    try:
        response = await teams.call(
            team.id, "conversations.info", lambda client: client.conversations_info(channel=room.room)
        )
    except REQUEST_FAILURES as error:
        return DoctorFinding(_("Slack channel {room}", room=room.room), False, f"{reason_text(error)}.")
    wrong = channel_problem(response["channel"])
    return DoctorFinding(f"#{response['channel'].get('name', room.room)}", not wrong, wrong or _("I can post there"))

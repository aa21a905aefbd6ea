"""The doctor's checks of Slack: token, scopes, channels and permissions, each with a fix."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.setup.manifest import HISTORY, SCOPES
from adapters.slack.setup.workspace_lifecycle import channel_problem
from adapters.slack.transport.outcomes import REQUEST_FAILURES, outcome
from adapters.slack.transport.workspace_clients import WorkspaceClient, WorkspaceClients
from bot.chat.gateway import DoctorFinding, Location
from bot.settings import SlackSettings

REINSTALL_HINT = (
    "print the manifest with `journalclub manifest slack`, paste it at api.slack.com/apps → App Manifest, save, and "
    "press Reinstall under Install App"
)


async def check(
    teams: WorkspaceClients, settings: SlackSettings, workspace: str, rooms: Sequence[Location]
) -> list[DoctorFinding]:
    """Check a workspace and its rooms. Nothing is posted."""
    try:
        team = await teams.get(workspace) if workspace else await teams.home()
        response = await outcome(team.client.auth_test())
    except REQUEST_FAILURES as error:
        return [DoctorFinding("Slack", False, f"{error}.")]
    granted = frozenset(filter(None, str(response.headers.get("x-oauth-scopes", "")).split(",")))
    findings = [DoctorFinding("Slack", True, f"connected to {response.get('team')} as {response.get('user')}")]
    findings += _check_scopes(granted, history=settings.history)
    findings += [await _check_socket_mode(teams, settings)] if settings.mode == "socket" else []
    return findings + [await _check_room(teams, team, room) for room in rooms]


def _check_scopes(granted: frozenset[str], *, history: bool) -> list[DoctorFinding]:
    """Findings about required and granted scopes, and the use of the optional ones."""
    if not granted:
        return [DoctorFinding("Slack permissions", True, "Slack did not list the scopes")]
    findings = []
    for scope, buys in SCOPES.items():
        if scope not in granted:
            findings.append(
                DoctorFinding(
                    f"Slack permission {scope}", False, f"is missing; it is needed to {buys}: {REINSTALL_HINT}."
                )
            )
    if not findings:
        findings.append(DoctorFinding("Slack permissions", True, f"all {len(SCOPES)} that are needed"))
    missing = [scope for scope in HISTORY if scope not in granted]
    if history and missing:
        text = (
            f"JOURNALCLUB_SLACK__HISTORY is yes, but the scope {', '.join(missing)} is missing: {REINSTALL_HINT}, "
            "or set it to no."
        )
        findings.append(DoctorFinding("Slack history", False, text))
    elif history:
        findings.append(DoctorFinding("Slack history", True, "replies are counted; doubtful posts are looked up"))
    elif not missing:
        text = "the app may read history, but JOURNALCLUB_SLACK__HISTORY is no: set it to yes to make use of it."
        findings.append(DoctorFinding("Slack history", True, text))
    else:
        buys = f"it would {HISTORY['channels:history']}"
        findings.append(DoctorFinding("Slack history", True, f"off; {buys} (`journalclub manifest slack --history`)"))
    return findings


async def _check_socket_mode(teams: WorkspaceClients, settings: SlackSettings) -> DoctorFinding:
    """Check that the app-level token opens a Socket Mode connection. The ticket is not used, which does no harm."""
    try:
        await outcome(teams.client().apps_connections_open(app_token=settings.app_token.get_secret_value()))
    except REQUEST_FAILURES as error:
        text = (
            f"{error}. Make an app-level token with the scope connections:write (Basic Information → App-Level "
            "Tokens), set JOURNALCLUB_SLACK__APP_TOKEN, and see that Socket Mode is on."
        )
        return DoctorFinding("Slack Socket Mode", False, text)
    return DoctorFinding("Slack Socket Mode", True, "a connection can be opened")


async def _check_room(teams: WorkspaceClients, team: WorkspaceClient, room: Location) -> DoctorFinding:
    try:
        response = await teams.call(
            team.id, "conversations.info", lambda client: client.conversations_info(channel=room.room)
        )
    except REQUEST_FAILURES as error:
        return DoctorFinding(f"Slack channel {room.room}", False, f"{error}.")
    wrong = channel_problem(response["channel"])
    return DoctorFinding(f"#{response['channel'].get('name', room.room)}", not wrong, wrong or "I can post there")

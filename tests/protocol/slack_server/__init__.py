"""A strict local Slack for tests: Web API, Socket Mode, signed HTTP, OAuth, and people at their keyboards."""

from __future__ import annotations

from tests.protocol.slack_server import faults
from tests.protocol.slack_server.forms import CannotDo
from tests.protocol.slack_server.http_mode import RequestUrls
from tests.protocol.slack_server.ledger import Ack, Asked, Breach, Sent
from tests.protocol.slack_server.people import Person
from tests.protocol.slack_server.posts import Message, View
from tests.protocol.slack_server.seen import Seen
from tests.protocol.slack_server.server import SlackServer
from tests.protocol.slack_server.things import Channel, Installation, User
from tests.protocol.slack_server.world import DEFAULT_SCOPES, HISTORY_SCOPES

__all__ = [
    "DEFAULT_SCOPES",
    "HISTORY_SCOPES",
    "Ack",
    "Asked",
    "Breach",
    "CannotDo",
    "Channel",
    "Installation",
    "Message",
    "Person",
    "RequestUrls",
    "Seen",
    "Sent",
    "SlackServer",
    "User",
    "View",
    "faults",
]

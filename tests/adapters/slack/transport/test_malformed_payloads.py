"""Signed payloads with a field of another type, or without it: refused or handled, never with a traceback."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from adapters.slack.inbound.payload_shapes import check_shape
from adapters.slack.setup.manifest import QUOTE, SUBMIT
from adapters.slack.transport.http_endpoint import NotUnderstood
from adapters.slack.transport.interaction import Origin
from tests.adapters.slack.harness import PAPERS, SlackHarness, slack_harness_by_http
from tests.adapters.slack.transport.test_http_endpoint import FORM, post
from tests.protocol.slack_server.payloads import action_of

Json = dict[str, Any]
FieldPath = tuple[str | int, ...]

ODD = (7, [None])
"""Values that are put in the place of each field."""
UNREAD = (
    "blocks",
    "metadata",
    "domain",
    "token",
    "api_app_id",
    "title",
    "submit",
    "close",
    "reactions",
    "text",
    "hash",
    "app_id",
    "bot_id",
    "root_view_id",
    "previous_view_id",
    "external_id",
    "notify_on_close",
    "clear_on_close",
    "is_enterprise_install",
    "username",
    "team_id_of",
)
"""Fields below which nothing is read."""


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """A club whose Slack may be asked for what it does not have, since the payloads name it."""
    async with slack_harness_by_http(tmp_path) as opened:
        yield opened


def paths(value: object, at: FieldPath = ()) -> Iterator[FieldPath]:
    """Where the fields of a payload are."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, held in inner:
        if name not in UNREAD:
            yield (*at, name)
            yield from paths(held, (*at, name))


def changed(payload: Json, path: FieldPath, values: tuple[object, ...] = ODD) -> Iterator[Json]:
    """The payload with each odd value in a field, and without the field."""
    for number in range(len(values) + 1):
        made: Any = copy.deepcopy(payload)
        place = made
        for name in path[:-1]:
            place = place[name]
        if number < len(values):
            place[path[-1]] = values[number]
        else:
            del place[path[-1]]
        yield made


def event(club: SlackHarness, kind: str, **fields: Any) -> Json:
    team, user = club.person("Ada").user.team, club.person("Ada").user.id
    told = {"type": kind, "user": user, "channel": PAPERS, "ts": "1.2", "event_ts": "1.2"} | fields
    return {
        "type": "event_callback",
        "team_id": team,
        "event": told,
        "event_id": "E1",
        "authorizations": [{"user_id": "U9", "team_id": team}],
    }


EVENTS: tuple[tuple[str, Json], ...] = (
    ("app_mention", {"text": "<@U9> top", "thread_ts": "1.1"}),
    ("message", {"text": "top", "channel_type": "channel", "thread_ts": "1.1"}),
    ("message", {"subtype": "message_deleted", "previous_message": {"user": "U1", "ts": "1.2", "thread_ts": "1.1"}}),
    ("app_home_opened", {"tab": "home"}),
    ("link_shared", {"message_ts": "1.2", "links": [{"url": "https://arxiv.org/abs/1706.03762"}]}),
    (
        "reaction_added",
        {"reaction": "+1", "item": {"type": "message", "channel": PAPERS, "ts": "1"}},
    ),
    ("tokens_revoked", {"tokens": {"bot": []}}),
    ("channel_rename", {"channel": {"id": PAPERS, "name": "papers"}}),
    ("channel_archive", {"channel": "C0NONE"}),
)


async def refused_or_handled(
    club: SlackHarness, caplog: pytest.LogCaptureFixture, payloads: list[Json], *, by_form: bool
) -> set[int]:
    """Post payloads, and wait until all that is done about them is done. Returns the statuses."""
    statuses: set[int] = set()
    for number, payload in enumerate(payloads):
        if by_form:
            fields = {"payload": json.dumps(payload)} if "type" in payload or "command" not in payload else payload
            body, content = urlencode({**fields, "n": number}, errors="replace").encode(), FORM
        else:
            if payload.get("event_id") == "E1":
                payload["event_id"] = f"E{number}-{id(payloads)}"
            body, content = json.dumps(payload).encode(), "application/json"
        status, text = await post(club, body, content=content, path="events")
        statuses.add(status)
        assert status < 500, (payload, [record.getMessage() for record in caplog.records][-1:])
        assert status != 400 or text == ""
    await club.slack.settled()
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    return statuses


@pytest.mark.parametrize("kind", ["click", "form", "shortcut", "global"])
async def test_presses_and_forms(club: SlackHarness, caplog: pytest.LogCaptureFixture, kind: str) -> None:
    caplog.set_level(logging.WARNING)
    ada, card, made = club.person("Ada"), await club.bring("Ada"), club.slack.payloads
    if kind == "form":
        await ada.command("/paper", "submit", channel=PAPERS)
        await club.settle()
        payload = made.submission(ada.user, list(club.slack.world.views.values())[-1])
    else:
        payload = {
            "click": lambda: made.block_actions(ada.user, card, action_of(next(iter(card.controls)))),
            "shortcut": lambda: made.message_shortcut(ada.user, QUOTE.id, card),
            "global": lambda: made.global_shortcut(ada.user, SUBMIT.id),
        }[kind]()
    broken = [each for path in paths(payload) for each in changed(payload, path)]
    assert await refused_or_handled(club, caplog, broken, by_form=True) == {200, 400}


async def test_events(club: SlackHarness, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    for kind, fields in EVENTS:
        payload = event(club, kind, **fields)
        broken = [each for path in paths(payload) for each in changed(payload, path)]
        assert await refused_or_handled(club, caplog, broken, by_form=False) == {200, 400}, kind


@pytest.mark.parametrize("metadata", ["[" * 3000, '{"a":' * 600, "{", "[1]", '"a"', "7", '{"room": {"a": 1}}', "\x00"])
def test_metadata_of_a_form_that_cannot_be_read_is_empty(metadata: str) -> None:
    assert Origin.of({"private_metadata": metadata}) == Origin()


def test_what_slack_sends_is_understood(club: SlackHarness) -> None:
    made, ada = club.slack.payloads, club.person("Ada").user
    check_shape(made.global_shortcut(ada, SUBMIT.id))
    check_shape(made.command(ada, club.slack.world.channels[PAPERS], "/paper", "top"))
    for kind, fields in EVENTS:
        check_shape(event(club, kind, **fields))
    check_shape(event(club, "team_join", user={"id": "U7", "name": "ada"}))
    check_shape(event(club, "pin_added", item={"type": "file"}))
    broken: list[Any] = [{}, [], None, {"type": "event_callback"}, {"type": ["event_callback"]}, {"command": "/paper"}]
    broken += [{"command": "\x00"}, made.command(ada, club.slack.world.channels[PAPERS], "/paper", "\ud800")]
    for payload in broken:
        with pytest.raises(NotUnderstood):
            check_shape(payload)

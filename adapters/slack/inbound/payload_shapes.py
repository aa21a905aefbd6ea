"""Shapes of Slack's payloads: the fields that are read here or by Bolt, with their types.

A payload is compared with them before anything reads it, since signed payloads come from outside too, and Bolt answers
a field of another type with a traceback. Fields that nothing reads may be anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from adapters.slack.transport.http_endpoint import NotUnderstood

Id = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x20\x7f]+$")]
"""An id, a timestamp or a kind."""
Timestamp = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,9})?$")]


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Named(_Shape):
    """A person, a workspace or a channel."""

    id: Id
    name: str | None = None


class _Option(_Shape):
    value: str | None = None
    text: dict[str, Any] | None = None


class _File(_Shape):
    id: str | None = None


class _Field(_Shape):
    """Input or choice in one field of a form."""

    type: str | None = None
    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_conversation: str | None = None
    selected_user: str | None = None
    selected_date: str | None = None
    selected_time: str | None = None
    selected_date_time: int | None = None
    files: list[_File] | None = None


class _State(_Shape):
    values: dict[str, dict[str, _Field]] = {}


class _Block(_Shape):
    type: str | None = None
    block_id: str | None = None


class _View(_Shape):
    id: Id
    type: Id
    callback_id: str | None = None
    private_metadata: str | None = None
    state: _State = _State()
    blocks: list[_Block] = []


class _Container(_Shape):
    message_ts: str | None = None
    thread_ts: str | None = None
    channel_id: str | None = None
    is_ephemeral: bool | None = None


class _Message(_Shape):
    ts: str | None = None
    thread_ts: str | None = None
    user: str | None = None
    text: str | None = None


class _Action(_Shape):
    action_id: Id
    block_id: str | None = None
    value: str | None = None
    selected_option: _Option | None = None


class _Interaction(_Shape):
    user: _Named
    team: _Named
    enterprise: dict[str, Any] | None = None
    channel: _Named | None = None
    container: _Container | None = None
    message: _Message | None = None
    message_ts: str | None = None
    trigger_id: str | None = None
    response_url: str | None = None


class _Click(_Interaction):
    type: Literal["block_actions"]
    actions: Annotated[list[_Action], Field(min_length=1)]
    view: _View | None = None


class _Suggestion(_Interaction):
    type: Literal["block_suggestion"]
    action_id: Id
    block_id: str
    value: str | None = None
    view: _View | None = None


class _ChosenShortcut(_Interaction):
    type: Literal["message_action", "shortcut"]
    callback_id: Id


class _SentForm(_Interaction):
    type: Literal["view_submission", "view_closed"]
    view: _View
    response_urls: list[dict[str, Any]] | None = None


class _Command(_Shape):
    command: Id
    team_id: Id
    user_id: Id
    channel_id: Id
    user_name: str = ""
    text: str = ""
    trigger_id: str = ""
    response_url: str = ""


class _Link(_Shape):
    url: str


class _Item(_Shape):
    type: str | None = None
    channel: str | None = None
    ts: str | None = None


class _Tokens(_Shape):
    bot: list[Any] | None = None


class _Event(_Shape):
    """An event of any kind; what some kinds need besides is in `NEEDED`."""

    type: Id
    user: Id | _Named | None = None
    channel: Id | _Named | None = None
    text: str | None = None
    ts: Timestamp | None = None
    thread_ts: Timestamp | None = None
    event_ts: Timestamp | None = None
    message_ts: str | None = None
    subtype: str | None = None
    channel_type: str | None = None
    bot_id: str | None = None
    tab: str | None = None
    source: str | None = None
    links: list[_Link] | None = None
    reaction: str | None = None
    item_user: str | None = None
    item: _Item | None = None
    tokens: _Tokens | None = None
    previous_message: _Message | None = None


class _EventCallback(_Shape):
    type: Literal["event_callback"]
    team_id: Id
    event: _Event
    event_id: Id | None = None
    authorizations: list[dict[str, Any]] | None = None


NEEDED: Mapping[str, tuple[str, ...]] = {
    "app_mention": ("channel", "ts"),
    "message": ("channel", "ts"),
    "app_home_opened": ("user",),
    "link_shared": ("user", "channel"),
    "reaction_added": ("user", "reaction", "item", "event_ts"),
    "reaction_removed": ("user", "reaction", "item", "event_ts"),
    "member_joined_channel": ("user", "channel"),
}
"""Fields without which an event of a kind cannot be handled; `user` and `channel` are ids in these kinds."""
WITH_CHANNEL = ("channel_rename", "group_rename")
"""Kinds whose channel is an object."""

_INTERACTION: TypeAdapter[Any] = TypeAdapter(
    Annotated[_Click | _Suggestion | _ChosenShortcut | _SentForm, Field(discriminator="type")]
)


def check_shape(payload: object) -> None:
    """Raise NotUnderstood, with the field, if a payload is none of Slack's."""
    if not isinstance(payload, Mapping):
        raise NotUnderstood("it is no object")
    try:
        _check_text(payload)
        if payload.get("type") == "event_callback":
            _check_event(_EventCallback.model_validate(payload))
        elif "command" in payload:
            _Command.model_validate(payload)
        else:
            _INTERACTION.validate_python(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(part)[:30] for part in first["loc"])
        raise NotUnderstood(f"{field or 'type'}: {first['type']}") from None


def _check_event(callback: _EventCallback) -> None:
    event = callback.event
    for name in NEEDED.get(event.type, ()):
        value = getattr(event, name)
        if value is None or isinstance(value, _Named):
            raise NotUnderstood(f"event.{name} of {event.type}")
    if event.type in WITH_CHANNEL and not isinstance(event.channel, _Named):
        raise NotUnderstood(f"event.channel of {event.type}")
    if event.item and event.item.type == "message" and not (event.item.channel and event.item.ts):
        raise NotUnderstood("event.item")
    if event.previous_message and not event.previous_message.ts:
        raise NotUnderstood("event.previous_message")


ID_FIELDS = frozenset(
    {"team_id", "enterprise_id", "user_team", "user_id", "channel_id", "app_installed_team_id", "bot_access_token"}
)
"""Names of fields in which Bolt looks for ids, wherever they are."""


def _check_text(value: object, depth: int = 0) -> None:
    """Raise NotUnderstood for text that no UTF-8 can hold, which no database stores, for ids that are no text, and for
    values nested too deep.
    """
    if depth > 100:
        raise NotUnderstood("it is nested too deep")
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise NotUnderstood("half a character")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name in ID_FIELDS and not isinstance(inner, str | None):
                raise NotUnderstood(f"{name} is no text")
            _check_text(name, depth + 1)
            _check_text(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_text(inner, depth + 1)

"""The club's settings by subject, each with a form that has the right kind of field and the present value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, get_args, get_origin

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, ListEntry
from bot.chat.parameters import Parameter
from bot.chat.rich_text import Bold, parse_backticks
from bot.domain.club_settings import ClubSettings, meaning_of
from bot.locale import find_language, language_label
from bot.locale.current import _, mark_text

CLUB_COLUMNS = {
    "name": mark_text("what the club is called in editions and on the web"),
    "timezone": mark_text("the club’s time zone, such as Europe/Berlin"),
}
"""Descriptions of the settings that are columns of the club itself."""

SettingGroup = Literal["club", "editions", "texts", "votes", "meetings", "stream", "limits"]

GROUP_TITLES: Mapping[str, str] = {
    "club": mark_text("Club and web"),
    "editions": mark_text("Editions"),
    "texts": mark_text("Texts"),
    "votes": mark_text("Votes and ballots"),
    "meetings": mark_text("Meetings"),
    "stream": mark_text("New papers"),
    "limits": mark_text("Limits"),
}

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "club": ("name", "timezone", "language", "public", "accent", "logo", "anonymous", "open_log"),
    "editions": (
        "digest_at", "cadence", "layout", "template", "sections", "items", "review_hours", "approvals", "at_deadline",
        "empty", "stale_hours", "ping_discord", "ping_slack",
    ),
    "texts": ("writer", "vouching", "references", "emoji", "discussion_starters"),
    "votes": (
        "quorum", "votes_per_window", "vote_age_days", "vote_reaction", "burst_votes", "show_voters", "ballot_method",
        "ballot_hours", "ballot_quorum", "nominations",
    ),
    "meetings": ("holidays", "anonymous_questions", "discord_events"),
    "stream": ("shortlist", "shortlist_days", "interests"),
}  # fmt: skip


def settings_of(group: str) -> tuple[str, ...]:
    """Names of a group's settings; those that no other group has are limits."""
    if group != "limits":
        return _GROUPS[group]
    grouped = {name for names in _GROUPS.values() for name in names}
    return tuple(name for name in (*CLUB_COLUMNS, *ClubSettings.model_fields) if name not in grouped)


def group_of(key: str) -> SettingGroup:
    """Group that a setting belongs to."""
    groups: tuple[SettingGroup, ...] = get_args(SettingGroup)
    return next(group for group in groups if key in settings_of(group))


def description_of(key: str) -> str:
    """Description of a setting, in the language in use."""
    return _(CLUB_COLUMNS[key]) if key in CLUB_COLUMNS else meaning_of(ClubSettings.model_fields[key])


VALUE_WORDS = {"yes": mark_text("yes"), "no": mark_text("no"), "none": mark_text("none")}
"""Values of settings that are words of the language."""


def setting_as_text(value: object) -> str:
    """Value of a setting as people write it."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value) or "none"


def shown_value(key: str, value: object) -> str:
    """Value of a setting in the language in use."""
    word = setting_as_text(value)
    if key == "language":
        return language_label(find_language(word))
    return _(VALUE_WORDS[word]) if word in VALUE_WORDS else word


def change_button(key: str, value: object) -> Button:
    """Button that opens the form of one setting, with its present value in it."""
    known = setting_as_text(value) if isinstance(value, bool) or value else None
    return Button(_("Change"), Call.of("clubadmin settings", key=key, value=known).as_form())


def setting_entry(key: str, value: object) -> ListEntry:
    """Row of a setting: its value, what it is, and a button that opens its form."""
    return ListEntry(
        (Bold(f"{key}: {shown_value(key, value)}"),),
        parse_backticks(description_of(key)),
        change_button(key, value),
    )


def group_buttons() -> Buttons:
    """A button for each group of settings."""
    row = [Button(_(title), Call.of("clubadmin settings", group=group)) for group, title in GROUP_TITLES.items()]
    return Buttons(tuple(row))


def value_field(value: Parameter, given: Mapping[str, str]) -> Parameter:
    """The field for the value of the setting that a form is about: its choices, yes and no, or a text."""
    key = given.get("key", "").strip().lower().replace("-", "_")
    if key in CLUB_COLUMNS:
        return replace(value, hint=replace(value.hint, label=CLUB_COLUMNS[key]))
    field = ClubSettings.model_fields.get(key)
    if field is None:
        return value
    hint = replace(value.hint, label=field.description or value.hint.label)
    if field.annotation is bool:
        return replace(value, hint=hint, type=bool, options_of=key)
    if get_origin(field.annotation) is Literal:
        return replace(value, hint=hint, choices=get_args(field.annotation), options_of=key)
    return replace(value, hint=hint)

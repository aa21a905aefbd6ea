"""Words of the audit log: who did what, the values that changed, and the program's own sentences.

The log stores verbs, names of fields and values; they become words where the log is read, in the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.chat.text import truncate
from bot.domain.edition_calendar import format_moment
from bot.domain.models import AuditEntry, Submission
from bot.domain.rule_words import describe_rule
from bot.features.shared.audit.vocabulary import (
    FIELD_WORDS,
    MEETING_PLACE,
    PAST_TENSE,
    SENTENCES,
    VALUE_WORDS,
    LogSentence,
)
from bot.features.shared.platform_texts import PURPOSE_LABELS
from bot.locale import find_language, language_label
from bot.locale.current import _

_CODED_FIELDS = {"again", "answer", "change", "changes", "decision", "presenter"}
"""Fields whose values are one of a few words; a title may happen to be such a word too."""

_HIDDEN_FIELDS = {
    "about",
    "revision",
    "state",
    "reason",
    "merged into",
    "moved",
    "undoes",
    "other",
    "pick by",
    "links",
    "members",
    "since",
    "same work as",
    "notice",
    "numbers",
}
"""Fields that the sentence contains already, or that are stored only for an undo."""

PICK_FIELDS = ("place", "theme", "why", "note", "by")

_MEETING_FIELD = re.compile(r"meeting (\d+)")
_EXCLUDED_WORDS = "excluded words of "
_RULE = re.compile(r"(FREQ=\S+) (\d{2}:\d{2})")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*[+-]\d{2}:\d{2}")

Changes = Mapping[str, Any]


def log_sentence(kind: LogSentence, **values: object) -> dict[str, object]:
    """A sentence of the program as the log stores it, for `about` of `record_action`, or among the values after."""
    return {"about": {"kind": str(kind), **values}}


def stored_rule(rule: str, at: time) -> str:
    """The rule of a series as the log stores it."""
    return f"{rule} {at:%H:%M}"


def action_text(who: str, act: AuditEntry, submission: Submission | None, *, edition: int | None = None) -> str:
    """An audit entry as a sentence: "Ada picked #12". `edition` is the number of the edition it is about, if known."""
    issue = _("edition {number}", number=edition) if edition else _("an edition")
    what = f"#{submission.number}" if submission else issue if act.edition_id else _("the club")
    into = act.after.get("merged into")
    done = _(PAST_TENSE.get(act.verb, act.verb + " {what}"), what=what, into=f"#{into}" if into else _("another"))
    return f"{who} {done}"


def reason_text(act: AuditEntry, zone: ZoneInfo) -> str:
    """Text beside an action in the audit log: the program's sentence if there is one, and the reason that was given."""
    return " ".join(part for part in (sentence_text(act, zone), act.why) if part)


def sentence_text(act: AuditEntry, zone: ZoneInfo) -> str:
    """The program's sentence of an audit entry; empty if it has none, or one that this version does not know."""
    stored = act.after.get("about")
    if not isinstance(stored, dict) or stored.get("kind") not in set(LogSentence):
        return ""
    values = {name: _sentence_value(name, value, zone) for name, value in stored.items() if name != "kind"}
    return _(SENTENCES[LogSentence(stored["kind"])], **values)


def _sentence_value(name: str, value: object, zone: ZoneInfo) -> str:
    if isinstance(value, list):
        return ", ".join(field_text(str(field)) for field in value)
    return _value_text(name, value, zone)


def changes(act: AuditEntry, zone: ZoneInfo, *, hidden: tuple[str, ...] = ()) -> list[str]:
    """Changed values of an audit entry, one line each: "theme: Agents → Reasoning"; of a value that was empty or not
    known before, what it is now: "theme: Reasoning". Times are in the zone.
    """
    before, after = _flatten(act.before), _flatten(act.after)
    lines = []
    for name, value in after.items():
        was, now = (_value_text(name, side, zone) for side in (before.get(name), value))
        if name not in _HIDDEN_FIELDS and name not in hidden and was != now:
            label = _(MEETING_PLACE) if name == "place" and act.verb == "meetings" else field_text(name)
            if act.verb == "channels" and name in PURPOSE_LABELS:
                label = _(PURPOSE_LABELS[name])
            lines.append(change_text(label, was, now))
    return lines


def change_text(label: str, was: str, now: str) -> str:
    """A changed value: "size: 5 → 8"; "size: 8" if there was none before, "size: 5 → none" if there is none now."""
    none = _("none")
    return f"{label}: {now or none}" if was in ("", none) else f"{label}: {was} → {now or none}"


def field_text(name: str) -> str:
    """Name of a stored field in the language in use."""
    if found := _MEETING_FIELD.fullmatch(name):
        return _("meeting {number}", number=found[1])
    if name.startswith(_EXCLUDED_WORDS):
        return _("excluded words for {source}", source=_(name.removeprefix(_EXCLUDED_WORDS)))
    return _(FIELD_WORDS[name]) if name in FIELD_WORDS else name


def _flatten(values: Changes) -> dict[str, Any]:
    """Values with those of the pick (place, theme, reason, note) on the same level."""
    flat = {name: value for name, value in values.items() if name != "pick"}
    chosen = values.get("pick") or {}
    if "pick" in values:
        flat |= {f"pick {name}" if name in ("by", "why") else name: chosen.get(name) for name in PICK_FIELDS}
    return flat


def _value_text(name: str, value: object, zone: ZoneInfo) -> str:
    if value in (None, "", []):
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_value_text(name, one, zone) for one in value)
    text = str(value)
    if name == "language":
        return language_label(find_language(text))
    if rule := _RULE.fullmatch(text):
        return describe_rule(rule[1], time.fromisoformat(rule[2]))
    if _TIME.fullmatch(text):
        return format_moment(datetime.fromisoformat(text), zone)
    if text in VALUE_WORDS and (name in _CODED_FIELDS or text in ("yes", "no", "none", "admin", "moderator")):
        return _(VALUE_WORDS[text])
    return truncate(text, 80)

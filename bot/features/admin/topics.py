"""Command `clubadmin topics`: the subjects that the club sorts its papers by."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Points, Style, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.confirmations import question_before
from bot.chat.error_cards import RefusedWithCard, build_error_card
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, InlineCode
from bot.chat.text import one_line
from bot.domain.models import Topic
from bot.errors import UserError
from bot.features.shared.audit.entries import record_action
from bot.features.shared.lookup import by_topic, topic_named
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()

Action = Literal["list", "add", "rename", "merge", "remove"]
MAX_TOPICS = 100
"""Maximum number of topics of a club. Lists of choices show the 25 best matches."""
MAX_OFFERED = 3
"""Topics that are offered in place of one that there is not."""
MAX_NAME_LENGTH = 60
"""Maximum length of a topic's name in characters, which fits a button and a tag."""


@commands(
    "clubadmin topics",
    audience=Audience.ADMIN,
    examples=(
        "/clubadmin topics",
        "/clubadmin topics add NLP",
        '/clubadmin topics rename NLP to="Language models"',
        "/clubadmin topics merge CV to=Vision",
        "/clubadmin topics remove Misc",
    ),
)
async def topics(
    ctx: Context,
    action: Annotated[Action, ParameterHint("what to do")] = "list",
    name: Annotated[
        str,
        ParameterHint(
            "the topic",
            rest=True,
            most=MAX_NAME_LENGTH,
            suggest=by_topic,
            needed_with=("action", ("add", "rename", "merge", "remove")),
        ),
    ] = "",
    to: Annotated[
        str,
        ParameterHint(
            "the new name, or the topic its papers move to",
            most=MAX_NAME_LENGTH,
            suggest=by_topic,
            needed_with=("action", ("merge",)),
        ),
    ] = "",
) -> Card:
    """The club’s topics: add, rename, merge, remove.

    The cards of the latest 100 papers show a new name at once; older cards show it when they next change.
    """
    name, to = one_line(name), one_line(to)
    async with ctx.begin() as db:
        if action == "list":
            return _list([topic.name for topic in await db.topics.all()])
        if not name:
            raise UserError(_("Which topic? `/clubadmin topics {action} NAME`.", action=action), field="name")
        if action == "add":
            return await _add(ctx, db, name)
        if action in ("rename", "merge") and not to:
            name, to = await _split_names(db, name)
            if not to and await db.topics.by_name(name):
                raise _other_name_needed(action, name)
        if done := await _done_before(db, name, to):
            return done
        topic = await _find_topic(db, name, "name", action=action, to=to)
        if action == "rename":
            return await _rename(ctx, db, topic, to)
        return await _remove(ctx, db, topic, await _find_topic(db, to, "to") if action == "merge" else None)


async def _done_before(db: UnitOfWork, name: str, to: str) -> Card | None:
    """Card of a topic that is no longer there, because it was renamed, merged or removed like that; else None."""
    if await db.topics.by_name(name):
        return None
    for entry in await db.audit_log.latest(verbs=("topics",), limit=MAX_TOPICS):
        was, now = str(entry.before.get("topic", "")), str(entry.after.get("topic", ""))
        if was.casefold() == name.casefold() and now.casefold() == to.casefold():
            say = (
                _("“{name}” was already renamed or merged to “{to}”.", name=was, to=now)
                if now
                else _("“{name}” was already removed.", name=was)
            )
            return Card(_("Nothing to change"), (text(say),))
    return None


def _list(names: list[str]) -> Card:
    if not names:
        return Card(
            _("The club’s topics"),
            (
                text(*phrase("None yet. Add one with {command}.", command=InlineCode("/clubadmin topics add NLP"))),
                Buttons((Button(_("Add a topic"), Call.of("clubadmin topics", "add")),)),
            ),
        )
    forms = {"add": _("Add a topic"), "rename": _("Rename"), "merge": _("Merge"), "remove": _("Remove")}
    row = Buttons(tuple(Button(label, Call.of("clubadmin topics", action)) for action, label in forms.items()))
    return Card(_("The club’s topics"), (Points(tuple((name,) for name in names)), row))


async def _add(ctx: Context, db: UnitOfWork, name: str) -> Card:
    if found := await db.topics.by_name(name):
        return Card(_("Nothing to change"), (text(_("The topic “{found}” already exists.", found=found.name)),))
    if len(await db.topics.all()) >= MAX_TOPICS:
        raise UserError(_("A club can have {max_topics} topics. Merge or remove some first.", max_topics=MAX_TOPICS))
    await db.topics.add(name)
    await record_action(ctx, db, "topics", before={"topic": ""}, after={"topic": name})
    return Card(_("Topic added"), (text(*phrase("{name} can now be chosen.", name=Bold(name))),), Tone.GOOD)


async def _rename(ctx: Context, db: UnitOfWork, topic: Topic, to: str) -> Card:
    if not to:
        raise UserError(_("The new name is missing. Add `to=NAME`."), field="to")
    existing = await db.topics.by_name(to)
    if existing and existing.id != topic.id:
        raise UserError(
            _("The topic “{existing}” already exists. Merge them instead.", existing=existing.name), field="to"
        )
    old = topic.name
    if old == to:
        return Card(_("Nothing to change"), (text(_("It is already called “{to}”.", to=to)),))
    await db.topics.rename(topic, to)
    await _redraw(db, topic)
    await record_action(ctx, db, "topics", before={"topic": old}, after={"topic": to})
    return Card(_("Renamed"), (text(*phrase("{old} is now called {to}.", old=Bold(old), to=Bold(to))),), Tone.GOOD)


async def _remove(ctx: Context, db: UnitOfWork, topic: Topic, into: Topic | None) -> Card:
    if into and into.id == topic.id:
        raise UserError(_("A topic cannot be merged into itself."), field="to")
    old, new = topic.name, into.name if into else ""
    await _redraw(db, topic)
    await db.topics.remove(topic, into)
    await record_action(ctx, db, "topics", before={"topic": old}, after={"topic": new})
    rest = _(" moved to {new}.", new=new) if into else _(" now have no topic.")
    return Card(
        _("Merged") if into else _("Removed"),
        (text(*phrase("The papers of {old}{rest}", old=Bold(old), rest=rest)),),
        Tone.GOOD,
    )


async def _redraw(db: UnitOfWork, topic: Topic) -> None:
    for submission in await db.submissions.on_topic(topic.id):
        await db.deliveries.mark_stale(submission.id)


def _other_name_needed(action: str, name: str) -> RefusedWithCard:
    """Refusal of a rename or merge without its second name, with a button for the form."""
    message = (
        _("The new name is missing. Add `to=NAME`.")
        if action == "rename"
        else _("Merge into which topic? Add `to=NAME`.")
    )
    call = Call.of("clubadmin topics", action, name=name).as_form()
    label = _("Rename “{name}”", name=name) if action == "rename" else _("Merge “{name}”", name=name)
    return RefusedWithCard(build_error_card(message, Buttons((Button(label, call, Style.MAIN),))), message)


async def _split_names(db: UnitOfWork, typed: str) -> tuple[str, str]:
    """The topic's name at the start of a text, and the other name behind it; the other is empty if there is none.

    `Agents Robots`, `Agents to Robots` and `Agents → Robots` are all understood.
    """
    for found in re.finditer(r"\s+(?:to|into|→|->|=>)\s+", typed):
        return typed[: found.start()], typed[found.end() :]
    names = sorted((topic.name for topic in await db.topics.all()), key=len, reverse=True)
    known = next((name for name in names if typed.casefold().startswith(f"{name.casefold()} ")), "")
    if known:
        return typed[: len(known)], typed[len(known) :].strip()
    first, _unused, rest = typed.partition(" ")
    return (first, rest) if rest and " " not in rest and not await db.topics.by_name(typed) else (typed, "")


async def _find_topic(db: UnitOfWork, name: str, field: str, *, action: str = "", to: str = "") -> Topic:
    """The topic of this name. Raises UserError; with an action, its buttons do the same with the topics there are."""
    if not name:
        raise UserError(_("Merge into which topic? Add `to=NAME`."), field=field)
    try:
        return await topic_named(db, name, field=field)
    except UserError as error:
        names = [topic.name for topic in await db.topics.all()] if action else []
        if not names:
            raise
        close = get_close_matches(name, names, n=MAX_OFFERED, cutoff=0)
        row = [_offer(action, each, to) for each in close]
        if action == "rename" and to:
            row.append(Button(_("Add “{name}”", name=to), Call.of("clubadmin topics", "add", to)))
        raise RefusedWithCard(build_error_card(str(error), Buttons(tuple(row))), str(error)) from None


def _offer(action: str, name: str, to: str) -> Button:
    """Button that does to this topic what was asked for another; it asks for the other name if that is missing."""
    call = Call.of("clubadmin topics", action, name=name, to=to or None)
    if action == "remove":
        return Button(_("Remove “{name}”", name=name), call, Style.DANGER, confirm=question_before(call))
    label = _("Merge “{name}”", name=name) if action == "merge" else _("Rename “{name}”", name=name)
    return Button(label, call if to else call.as_form())

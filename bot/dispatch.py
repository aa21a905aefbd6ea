"""Every way into the bot passes here: a call goes in, answers come out.

Who asks is looked up and their right is checked at each act; whatever goes wrong is told to the asker alone, in
plain words; nothing they typed is lost.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from secrets import token_hex
from time import perf_counter
from typing import Any

from bot.app import App, Context, Requester, RequestKind
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Style, Tone, note, text
from bot.chat.commands import Audience, Command, Reply
from bot.chat.gateway import Location
from bot.chat.rich_text import InlineCode, parse_backticks
from bot.chat.text import one_line
from bot.domain.models import Club, Member, MemberRole, SavedCall
from bot.errors import NotAllowed, UserError
from bot.store.database.database_errors import BUSY, DatabaseTrouble, database_trouble

log = logging.getLogger(__name__)

EDIT_SAVED, RUN_SAVED = "again", "kept"
"""Calls that stand for a kept one: `again 17` opens its form with what was typed, `kept 17` runs it."""


MIN_SAVED_LENGTH = 60
"""Characters of a typed line from which on it is kept where it fails: Slack and Discord forget what was sent."""


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """What one person, or everyone, is shown. Of several, each replaces the one before; the last one stays."""

    card: Card
    reply: Reply
    failed: bool = False


async def answer(
    app: App, call: Call, who: Requester, where: Location, via: RequestKind = RequestKind.TYPED
) -> AsyncIterator[AnswerCard]:
    """Run a command for somebody, and say what came of it. Never raises but for cancellation."""
    started = perf_counter()
    outcome, name = "ok", "unknown"
    call = call.cleaned()
    try:
        command = app.commands[call.command] if call.command in app.commands else app.commands.find(call.command)[0]
        name = command.name
        context = await identify(app, who, where, via)
        _check_audience(context, command)
        given = command.read(call, here=context.here is not None)
        async for card in _run(command, context, given):
            yield AnswerCard(card, command.replies(call, clicked=via is RequestKind.CLICK))
    except UserError as error:
        outcome = "refused"
        yield AnswerCard(await _user_error_card(app, call, error, where, via), Reply.PRIVATE, failed=True)
    except Exception as error:
        outcome = "broke"
        trouble = database_trouble(error)
        if trouble is BUSY:
            app.metrics.db_busy()
        reference = token_hex(4)
        log.exception("/%s failed", name, extra={"reference": reference, "via": via.value, "platform": where.platform})
        yield AnswerCard(_unexpected_error(reference, trouble), Reply.PRIVATE, failed=True)
    finally:
        app.wake_up.set()
        seconds = perf_counter() - started
        app.metrics.command(name, outcome, where.platform, seconds)
        log.info(
            "/%s %s",
            name,
            outcome,
            extra={"platform": where.platform, "via": via.value, "seconds": round(seconds, 4)},
        )


async def identify(app: App, who: Requester, where: Location, via: RequestKind = RequestKind.TYPED) -> Context:
    """Who this is and which club they are in. A new face becomes a member, a new workspace founds a club."""
    who = replace(who, name=one_line(who.name))

    come = partial(app.store.identify, where.platform, where.workspace, who.id, who.roles, where.thread)
    entry = await come()
    if entry is None or entry.workspace_left:
        await register_workspace(app, where.platform, where.workspace, "")
        entry = await come()
        assert entry is not None
    club, member = entry.club, entry.member
    if member is None:
        async with app.store.begin(club.id) as db:
            member = await db.members.get_or_create(where.platform, who.id, who.name, where.workspace, app.now())
    elif who.name and entry.account_name != who.name:
        async with app.store.begin(club.id) as db:
            member = await db.members.rename(member, where.platform, who.id, who.name)
    return Context(
        app=app,
        club=club,
        member=member,
        role=_highest_role(who, member, entry.granted_roles),
        who=who,
        where=where,
        workspace_id=entry.workspace_id,
        via=via,
        here=entry.thread_submission_id,
    )


async def register_workspace(app: App, platform: str, workspace: str, name: str) -> Club:
    """The club of a workspace; founded, with the installation's defaults, when the workspace is new."""
    async with app.store.admin_session() as admin:
        if known := await admin.directory.workspace(platform, workspace):
            club = await admin.directory.club(known.club_id)
            assert club is not None
            await admin.directory.join(club, platform, workspace, name)
            return club
        title = one_line(name) or f"{platform.title()} club"
        club = await admin.directory.create_club(
            title, app.installation.timezone, app.now(), {"digest_at": app.installation.digest_at}
        )
        door = await admin.directory.join(club, platform, workspace, name)
        if door.club_id == club.id:
            return club
        # Another process founded one at the same moment and was quicker: theirs it is.
        await admin.directory.delete_club(club)
        theirs = await admin.directory.club(door.club_id)
        assert theirs is not None
        return theirs


async def load_saved_call(app: App, call: Call, club_id: int) -> Call:
    """The call that an `again` or a `kept` button stands for; any other call under its command's present name."""
    if call.command not in (EDIT_SAVED, RUN_SAVED):
        return replace(call, command=app.commands.renamed.get(call.command, call.command))
    async with app.store.read(club_id) as db:
        number = call.words[0] if call.words else ""
        kept = await db.saved_calls.get(int(number)) if number.isdecimal() and len(number) < 19 else None
    if kept is None:
        raise UserError("What you typed is no longer kept. Please start the command again.")
    return app.commands.find_stored(kept)[1]


async def save_call(app: App, call: Call, club_id: int, *, under: str = RUN_SAVED) -> Call:
    """Keep a call so that a short one can stand for it: `kept 17`, or `again 17` to open its form."""
    async with app.store.begin(club_id) as db:
        return Call.of(under, await db.saved_calls.save(SavedCall(call=str(call), at=app.now())))


async def with_short_calls(app: App, card: Card, club_id: int, max_length: int) -> Card:
    """The card with every call that is longer than `most` characters kept, and a short one in its place."""
    parts: list[Part] = []
    for part in card.parts:
        if isinstance(part, Buttons):
            row = [await _shortened_button(app, button, club_id, max_length) for button in part.row]
            more = [await _shortened_button(app, button, club_id, max_length) for button in part.more]
            parts.append(Buttons(tuple(row), tuple(more)))
        elif isinstance(part, ListEntry) and part.button:
            parts.append(replace(part, button=await _shortened_button(app, part.button, club_id, max_length)))
        else:
            parts.append(part)
    return replace(card, parts=tuple(parts))


async def _shortened_button(app: App, button: Button, club_id: int, max_length: int) -> Button:
    if len(str(button.call)) <= max_length:
        return button
    return replace(button, call=await save_call(app, button.call, club_id))


async def _run(command: Command, context: Context, given: dict[str, Any]) -> AsyncIterator[Card]:
    """A plain handler gives one card; one of long work yields several, each in place of the last."""
    running = command.handler(context, **given)
    if isinstance(running, AsyncIterator):
        async for card in running:
            yield card
    else:
        yield await running


def _highest_role(who: Requester, member: Member, granted: frozenset[MemberRole]) -> Audience:
    """The highest of what the platform, the club's list and the member's own row say."""
    says = granted | {member.role}
    if who.manages or MemberRole.ADMIN in says:
        return Audience.ADMIN
    if who.moderates or MemberRole.MODERATOR in says:
        return Audience.MODERATOR
    return Audience.MEMBER


def _check_audience(context: Context, command: Command) -> None:
    """Refuse whoever does not belong to the command's audience, and say who does."""
    if not context.may(command.audience):
        whom = f"{command.audience.value}s"
        message = f"`/{command.name}` is for this club's {whom}. An admin can make you one with `/clubadmin roles`."
        raise NotAllowed(message)


async def _user_error_card(app: App, call: Call, error: UserError, where: Location, via: RequestKind) -> Card:
    """The sentence, and a way to try again with what was typed."""
    parts = [text(*parse_backticks(str(error)))]
    card = Card("That did not work", tuple(parts), Tone.BAD)
    if call.command not in app.commands or isinstance(error, NotAllowed):
        return card
    if via is not RequestKind.FORM and not (via is RequestKind.TYPED and len(str(call)) >= MIN_SAVED_LENGTH):
        return card
    try:
        async with app.store.read_admin_session() as admin:
            workspace = await admin.directory.workspace(where.platform, where.workspace)
        if workspace is None:
            return card
        again = await save_call(app, call, workspace.club_id, under=EDIT_SAVED)
    except Exception:
        log.exception("what was typed could not be kept")
        return card
    button = Button("Change and try again", again, Style.MAIN)
    return replace(card, parts=(*parts, note("What you typed is kept."), Buttons((button,))))


def _unexpected_error(reference: str, trouble: DatabaseTrouble | None) -> Card:
    """What is said when the mistake is ours. Its number stands in the log too, beside what happened."""
    found = note("It is written in the log, for whoever runs me, as ", InlineCode(reference), ".")
    if trouble:
        return Card(trouble.title, (text(f"This was not saved. {trouble.advice}"), found), Tone.BAD)
    message = "Nothing was changed that you need to mend. Please try again in a minute."
    return Card("Something broke on our side", (text(message), found), Tone.BAD)

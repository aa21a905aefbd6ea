"""Dispatch of requests: a call comes in from any platform, answer cards go out.

The requester is looked up (`bot.requester_lookup`) and their permission (`bot.permissions`) is checked for each
request. Errors are shown to the requester only, and their input is saved.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from secrets import token_hex
from time import perf_counter
from typing import Any

from bot.app import App, Context, Requester, RequestKind
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Note, Points, Style, Text, Tone, note, text
from bot.chat.command import Audience, Command, Reply
from bot.chat.error_cards import NothingToChange, RefusedWithCard, beside_field, build_error_card, with_text
from bot.chat.gateway import Location
from bot.chat.mentions import readable
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, InlineCode, parse_backticks, plain
from bot.domain.reader_platform import set_reader_platform
from bot.domain.shown_names import show_names
from bot.errors import Ambiguous, Mistakes, NotAllowed, UserError
from bot.locale.current import _, _n, use_language
from bot.permissions import check_audience
from bot.requester_lookup import identify
from bot.saved_calls import EDIT_SAVED, save_call
from bot.store.database.database_errors import BUSY, DatabaseTrouble, database_trouble

log = logging.getLogger(__name__)

MIN_SAVED_LENGTH = 60
"""Characters from which a typed line is saved if it fails, where the input line has a history."""
MAX_CARRIED = 60
"""Characters of a call that a button can carry on every platform, where it cannot be saved."""
NAMELESS = ("paper vote", "paper skip")
"""Commands whose answers name nobody unless they update a card; votes are the most frequent request."""
WITHOUT_HISTORY = ("slack", "discord")
"""Platforms that do not show a typed line again: there every line that fails is saved."""


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """An answer for one person or for all. Each card of an answer replaces the one before."""

    card: Card
    reply: Reply
    failed: bool = False
    error: UserError | None = None
    """The error in the call, if it can be shown in its form; else None."""


@dataclass(frozen=True, slots=True)
class _Request:
    """A request as it came in, before anybody is identified."""

    app: App
    call: Call
    who: Requester
    where: Location
    via: RequestKind


async def answer(
    app: App, call: Call, who: Requester, where: Location, via: RequestKind = RequestKind.TYPED
) -> AsyncIterator[AnswerCard]:
    """Run a command and yield its answer cards. Raises nothing but cancellation."""
    started = perf_counter()
    outcome, name, see_also = "ok", "unknown", ""
    context: Context | None = None
    call = call.cleaned()
    request = _Request(app, call, who, where, via)
    set_reader_platform(where.platform)
    try:
        if call.command in app.commands:
            name = call.command
        context = await identify(app, who, where, via)
        command = app.commands[name] if name in app.commands else app.commands.find(call.command)[0]
        name, see_also = command.name, command.see_also
        check_audience(context, command)
        check_rate(context)
        given = command.read(call, here=context.here is not None)
        if name not in NAMELESS or via is RequestKind.CLICK:
            async with context.read() as db:
                show_names(await db.members.other_names(where.platform))
        if command.replies(call, clicked=via is RequestKind.CLICK) is Reply.PUBLIC:
            use_language(context.settings.language)
        async for card in _run(command, context, given):
            yield AnswerCard(card, command.replies(call, clicked=via is RequestKind.CLICK))
    except NothingToChange as repeat:
        yield AnswerCard(repeat.card, Reply.PRIVATE)
    except RefusedWithCard as error:
        outcome = "refused"
        card = with_text(error.card, _(see_also) if see_also else "")
        if all(button.call.command != call.command for button in card.buttons()):
            card = await _with_saved_input(request, card)
        yield AnswerCard(card, Reply.PRIVATE, failed=True)
    except UserError as error:
        outcome = "refused"
        yield await _refusal(request, error, context, app.commands.get(name))
    except Exception as error:
        outcome = "broke"
        yield await _breakdown(request, error, name)
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


async def _refusal(request: _Request, error: UserError, context: Context | None, command: Command | None) -> AnswerCard:
    """Answer to a mistake of the requester, as far as the request came: without a context nobody was identified."""
    in_form = request.via is RequestKind.FORM
    if context and command and error.by_field:
        error = await _all_mistakes(context, command, request.call, error)
    if isinstance(error, Mistakes):
        card = _mistakes_card(request.app, request.call, error, in_form=in_form)
    else:
        card = build_error_card(_of_form(request.app, request.call, error) if in_form else str(error))
    card = with_text(card, _(command.see_also) if context and command and command.see_also else "")
    if isinstance(error, NotAllowed):
        return AnswerCard(card, Reply.PRIVATE, failed=True)
    if isinstance(error, Ambiguous) and command:
        card = _with_choices(command, request.call, card, error)
    return AnswerCard(await _with_saved_input(request, card), Reply.PRIVATE, failed=True, error=error)


async def _breakdown(request: _Request, error: Exception, name: str) -> AnswerCard:
    """Answer to an error of the program, which is logged with a reference that the answer names."""
    trouble = database_trouble(error)
    if trouble is BUSY:
        request.app.metrics.db_busy()
    reference = token_hex(4)
    extra = {"reference": reference, "via": request.via.value, "platform": request.where.platform}
    log.error("/%s failed", name, exc_info=error, extra=extra)
    said = _unexpected_error(reference, trouble)
    card = await _with_saved_input(request, said, can_save=trouble is None)
    return AnswerCard(card, Reply.PRIVATE, failed=True, error=UserError(_sentences(said)))


async def _run(command: Command, context: Context, given: dict[str, Any]) -> AsyncIterator[Card]:
    """Cards of a handler: one from a coroutine, several from an async generator, each replacing the last."""
    running = command.handler(context, **given)
    if isinstance(running, AsyncIterator):
        async for card in running:
            yield card
    else:
        yield await running


def check_rate(context: Context) -> None:
    """Limits a member's commands in a minute. Raises UserError that says how long to wait."""
    limit = context.settings.commands_per_minute
    if not limit or context.may(Audience.MODERATOR):
        return
    wait = context.app.rates.wait(context.member.id, context.now, limit)
    if wait is not None:
        seconds = max(1, round(wait.total_seconds()))
        raise UserError(
            _(
                "That is too fast: I answer at most {limit} commands per minute. Try again in {seconds} s.",
                limit=limit,
                seconds=seconds,
            )
        )


async def _with_saved_input(request: _Request, card: Card, *, can_save: bool = True) -> Card:
    """The card of an error, with a button to try again with the same input; without one if there is nothing to keep.

    Where it cannot be saved, a button carries it if it is short.
    """
    call = request.call
    if call.command not in request.app.commands:
        return card
    via = request.via
    is_kept = request.where.platform not in WITHOUT_HISTORY and len(str(call)) < MIN_SAVED_LENGTH
    if via is not RequestKind.FORM and (via is not RequestKind.TYPED or is_kept or not (call.words or call.named)):
        return card
    retry = await _save_input(request) if can_save else None
    if retry is None and len(str(call)) <= MAX_CARRIED:
        retry = call.as_form()
    if retry is None:
        return card
    button = Button(_("Change and try again"), retry, Style.MAIN)
    return replace(card, parts=(*card.parts, note(_("Your text is saved.")), Buttons((button,))))


async def _save_input(request: _Request) -> Call | None:
    """A call that opens the form with what somebody typed; None if it cannot be saved."""
    app, where = request.app, request.where
    try:
        async with app.store.read_admin_session() as admin:
            workspace = await admin.directory.workspace(where.platform, where.workspace)
        if workspace is None:
            return None
        async with app.store.read(workspace.club_id) as db:
            member = await db.members.by_account(where.platform, request.who.id)
        owner = member.id if member else None
        return await save_call(app, request.call, workspace.club_id, under=EDIT_SAVED, member_id=owner)
    except Exception:
        log.exception("the input could not be saved")
        return None


async def _all_mistakes(context: Context, command: Command, call: Call, error: UserError) -> UserError:
    """The error together with the mistakes in other words of the call, which are looked up now; itself if it is alone.

    Never raises: what cannot be looked up is taken to be right.
    """
    if isinstance(error, NotAllowed | RefusedWithCard | Ambiguous):
        return error
    names = [param.name for param in command.params]
    found = {name: message for name, message in error.by_field.items() if name in names}
    try:
        given = command.words(call, here=context.here is not None)
        for param in command.params:
            word = given.get(param.name, "").strip()
            if param.hint.check and word and param.name not in found and param.plain_word(word) != "none":
                try:
                    await param.hint.check(context, word, given)
                except UserError as mistake:
                    found[param.name] = str(mistake)
    except Exception:
        log.exception("the other words of /%s could not be checked", command.name)
        return error
    if len(found) < 2 or str(error) not in {*found.values(), " ".join(error.by_field.values())}:
        return error
    return Mistakes({name: found[name] for name in names if name in found})


def _of_form(app: App, call: Call, error: UserError) -> str:
    """The message of a mistake in a form, with the label of its field in place of the name that is typed."""
    command = app.commands.get(call.command)
    for param in command.params if command else ():
        start = f"`{param.name}` "
        if param.name in error.by_field and str(error).startswith(start):
            return _("“{text}”", text=param.title) + " " + str(error).removeprefix(start)
    return str(error)


def _mistakes_card(app: App, call: Call, error: Mistakes, *, in_form: bool) -> Card:
    """Card that names every mistake with the label of its field; of a form without the names that are typed."""
    command = app.commands.get(call.command)
    titles = {param.name: param.title for param in command.params} if command else {}
    points = tuple(
        (
            Bold(f"{titles.get(name, name)}: "),
            *parse_backticks(readable(beside_field(name, message) if in_form else message)),
        )
        for name, message in error.by_field.items()
    )
    title = _n("{n} thing to correct", "{n} things to correct", len(points))
    return Card(title, (Points(points),), Tone.BAD)


def _with_choices(command: Command, call: Call, card: Card, error: Ambiguous) -> Card:
    """The card with a button for each thing that was perhaps meant, which runs the call with it."""
    if all(param.name != error.field for param in command.params):
        return card
    given = command.words(call)
    row = tuple(
        Button(label, Call.of(command.name, **(given | {error.field: word}))) for label, word in error.choices.items()
    )
    return replace(card, parts=(*card.parts, Buttons(row)))


def _sentences(card: Card) -> str:
    """The words of an error's card, for a form that shows them above what was typed."""
    said = " ".join(plain(part.words) for part in card.parts if isinstance(part, Text | Note))
    return f"{card.title}. {said}"


def _unexpected_error(reference: str, trouble: DatabaseTrouble | None) -> Card:
    """Card for an error of the program, with the reference that is also in the log."""
    reference_note = note(*phrase("The reference in the server’s log is {code}.", code=InlineCode(reference)))
    if trouble:
        return Card(
            _(trouble.title),
            (text(_("This was not saved. {advice}", advice=_(trouble.advice))), reference_note),
            Tone.BAD,
        )
    message = _("Nothing was changed. Please try again in a minute.")
    return Card(_("Something went wrong on our side"), (text(message), reference_note), Tone.BAD)

"""Command `help`: describes the commands that the requester may run, from their declarations."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.app import Context
from bot.chat.audience_texts import FOR, refusal
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, Part, Points, note, text
from bot.chat.closest_match import closest_command
from bot.chat.command import Audience, Command, Reply
from bot.chat.command_search import commands_about, is_general, similar_verb, with_verb
from bot.chat.commands import Commands
from bot.chat.parameters import Parameter, ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, InlineCode, Words, parse_backticks
from bot.domain.edition_calendar import format_moment
from bot.errors import NotAllowed, UserError
from bot.features.shared.votes.voting_window import next_due, next_edition_sentence
from bot.locale.current import _, mark_text

commands = Commands(about={"help": mark_text("What I can do.")})

VISIBILITY = {
    Reply.PUBLIC: mark_text("Everyone here sees the answer."),
    Reply.PRIVATE: mark_text("Only you see the answer."),
    Reply.IN_PLACE: mark_text("Only you see the answer. If you press a button on a card, that card is updated."),
}


TOPICS = {
    "admin": "clubadmin",
    "admins": "clubadmin",
    "moderator": "curate",
    "moderators": "curate",
    "moderation": "curate",
    "editions": "edition",
    "papers": "paper",
    "meetings": "club meetings",
    "notes": "my note",
}
"""Words that people look up in the help, with the command that they mean."""

MAX_FOUND, MAX_SEE_ALSO = 12, 3
"""Commands in the answer to a question, and beside the one that was looked up."""

MAX_EXAMPLES = 4
"""Maximum number of examples below a list of commands."""


async def by_command(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest commands that the requester may run."""
    wanted = typed.strip().removeprefix("/").lower()
    names = [name for name, command in ctx.app.commands.items() if ctx.may(command.audience) and wanted in name]
    return [(f"/{name} — {_(ctx.app.commands[name].summary)}"[:100], name) for name in names][:25]


@commands("help", examples=("/help", "/help paper", "/help paper submit"))
async def help(
    ctx: Context,
    topic: Annotated[
        str, ParameterHint("a command, or its first word", rest=True, most=60, suggest=by_command, strict=True)
    ] = "",
) -> Card:
    """Show what I can do, or how a command works."""
    words = " ".join(topic.lower().removeprefix("/").split())
    words = TOPICS.get(words, words)
    if not words:
        return await _overview(ctx)
    if words in ctx.app.commands and words not in ctx.app.commands.roots:
        return _command(ctx, ctx.app.commands[words])
    under = [command for command in ctx.app.commands.under(words) if ctx.may(command.audience)]
    if under:
        return _root(ctx, words, under)
    if ctx.app.commands.under(words):
        raise NotAllowed(refusal(words, _narrowest(ctx, words), ctx.where.platform))
    if is_general(words):
        return await _overview(ctx)
    return _found(ctx, words)


def _found(ctx: Context, words: str) -> Card:
    """The command that a word or a question is about, or a list of them. Raises UserError if there is none."""
    allowed = {name: command for name, command in ctx.app.commands.items() if ctx.may(command.audience)}
    exact = with_verb(words, allowed)
    found = commands_about(words, {name: _(command.summary) for name, command in allowed.items()})
    if len(exact) == 1:
        others = [name for name in found if name != exact[0]][:MAX_SEE_ALSO]
        card = _command(ctx, allowed[exact[0]])
        also = _("See also: {names}.", names=", ".join(f"`/help {name}`" for name in others))
        return replace(card, parts=(*card.parts, note(*parse_backticks(also)))) if others else card
    if not found and (forbidden := with_verb(words, ctx.app.commands)):
        raise NotAllowed(refusal(forbidden[0], ctx.app.commands[forbidden[0]].audience, ctx.where.platform))
    if not found:
        raise UserError(_nearest(ctx, words), field="topic")
    lines = tuple((InlineCode(allowed[name].usage), f" — {_(allowed[name].summary)}") for name in found[:MAX_FOUND])
    more = note(*parse_backticks(_("More about a command: `/help {name}`.", name=found[0])))
    return Card(_("Commands about “{words}”", words=words[:60]), (Points(lines), more))


async def _overview(ctx: Context) -> Card:
    """First page: the first steps, then a line for each root."""
    parts: list[Part] = [*await first_steps(ctx), Heading(_("All commands"))]
    roots = [root for root in ctx.app.commands.roots if any(ctx.may(c.audience) for c in ctx.app.commands.under(root))]
    parts.append(Points(tuple(_summary(ctx, root) for root in roots if root != "help")))
    row = [Button(f"/{root}", Call.of("help", root)) for root in roots if root != "help"]
    parts.append(Buttons(tuple(row[:5]), tuple(row[5:])))
    if ctx.where.platform == "console" and not ctx.may(Audience.ADMIN):
        say = (
            _("To set up the club, start with `journalclub console --admin`.")
            if ctx.may(Audience.MODERATOR)
            else _("To set up the club or moderate, start with `journalclub console --admin` or `--moderator`.")
        )
        parts.append(note(*parse_backticks(say)))
    return Card(_("What I can do"), tuple(parts))


def _summary(ctx: Context, root: str) -> Words:
    allowed = [command for command in ctx.app.commands.under(root) if ctx.may(command.audience)]
    verbs = ", ".join(command.name.removeprefix(root).strip() or root for command in allowed)
    return (Bold(f"/{root}"), f" {_(ctx.app.commands.about.get(root, ''))} ", InlineCode(verbs))


async def first_steps(ctx: Context) -> tuple[Part, ...]:
    """First steps of a new member."""
    async with ctx.read() as db:
        slot, due = await db.slots.next(), await next_due(ctx, db)
        if due and not ctx.club.paused_at and (slot is None or slot.due_at > ctx.now):
            when = _("The next one is due {format_moment}.", format_moment=format_moment(due, ctx.member_zone))
        else:
            when = await next_edition_sentence(ctx, db)
    return (
        text(
            *phrase(
                "This club reads papers together. Regular editions collect what members liked best. {when}", when=when
            )
        ),
        Points(
            (
                phrase(
                    "Submit a paper: {command}",
                    command=InlineCode(_("/paper submit https://arxiv.org/abs/1706.03762 why it matters")),
                ),
                phrase("See what others submitted, and vote: {command}", command=InlineCode("/paper top")),
                phrase("Discuss one: press Discuss on its card, or {command}", command=InlineCode("/paper discuss 12")),
                phrase("Save one for later: press Save, then see {command}", command=InlineCode("/my list")),
            ),
            numbered=True,
        ),
    )


def _root(ctx: Context, root: str, under: list[Command]) -> Card:
    """Every command under a root, with its usage."""
    lines = tuple((InlineCode(command.usage), f" — {_(command.summary)}") for command in under)
    parts: list[Part] = [Points(lines)]
    if examples := [example for command in under for example in command.examples[:1]][:MAX_EXAMPLES]:
        parts += [Heading(_("For example")), *(text(InlineCode(example)) for example in examples)]
    parts.append(note(*parse_backticks(_("More about a command: `/help {name}`.", name=under[0].name))))
    about = ctx.app.commands.about.get(root)
    return Card(f"/{root}", (text(_(about)), *parts) if about else tuple(parts))


def _command(ctx: Context, command: Command) -> Card:
    """One command in full. Raises NotAllowed if the requester may not run it."""
    if not ctx.may(command.audience):
        raise NotAllowed(refusal(command.name, command.audience, ctx.where.platform))
    parts: list[Part] = [text(_(command.summary)), text(InlineCode(command.usage))]
    paragraphs = (" ".join(paragraph.split()) for paragraph in command.details.split("\n\n"))
    parts += [text(*parse_backticks(_(paragraph))) for paragraph in paragraphs if paragraph]
    if command.params:
        parts.append(Points(tuple(_param(param) for param in command.params)))
    if command.examples:
        parts += [Heading(_("For example")), *(text(InlineCode(example)) for example in command.examples)]
    who = _(FOR[command.audience]) if FOR[command.audience] else ""
    parts.append(note(f"{who} {_(VISIBILITY[command.reply])}".strip()))
    return Card(f"/{command.name}", tuple(parts))


def _param(param: Parameter) -> Words:
    """A parameter with its label and choices."""
    values = (_("yes"), _("no")) if param.type is bool else param.values
    choices = _(" One of: {choices}.", choices=", ".join(values)) if values else ""
    optional = "" if param.required else _(" Optional in a paper’s thread.") if param.hint.here else _(" Optional.")
    return (Bold(param.name), f" — {_(param.hint.label)}.{choices}{optional}")


def _narrowest(ctx: Context, words: str) -> Audience:
    """Least restricted audience of the commands under these words."""
    found = {command.audience for command in ctx.app.commands.under(words)}
    return next(audience for audience in Audience if audience in found)


def _nearest(ctx: Context, words: str) -> str:
    allowed = [name for name, command in ctx.app.commands.items() if ctx.may(command.audience)]
    candidates = [*allowed, *dict.fromkeys(name.partition(" ")[0] for name in allowed)]
    closest = similar_verb(words, allowed) or closest_command(words.split(), candidates)
    hint = _(" Did you mean `/help {closest}`?", closest=closest) if closest else _(" `/help` lists all commands.")
    return _("There is no command “{words}”.{hint}", words=words[:60], hint=hint)

"""Command `help`: describes the commands that the requester may run, from their declarations."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, Part, Points, note, text
from bot.chat.closest_match import closest_command
from bot.chat.commands import Audience, Command, Commands, Reply
from bot.chat.parameters import Parameter, ParameterHint
from bot.chat.rich_text import Bold, InlineCode, Words, parse_backticks
from bot.domain.edition_calendar import format_moment
from bot.errors import UserError
from bot.features.shared.voting_window import next_due

commands = Commands(about={"help": "What I can do."})

VISIBILITY = {
    Reply.PUBLIC: "Everyone here sees the answer.",
    Reply.PRIVATE: "Only you see the answer.",
    Reply.IN_PLACE: "Only you see the answer; a button updates its own card.",
}


MAX_EXAMPLES = 4
"""Maximum number of examples below a list of commands."""


async def by_command(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest commands that the requester may run."""
    wanted = typed.strip().removeprefix("/").lower()
    names = [name for name, command in ctx.app.commands.items() if ctx.may(command.audience) and wanted in name]
    return [(f"/{name} — {ctx.app.commands[name].summary}"[:100], name) for name in names][:25]


@commands("help", examples=("/help", "/help paper", "/help paper submit"))
async def help(
    ctx: Context,
    topic: Annotated[str, ParameterHint("a command, or its first word", rest=True, most=60, suggest=by_command)] = "",
) -> Card:
    """Show what I can do, or how a command works."""
    words = " ".join(topic.lower().removeprefix("/").split())
    if not words:
        return await _overview(ctx)
    if words in ctx.app.commands and words not in ctx.app.commands.roots:
        return _command(ctx, ctx.app.commands[words])
    under = [command for command in ctx.app.commands.under(words) if ctx.may(command.audience)]
    if under:
        return _root(ctx, words, under)
    if ctx.app.commands.under(words):
        raise UserError(f"`/{words}` is for this club's {_narrowest(ctx, words).value}s.", field="topic")
    raise UserError(_nearest(ctx, words), field="topic")


async def _overview(ctx: Context) -> Card:
    """First page: the first steps, then a line for each root."""
    parts: list[Part] = [*await first_steps(ctx), Heading("All commands")]
    roots = [root for root in ctx.app.commands.roots if any(ctx.may(c.audience) for c in ctx.app.commands.under(root))]
    parts.append(Points(tuple(_summary(ctx, root) for root in roots if root != "help")))
    row = [Button(f"/{root}", Call.of("help", root)) for root in roots if root != "help"]
    parts.append(Buttons(tuple(row[:5]), tuple(row[5:])))
    return Card("What I can do", tuple(parts))


def _summary(ctx: Context, root: str) -> Words:
    allowed = [command for command in ctx.app.commands.under(root) if ctx.may(command.audience)]
    verbs = ", ".join(command.name.removeprefix(root).strip() or root for command in allowed)
    return (Bold(f"/{root}"), f" {ctx.app.commands.about.get(root, '')} ", InlineCode(verbs))


async def first_steps(ctx: Context) -> tuple[Part, ...]:
    """First steps of a new member."""
    async with ctx.read() as db:
        due = await next_due(ctx, db)
    when = f"The next one is due {format_moment(due, ctx.member_zone)}." if due else ""
    return (
        text("This club reads papers together. Regular editions collect what members liked best. ", when),
        Points(
            (
                ("Submit a paper: ", InlineCode("/paper submit https://arxiv.org/abs/1706.03762 why it matters")),
                ("See what others submitted, and vote: ", InlineCode("/paper top")),
                ("Discuss one: press Discuss on its card, or ", InlineCode("/paper discuss 12")),
                ("Save one for later: press Save, then see ", InlineCode("/my list")),
            ),
            numbered=True,
        ),
    )


def _root(ctx: Context, root: str, under: list[Command]) -> Card:
    """Every command under a root, with its usage."""
    lines = tuple((InlineCode(command.usage), f" — {command.summary}") for command in under)
    parts: list[Part] = [Points(lines)]
    if examples := [example for command in under for example in command.examples[:1]][:MAX_EXAMPLES]:
        parts += [Heading("For example"), *(text(InlineCode(example)) for example in examples)]
    parts.append(note(*parse_backticks(f"More on one: `/help {under[0].name}`.")))
    about = ctx.app.commands.about.get(root)
    return Card(f"/{root}", (text(about), *parts) if about else tuple(parts))


def _command(ctx: Context, command: Command) -> Card:
    """One command in full. Raises UserError if the requester may not run it."""
    if not ctx.may(command.audience):
        raise UserError(f"`/{command.name}` is for this club's {command.audience.value}s.", field="topic")
    parts: list[Part] = [text(command.summary), text(InlineCode(command.usage))]
    paragraphs = (" ".join(paragraph.split()) for paragraph in command.details.split("\n\n"))
    parts += [text(*parse_backticks(paragraph)) for paragraph in paragraphs if paragraph]
    if command.params:
        parts.append(Points(tuple(_param(param) for param in command.params)))
    if command.examples:
        parts += [Heading("For example"), *(text(InlineCode(example)) for example in command.examples)]
    who = "" if command.audience is Audience.MEMBER else f"For {command.audience.value}s. "
    parts.append(note(who + VISIBILITY[command.reply]))
    return Card(f"/{command.name}", tuple(parts))


def _param(param: Parameter) -> Words:
    """A parameter with its label and choices."""
    choices = f" One of: {', '.join(param.choices)}." if param.choices else ""
    optional = "" if param.required else " Optional in a paper's thread." if param.ask.here else " Optional."
    return (Bold(param.name), f" — {param.ask.label}.{choices}{optional}")


def _narrowest(ctx: Context, words: str) -> Audience:
    """Least restricted audience of the commands under these words."""
    found = {command.audience for command in ctx.app.commands.under(words)}
    return next(audience for audience in Audience if audience in found)


def _nearest(ctx: Context, words: str) -> str:
    allowed = [name for name, command in ctx.app.commands.items() if ctx.may(command.audience)]
    candidates = [*allowed, *dict.fromkeys(name.partition(" ")[0] for name in allowed)]
    closest = closest_command(words.split(), candidates)
    hint = f" Did you mean `/help {closest}`?" if closest else " `/help` lists all commands."
    return f"There is no command “{words[:60]}”.{hint}"

"""Cards with one-time codes, which people carry from one platform to another."""

from __future__ import annotations

from bot.app import Context
from bot.chat.cards import Card, note, text
from bot.chat.phrases import phrase
from bot.chat.rich_text import InlineCode
from bot.domain import one_time_codes
from bot.domain.models import CodePurpose
from bot.locale.current import _, _n


def bad_code(command: str) -> str:
    """Message about a code that does not work, with the command that gives a new one."""
    return _(
        "That code does not work. It may be mistyped, already used, or older than ten minutes. To get a new one, run "
        "`/{command}` where you got this one.",
        command=command,
    )


async def issue_code_card(ctx: Context, purpose: CodePurpose, command: str, place: str) -> Card:
    """Card with a new code. Only its hash is stored, so it is shown this once."""
    code = one_time_codes.new_code()
    async with ctx.begin() as db:
        digest = one_time_codes.digest(code, ctx.app.installation.secret)
        await db.codes.issue(digest, purpose, ctx.member.id, ctx.now, ctx.now + one_time_codes.CODE_LIFETIME)
    minutes = _n("{n} minute", "{n} minutes", int(one_time_codes.CODE_LIFETIME.total_seconds() // 60))
    return Card(
        _("Your code"),
        (
            text(*phrase("Run {command} {place}.", command=InlineCode(f"/{command} {code}"), place=place)),
            note(_("It works once, within the next {minutes}. Your earlier codes no longer work.", minutes=minutes)),
        ),
    )

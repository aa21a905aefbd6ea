"""Command `club calendar`: secret addresses of calendars, for a member and for the club."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import InlineCode
from bot.domain.archive_urls import calendar_path
from bot.errors import NotAllowed, UserError
from bot.locale.current import _, formatted

commands = Commands()


@commands("club calendar", examples=("/club calendar", "/club calendar new", "/club calendar off"))
async def calendar_feed(
    ctx: Context,
    action: Annotated[Literal["show", "new", "off"], ParameterHint("show, new or off")] = "show",
    whose: Annotated[Literal["mine", "club"], ParameterHint("mine, or the club’s")] = "mine",
) -> Card:
    """Get a secret address that shows your meetings in your calendar program.

    Whoever has the address can read the calendar. A new address replaces the old one. The club’s own address is for
    moderators only.
    """
    if whose == "club" and not ctx.may(Audience.MODERATOR):
        raise NotAllowed(_("The club’s calendar address is for moderators. `/club calendar new` gives you your own."))
    public_url = ctx.app.installation.public_url
    if action == "new" and not public_url:
        raise UserError(
            _(
                "This installation has no web address, so calendars cannot read from it. `/club meet` gives you a "
                "file instead."
            )
        )
    member_id = ctx.member.id if whose == "mine" else None
    subject = _("your meetings") if whose == "mine" else _("all meetings of the club")
    make = Button(_("New address"), Call.of("club calendar", "new", whose), Style.MAIN)
    drop = Button(_("Turn it off"), Call.of("club calendar", "off", whose), Style.DANGER)
    if action == "new":
        secret = token_urlsafe(24)
        async with ctx.begin() as db:
            await db.calendar_feeds.replace(member_id, feed_digest(secret), ctx.now)
        parts = (
            text(
                *phrase(
                    "Add this address to your calendar program: {code}",
                    code=InlineCode(f"{public_url}{calendar_path(secret)}"),
                )
            ),
            note(_("Keep it secret. I cannot show it again; a new one replaces it.")),
            Buttons((drop,)),
        )
        return Card(_("A calendar of {subject}", subject=subject), parts, Tone.GOOD)
    if action == "off":
        async with ctx.begin() as db:
            revoked = await db.calendar_feeds.revoke(member_id, ctx.now)
        title = _("The address no longer works") if revoked else _("Nothing to change: there is no address")
        return Card(title, (Buttons((make,)),), Tone.GOOD if revoked else Tone.PLAIN)
    async with ctx.read() as db:
        feed = await db.calendar_feeds.current(member_id)
    if feed is None:
        return Card(
            _("No calendar address yet"),
            (text(_("With an address, your calendar program can show {subject}.", subject=subject)), Buttons((make,))),
        )
    made = formatted(feed.created_at.astimezone(ctx.member_zone), "%-d %b %Y, %H:%M")
    say = text(
        _("The address shows {subject}. It was made on {made}, and I cannot show it again.", subject=subject, made=made)
    )
    return Card(_("There is a calendar address"), (say, Buttons((make, drop))))


def feed_digest(secret: str) -> str:
    """Hash by which a calendar's secret is stored."""
    return sha256(secret.encode()).hexdigest()

"""Command `clubadmin ping`: the role or user group that a new edition mentions, once."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.mentions import NO_MENTION, Mention
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold
from bot.domain.club_settings import ClubSettings
from bot.errors import UserError
from bot.features.shared.audit.entries import record_action
from bot.features.shared.platform_groups import group_names, named_group
from bot.locale.current import _, mark_text
from bot.locale.typed_words import NO_WORDS, NONE_WORDS

commands = Commands()

HOW_TO_ALLOW = {
    "discord": mark_text(
        "The role must allow it: Server Settings → Roles → the role → “Allow anyone to @mention this role”. The doctor "
        "checks this."
    ),
    "slack": mark_text("Members of the user group are notified as the group’s settings say."),
}


NO_GROUP = {
    "discord": mark_text("Choose a role, not a person or everyone."),
    "slack": mark_text("Choose a user group, not a person or everyone."),
}
EVERYBODY = ("everyone", "channel", "here")
"""Words after @ by which a platform mentions everybody."""
NOBODY = NONE_WORDS | NO_WORDS | {"nobody"}
"""Words that are understood as nobody, where no group has that name."""
CHOOSE = {"discord": mark_text("Choose a role"), "slack": mark_text("Choose a user group")}


@commands(
    "clubadmin ping", audience=Audience.ADMIN, examples=("/clubadmin ping @readers", "/clubadmin ping remove=yes")
)
async def edition_ping(
    ctx: Context,
    who: Annotated[
        object, ParameterHint("a role on Discord, or a user group on Slack", most=120, parse=mentions.parse_mention)
    ] = NO_MENTION,
    remove: Annotated[bool, ParameterHint("mention nobody any more")] = False,
) -> Card:
    """Choose a role or user group that each new edition mentions once.

    Corrections and reposts mention nobody. Each platform has its own role or group.
    """
    assert isinstance(who, Mention)
    platform = ctx.where.platform
    if platform not in HOW_TO_ALLOW:
        raise UserError(_("There are no roles or user groups here. Run this on Slack or Discord."))
    groups = await group_names(ctx)
    who = named_group(who, groups)
    remove = remove or (not who.id and who.name.casefold() in NOBODY)
    async with ctx.begin() as db:
        club = await db.club()
        before = ClubSettings.of(club.settings).pinged(platform)
        if not remove and not (who.id or who.name):
            gone = _("a group that was deleted") if groups and before else before
            return _shown(platform, groups.get(before, gone))
        _check(ctx, who, remove=remove)
        after = "" if remove else who.id
        if before == after:
            unchanged = (
                _("New editions already mention this group.") if after else _("New editions mention nobody here.")
            )
            return Card(_("Nothing to change"), (text(unchanged),))
        club.settings = ClubSettings.of(club.settings).with_ping(platform, after).model_dump()
        names = {before: groups.get(before, before), after: who.name or after}
        await record_action(
            ctx, db, "settings", before={"ping": names[before] or "none"}, after={"ping": names[after] or "none"}
        )
    if remove:
        return Card(_("Changed"), (text(_("New editions mention nobody here.")),), Tone.GOOD)
    say = phrase("Each new edition mentions {name} here, once.", name=Bold(who.name or who.id))
    row = Buttons((Button(_("Check everything"), Call.of("clubadmin doctor")),))
    return Card(_("Changed"), (text(*say), note(_(HOW_TO_ALLOW[platform])), row), Tone.GOOD)


def _check(ctx: Context, who: Mention, *, remove: bool) -> None:
    """Raises UserError unless a group was named that can be mentioned, or nobody is to be mentioned."""
    if remove:
        return
    if (who.id and (not who.group or who.id == ctx.where.workspace)) or who.name.removeprefix("@") in EVERYBODY:
        raise UserError(_(NO_GROUP[ctx.where.platform]), field="who")
    if not who.id:
        raise UserError(
            _("I do not know “{name}”. Choose it from the list that opens when you type @.", name=who.name), field="who"
        )


def _shown(platform: str, current: str) -> Card:
    """Card of a platform's setting, with a button for each change."""
    say = (
        _("New editions mention {current} here.", current=current)
        if current
        else _("New editions mention nobody here.")
    )
    row = [Button(_(CHOOSE[platform]), Call.of("clubadmin ping").as_form())]
    if current:
        row.append(Button(_("Mention nobody"), Call.of("clubadmin ping", remove="yes")))
    return Card(_("Who a new edition mentions"), (text(say), note(_(HOW_TO_ALLOW[platform])), Buttons(tuple(row))))

"""Meetings: planning, answers, presenters, questions, reminders, calendars."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.meetings import (
    cancel_commands,
    edit_commands,
    feed_commands,
    holiday_commands,
    meet,
    move_commands,
    plan_commands,
    present,
    rsvp,
)

commands = Commands().include(
    meet.commands,
    rsvp.commands,
    present.commands,
    feed_commands.commands,
    plan_commands.commands,
    move_commands.commands,
    cancel_commands.commands,
    edit_commands.commands,
    holiday_commands.commands,
)

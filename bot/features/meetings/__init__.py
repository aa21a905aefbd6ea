"""Meetings: planning, answers, presenters, questions, reminders, calendars."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.meetings import (
    cancel_commands,
    edit_commands,
    feed_commands,
    hand_over,
    holiday_commands,
    meet,
    meeting_questions,
    move_commands,
    plan_commands,
    present,
    record_commands,
    rsvp,
)

commands = Commands().include(
    meet.commands,
    rsvp.commands,
    present.commands,
    hand_over.commands,
    meeting_questions.commands,
    record_commands.commands,
    feed_commands.commands,
    plan_commands.commands,
    move_commands.commands,
    cancel_commands.commands,
    edit_commands.commands,
    holiday_commands.commands,
)

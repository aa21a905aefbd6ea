"""Meetings: planning, answers, presenters, questions, reminders, calendars."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.meetings import (
    cancel_commands,
    edit_commands,
    feed_commands,
    hand_over,
    holiday_commands,
    meeting_questions,
    move_commands,
    plan_commands,
    presenter_commands,
    record_commands,
    rsvp,
    show_commands,
)

commands = Commands().include(
    show_commands.commands,
    rsvp.commands,
    presenter_commands.commands,
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

"""Running the club: setting it up, its rules, channels, people and topics, and finding out what is wrong."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.admin import checkup, pausing, roles, rooms, rules, runs, setup, topics, trial

commands = Commands(about={"clubadmin": "For admins: set the club up, change its rules, see what is wrong."}).include(
    setup.commands,
    rules.commands,
    rooms.commands,
    roles.commands,
    topics.commands,
    checkup.commands,
    runs.commands,
    trial.commands,
    pausing.commands,
)

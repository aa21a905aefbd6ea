"""Administration of the club: setup, settings, channels, roles, topics, pausing and diagnosis."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.admin import (
    channels,
    doctor,
    edition_ping,
    paper_import,
    pausing,
    restored,
    roles,
    runs,
    settings,
    setup,
    test_post,
    topics,
)
from bot.locale.current import mark_text

commands = Commands(
    about={"clubadmin": mark_text("For admins: set the club up, change its rules, see what is wrong.")}
).include(
    setup.commands,
    settings.commands,
    channels.commands,
    roles.commands,
    topics.commands,
    doctor.commands,
    edition_ping.commands,
    runs.commands,
    paper_import.commands,
    test_post.commands,
    pausing.commands,
    restored.commands,
)

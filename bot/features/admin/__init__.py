"""Administration of the club: setup, settings, channels, roles, topics, pausing and diagnosis."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.admin import (
    channels,
    delivery_status,
    doctor,
    edition_ping,
    paper_import,
    pausing,
    quarantine,
    roles,
    settings,
    setup,
    topics,
    trial_post,
)
from bot.locale.current import mark_text


def admin_commands(withdraw_approval: roles.ApprovalWithdrawal) -> Commands:
    """Commands of `/clubadmin`. `withdraw_approval` is called where a moderator's role is removed."""
    return Commands(
        about={"clubadmin": mark_text("For admins: set the club up, change its rules, see what is wrong.")}
    ).include(
        setup.commands,
        settings.commands,
        channels.commands,
        roles.role_commands(withdraw_approval),
        topics.commands,
        doctor.commands,
        edition_ping.commands,
        delivery_status.commands,
        paper_import.commands,
        trial_post.commands,
        pausing.commands,
        quarantine.commands,
    )

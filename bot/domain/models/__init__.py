"""The things the club keeps: one mapped class for each, with its keys.

Everything that belongs to a club carries `club_id`; only `Paper` without an owner (a public record) is shared.
What must happen once has a unique key here, so that the database, not the program's luck, keeps it so.
"""

from __future__ import annotations

from bot.domain.models.base import Table, Utc
from bot.domain.models.curation import Act, Pick, Report, Saying, Suggestion
from bot.domain.models.editions import Approval, Delivery, Edition, EditionItem, EditionVersion, Slot
from bot.domain.models.following import Alert, Followed
from bot.domain.models.lookup import Lookup
from bot.domain.models.papers import (
    Discussion,
    Paper,
    PaperLink,
    Saved,
    Seconding,
    Submission,
    Topic,
    Voice,
    Vote,
    VoteEvent,
)
from bot.domain.models.people import UNNAMED, Account, Club, Member, RoleGrant, Room, Workspace
from bot.domain.models.texts import LedgerQuote, PaperText, SourceText, Spending, Summary
from bot.domain.models.upkeep import Code, Fact, Inbox, Installation, InstallVisit, Kept, Lease, Turn

__all__ = [
    "UNNAMED",
    "Account",
    "Act",
    "Alert",
    "Approval",
    "Club",
    "Code",
    "Delivery",
    "Discussion",
    "Edition",
    "EditionItem",
    "EditionVersion",
    "Fact",
    "Followed",
    "Inbox",
    "InstallVisit",
    "Installation",
    "Kept",
    "Lease",
    "LedgerQuote",
    "Lookup",
    "Member",
    "Paper",
    "PaperLink",
    "PaperText",
    "Pick",
    "Report",
    "RoleGrant",
    "Room",
    "Saved",
    "Saying",
    "Seconding",
    "Slot",
    "SourceText",
    "Spending",
    "Submission",
    "Suggestion",
    "Summary",
    "Table",
    "Topic",
    "Turn",
    "Utc",
    "Voice",
    "Vote",
    "VoteEvent",
    "Workspace",
]

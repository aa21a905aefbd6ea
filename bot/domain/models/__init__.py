"""The things the club keeps: one mapped class for each, with its keys.

Everything that belongs to a club carries `club_id`; only `Paper` without an owner (a public record) is shared.
What must happen once has a unique key here, so that the database, not the program's luck, keeps it so.
"""

from __future__ import annotations

from bot.domain.models.base import Table, Utc
from bot.domain.models.curation import (
    Act,
    Pick,
    Problem,
    Report,
    ReportState,
    Saying,
    SuggestedSection,
    Suggestion,
    SuggestionState,
)
from bot.domain.models.deliveries import PENDING, Delivery, DeliveryKind, DeliveryState
from bot.domain.models.editions import (
    Approval,
    Edition,
    EditionItem,
    EditionState,
    EditionVersion,
    Slot,
    SlotState,
)
from bot.domain.models.following import Alert, AlertState, Followed
from bot.domain.models.lookup import Lookup
from bot.domain.models.papers import (
    Discussion,
    Paper,
    PaperLink,
    Saved,
    Seconding,
    Submission,
    SubmissionState,
    Topic,
    Voice,
    Vote,
    VoteEvent,
    VoteStance,
)
from bot.domain.models.people import UNNAMED, Account, Club, Member, MemberRole, RoleGrant, Room, RoomPurpose, Workspace
from bot.domain.models.texts import LedgerQuote, PaperText, SourceText, Spending, Summary
from bot.domain.models.upkeep import (
    Code,
    CodePurpose,
    Fact,
    Inbox,
    InboxState,
    Installation,
    InstallVisit,
    Kept,
    Lease,
    Turn,
)

__all__ = [
    "PENDING",
    "UNNAMED",
    "Account",
    "Act",
    "Alert",
    "AlertState",
    "Approval",
    "Club",
    "Code",
    "CodePurpose",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Discussion",
    "Edition",
    "EditionItem",
    "EditionState",
    "EditionVersion",
    "Fact",
    "Followed",
    "Inbox",
    "InboxState",
    "InstallVisit",
    "Installation",
    "Kept",
    "Lease",
    "LedgerQuote",
    "Lookup",
    "Member",
    "MemberRole",
    "Paper",
    "PaperLink",
    "PaperText",
    "Pick",
    "Problem",
    "Report",
    "ReportState",
    "RoleGrant",
    "Room",
    "RoomPurpose",
    "Saved",
    "Saying",
    "Seconding",
    "Slot",
    "SlotState",
    "SourceText",
    "Spending",
    "Submission",
    "SubmissionState",
    "SuggestedSection",
    "Suggestion",
    "SuggestionState",
    "Summary",
    "Table",
    "Topic",
    "Turn",
    "Utc",
    "Voice",
    "Vote",
    "VoteEvent",
    "VoteStance",
    "Workspace",
]

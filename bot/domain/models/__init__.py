"""The things the club keeps: one mapped class for each, with its keys.

Everything that belongs to a club carries `club_id`; only `Paper` without an owner (a public record) is shared.
What must happen once has a unique key here, so that the database, not the program's luck, keeps it so.
"""

from __future__ import annotations

from bot.domain.models.base import Table, UtcDateTime
from bot.domain.models.curation import (
    AuditEntry,
    Pick,
    Problem,
    Report,
    ReportState,
    MemberQuote,
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
from bot.domain.models.following import PendingNotification, AlertState, Follow
from bot.domain.models.lookup import SearchEntry
from bot.domain.models.papers import (
    Discussion,
    Paper,
    PaperLink,
    ReadingListEntry,
    CoSubmission,
    Submission,
    SubmissionState,
    Topic,
    DiscussionParticipant,
    Vote,
    VoteEvent,
    VoteStance,
)
from bot.domain.models.people import UNNAMED, Account, Club, Member, MemberRole, RoleGrant, Room, RoomPurpose, Workspace
from bot.domain.models.texts import StoredQuote, PaperText, SourceText, ModelSpending, StoredSummary
from bot.domain.models.upkeep import (
    OneTimeCode,
    CodePurpose,
    CachedFact,
    InboxEvent,
    InboxState,
    Installation,
    InstallAttempt,
    SavedCall,
    Lease,
    RateGateState,
)

__all__ = [
    "PENDING",
    "UNNAMED",
    "Account",
    "AuditEntry",
    "PendingNotification",
    "AlertState",
    "Approval",
    "Club",
    "OneTimeCode",
    "CodePurpose",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Discussion",
    "Edition",
    "EditionItem",
    "EditionState",
    "EditionVersion",
    "CachedFact",
    "Follow",
    "InboxEvent",
    "InboxState",
    "InstallAttempt",
    "Installation",
    "SavedCall",
    "Lease",
    "StoredQuote",
    "SearchEntry",
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
    "ReadingListEntry",
    "MemberQuote",
    "CoSubmission",
    "Slot",
    "SlotState",
    "SourceText",
    "ModelSpending",
    "Submission",
    "SubmissionState",
    "SuggestedSection",
    "Suggestion",
    "SuggestionState",
    "StoredSummary",
    "Table",
    "Topic",
    "RateGateState",
    "UtcDateTime",
    "DiscussionParticipant",
    "Vote",
    "VoteEvent",
    "VoteStance",
    "Workspace",
]

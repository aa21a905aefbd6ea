"""Database models: one mapped class per table.

Rows of a club have a `club_id`; only a `Paper` without an owner (a public record) is shared. Whatever must happen once
has a unique key, so that the database enforces it.
"""

from __future__ import annotations

from bot.domain.models.ballots import Ballot, BallotMethod, BallotState, CastBallot, Nomination
from bot.domain.models.base import Table, UtcDateTime
from bot.domain.models.contributions import MemberQuote, Suggestion
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
from bot.domain.models.follows import AlertState, Follow, PendingNotification
from bot.domain.models.installations import Installation, InstallAttempt, OneTimeCode
from bot.domain.models.measures import MeasureKind, MemberMeasure
from bot.domain.models.members import (
    UNNAMED,
    Account,
    Club,
    Member,
    MemberRole,
    RoleGrant,
    Room,
    RoomPurpose,
    Workspace,
)
from bot.domain.models.moderation import (
    AuditEntry,
    Pick,
    Problem,
    Report,
    ReportState,
    SuggestedSection,
    SuggestionState,
)
from bot.domain.models.operations import (
    CachedFact,
    CodePurpose,
    InboxEvent,
    InboxState,
    Lease,
    RateGateState,
    SavedCall,
)
from bot.domain.models.papers import (
    CoSubmission,
    Discussion,
    DiscussionParticipant,
    Paper,
    PaperLink,
    ReadingListEntry,
    Submission,
    SubmissionState,
    Topic,
    Vote,
    VoteEvent,
    VoteStance,
)
from bot.domain.models.quarantine import Quarantine
from bot.domain.models.questions import PaperQuestion
from bot.domain.models.scheduling import AT_ONCE, ScheduledTask, TaskKind
from bot.domain.models.search_index import SearchEntry
from bot.domain.models.stream import (
    ClubSource,
    EntryVerdict,
    PostedCandidate,
    ShortlistEntry,
    ShortlistPost,
    ShortlistRun,
    StreamAppearance,
    StreamEntry,
    StreamSource,
    StreamVerdict,
)
from bot.domain.models.summaries import ModelSpending, PaperText, SourceText, StoredQuote, StoredSummary

__all__ = [
    "AT_ONCE",
    "PENDING",
    "UNNAMED",
    "Account",
    "AlertState",
    "Approval",
    "AuditEntry",
    "Ballot",
    "BallotMethod",
    "BallotState",
    "CachedFact",
    "CastBallot",
    "Club",
    "ClubSource",
    "CoSubmission",
    "CodePurpose",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Discussion",
    "DiscussionParticipant",
    "Edition",
    "EditionItem",
    "EditionState",
    "EditionVersion",
    "EntryVerdict",
    "Follow",
    "InboxEvent",
    "InboxState",
    "InstallAttempt",
    "Installation",
    "Lease",
    "MeasureKind",
    "Member",
    "MemberMeasure",
    "MemberQuote",
    "MemberRole",
    "ModelSpending",
    "Nomination",
    "OneTimeCode",
    "Paper",
    "PaperLink",
    "PaperQuestion",
    "PaperText",
    "PendingNotification",
    "Pick",
    "PostedCandidate",
    "Problem",
    "Quarantine",
    "RateGateState",
    "ReadingListEntry",
    "Report",
    "ReportState",
    "RoleGrant",
    "Room",
    "RoomPurpose",
    "SavedCall",
    "ScheduledTask",
    "SearchEntry",
    "ShortlistEntry",
    "ShortlistPost",
    "ShortlistRun",
    "Slot",
    "SlotState",
    "SourceText",
    "StoredQuote",
    "StoredSummary",
    "StreamAppearance",
    "StreamEntry",
    "StreamSource",
    "StreamVerdict",
    "Submission",
    "SubmissionState",
    "SuggestedSection",
    "Suggestion",
    "SuggestionState",
    "Table",
    "TaskKind",
    "Topic",
    "UtcDateTime",
    "Vote",
    "VoteEvent",
    "VoteStance",
    "Workspace",
]

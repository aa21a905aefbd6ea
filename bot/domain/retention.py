"""Retention: how long the rows of each table are kept, and why. docs/operations.md has it as a table.

A rule with a time has a condition in `bot.store.admin.pruning`; the others end with what they belong to, or never.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain import models

EXPIRED = timedelta(days=1)
"""Time after the end of short-lived rows: codes, leases, attempts, gates, and events that a platform repeats."""
MONTH, QUARTER, HALF_YEAR = timedelta(days=30), timedelta(days=90), timedelta(days=180)
YEAR = timedelta(days=400)
"""A year, and a month in which somebody compares it with the last one."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Rule for rows of some tables: `period` in words; `after` is the age at which a worker deletes them, else None."""

    tables: tuple[type[models.Table], ...]
    period: str
    why: str
    after: timedelta | None = None


RETENTION = (
    Retention(
        (models.Club, models.Workspace, models.Room, models.Topic, models.RoleGrant),
        "with the club",
        "the club itself; channels that are no longer used are kept, because there are posts in them",
    ),
    Retention(
        (models.Installation,),
        "while the app is installed",
        "the token is emptied when the app is removed; `journalclub purge` deletes the row",
    ),
    Retention(
        (
            models.Member,
            models.Account,
            models.ReadingListEntry,
            models.Follow,
            models.Recommendation,
            models.UnwantedPaper,
            models.NewPaperMessage,
            models.MemberMeasure,
        ),
        "until the member deletes their data",
        "personal data; what other data depend on stays without a name",
    ),
    Retention(
        (models.Paper, models.PaperRelation, models.PaperVersion, models.SearchEntry),
        "for good",
        "papers and their versions: editions, references and other clubs refer to them; 2 KB each",
    ),
    Retention(
        (
            models.Submission,
            models.CoSubmission,
            models.PaperLink,
            models.Discussion,
            models.DiscussionParticipant,
            models.Pick,
            models.EditionItem,
        ),
        "with the club",
        "what the club read and why: cards, lists and the archive are drawn from them",
    ),
    Retention(
        (models.Vote, models.VoteEvent, models.CardReaction),
        "with the club",
        "votes and their log: ranks can be recomputed, and votes shown, excluded and restored; 190 bytes a vote",
    ),
    Retention(
        (models.Ballot, models.Nomination, models.CastBallot),
        "with the club",
        "what was chosen, and how; choices of members are deleted when a ballot closes",
    ),
    Retention(
        (models.Edition, models.EditionVersion, models.Approval, models.Slot),
        "with the club",
        "editions, approved versions, and due times, so that no week is published twice; 38 KB an edition",
    ),
    Retention(
        (models.StoredFigure,),
        "with the editions that show them",
        "pictures; those that no edition uses are deleted when another is stored; some ten MB a year",
    ),
    Retention(
        (models.Suggestion, models.MemberQuote, models.SourceText, models.StoredQuote),
        "with the club",
        "what editions show, and its sources; a quote that its member revokes is emptied",
    ),
    Retention(
        (
            models.MeetingSeries,
            models.Meeting,
            models.MeetingResponse,
            models.MeetingQuestion,
            models.QuestionVote,
            models.PresenterOffer,
            models.MeetingEvent,
        ),
        "with the club",
        "meetings, their presenters and questions; the archive shows past ones",
    ),
    Retention((models.Report,), "with the club", "reports and their answers; the note goes with its member"),
    Retention(
        (models.ScheduledTask, models.Quarantine, models.ShortlistRun, models.ShortlistEntry, models.ClubSource),
        "one row for each club and kind",
        "they are overwritten, and do not grow",
    ),
    Retention(
        (models.CachedFact,),
        "for good",
        "small values: arXiv's number of papers by month and categories, ids of pictures that were uploaded to Slack; "
        "60 bytes each",
    ),
    Retention(
        (models.Delivery,),
        "180 days for notices that are over",
        "posts: those of cards, threads, editions, drafts, ballots and meetings stay, since they are updated and "
        "corrected; others are never changed again",
        HALF_YEAR,
    ),
    Retention(
        (models.AuditEntry,),
        "400 days for entries of the program itself",
        "the audit log: what people did, and all about a paper or an edition, stays, to be looked up and undone",
        YEAR,
    ),
    Retention(
        (models.PendingNotification, models.MeetingNotification),
        "30 days",
        "notifications, so that nobody gets one twice; cleaned up every minute",
    ),
    Retention(
        (models.SavedCall,),
        "90 days",
        "commands of buttons that are too long for them, and of forms that failed",
        QUARTER,
    ),
    Retention((models.PaperQuestion,), "400 days", "questions and answers, so that none is paid for twice", YEAR),
    Retention(
        (models.InboxEvent,),
        "a day",
        "events, which a platform repeats for minutes; the content is emptied once it is handled",
        EXPIRED,
    ),
    Retention(
        (models.OneTimeCode, models.InstallAttempt, models.Lease, models.RateGateState),
        "a day after they end",
        "one-time codes, installation attempts, leases and rate gates, valid for seconds or minutes",
        EXPIRED,
    ),
    Retention((models.CalendarFeed,), "30 days after they were revoked", "until then with their member or club", MONTH),
    Retention(
        (models.ModelSpending,),
        "400 days",
        "costs of the model: this month for budgets, the last year for people",
        YEAR,
    ),
    Retention(
        (models.StoredSummary,),
        "180 days once there is a newer one of the paper",
        "summaries: the newest one is shown; an older one is only used while its draft is open",
        HALF_YEAR,
    ),
    Retention(
        (models.PaperText,),
        "180 days, longer while the paper is on a list or is quoted",
        "full texts, the largest table; read from arXiv again when needed",
        HALF_YEAR,
    ),
    Retention(
        (
            models.StreamEntry,
            models.StreamAppearance,
            models.StreamWord,
            models.PostedCandidate,
            models.StreamSource,
        ),
        "`JOURNALCLUB_STREAM__KEEP_DAYS` (180 days)",
        "new papers; sources are deleted when no club and no paper refers to them",
    ),
    Retention(
        (models.ShortlistPost,), "180 days, and while its papers are stored", "one post a day or a week", HALF_YEAR
    ),
    Retention(
        (models.EntryVerdict,),
        "with the club",
        "the shortlist learns from moderators' judgments and needs their papers",
    ),
)

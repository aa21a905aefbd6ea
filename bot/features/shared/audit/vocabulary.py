"""Tables of the audit log's words: verbs, the program's sentences, names of fields, and values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.locale.current import mark_text

OPEN_PAST_TENSE = {
    "shortlist": mark_text("shortlisted {what}"),
    "pick": mark_text("picked {what}"),
    "unpick": mark_text("unpicked {what}"),
    "hold": mark_text("held {what} back"),
    "drop": mark_text("removed {what} from the list"),
    "restore": mark_text("undid the last change to {what}"),
    "merge": mark_text("merged {what} into {into}"),
    "edit": mark_text("changed {what}"),
    "settings": mark_text("changed the club’s settings"),
    "topics": mark_text("changed the club’s topics"),
    "pause": mark_text("paused the club"),
    "resume": mark_text("resumed the club"),
    "draft": mark_text("drafted {what}"),
    "approve": mark_text("approved {what}"),
    "unapprove": mark_text("withdrew the approval of {what}"),
    "schedule": mark_text("set the time of {what}"),
    "publish": mark_text("published {what}"),
    "skip": mark_text("skipped {what}"),
    "correct": mark_text("corrected {what}"),
    "recall": mark_text("recalled {what}"),
    "source-withdrawn": mark_text("learned that {what} was withdrawn"),
    "source-reinstated": mark_text("learned that {what} is no longer withdrawn"),
    "ballot-open": mark_text("opened a ballot on what to read next"),
    "ballot-move": mark_text("changed the end of a ballot"),
    "ballot-cancel": mark_text("canceled a ballot"),
    "ballot-close": mark_text("closed a ballot"),
    "choose-next": mark_text("chose {what} to be read next"),
    "unchoose-next": mark_text("undid the choice of {what} to be read next"),
    "meetings": mark_text("changed the club’s meetings"),
}
"""Text of each verb that a club may show to everybody: about papers, editions, ballots, meetings, none about a person.

Reports and who made them, notes on members, and votes taken out of the count are not among them.
"""

PAST_TENSE = OPEN_PAST_TENSE | {
    "same-work": mark_text("learned that {what} is on the list twice"),
    "resolve": mark_text("resolved a report on {what}"),
    "reject": mark_text("rejected a report on {what}"),
    "escalate": mark_text("passed a report on {what} to the admins"),
    "reopen": mark_text("reopened a report on {what}"),
    "member-note": mark_text("added a note about a member"),
    "member-unnote": mark_text("removed a note about a member"),
    "member-pause": mark_text("paused a member’s submissions"),
    "member-exclude": mark_text("excluded a member’s votes"),
    "member-count": mark_text("let a member’s votes count again"),
    "member-resume": mark_text("ended the pause of a member’s submissions"),
    "channels": mark_text("changed the club’s channels"),
    "roles": mark_text("changed who runs the club"),
    "import-papers": mark_text("imported papers that the club had already read"),
    "undo-import": mark_text("took back an import of papers"),
    "sources": mark_text("changed the club’s sources of new papers"),
    "connect": mark_text("connected a workspace to the club"),
    "disconnect": mark_text("disconnected a workspace from the club"),
    "restored": mark_text("restored the club from a backup"),
    "test": mark_text("posted a test"),
    "alarm": mark_text("had a problem"),
    "burst": mark_text("noticed many first-time voters for {what}"),
    "exclude-votes": mark_text("excluded votes for {what}"),
    "count-votes": mark_text("kept votes for {what} in the count"),
    "post": mark_text("decided about an uncertain post"),
    "redraft": mark_text("drafted an edition again after an interruption"),
    "revise": mark_text("changed {what}"),
    "undo": mark_text("undid the last change to {what}"),
    "source-notice": mark_text("learned of a notice about {what}"),
    "take-out": mark_text("removed something from {what}"),
    "complete": mark_text("added missing details to {what}"),
    "presenter-left": mark_text("lost the presenter of a meeting"),
    "presenter-removed": mark_text("removed the presenter of a meeting"),
    "step-back": mark_text("stepped down as the presenter of a meeting"),
    "unname": mark_text("changed the names in {what}"),
}
"""Text of each verb in the audit log; other verbs are shown unchanged."""


class LogSentence(StrEnum):
    """Sentences of the program in the log, by the name under which they are stored."""

    MEETING = "meeting"
    MEETING_CANCELED = "meeting-canceled"
    MEETING_PLANNED = "meeting-planned"
    MEETING_RESTORED = "meeting-restored"
    MEETING_SAVED = "meeting-saved"
    SERIES = "series"
    SERIES_ENDED = "series-ended"
    SERIES_PLANNED = "series-planned"
    SERIES_RESTORED = "series-restored"
    SAME_WORK = "same-work"
    DEADLINE = "deadline"
    INTERRUPTED = "interrupted"
    RESTORED = "restored"
    EVENT_FAILED = "event-failed"
    POSTS_FAIL = "posts-fail"


SENTENCES: Mapping[LogSentence, str] = {
    LogSentence.MEETING: mark_text("Meeting {number}."),
    LogSentence.MEETING_CANCELED: mark_text("Canceled meeting {number}."),
    LogSentence.MEETING_PLANNED: mark_text("Planned meeting {number}, {start}."),
    LogSentence.MEETING_RESTORED: mark_text("Restored meeting {number}."),
    LogSentence.MEETING_SAVED: mark_text("Changed meeting {number}: {fields}."),
    LogSentence.SERIES: mark_text("Series of meeting {number}."),
    LogSentence.SERIES_ENDED: mark_text("Ended the series: {rule}."),
    LogSentence.SERIES_PLANNED: mark_text("Planned a series: {rule}."),
    LogSentence.SERIES_RESTORED: mark_text("Restored the series of meeting {number}."),
    LogSentence.SAME_WORK: mark_text("Their sources say that they are the same work."),
    LogSentence.DEADLINE: mark_text("The deadline passed."),
    LogSentence.INTERRUPTED: mark_text("The program stopped while it drafted the edition."),
    LogSentence.RESTORED: mark_text("From a backup of {backed_up_at}."),
    LogSentence.EVENT_FAILED: mark_text("An event could not be shown."),
    LogSentence.POSTS_FAIL: mark_text("Posts to {name} are failing."),
}

FIELD_WORDS: Mapping[str, str] = {
    "again": mark_text("its papers can be used again"),
    "agenda": mark_text("agenda"),
    "answer": mark_text("answer"),
    "approvals": mark_text("approvals"),
    "ballot": mark_text("ballot"),
    "ballots": mark_text("ballots"),
    "change": mark_text("change"),
    "changes": mark_text("changes"),
    "channels": mark_text("channels"),
    "decision": mark_text("decision"),
    "digest": mark_text("editions"),
    "end": mark_text("end"),
    "holidays": mark_text("days without meetings"),
    "item": mark_text("item"),
    "link": mark_text("link"),
    "minutes": mark_text("minutes"),
    "moderators": mark_text("moderators"),
    "note": mark_text("note"),
    "note taker": mark_text("note taker"),
    "paper": mark_text("paper"),
    "papers": mark_text("papers"),
    "part": mark_text("text"),
    "pick why": mark_text("why it matters"),
    "place": mark_text("place"),
    "post": mark_text("post"),
    "presenter": mark_text("presenter"),
    "recording": mark_text("recording"),
    "report": mark_text("report"),
    "revision": mark_text("revision"),
    "role": mark_text("role"),
    "section": mark_text("section"),
    "series": mark_text("series"),
    "size": mark_text("seats"),
    "slides": mark_text("slides"),
    "source": mark_text("source"),
    "text": mark_text("new text"),
    "theme": mark_text("theme"),
    "title": mark_text("title"),
    "topic": mark_text("topic"),
    "until": mark_text("until"),
    "version": mark_text("version"),
    "votes": mark_text("votes"),
    "when": mark_text("time"),
    "workspace": mark_text("workspace"),
}
"""Names of stored fields; other names are shown unchanged: a setting's, a person's."""

MEETING_PLACE = mark_text("where")

PLAIN_VALUES = {
    "a member": mark_text("a member"),
    "admin": mark_text("admin"),
    "moderator": mark_text("moderator"),
    "no": mark_text("no"),
    "none": mark_text("none"),
    "yes": mark_text("yes"),
}
"""Values of any field."""

VALUE_WORDS: Mapping[str, str] = PLAIN_VALUES | {
    "open": mark_text("open"),
    "resolved": mark_text("fixed"),
    "rejected": mark_text("nothing is wrong"),
    "escalated": mark_text("passed to the admins"),
    "confirm": mark_text("it is there"),
    "again": mark_text("post it again"),
    "omit": mark_text("skip it"),
    "remove": mark_text("remove the second copy"),
    "arrange": mark_text("order"),
    "complete": mark_text("added details"),
    "drop": mark_text("removed item"),
    "figure": mark_text("figure"),
    "fix": mark_text("correction"),
    "import": mark_text("import"),
    "move": mark_text("moved item"),
    "plot": mark_text("chart"),
    "put": mark_text("added item"),
    "quote": mark_text("quote"),
    "recite": mark_text("references"),
    "refer": mark_text("reference"),
    "resolve": mark_text("checked quote"),
    "retell": mark_text("item rewritten"),
    "thank": mark_text("credit"),
    "unname": mark_text("name removed"),
    "unsay": mark_text("quote removed"),
    "write": mark_text("text written"),
}
"""Words of stored values that are one of a few; others are people's own."""

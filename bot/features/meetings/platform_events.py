"""Events of meetings on platforms that have them: changed and canceled with the meeting, recreated if deleted."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from bot.app import App
from bot.chat.cards import Card, Tone, text
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.chat.platform_error_texts import reason_text
from bot.chat.platform_events import EventGone, HasEvents, PlatformEvent
from bot.domain.club_settings import ClubSettings
from bot.domain.meeting_times import end_of
from bot.domain.models import EventState, Meeting, MeetingEvent, MeetingState, Workspace
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence
from bot.features.shared.delivery.moderator_posts import call_moderators
from bot.features.shared.meetings.meeting_cards import name_of
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _
from bot.store.meetings.meeting_events import EventValues

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
PROBE = timedelta(hours=1)
"""Time after which a refused event is tried again."""
RETRY = timedelta(minutes=1)
"""Time after which what could not be sent is looked at again."""
CHECK = timedelta(minutes=10)
"""Time between two comparisons with the events that the platform has."""


class EventSync:
    """Keeps the events of meetings as the meetings are. Any number of processes may have one each."""

    def __init__(self, app: App, owner: str) -> None:
        self._app = app
        self._me = owner
        self._checked: dict[int, datetime] = {}

    async def sync(self, club_id: int) -> datetime | None:
        """Create, change, cancel and recreate the events of a club's meetings. Safe to do twice.

        Returns the time of the next check; None if there is nothing to check.
        """
        platforms = [name for name, gateway in self._app.gateways.items() if isinstance(gateway, HasEvents)]
        if not platforms:
            return None
        now = self._app.now()
        async with self._app.store.read(club_id) as db:
            if not ClubSettings.of((await db.club()).settings).discord_events:
                return None
            meetings = await db.meeting_events.to_come(now)
            workspaces = await db.meeting_events.workspaces(platforms) if meetings else []
        open_work = False
        for workspace in workspaces:
            await self._sync_workspace(club_id, workspace, list(meetings))
            async with self._app.store.read(club_id) as db:
                rows = await db.meeting_events.of_workspace(workspace.id)
            open_work |= any(_needs_work(meeting, rows.get(meeting.id)) for meeting in meetings)
        return now + (RETRY if open_work else CHECK) if workspaces else None

    async def _sync_workspace(self, club_id: int, workspace: Workspace, meetings: list[Meeting]) -> None:
        gateway = self._app.gateways[workspace.platform]
        assert isinstance(gateway, HasEvents)
        where, now = Location(workspace.platform, workspace.external_id), self._app.now()
        async with self._app.store.read(club_id) as db:
            rows = await db.meeting_events.of_workspace(workspace.id)
        due = [m for m in meetings if _needs_work(m, rows.get(m.id))]
        checked = self._checked.get(workspace.id)
        check_due = checked is None or now - checked >= CHECK
        uncertain = any(m.id in rows and rows[m.id].attempts and not rows[m.id].event for m in due)
        if not due and not (check_due and any(row.event for row in rows.values())):
            return
        known: Mapping[str, str] | None = None
        if check_due or uncertain:
            try:
                known = await gateway.events(where)
            except (NotSent, Refused) as error:
                log.info("could not read the events of workspace %s: %s", workspace.id, error)
                return
            self._checked[workspace.id] = now
            await self._mend(club_id, workspace, meetings, rows, known)
            due = meetings
        for meeting in due:
            await self._put(club_id, workspace, gateway, where, meeting, known or {})

    async def _mend(
        self, club_id: int, workspace: Workspace, meetings: list[Meeting], rows: dict[int, MeetingEvent],
        known: Mapping[str, str],
    ) -> None:  # fmt: skip
        """Have events created again that were deleted by hand."""
        there = set(known.values())
        gone = [rows[m.id] for m in meetings if m.id in rows and rows[m.id].event and rows[m.id].event not in there]
        if not gone:
            return
        async with self._app.store.begin(club_id) as db:
            for row in gone:
                await db.meeting_events.lost(row.meeting_id, workspace.id, row.event, self._app.now())

    async def _put(
        self, club_id: int, workspace: Workspace, gateway: HasEvents, where: Location, meeting: Meeting,
        known: Mapping[str, str],
    ) -> None:  # fmt: skip
        """Update the event of one meeting, unless it is up to date or another process updates it."""
        async with self._app.store.read(club_id) as db:
            row = (await db.meeting_events.of_workspace(workspace.id)).get(meeting.id)
        if not _needs_work(meeting, row):
            return
        async with self._app.store.begin(club_id) as db:
            claimed = await db.meeting_events.claim(meeting.id, workspace.id, self._me, self._app.now(), LEASE)
        if claimed is None:
            return
        values = await self._send(gateway, where, meeting, claimed, known)
        async with self._app.store.begin(club_id) as db:
            await db.meeting_events.settle(meeting.id, workspace.id, self._me, **values)
            if values["state"] == EventState.REFUSED and claimed.error != values["error"]:
                act = await db.audit_log.append(
                    "alarm", None, self._app.now(), after=log_sentence(LogSentence.EVENT_FAILED)
                )
                say = _(
                    "I could not show meeting {meeting_number} as an event: {error}.",
                    meeting_number=meeting.number,
                    error=reason_text(values["error"]),
                )
                await call_moderators(
                    self._app, db, act, Card(_("A meeting is not shown as an event"), (text(say),), Tone.BAD)
                )

    async def _send(
        self, gateway: HasEvents, where: Location, meeting: Meeting, row: MeetingEvent, known: Mapping[str, str]
    ) -> EventValues:
        """Send the change, and return what became of it."""
        now, event = self._app.now(), event_of(meeting)
        id = row.event or known.get(event.key, "")
        try:
            if meeting.state == MeetingState.CANCELLED:
                if id:
                    await gateway.cancel_event(where, id)
                return {"state": EventState.CREATED, "event": "", "shown": fingerprint(meeting), "error": ""}
            if id:
                try:
                    await gateway.change_event(where, id, event)
                except EventGone:
                    id = ""
            if not id:
                id = await gateway.create_event(where, event)
        except NotSent as error:
            return {"state": row.state, "not_before": now + timedelta(seconds=error.retry_after), "error": str(error)}
        except OutcomeUnknown as error:
            return {
                "state": EventState.UNKNOWN,
                "event": id,
                "not_before": now + timedelta(minutes=1),
                "error": str(error),
            }
        except Refused as error:
            return {"state": EventState.REFUSED, "event": id, "not_before": now + PROBE, "error": str(error)}
        return {"state": EventState.CREATED, "event": id, "shown": fingerprint(meeting), "error": ""}


def _needs_work(meeting: Meeting, row: MeetingEvent | None) -> bool:
    """True if a meeting's event is missing, outdated, or of unknown outcome."""
    if meeting.state == MeetingState.CANCELLED:
        return row is not None and bool(row.event)
    return row is None or row.state != EventState.CREATED or row.shown != fingerprint(meeting)


def event_of(meeting: Meeting) -> PlatformEvent:
    """A meeting as an event of a platform."""
    paper = meeting.submission
    lines = [_("Paper: {paper} {url}", paper=title_of(paper), url=paper.paper.url)] if paper else []
    lines += [_("Presenter: {presenter}", presenter=meeting.presenter.name)] if meeting.presenter else []
    lines += [_("Join: {link}", link=meeting.link)] if meeting.link else []
    lines.append(_("Answer with the buttons on the meeting’s card: “Interested” here is not counted."))
    return PlatformEvent(
        key=f"m{meeting.club_id}-{meeting.id}",
        name=name_of(meeting, paper),
        description="\n".join(lines),
        location=meeting.place or meeting.link or _("in this server"),
        starts_at=meeting.starts_at,
        ends_at=end_of(meeting),
    )


def fingerprint(meeting: Meeting) -> str:
    """Fingerprint of what an event shows of a meeting."""
    return sha256(f"{meeting.state} {event_of(meeting)}".encode()).hexdigest()[:32]

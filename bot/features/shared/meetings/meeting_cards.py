"""Cards of a meeting, for everybody and for one reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Note, Part, QuotePart, Style, Tone, note, text
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, Link, Span, Words
from bot.chat.text import one_line, truncate
from bot.domain.attendance import Attendance
from bot.domain.meeting_times import format_span, format_start
from bot.domain.models import DeliveryKind, Meeting, MeetingState, Member, Submission
from bot.features.shared.local_times import meeting_time
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _, _n
from bot.store import UnitOfWork

MAX_NAMES = 25
"""Names listed of each answer."""
MAX_QUESTIONS = 5
"""Questions shown on a meeting's card."""
MAX_NOTES = 600
"""Characters of notes shown on a meeting's card."""


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting with everything that its card shows."""

    meeting: Meeting
    paper: Submission | None
    attendance: Attendance
    threads: Sequence[str] = ()
    """Addresses of the meeting's threads."""
    over: bool = False


async def load_meeting_view(db: UnitOfWork, meeting: Meeting, *, over: bool = False) -> MeetingView:
    """Load everything that the card of a meeting shows."""
    return MeetingView(
        meeting,
        await paper_of(db, meeting),
        Attendance.of(await db.meeting_responses.all(meeting.id), meeting.size, meeting.presenter_id),
        await thread_urls(db, meeting),
        over,
    )


async def thread_urls(db: UnitOfWork, meeting: Meeting) -> tuple[str, ...]:
    """Addresses of the first posts in a meeting's threads."""
    posts = await db.deliveries.by_subject(DeliveryKind.MEETING, meeting.id)
    return tuple(post.url for post in posts if post.in_thread and post.part == 1 and post.url)


async def paper_of(db: UnitOfWork, meeting: Meeting) -> Submission | None:
    """Paper that a meeting reads; of a merged one, the paper that it was merged into."""
    paper = meeting.submission
    if paper and paper.merged_into_id:
        return await db.submissions.get(paper.merged_into_id) or paper
    return paper


def name_of(meeting: Meeting, paper: Submission | None = None) -> str:
    """Name of a meeting: its title, else its paper's, else its number."""
    heading = meeting.title or (title_of(paper) if paper else "")
    return (
        _("Meeting {meeting_number}: {heading}", meeting_number=meeting.number, heading=truncate(heading, 150))
        if heading
        else _("Meeting {meeting_number}", meeting_number=meeting.number)
    )


def meeting_card(view: MeetingView) -> Card:
    """Public card of a meeting, with the answers to it and its buttons."""
    meeting = view.meeting
    title = name_of(meeting, view.paper)
    if meeting.state == MeetingState.CANCELLED:
        parts: list[Part] = [
            text(
                *phrase(
                    "It was planned for {format_span}.",
                    format_span=meeting_time(meeting, ZoneInfo(meeting.timezone)),
                )
            )
        ]
        if meeting.cancelled_why:
            parts.append(text(_("Reason: {cancelled_why}", cancelled_why=_(meeting.cancelled_why))))
        return Card(_("Canceled: {title}", title=title), tuple(parts), Tone.BAD)
    parts = [*meeting_lines(view, ZoneInfo(meeting.timezone)), *attendance_lines(view.attendance, meeting.size)]
    if not view.over:
        present = () if meeting.presenter_id else (Button(_("I’ll present"), Call.of("club present", meeting.number)),)
        parts.append(Buttons((*rsvp_buttons(meeting), *present), more_buttons(view)))
    if view.threads:
        labels = (_("the meeting’s thread"), _("its other thread"))
        links = tuple(Link(label, url) for label, url in zip(labels, view.threads, strict=False))
        parts.append(Note((_("Discussion in "), *_joined(links), ".")))
    return Card(title, tuple(parts), Tone.QUIET if view.over else Tone.PLAIN)


def private_meeting_card(view: MeetingView, zone: ZoneInfo, answer: str | None) -> Card:
    """Card of a meeting for one reader: in their zone, with their answer."""
    meeting = view.meeting
    if meeting.state == MeetingState.CANCELLED:
        return meeting_card(view)
    public = meeting_card(view)
    own_zone = ZoneInfo(meeting.timezone)
    first: list[Part] = [text(meeting_time(meeting, zone))]
    if meeting.starts_at.astimezone(zone).utcoffset() != meeting.starts_at.astimezone(own_zone).utcoffset():
        first.append(note(_("In the club’s time zone: {format_span}.", format_span=format_span(meeting, own_zone))))
    said = {"yes": _("You are coming."), "maybe": _("You might come."), "no": _("You are not coming.")}.get(
        answer or "", ""
    )
    if said:
        first.append(text(said))
    return replace(public, parts=(*first, *public.parts[1:]))


def meeting_lines(view: MeetingView, zone: ZoneInfo) -> list[Part]:
    """Time, place, paper and presenter of a meeting; the time comes first."""
    meeting = view.meeting
    lines: list[Part] = [text(meeting_time(meeting, zone))]
    where: list[Span] = [meeting.place] if meeting.place else []
    if meeting.link:
        where += [" · " if where else "", Link(_("Join"), meeting.link)]
    if where:
        lines.append(text(_("Where: "), *where))
    if view.paper:
        chosen = _(" (chosen {chosen_how})", chosen_how=_(meeting.chosen_how)) if meeting.chosen_how else ""
        paper = view.paper
        lines.append(
            text(
                *phrase(
                    "Paper: #{paper_number} {paper}{chosen}",
                    paper_number=str(paper.number),
                    paper=Link(truncate(title_of(paper), 200), paper.paper.url),
                    chosen=chosen,
                )
            )
        )
    else:
        lines.append(text(_("Paper: not chosen yet")))
    wanted = _("nobody yet, and a volunteer is needed") if meeting.volunteers_asked_at else _("nobody yet")
    lines.append(
        text(_("Presenter: {presenter}", presenter=meeting.presenter.shown_name if meeting.presenter else wanted))
    )
    if meeting.agenda:
        lines.append(text(_("Agenda: {points}", points=agenda_text(meeting))))
    lines += _records(meeting)
    return lines


def agenda_text(meeting: Meeting) -> str:
    """Points of a meeting's agenda with their minutes; empty if it has none."""
    return ", ".join(
        _("{point} ({minutes} min)", point=point, minutes=minutes) if minutes != "0" else point
        for point, minutes in meeting.agenda or ()
    )


def _records(meeting: Meeting) -> list[Part]:
    """Notes, recording and slides of a meeting."""
    found: list[Part] = []
    if meeting.notes:
        by = _("notes by {note_taker}", note_taker=meeting.note_taker.name) if meeting.note_taker else _("notes")
        found.append(QuotePart(truncate(meeting.notes, MAX_NOTES), by))
    links = [
        Link(label, url) for label, url in ((_("Recording"), meeting.recording), (_("Slides"), meeting.slides)) if url
    ]
    if links:
        found.append(Note(_joined(tuple(links), " · ")))
    return found


def no_presenter_card(meeting: Meeting, zone: ZoneInfo) -> Card:
    """Post for moderators about a meeting whose presenter stepped back or left."""
    row = Buttons(
        (
            Button(_("Ask for volunteers"), Call.of("club present", meeting.number, "ask")),
            Button(_("Whose turn it is"), Call.of("club present", "history")),
        )
    )
    title = _("Meeting {meeting_number} has no presenter", meeting_number=meeting.number)
    when = phrase("Its presenter stepped down. The meeting is {when}.", when=meeting_time(meeting, zone))
    return Card(title, (text(*when), row))


def meeting_row(meeting: Meeting, zone: ZoneInfo) -> ListEntry:
    """One meeting in a list, with its time in a zone."""
    details = [
        meeting.place,
        _("presented by {presenter}", presenter=meeting.presenter.shown_name) if meeting.presenter else "",
        _("canceled") if meeting.state == MeetingState.CANCELLED else "",
        _("has notes") if meeting.notes else "",
    ]
    line = " · ".join(bit for bit in details if bit)
    return ListEntry(
        (Bold(format_start(meeting, zone)), f" {name_of(meeting, meeting.submission)}"),
        (line,) if line else (),
        Button(_("Open"), Call.of("club meet", meeting.number)),
    )


def attendance_lines(attendance: Attendance, size: int) -> list[Part]:
    """Members by their answer; answers that nobody gave are left out."""
    places = _(" of {places}", places=_n("{n} seat", "{n} seats", size)) if size else ""
    rows = (
        (_("Coming ({going_count}{places})", going_count=len(attendance.going), places=places), attendance.going),
        (_("On the waiting list ({waiting_count})", waiting_count=len(attendance.waiting)), attendance.waiting),
        (_("Maybe ({maybe_count})", maybe_count=len(attendance.maybe)), attendance.maybe),
    )
    lines: list[Part] = [text(Bold(f"{label}: "), names(members)) for label, members in rows if members]
    return lines or [text(_("Nobody is coming yet."))]


def names(members: Sequence[Member]) -> str:
    """Names of members, at most `MAX_NAMES`."""
    shown = ", ".join(truncate(one_line(member.shown_name), 40) for member in members[:MAX_NAMES])
    more = len(members) - MAX_NAMES
    return _("{shown} and {more} more", shown=shown, more=more) if more > 0 else shown


def rsvp_buttons(meeting: Meeting) -> tuple[Button, ...]:
    """Buttons for the three answers."""
    return (
        Button(_("I’m coming"), Call.of("club rsvp", "yes", meeting.number), Style.MAIN),
        Button(_("Maybe"), Call.of("club rsvp", "maybe", meeting.number)),
        Button(_("I can’t come"), Call.of("club rsvp", "no", meeting.number)),
    )


def more_buttons(view: MeetingView) -> tuple[Button, ...]:
    """Further buttons of a meeting's card."""
    return (Button(_("Calendar file"), Call.of("club meet", view.meeting.number, file="yes")),)


def _joined(links: tuple[Link, ...], sign: str = " and ") -> Words:
    spans: list[Span] = []
    for link in links:
        spans += [sign, link] if spans else [link]
    return tuple(spans)

"""Command `curate meeting edit`: title, paper, presenter, place, link, size and duration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from bot.app import Context
from bot.chat.cards import Card, Points, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.chat.text import one_line
from bot.domain.attendance import Attendance
from bot.domain.models import Meeting, MeetingState
from bot.errors import UserError
from bot.features.meetings.meeting_notifications import tell
from bot.features.meetings.notification_cards import NAMED
from bot.features.meetings.parameters import (
    LinkParameter,
    MeetingParameter,
    MinutesParameter,
    PlaceParameter,
    SizeParameter,
    TitleParameter,
    check_numbers,
)
from bot.features.meetings.rsvp import give_places
from bot.features.shared.audit.entries import record_action
from bot.features.shared.audit.vocabulary import MEETING_PLACE, LogSentence
from bot.features.shared.audit.wording import change_text, field_text, log_sentence
from bot.features.shared.field_checks import check_member, check_paper
from bot.features.shared.lookup import by_name, by_title, find_member, find_submission
from bot.features.shared.meetings.meeting_lookup import open_meeting
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _, _n, mark_text
from bot.store import UnitOfWork

commands = Commands()

PresenterParameter = Annotated[
    str | None,
    ParameterHint(
        "who presents; `none` removes the presenter",
        suggest=by_name,
        check=check_member,
        strict=True,
        clears=True,
        people=True,
        most=120,
    ),
]


@commands(
    "curate meeting edit",
    audience=Audience.MODERATOR,
    examples=("/curate meeting edit 3 paper=12", '/curate meeting edit 3 place="Room 2" series=yes'),
)
async def edit(
    ctx: Context,
    meeting: MeetingParameter = "",
    title: TitleParameter = None,
    paper: Annotated[
        str | None,
        ParameterHint(
            "number, link, or words of the title; `none` removes the paper",
            suggest=by_title,
            check=check_paper,
            clears=True,
        ),
    ] = None,
    presenter: PresenterParameter = None,
    place: PlaceParameter = None,
    link: LinkParameter = None,
    size: SizeParameter = None,
    minutes: MinutesParameter = None,
    series: Annotated[
        bool, ParameterHint("change the whole series; a new paper or presenter is for this meeting only")
    ] = False,
) -> Card:
    """Change a meeting’s title, paper, presenter, place, link, size or duration."""
    check_numbers(size, minutes)
    async with ctx.begin() as db:
        chosen = await open_meeting(ctx, db, meeting)
        before = _facts(chosen)
        changed = {
            "title": None if title is None else _value(title),
            "place": None if place is None else _value(place),
            "link": link,
            "size": size,
            "minutes": minutes,
        }
        given = {name: value for name, value in changed.items() if value is not None}
        targets = await _change_series(ctx, db, chosen, given) if series else [chosen]
        for each in targets:
            await _apply(ctx, db, each, given)
        if paper is not None:
            picked = None if _is_none(paper) else await find_submission(ctx, db, paper)
            how = mark_text("by a moderator") if picked else ""
            await db.meetings.choose_paper(chosen.id, picked.id if picked else None, how, ctx.now)
        if presenter is not None:
            await _change_presenter(ctx, db, chosen, presenter)
        after = _facts(chosen)
        if after == before:
            return _unchanged_card(chosen, is_repeat=bool(given) or paper is not None or presenter is not None)
        await record_action(
            ctx,
            db,
            "meetings",
            about=log_sentence(LogSentence.SERIES if series else LogSentence.MEETING, number=chosen.number),
            before=_without_name(before),
            after=_without_name(after),
        )
    return _changed_card(chosen, before, after, targets if series else ())


def _unchanged_card(chosen: Meeting, *, is_repeat: bool) -> Card:
    """Answer if nothing changed: a repeat, or no word of what to change."""
    say = (
        _("It already says that.")
        if is_repeat
        else _("Say what to change: `title`, `paper`, `presenter`, `place`, `link`, `size` or `minutes`.")
    )
    title = _("Nothing to change on meeting {chosen_number}", chosen_number=chosen.number)
    return Card(title, (text(*parse_backticks(say)),))


def _changed_card(chosen: Meeting, before: dict[str, str], after: dict[str, str], series: Sequence[Meeting]) -> Card:
    """Answer about what changed on a meeting, or on all meetings of its `series`."""
    lines = tuple(
        (change_text(_fact_label(name), before[name], value),) for name, value in after.items() if before[name] != value
    )
    heading = (
        _("{meetings} changed", meetings=_n("{n} meeting", "{n} meetings", len(series)))
        if series
        else _("Meeting {chosen_number} was changed", chosen_number=chosen.number)
    )
    return Card(heading, (Points(lines),), Tone.GOOD)


def _is_none(typed: str) -> bool:
    """True for the word that empties a value."""
    return typed.strip().lower() == "none"


def _value(typed: str) -> str:
    return "" if _is_none(typed) else one_line(typed)


def _facts(meeting: Meeting) -> dict[str, str]:
    """Values that `edit` changes, as text."""
    return {
        "title": meeting.title,
        "paper": f"#{meeting.submission.number} {title_of(meeting.submission)}" if meeting.submission else "",
        "presenter": meeting.presenter.name if meeting.presenter else "",
        "place": meeting.place,
        "link": meeting.link,
        "size": str(meeting.size) if meeting.size else "",
        "minutes": str(meeting.minutes),
    }


def _fact_label(name: str) -> str:
    return _(MEETING_PLACE) if name == "place" else field_text(name)


def _without_name(facts: dict[str, str]) -> dict[str, str]:
    """Values for the log, which keeps no name of a presenter: the log outlives a member's data."""
    return facts | {"presenter": "a member" if facts["presenter"] else ""}


async def _change_presenter(ctx: Context, db: UnitOfWork, meeting: Meeting, typed: str) -> None:
    """Name another presenter, or none, and notify those concerned. The same one again changes nothing."""
    person = None if _is_none(typed) else await find_member(ctx, db, typed, field="presenter")
    earlier, new = meeting.presenter_id, person.id if person else None
    if earlier == new:
        return
    meeting.presenter_id = new
    await db.presenter_offers.close(meeting.id, ctx.now)
    await db.meetings.changed(meeting, ctx.now)
    await db.meetings.reload(meeting)
    await _tell_presenters(ctx, db, meeting, earlier)


async def _tell_presenters(ctx: Context, db: UnitOfWork, meeting: Meeting, earlier: int | None) -> None:
    """Tell the member who was named, and the one who presented before; not the moderator who did it."""
    for member_id, word in ((meeting.presenter_id, NAMED), (earlier, "replaced")):
        if member_id and member_id != ctx.member.id:
            await tell(db, meeting, [member_id], "named", f"{word} {meeting.sequence}", ctx.now)


async def _change_series(ctx: Context, db: UnitOfWork, chosen: Meeting, given: Mapping[str, object]) -> list[Meeting]:
    """Change the values of a meeting's series, for meetings planned later. Returns its upcoming meetings, unchanged.

    Raises UserError if the meeting is not part of a series.
    """
    found = await db.meetings.series(chosen.series_id, lock=True) if chosen.series_id else None
    if found is None:
        raise UserError(
            _("Meeting {chosen_number} is not part of a series.", chosen_number=chosen.number), field="series"
        )
    for name, value in given.items():
        setattr(found, name, value)
    coming = await db.meetings.of_series(found.id, ctx.now)
    return [m for m in coming if m.state == MeetingState.PLANNED]


async def _apply(ctx: Context, db: UnitOfWork, meeting: Meeting, given: Mapping[str, object]) -> None:
    """Change a meeting's values; members who wait move up if there are more places."""
    if all(getattr(meeting, name) == value for name, value in given.items()):
        return
    answers = await db.meeting_responses.all(meeting.id)
    before = Attendance.of(answers, meeting.size, meeting.presenter_id)
    for name, value in given.items():
        setattr(meeting, name, value)
    await db.meetings.changed(meeting, ctx.now)
    await give_places(db, meeting, before, Attendance.of(answers, meeting.size, meeting.presenter_id), ctx)

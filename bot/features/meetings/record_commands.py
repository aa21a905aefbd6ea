"""Commands `club notes` and `curate meeting record`: notes, agenda, recording and slides of a meeting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Points, QuotePart, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line
from bot.domain.models import Meeting
from bot.errors import NotAllowed, UserError
from bot.features.meetings.parameters import NamedMeetingParameter, parse_link
from bot.features.shared.audit.entries import record_action
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import change_text, field_text, log_sentence
from bot.features.shared.field_checks import check_meeting, check_member
from bot.features.shared.local_times import meeting_time
from bot.features.shared.lookup import by_name, find_member
from bot.features.shared.meetings.meeting_cards import agenda_text, name_of, paper_of
from bot.features.shared.meetings.meeting_lookup import MEETING, by_meeting, find_meeting
from bot.features.shared.meetings.meeting_thread import CARD_PART
from bot.locale.current import _

commands = Commands()

MAX_NOTES = 8_000
MAX_POINTS = 20
"""Points of an agenda."""


async def _check_agenda(ctx: Context, word: str, given: Mapping[str, str]) -> None:
    parse_agenda(word)


UrlParameter = Annotated[
    str | None, ParameterHint("its address; `none` removes it", clears=True, most=500, parse=parse_link)
]


@commands("club notes", examples=("/club notes", "/club notes 3", '/club notes 3 "We agreed that …"'))
async def notes(
    ctx: Context,
    meeting: Annotated[str, ParameterHint(MEETING, suggest=by_meeting, check=check_meeting, strict=True)] = "",
    words: Annotated[str, ParameterHint("the notes; empty to read them", long=True, most=MAX_NOTES)] = "",
) -> Card:
    """Read a meeting’s notes. Its note taker, presenter and moderators can write them."""
    async with ctx.begin() as db:
        if not meeting.strip() and (last := await db.meetings.past(ctx.now, limit=1)):
            meeting = str(last[0].number)
        chosen = await find_meeting(ctx, db, meeting, lock=True)
        name = name_of(chosen, await paper_of(db, chosen))
        if not words.strip():
            read: list[Part] = [QuotePart(chosen.notes)] if chosen.notes else [text(_("There are no notes yet."))]
            return Card(_("Notes from {name}", name=name), (*read, _write_row(chosen.number)))
        named = ctx.member.id in (chosen.note_taker_id, chosen.presenter_id)
        if not named and not ctx.may(Audience.MODERATOR):
            who = chosen.note_taker.name if chosen.note_taker else _("a moderator")
            raise NotAllowed(
                _(
                    "Only {who} or the presenter can write the notes of meeting {chosen_number}.",
                    chosen_number=chosen.number,
                    who=who,
                )
            )
        if chosen.starts_at > ctx.now:
            raise UserError(
                _(
                    "Meeting {chosen_number} has not begun yet. Leave a question with `/club ask`.",
                    chosen_number=chosen.number,
                )
            )
        before, chosen.notes, chosen.changed_at = chosen.notes, words.strip(), ctx.now
        if chosen.note_taker_id is None:
            chosen.note_taker_id = ctx.member.id
        await db.meetings.redraw(chosen.id, CARD_PART)
    if before == words.strip():
        return Card(_("Nothing to change: the notes already say this"))
    return Card(
        _("The notes of meeting {chosen_number} are saved", chosen_number=chosen.number),
        (QuotePart(words.strip()),),
        Tone.GOOD,
    )


def _write_row(number: int) -> Buttons:
    return Buttons((Button(_("Open the meeting"), Call.of("club meet", number)),))


@commands(
    "curate meeting record",
    audience=Audience.MODERATOR,
    examples=(
        "/curate meeting record 3 notes_by=Grace recording=https://example.org/v",
        '/curate meeting record 3 agenda="Summary 10, Questions 20"',
    ),
)
async def record(
    ctx: Context,
    meeting: NamedMeetingParameter,
    agenda: Annotated[
        str | None, ParameterHint("points with minutes: Summary 10, Questions 20", most=800, check=_check_agenda)
    ] = None,
    notes_by: Annotated[
        str | None,
        ParameterHint(
            "who takes notes; `none` removes the note taker",
            suggest=by_name,
            check=check_member,
            strict=True,
            clears=True,
            people=True,
            most=120,
        ),
    ] = None,
    recording: UrlParameter = None,
    slides: UrlParameter = None,
) -> Card:
    """Set a meeting’s agenda and note taker, and afterwards its recording and slides."""
    points = None if agenda is None else parse_agenda(agenda)
    async with ctx.begin() as db:
        chosen = await find_meeting(ctx, db, meeting, lock=True)
        before = _facts(chosen)
        if points is not None:
            chosen.agenda = points
        if notes_by is not None:
            nobody = notes_by.strip().lower() == "none"
            chosen.note_taker_id = None if nobody else (await find_member(ctx, db, notes_by, field="notes_by")).id
        if recording is not None:
            chosen.recording = recording
        if slides is not None:
            chosen.slides = slides
        if agenda is notes_by is recording is slides is None:
            raise UserError(_("Say what to set: `agenda`, `notes_by`, `recording` or `slides`."))
        await db.meetings.flush()
        await db.meetings.reload(chosen)
        after = _facts(chosen)
        given = [name for name, value in after.items() if value != before[name]]
        if not given:
            return Card(
                _("Nothing to change on meeting {chosen_number}", chosen_number=chosen.number),
                (text(_("It already says that.")),),
            )
        chosen.changed_at = ctx.now
        await db.meetings.redraw(chosen.id, CARD_PART)
        await record_action(
            ctx,
            db,
            "meetings",
            about=log_sentence(LogSentence.MEETING_SAVED, number=chosen.number, fields=given),
        )
    changed = Points(tuple((change_text(field_text(name), before[name], after[name]),) for name in given))
    return Card(
        _("Meeting {chosen_number} was changed", chosen_number=chosen.number),
        (text(meeting_time(chosen, ctx.zone)), changed),
        Tone.GOOD,
    )


def _facts(meeting: Meeting) -> dict[str, str]:
    """Values that `record` changes, as text, by their names in the log."""
    return {
        "agenda": agenda_text(meeting),
        "note taker": meeting.note_taker.shown_name if meeting.note_taker else "",
        "recording": meeting.recording,
        "slides": meeting.slides,
    }


def parse_agenda(typed: str) -> list[list[str]]:
    """Points with their minutes ("0" for none) from "Summary 10, Questions 20"; "none" is empty.

    Raises UserError if there are too many.
    """
    if typed.strip().lower() == "none":
        return []
    points: list[list[str]] = []
    for piece in re.split(r"[,;\n]", typed):
        found = re.fullmatch(r"(.*?)\s+(\d{1,3})(?:\s*(?:min|minutes|'))?", one_line(piece))
        point, minutes = (found[1], found[2]) if found else (one_line(piece), "0")
        if point:
            points.append([point[:100], minutes])
    if len(points) > MAX_POINTS:
        raise UserError(_("An agenda has up to {max_points} points.", max_points=MAX_POINTS), field="agenda")
    return points
